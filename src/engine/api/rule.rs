//! Watch rules: what they did, and what they would have done.

use serde::{Deserialize, Serialize};

use super::JobRow;
use crate::domain::{Query, Text, Time};

/// A rule and what it did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleView {
    pub name: Text,
    pub query: Query,
    /// In words: "alert, star".
    pub actions: Text,
    /// How often it fired today, and when last.
    pub fired_today: u32,
    pub last_fired: Option<Time>,
    /// Why it does nothing at present: expired, quiet hours, cooling down, used up for today.
    pub resting: Option<Text>,
}

/// What a rule would have done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    pub rule: Text,
    pub query: Query,
    /// Jobs looked at: first seen in the time asked for.
    pub looked_at: usize,
    /// Those that match, latest first (the first 200).
    pub matches: Vec<TrialMatch>,
    /// All that match.
    pub matched: usize,
}

/// A job a rule would have acted on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrialMatch {
    pub row: JobRow,
    /// What it would have done: "alert", "claim".
    pub would: Vec<Text>,
    /// What it would not have done, and why.
    pub not: Vec<(Text, Text)>,
}
