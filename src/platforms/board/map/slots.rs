//! Which fields the records have, what each holds and which are required.

use super::super::recipe::{Read, Word};

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// One line.
    Line,
    /// Several lines.
    Body,
    /// A whole number.
    Int,
    /// Yes or no.
    Flag,
    /// Money.
    Money,
    /// An instant.
    Time,
    /// A duration.
    Span,
    /// A share of something.
    Share,
    /// Words.
    Words,
    /// One of our own words.
    Word(Word),
    /// A deliverable in the form of `domain`.
    Deliverable,
}

impl Holds {
    /// How it can be read; the first is the default. Empty: there is only one way.
    pub fn reads(self) -> &'static [Read] {
        match self {
            Holds::Money => &[Read::Decimal, Read::Minor, Read::Cents],
            Holds::Time => &[Read::Rfc3339, Read::Epoch, Read::EpochMillis, Read::SecondsLeft],
            Holds::Span => &[Read::Seconds, Read::Minutes, Read::Hours, Read::Millis],
            Holds::Share => &[Read::Percent, Read::Fraction, Read::Ppm],
            Holds::Words => &[Read::List, Read::Commas],
            _ => &[],
        }
    }
}

/// A field of a record.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// Its name in a recipe.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// Without it the item cannot be used.
    pub required: bool,
}

const fn must(name: &'static str, holds: Holds) -> Slot {
    Slot { name, holds, required: true }
}

const fn may(name: &'static str, holds: Holds) -> Slot {
    Slot { name, holds, required: false }
}

/// A job.
pub const JOB: &[Slot] = &[
    must("id", Holds::Line),
    must("title", Holds::Line),
    may("revision", Holds::Line),
    may("url", Holds::Line),
    may("brief", Holds::Body),
    may("requester_id", Holds::Line),
    may("requester_name", Holds::Line),
    may("requester_verified", Holds::Flag),
    may("requester_country", Holds::Line),
    may("record_approved", Holds::Int),
    may("record_rejected", Holds::Int),
    may("record_paid", Holds::Int),
    may("record_late", Holds::Int),
    may("record_unpaid", Holds::Int),
    may("kind", Holds::Line),
    may("tags", Holds::Words),
    may("reward_kind", Holds::Word(Word::RewardKind)),
    may("pay", Holds::Money),
    may("pay_max", Holds::Money),
    may("fee", Holds::Share),
    may("bonus_max", Holds::Money),
    may("funded", Holds::Word(Word::Funded)),
    may("cost", Holds::Money),
    may("cost_why", Holds::Line),
    may("est_time", Holds::Span),
    may("obs_time", Holds::Span),
    may("slots_total", Holds::Int),
    may("slots_left", Holds::Int),
    may("competitors", Holds::Int),
    may("posted_at", Holds::Time),
    may("updated_at", Holds::Time),
    may("expires_at", Holds::Time),
    may("claim_mode", Holds::Word(Word::ClaimMode)),
    may("claim_time", Holds::Span),
    may("auto_approve_after", Holds::Span),
    may("deliverable", Holds::Deliverable),
    may("ai", Holds::Word(Word::Ai)),
    may("language", Holds::Line),
    may("warning", Holds::Body),
    may("status", Holds::Word(Word::JobStatus)),
];

/// An attachment.
pub const ATTACHMENT: &[Slot] = &[
    must("name", Holds::Line),
    may("mime", Holds::Line),
    may("size", Holds::Int),
    may("sha256", Holds::Line),
    may("url", Holds::Line),
    may("text", Holds::Body),
];

/// A requirement.
pub const REQUIREMENT: &[Slot] = &[must("text", Holds::Line), may("kind", Holds::Line), may("met", Holds::Word(Word::Met))];

/// An assignment, in a list or granted.
pub const ASSIGNMENT: &[Slot] = &[
    must("id", Holds::Line),
    must("job", Holds::Line),
    must("state", Holds::Word(Word::AssignmentState)),
    may("claimed_at", Holds::Time),
    may("deadline", Holds::Time),
    may("submission_key", Holds::Line),
    may("submissions", Holds::Int),
    may("feedback", Holds::Body),
];

/// A payment.
pub const PAYMENT: &[Slot] = &[
    must("id", Holds::Line),
    must("assignment", Holds::Line),
    must("gross", Holds::Money),
    must("status", Holds::Word(Word::PaymentStatus)),
    may("fee", Holds::Money),
    may("net", Holds::Money),
    may("kind", Holds::Word(Word::PaymentKind)),
    may("created_at", Holds::Time),
    may("paid_at", Holds::Time),
    may("reference", Holds::Line),
];

/// The answer to a submission.
pub const RECEIPT: &[Slot] = &[may("id", Holds::Line), may("state", Holds::Word(Word::AssignmentState))];
