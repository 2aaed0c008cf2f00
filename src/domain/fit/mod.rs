//! How well a job suits the person: 0 to 100 with reasons, what it requires, and why it cannot be taken.
//!
//! One pass over the listing says everything to a `Listener`; the quick judgement only adds the points up, the explanation turns
//! each into words, so that the two cannot differ.

mod geo;
mod need;
mod patterns;
mod speech;
mod words;

use serde::{Deserialize, Serialize};

pub use patterns::{Patterns, SKILLS};
use words::{Bar, Because};
pub use words::{Checked, Fit, Reason};

use super::history::History;
use super::job::{Met, Requirement};
use super::query::fold;
use super::shield;
use super::{Listing, Money, Profile};

/// Where a job starts before anything speaks for or against it.
const START: i32 = 50;
/// Fewer own jobs of a kind or requester say nothing yet.
const TELLING: u32 = 3;

/// Takes in what is found; every method may be left to do nothing.
trait Listener {
    fn points(&mut self, points: i32, because: Because<'_>);
    fn requirement(&mut self, _requirement: &Requirement, _met: Met, _why: &'static str) {}
    fn barred(&mut self, because: Bar<'_>);
    fn without_basis(&mut self) {}
}

/// Everything said about one listing, given the rate that is expected of it.
fn judge(
    listing: &Listing,
    profile: &Profile,
    patterns: &Patterns,
    history: &History,
    rate: Option<Money>,
    to: &mut impl Listener,
) {
    let source = history.source(listing.source);
    let own_kind = source.and_then(|s| s.kind(listing.kind)).map(|c| c.verdicts).filter(|v| v.of >= TELLING);
    let own_requester = source.and_then(|s| s.requester(listing.requester)).map(|r| r.verdicts).filter(|v| v.of > 0);
    if patterns.says_nothing() && own_kind.is_none() && own_requester.is_none() {
        to.without_basis();
    }

    let kind = fold(listing.kind);
    if let Some(pattern) = patterns.refuses(listing.kind, &kind) {
        to.barred(Bar::Kind(listing.kind, pattern));
    } else if patterns.likes(listing.kind, &kind) {
        to.points(20, Because::Liked(listing.kind));
    }
    let skills = patterns.skills_in(listing.kind, listing.tags);
    for (skill, points) in skills.zip([10, 6, 4]) {
        to.points(points, Because::Skill(skill));
    }
    if !listing.language.is_empty() && !profile.languages.is_empty() {
        if speech::is_spoken(listing.language, profile) {
            to.points(5, Because::Language(listing.language));
        } else {
            to.barred(Bar::Language(listing.language));
        }
    }
    requirements(listing, profile, patterns, to);
    money_and_time(listing, profile, rate, to);

    if let Some(verdicts) = own_kind {
        // 80 % approved is neither here nor there.
        let points = (verdicts.towards(0.8, 2.0) - 0.8) * 50.0;
        to.points(points.round() as i32, Because::OwnKind(verdicts));
    }
    if let Some(verdicts) = own_requester {
        let points = if verdicts.good == verdicts.of { 5 } else { -10 * (verdicts.of - verdicts.good).min(3) as i32 };
        to.points(points, Because::OwnRequester(verdicts));
    }
    if listing.suspicious {
        to.points(-20, Because::Suspicious);
    }
    let risks = listing.signs.and(shield::pay::signs(listing, history));
    if !risks.none() {
        to.points(-20, Because::Risky(risks));
    }
}

fn requirements(listing: &Listing, profile: &Profile, patterns: &Patterns, to: &mut impl Listener) {
    let mut unknown = 0;
    for requirement in listing.requirements {
        let (met, why) = need::decide(requirement, profile, patterns);
        to.requirement(requirement, met, why);
        match met {
            Met::Yes => {}
            Met::Unknown => unknown += 1,
            Met::No => to.barred(Bar::Requirement(requirement, why)),
        }
    }
    if unknown > 0 {
        to.points(-3 * unknown.min(4), Because::Unknown(unknown));
    }
    let refused = listing.costs.0 & profile.refused_costs.0;
    if refused != 0 {
        to.barred(Bar::Cost(super::Costs(refused)));
    } else if !listing.costs.none() {
        to.points(-10, Because::Costs(listing.costs));
    }
}

fn money_and_time(listing: &Listing, profile: &Profile, rate: Option<Money>, to: &mut impl Listener) {
    if let Some(rate) = rate
        && let Some(floor) = profile.floor.iter().find(|floor| floor.asset == rate.asset)
    {
        let points = if rate.minor < floor.minor { -25 } else { 10 };
        to.points(points, Because::Rate(rate, *floor));
    }
    if let Some((seconds, _)) = listing.seconds
        && let Some(most) = profile.max_minutes
        && seconds > most.saturating_mul(60)
    {
        to.points(-20, Because::Long(seconds, most));
    }
}

/// The score and whether it is barred, without a word.
#[derive(Default)]
struct Quick {
    sum: i32,
    barred: bool,
    baseless: bool,
}

impl Listener for Quick {
    fn points(&mut self, points: i32, _: Because<'_>) {
        self.sum += points;
    }

    fn barred(&mut self, _: Bar<'_>) {
        self.barred = true;
    }

    fn without_basis(&mut self) {
        self.baseless = true;
    }
}

impl Quick {
    fn score(&self) -> Option<u8> {
        let score = if self.barred { 0 } else { (START + self.sum).clamp(0, 100) };
        (!self.baseless).then(|| u8::try_from(score).unwrap_or(100))
    }
}

/// Score and bar of a job: what every job of the feed is given.
pub(super) fn quick(
    listing: &Listing,
    profile: &Profile,
    patterns: &Patterns,
    history: &History,
    rate: Option<Money>,
) -> (Option<u8>, bool) {
    let mut quick = Quick::default();
    judge(listing, profile, patterns, history, rate, &mut quick);
    (quick.score(), quick.barred)
}

/// The same with every reason in words.
pub(super) fn explain(listing: &Listing, profile: &Profile, patterns: &Patterns, history: &History, rate: Option<Money>) -> Fit {
    let mut slow = words::Slow::default();
    judge(listing, profile, patterns, history, rate, &mut slow);
    slow.done()
}

/// How a requirement stands, as a word for lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Met.
    pub met: u32,
    /// Not met.
    pub unmet: u32,
    /// Nobody knows.
    pub unknown: u32,
}

#[cfg(test)]
mod tests;
