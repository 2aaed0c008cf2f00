//! `[claiming]`: what claims by rule are allowed at all.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The caps on claims by rule. Without `automatic`, no rule claims anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claiming {
    /// Rules may claim.
    pub automatic: bool,
    /// At most so many a day, by all rules together.
    pub per_day: u32,
    /// At most so many a day from one requester.
    pub per_requester: u32,
    /// None while so many are in hand.
    pub in_hand: u32,
    /// Only this long after the last key.
    pub key_within: Duration,
}

impl Default for Claiming {
    fn default() -> Self {
        Claiming { automatic: false, per_day: 10, per_requester: 3, in_hand: 3, key_within: Duration::from_secs(15 * 60) }
    }
}
