//! The ledger: money lines folded from the book, and the figures over them (EARNINGS 3.2–3.3).
//!
//! Every figure is a sum over lines, per asset; assets are never added. Facts always show, with their `n`.

use serde::{Deserialize, Serialize};

use super::{Asset, AssignmentId, Book, Money, Text, Time};

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// Submitted and not judged: net pay that may come.
    Pending,
    /// Approved and not paid: net pay that is due.
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
    /// Money that came in the span, net of fees and reversals, bonuses included.
    pub paid: Money,
    /// Payments in `paid`.
    pub paid_n: u32,
    /// Bonuses and tips within `paid`.
    pub bonus: Money,
    /// Fees of the span, positive.
    pub fees: Money,
}

/// The true hourly rate: one basis for money and hours (EARNINGS 3.3, 0 and 1).
///
/// Money: net pay of assignments whose work began in the span: paid and approved; hours: worked on those and on the ones that
/// were rejected, timed out or released, plus unpaid time of the span. Work still pending is in neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hourly {
    /// Per hour of all time spent; `None` without any measured time.
    pub rate: Option<Money>,
    /// Net money counted.
    pub money: Money,
    /// Seconds worked on decided assignments.
    pub worked: i64,
    /// Seconds unpaid: triage, lost and rejected work's share is in `worked`.
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
    /// Net money that came on each of the last seven local days (24-hour days back from `today`), oldest first.
    pub days: [i64; 7],
}

/// All lines of the book, oldest first.
pub fn lines(_book: &Book) -> Vec<Line> {
    Vec::new()
}

/// Figures per asset, the asset with most lines first; empty when there is no line.
pub fn figures(_book: &Book, _bounds: Bounds) -> Vec<Figures> {
    Vec::new()
}
