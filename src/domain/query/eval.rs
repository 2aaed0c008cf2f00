//! The reference evaluator: what a query says of one job. The column scan of the feed is tested against it.
//!
//! A [`Sieve`] is a query made ready (patterns folded, regexes compiled); rules and other queries that meet many jobs keep one.

use std::borrow::Cow;
use std::cell::OnceCell;

use rust_decimal::Decimal;

use super::Query;
use super::ast::{Expr, Is, Number, NumberField, Op, Term, TextField, cost_fits};
use super::fold::fold;
use super::matcher::{Matcher, Place};
use crate::domain::job::JobStatus;
use crate::domain::{AiRule, Costs, Listing, Money, Text, Time};

/// What a query needs to know besides the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// The instant it is asked for.
    pub now: Time,
    /// When the feed was last left: jobs first listed after it, and not seen, are new.
    pub new_since: Time,
}

/// A query ready to be asked of many jobs.
#[derive(Clone, Debug)]
pub struct Sieve {
    node: Node,
    names_state: bool,
}

#[derive(Clone, Debug)]
enum Node {
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Word(Matcher),
    Text(TextField, Vec<Matcher>),
    Needs(Vec<[Matcher; 2]>),
    Number(NumberField, Op, Number),
    Is(Vec<Is>),
    Seen(bool),
    Ai(Vec<AiRule>),
    Mode(Vec<crate::domain::job::ClaimMode>),
    Costs(Vec<Costs>),
    Brief(Matcher),
}

/// What the brief is known to be.
#[derive(Clone, Copy)]
enum Brief<'a> {
    /// Not at hand: terms about it are taken as this.
    Taken(bool),
    Whole(&'a str),
}

impl Query {
    /// This query, ready for many jobs.
    pub fn sieve(&self) -> Sieve {
        Sieve { node: node(&self.expr), names_state: self.names_state() }
    }

    /// Whether the query holds for the job. Terms about the brief are taken as true, negated ones too: only the store can tell.
    pub fn holds(&self, listing: &Listing<'_>, ctx: &Context) -> bool {
        self.sieve().holds(listing, ctx)
    }

    /// Whether a view of this query shows the job: it holds, and the job is in the ordinary feed unless the query names a state
    /// beyond it.
    pub fn admits(&self, listing: &Listing<'_>, ctx: &Context) -> bool {
        self.sieve().admits(listing, ctx)
    }

    /// An `is:` term, negated or not, names a state beyond the ordinary feed ([`Is::is_beyond_feed`]): nothing is left out by
    /// itself then.
    pub fn names_state(&self) -> bool {
        self.expr.any_term(&mut |term| matches!(term, Term::Is(states) if states.iter().any(|is| is.is_beyond_feed())))
    }

    /// Some term is about the brief, which only the store has.
    pub fn names_brief(&self) -> bool {
        self.expr.any_term(&mut |term| matches!(term, Term::Brief(_)))
    }
}

/// Whether the job is in the ordinary feed: open, not put away (hidden, blocked, asleep) and not mine.
pub fn in_feed(listing: &Listing<'_>, now: Time) -> bool {
    listing.is_open(now) && !is_away(listing, now) && listing.mine.is_none()
}

fn is_away(listing: &Listing<'_>, now: Time) -> bool {
    listing.blocked || listing.marks.is_away(now)
}

impl Sieve {
    /// As [`Query::holds`].
    pub fn holds(&self, listing: &Listing<'_>, ctx: &Context) -> bool {
        Asked::of(listing, ctx).holds(&self.node, Brief::Taken(true))
    }

    /// As [`Query::admits`].
    pub fn admits(&self, listing: &Listing<'_>, ctx: &Context) -> bool {
        (self.names_state || in_feed(listing, ctx.now)) && self.holds(listing, ctx)
    }

    /// Whether all that the query says of the brief holds of this one, if [`Query::briefs_stand_alone`].
    pub fn fits_brief(&self, brief: &str) -> bool {
        match &self.node {
            Node::And(parts) => parts.iter().all(|part| part.of_brief(brief).unwrap_or(true)),
            one => one.of_brief(brief).unwrap_or(true),
        }
    }

    /// As [`Query::holds`] with the brief at hand, so that terms about it are exact.
    pub fn holds_with(&self, listing: &Listing<'_>, brief: &str, ctx: &Context) -> bool {
        Asked::of(listing, ctx).holds(&self.node, Brief::Whole(brief))
    }
}

