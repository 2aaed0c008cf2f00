//! What an hour of a job is expected to bring, before it is claimed (EARNINGS 3.3, formulas 1 and 2; the interval comes later).

use serde::{Deserialize, Serialize};

use super::{Job, Money};

/// What the figure rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The platform's or requester's own estimate of the time.
    Estimate,
    /// What other workers took.
    Observed,
}

/// An expected hourly rate after the platform's cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// Net pay per hour of work.
    pub hourly: Money,
    /// Where the time comes from.
    pub basis: Basis,
}

/// Net pay over expected time; `None` when pay or time is not told.
pub fn expected(job: &Job) -> Option<Expected> {
    // Platforms write 0 for "not known".
    let told = |seconds: Option<u32>| seconds.filter(|s| *s > 0);
    let (seconds, basis) = match (told(job.obs_seconds), told(job.est_seconds)) {
        (Some(seconds), _) => (seconds, Basis::Observed),
        (None, Some(seconds)) => (seconds, Basis::Estimate),
        (None, None) => return None,
    };
    Some(Expected { hourly: job.reward.net()?.per_hour(i64::from(seconds))?, basis })
}

/// What the job is worth by its own word alone.
pub fn worth(job: &Job) -> super::Worth {
    super::Worth { hourly: expected(job).map(|e| e.hourly), ..super::Worth::default() }
}
