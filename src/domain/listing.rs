//! What is kept of a job in memory, for every job there is: enough to show, filter, sort and judge it. The whole job is in the store.

use serde::{Deserialize, Serialize};

use super::ai::AiRule;
use super::job::{ClaimMode, JobStatus, Requirement};
use super::rate::Basis;
use super::requester::PayRecord;
use super::shield::Sign;
use super::triage::Marks;
use super::{AssignmentState, Job, Money, Signs, Text, Time};

/// What a job takes from the worker before it gives anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Costs(pub u8);

impl Costs {
    /// Money put down, given back on success.
    pub const STAKE: Costs = Costs(1);
    /// Money paid to see or take it.
    pub const FEE: Costs = Costs(2);
    /// A post under the worker's own name.
    pub const POST: Costs = Costs(4);
    /// Papers, a face, a phone number.
    pub const ID: Costs = Costs(8);
    /// Something else.
    pub const OTHER: Costs = Costs(16);

    /// Nothing.
    pub fn none(self) -> bool {
        self.0 == 0
    }

    /// Every cost of `other` is among these.
    pub fn has(self, other: Costs) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Costs) -> Costs {
        Costs(self.0 | other.0)
    }

    /// In words: `a stake and a fee`.
    pub fn words(self) -> String {
        let all = [
            (Costs::STAKE, "a stake"),
            (Costs::FEE, "a fee"),
            (Costs::POST, "a public post"),
            (Costs::ID, "proof of identity"),
            (Costs::OTHER, "something"),
        ];
        let named: Vec<&str> = all.into_iter().filter(|(cost, _)| self.has(*cost)).map(|(_, words)| words).collect();
        if named.is_empty() { "nothing".to_owned() } else { named.join(" and ") }
    }

    /// What `job` costs, by its cost and by its requirements.
    pub fn of(job: &Job) -> Costs {
        let told = job.cost.as_ref().map(|cost| by_words(cost.why.as_str(), true)).unwrap_or_default();
        job.requirements.iter().fold(told, |sum, requirement| sum.and(by_words(requirement.kind.as_str(), false)))
    }
}

fn by_words(why: &str, surely: bool) -> Costs {
    let why = why.to_lowercase();
    let any = |words: &[&str]| words.iter().any(|word| why.contains(word));
    if any(&["stake", "deposit", "collateral"]) {
        Costs::STAKE
    } else if any(&["fee", "unlock", "credit"]) {
        Costs::FEE
    } else if any(&["public_post", "public post", "post"]) {
        Costs::POST
    } else if any(&["kyc", "identity", "passport", "id card"]) || why == "id" {
        Costs::ID
    } else if surely {
        Costs::OTHER
    } else {
        Costs::default()
    }
}

/// A job in short. Borrowed from the feed's columns or from a whole [`Job`]; rates, fits, rules and queries look at nothing else.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing<'a> {
    /// `source:native_id`.
    pub key: &'a str,
    /// The source's part of the key.
    pub source: &'a str,
    /// One line.
    pub title: &'a str,
    /// Who asks: the name, or the id where there is no name.
    pub requester: &'a str,
    /// How they paid, as the platform says.
    pub record: PayRecord,
    /// The platform's word for the kind of work.
    pub kind: &'a str,
    /// Further words.
    pub tags: &'a [Text],
    /// What the worker must be or have.
    pub requirements: &'a [Requirement],
    /// BCP 47, or empty.
    pub language: &'a str,
    /// Gross pay.
    pub pay: Option<Money>,
    /// The pay is for a delivery: no prize, no bid, no hour.
    pub per_delivery: bool,
    /// After the platform's cut.
    pub net: Option<Money>,
    /// Expected seconds and who says so.
    pub seconds: Option<(u32, Basis)>,
    /// Places left.
    pub slots_left: Option<u32>,
    /// Others at it.
    pub competitors: Option<u32>,
    /// When it was posted, or first seen here.
    pub since: Time,
    /// First seen here.
    pub first_seen: Time,
    /// Last listed.
    pub last_seen: Time,
    /// To be claimed by.
    pub expires_at: Option<Time>,
    /// It was gone or full and came back at this time.
    pub reopened_at: Option<Time>,
    /// How many times its listing was seen anew or changed.
    pub seen_count: u32,
    /// Seconds to deliver in once claimed.
    pub claim_ttl: Option<u32>,
    /// How it becomes mine.
    pub claim_mode: ClaimMode,
    /// Whether it can be had, as the platform last said.
    pub status: JobStatus,
    /// What an assistant may do.
    pub ai: AiRule,
    /// What it takes from the worker first.
    pub costs: Costs,
    /// A text of it tried to smuggle characters.
    pub suspicious: bool,
    /// What its texts seem to want that no honest job wants; [`Listing::risks`] has all of it.
    pub signs: Signs,
    /// Local verdicts.
    pub marks: Marks,
    /// One of the person's blocks fits it: hidden, as long as the block stands.
    pub blocked: bool,
    /// My assignment of it.
    pub mine: Option<AssignmentState>,
    /// What it is worth to this person, as last judged.
    pub worth: Worth,
}