impl Node {
    /// What it says of a brief; `None` when it also says something else.
    fn of_brief(&self, brief: &str) -> Option<bool> {
        match self {
            // All parts are asked: one that says something else spoils it, wherever it stands.
            Node::And(parts) => parts.iter().try_fold(true, |all, part| Some(part.of_brief(brief)? && all)),
            Node::Or(parts) => parts.iter().try_fold(false, |any, part| Some(part.of_brief(brief)? || any)),
            Node::Not(part) => part.of_brief(brief).map(|fits| !fits),
            Node::Brief(matcher) => Some(matcher.fits(brief)),
            _ => None,
        }
    }
}

impl Expr {
    /// Whether `test` is true of a term anywhere, negated or not.
    pub fn any_term(&self, test: &mut dyn FnMut(&Term) -> bool) -> bool {
        match self {
            Expr::And(parts) | Expr::Or(parts) => parts.iter().any(|part| part.any_term(test)),
            Expr::Not(part) => part.any_term(test),
            Expr::Term(term) => test(term),
        }
    }
}

fn node(expr: &Expr) -> Node {
    let all = |patterns: &[super::Pattern], place| patterns.iter().map(|pattern| Matcher::new(pattern, place)).collect();
    let term = match expr {
        Expr::And(parts) => return Node::And(parts.iter().map(node).collect()),
        Expr::Or(parts) => return Node::Or(parts.iter().map(node).collect()),
        Expr::Not(part) => return Node::Not(Box::new(node(part))),
        Expr::Term(term) => term,
    };
    match term {
        Term::Word(pattern) => Node::Word(Matcher::new(pattern, Place::Prose)),
        Term::Text(TextField::Needs, patterns) => {
            let both = |pattern| [Matcher::new(pattern, Place::Whole), Matcher::new(pattern, Place::Prose)];
            Node::Needs(patterns.iter().map(both).collect())
        }
        Term::Text(field, patterns) => Node::Text(*field, all(patterns, field.place())),
        Term::Number(field, op, number) => Node::Number(*field, *op, number.clone()),
        Term::Is(states) => Node::Is(states.clone()),
        Term::Seen(seen) => Node::Seen(*seen),
        Term::Ai(rules) => Node::Ai(rules.clone()),
        Term::Mode(modes) => Node::Mode(modes.clone()),
        Term::Costs(costs) => Node::Costs(costs.clone()),
        Term::Brief(pattern) => Node::Brief(Matcher::new(pattern, Place::Prose)),
    }
}

/// One job asked, with the texts folded at most once.
struct Asked<'a> {
    job: &'a Listing<'a>,
    ctx: &'a Context,
    title: OnceCell<Cow<'a, str>>,
    requester: OnceCell<Cow<'a, str>>,
}

