//! The ledger: money lines folded from the book, and the figures over them (EARNINGS 3.2–3.3).
//!
//! Every figure is a sum over lines, per asset; assets are never added. Facts always show, with their `n`.
//!
//! The lines hold each sum of money once, wherever it stands on its way: a job's pay is pending, then approved, then a reward. A
//! payment that the platform reported takes the place of what the job promised, part by part.

mod figures;
mod lines;

pub use figures::figures;
pub use lines::lines;

use serde::{Deserialize, Serialize};

use super::{Asset, AssignmentId, Money, Text, Time};

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// Submitted or under review: net pay that may come. Of a prize pool nothing is pending.
    Pending,
    /// Approved and not paid: net pay that is due, a line for each payment that is on its way, else one for the job. Also of an
    /// assignment that the platform calls paid without having reported the payment yet.
    Approved,
    /// A reward that came, gross.
    Reward,
    /// A bonus or tip that came, gross.
    Bonus,
    /// The platform's cut, negative.
    Fee,
    /// Taken back, negative.
    Reversal,
    /// Entered by hand.
    Manual,
}

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it is.
    pub kind: LineKind,
    /// How much, signed.
    pub amount: Money,
    /// When it became so.
    pub at: Time,
    /// From which assignment.
    pub assignment: Option<AssignmentId>,
    /// The payment's or manual entry's id.
    pub reference: Text,
}

/// Where today and this week begin, in the person's zone, as instants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// Local midnight.
    pub today: Time,
    /// Local start of the week.
    pub week: Time,
    /// The local midnights of seven days, today's last: a day may have 23 hours or 25.
    pub days: [Time; 7],
    /// Now.
    pub now: Time,
}

/// Sums of one asset over one span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// Submitted, not judged (net): as of now, whatever the span.
    pub pending: Money,
    /// How many are pending.
    pub pending_n: u32,
    /// Approved, not paid (net): as of now, whatever the span.
    pub approved: Money,
    /// How many are approved and unpaid.
    pub approved_n: u32,
    /// Money that came in the span, net of fees and reversals, with bonuses and manual entries.
    pub paid: Money,
    /// Rewards, bonuses and manual entries within `paid`.
    pub paid_n: u32,
    /// Bonuses and tips within `paid`.
    pub bonus: Money,
    /// Fees of the span, positive.
    pub fees: Money,
}

/// The true hourly rate: one basis for money and hours (EARNINGS 3.3, 0 and 1).
///
/// An assignment belongs to the instant its work began: its first span of time, or the claim when none was measured. Money: net pay
/// of the assignments that began in the span and are approved or paid, bonuses included. Hours: worked on those and on the ones
/// rejected, timed out, released or cancelled, plus the unpaid time of the span. Work not yet judged is in neither, and so are manual
/// entries. Unpaid time is shared between assets by the time worked for each, to the second, so that no hour counts twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hourly {
    /// Per hour of all time spent; `None` without any measured time.
    pub rate: Option<Money>,
    /// Net money counted.
    pub money: Money,
    /// Seconds worked on decided assignments.
    pub worked: i64,
    /// Seconds unpaid: triage and looking after money. Lost and rejected work is in `worked`.
    pub unpaid: i64,
    /// Assignments counted.
    pub n: u32,
}

/// Figures of one asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Which asset.
    pub asset: Asset,
    /// Since local midnight.
    pub today: Sums,
    /// Since the start of the week.
    pub week: Sums,
    /// Since the beginning.
    pub all: Sums,
    /// True hourly since local midnight.
    pub hourly_today: Hourly,
    /// True hourly this week.
    pub hourly_week: Hourly,
    /// True hourly since the beginning.
    pub hourly_all: Hourly,
    /// Net money that came (as [`Sums::paid`]) on each of the last seven local days (24-hour days back from `today`), oldest
    /// first, in minor units.
    pub days: [i64; 7],
}
