//! Time spent.

use serde::{Deserialize, Serialize};

use super::{AssignmentId, Time};

/// What the time went into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "on", rename_all = "snake_case")]
pub enum Spent {
    /// Work on an assignment.
    Assignment { id: AssignmentId },
    /// Reading and sorting the feed: unpaid.
    Triage,
    /// Looking after money: unpaid.
    Money,
}

/// A span of measured time, idle time already cut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// What for.
    pub spent: Spent,
    /// When it began.
    pub from: Time,
    /// How long.
    pub seconds: u32,
}