impl<'a> Asked<'a> {
    fn of(job: &'a Listing<'a>, ctx: &'a Context) -> Asked<'a> {
        Asked { job, ctx, title: OnceCell::new(), requester: OnceCell::new() }
    }

    fn title(&self, matcher: &Matcher) -> bool {
        matcher.fits_both(self.job.title, self.title.get_or_init(|| fold(self.job.title)))
    }

    fn requester(&self, matcher: &Matcher) -> bool {
        matcher.fits_both(self.job.requester, self.requester.get_or_init(|| fold(self.job.requester)))
    }

    fn tags(&self, matcher: &Matcher) -> bool {
        self.job.tags.iter().any(|tag| matcher.fits(tag.as_str()))
    }

    fn holds(&self, node: &Node, brief: Brief<'_>) -> bool {
        let job = self.job;
        match node {
            Node::And(parts) => parts.iter().all(|part| self.holds(part, brief)),
            Node::Or(parts) => parts.iter().any(|part| self.holds(part, brief)),
            Node::Not(part) => !self.holds(part, if let Brief::Taken(taken) = brief { Brief::Taken(!taken) } else { brief }),
            Node::Word(matcher) => self.title(matcher) || self.requester(matcher) || self.tags(matcher),
            Node::Text(field, matchers) => matchers.iter().any(|matcher| match field {
                TextField::Title => self.title(matcher),
                TextField::Requester => self.requester(matcher),
                TextField::Tag => self.tags(matcher),
                TextField::Kind => matcher.fits(job.kind),
                TextField::Source => matcher.fits(job.source),
                TextField::Language => matcher.fits(job.language),
                TextField::Key => matcher.fits(job.key),
                TextField::Needs => job.requirements.iter().any(|needs| matcher.fits(needs.kind.as_str())),
            }),
            Node::Needs(matchers) => job.requirements.iter().any(|needs| {
                let fits = |text: &Text, at: usize| matchers.iter().any(|both| both[at].fits(text.as_str()));
                fits(&needs.kind, 0) || fits(&needs.text, 1)
            }),
            Node::Number(field, op, number) => number_holds(*field, *op, number, job, self.ctx.now),
            Node::Is(states) => states.iter().any(|is| is_so(*is, job, self.ctx)),
            Node::Seen(seen) => job.marks.seen == *seen,
            Node::Ai(rules) => rules.contains(&job.ai),
            Node::Mode(modes) => modes.contains(&job.claim_mode),
            Node::Costs(asked) => asked.iter().any(|asked| cost_fits(*asked, job.costs)),
            Node::Brief(matcher) => match brief {
                Brief::Taken(taken) => taken,
                Brief::Whole(text) => matcher.fits(text),
            },
        }
    }
}

/// Whether the job is in this state.
pub fn is_so(is: Is, job: &Listing<'_>, ctx: &Context) -> bool {
    let now = ctx.now;
    let gone = matches!(job.status, JobStatus::Cancelled | JobStatus::Vanished);
    let expired = !gone && (job.status == JobStatus::Expired || job.expires_at.is_some_and(|at| at <= now));
    match is {
        Is::New => !job.marks.seen && job.first_seen > ctx.new_since,
        Is::Starred => job.marks.starred,
        Is::Pinned => job.marks.pinned,
        Is::Snoozed => job.marks.is_snoozed(now),
        Is::Hidden => job.marks.hidden || job.blocked,
        Is::Away => is_away(job, now),
        Is::Claimed => job.mine.is_some(),
        Is::Reopened => job.reopened_at.is_some(),
        Is::Open => job.is_open(now),
        Is::Full => !gone && !expired && !job.is_open(now),
        Is::Expired => expired,
        Is::Gone => gone,
        Is::Suspicious => job.suspicious,
        Is::Risky => !job.risks().none(),
        Is::Barred => job.worth.barred,
        Is::Any => true,
    }
}

fn number_holds(field: NumberField, op: Op, number: &Number, job: &Listing<'_>, now: Time) -> bool {
    let span = |seconds: Option<i64>| match (seconds, number) {
        (Some(seconds), Number::Span(span)) => op.holds(seconds.cmp(&span.num_seconds())),
        _ => false,
    };
    let count = |count: Option<u32>| match (count, number) {
        (Some(count), Number::Plain(plain)) => op.holds(Decimal::from(count).cmp(plain)),
        _ => false,
    };
    match field {
        NumberField::Pay => amount(job.pay, op, number),
        NumberField::Rate => amount(job.worth.hourly, op, number),
        NumberField::Mins => match (job.seconds, number) {
            // Too many minutes to be counted in seconds are more than any job takes.
            (Some((seconds, _)), Number::Plain(minutes)) => {
                let asked = minutes.checked_mul(Decimal::from(60)).unwrap_or(*minutes);
                op.holds(Decimal::from(seconds).cmp(&asked))
            }
            (seconds, _) => span(seconds.map(|(seconds, _)| i64::from(seconds))),
        },
        NumberField::Slots => count(job.slots_left),
        NumberField::Rivals => count(job.competitors),
        NumberField::Age => span(Some(now.timestamp() - job.since.timestamp())),
        NumberField::Expires => span(job.expires_at.map(|at| at.timestamp() - now.timestamp())),
        NumberField::Time => span(job.claim_ttl.map(i64::from)),
        NumberField::Fit => count(job.worth.fit.map(u32::from)),
        NumberField::Count => count(Some(job.seen_count)),
    }
}

fn amount(money: Option<Money>, op: Op, number: &Number) -> bool {
    let Some(money) = money else { return false };
    let exponent = u32::from(money.asset.exponent());
    let Ok(value) = Decimal::try_from_i128_with_scale(i128::from(money.minor), exponent) else { return false };
    match number {
        Number::Plain(plain) => op.holds(value.cmp(plain)),
        Number::Amount(plain, asset) => asset.code() == money.asset.code() && op.holds(value.cmp(plain)),
        Number::Span(_) => false,
    }
}