/// What a job is worth to this person: judged when it is listed and again when their history has moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Worth {
    /// Expected net pay per hour, the middle of the interval, in the asset of `net`; `None` when pay or time is not known.
    pub hourly: Option<Money>,
    /// 0 (not for you) to 100 (made for you); `None` without a profile or history.
    pub fit: Option<u8>,
    /// A requirement is not met or the profile refuses it: it cannot or should not be taken.
    pub barred: bool,
    /// It pays far above what such work brings, as far as this person's history tells.
    pub too_good: bool,
}

impl Job {
    /// This job in short, with `marks`, `mine` and `worth` as they are known here.
    pub fn listing(&self, marks: Marks, mine: Option<AssignmentState>, worth: Worth) -> Listing<'_> {
        let told = |seconds: Option<u32>| seconds.filter(|s| *s > 0);
        Listing {
            key: self.key.as_str(),
            source: self.key.as_str().split_once(':').map_or("", |(source, _)| source),
            title: self.title.as_str(),
            requester: if self.requester.name.is_empty() { self.requester.id.as_str() } else { self.requester.name.as_str() },
            record: self.requester.record,
            kind: self.kind.as_str(),
            tags: &self.tags,
            requirements: &self.requirements,
            language: self.language.as_ref().map_or("", Text::as_str),
            pay: self.reward.gross(),
            per_delivery: self.pays_per_delivery(),
            net: self.reward.net(),
            seconds: told(self.obs_seconds)
                .map(|s| (s, Basis::Observed))
                .or(told(self.est_seconds).map(|s| (s, Basis::Estimate))),
            slots_left: self.slots_left,
            competitors: self.competitors,
            since: self.posted_at.unwrap_or(self.first_seen),
            first_seen: self.first_seen,
            last_seen: self.last_seen,
            expires_at: self.expires_at,
            reopened_at: self.reopened_at,
            seen_count: self.seen_count,
            claim_ttl: self.claim_ttl,
            claim_mode: self.claim_mode,
            status: self.status,
            ai: self.ai.rule,
            costs: Costs::of(self),
            suspicious: self.suspicious,
            signs: self.signs,
            marks,
            blocked: false,
            mine,
            worth,
        }
    }
}

impl Listing<'_> {
    /// Every sign that it wants what no honest job wants: of its texts, and of its pay as last judged.
    pub fn risks(&self) -> Signs {
        if self.worth.too_good { self.signs.and(Sign::Pay.into()) } else { self.signs }
    }

    /// Can be claimed at `now`, as far as is known.
    pub fn is_open(&self, now: Time) -> bool {
        self.status == JobStatus::Open && self.expires_at.is_none_or(|at| at > now) && self.slots_left != Some(0)
    }
}
