//! The posted rate: what the platform's own figures promise an hour (EARNINGS 3.3, formula 1).

use serde::{Deserialize, Serialize};

use crate::domain::{Job, Money};

/// What the figure rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The platform's or requester's own estimate of the time.
    Estimate,
    /// What other workers took.
    Observed,
}

/// A promised hourly rate after the platform's cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// Net pay per hour of work.
    pub hourly: Money,
    /// Where the time comes from.
    pub basis: Basis,
}

/// Net pay over expected time; `None` when pay or time is not told.
pub fn posted(job: &Job) -> Option<Posted> {
    // Platforms write 0 for "not known".
    let told = |seconds: Option<u32>| seconds.filter(|s| *s > 0);
    let (seconds, basis) = match (told(job.obs_seconds), told(job.est_seconds)) {
        (Some(seconds), _) => (seconds, Basis::Observed),
        (None, Some(seconds)) => (seconds, Basis::Estimate),
        (None, None) => return None,
    };
    Some(Posted { hourly: job.reward.net()?.per_hour(i64::from(seconds))?, basis })
}
