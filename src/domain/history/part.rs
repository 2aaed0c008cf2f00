//! What one assignment teaches.

use std::sync::Arc;

use crate::domain::Money;
use crate::domain::assignment::{Assignment, AssignmentState};
use crate::domain::job::ClaimMode;

/// What is counted of one assignment, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub source: Arc<str>,
    pub kind: Arc<str>,
    pub requester: Arc<str>,
    /// A race or contest: being the one is decided at the end.
    pub race: bool,
    /// Approved or refused; `None` while that is open.
    pub verdict: Option<bool>,
    /// Became mine (or the race was won); `None` while that is open.
    pub won: Option<bool>,
    /// Seconds it took, once delivered.
    pub seconds: Option<u32>,
    /// Its gross pay, once approved, where that is a sum for the delivery.
    pub paid: Option<Money>,
}

impl Part {
    pub fn of(assignment: &Assignment, worked: u32, shared: impl Fn(&str) -> Arc<str>) -> Part {
        use AssignmentState as S;
        let job = &assignment.job;
        let race = is_race(job.claim_mode);
        let decided = match assignment.state {
            S::Approved | S::Paid => Some(true),
            S::Rejected => Some(false),
            _ => None,
        };
        let asked_first = matches!(job.claim_mode, ClaimMode::ApplyThenAssigned | ClaimMode::BidThenAssigned);
        let won = match assignment.state {
            _ if race => decided,
            S::Applied => None,
            // An application that ended without a stroke of work was not accepted.
            S::Cancelled | S::TimedOut | S::Released if asked_first && worked == 0 && assignment.submission.is_none() => {
                (assignment.state != S::Released).then_some(false)
            }
            _ => Some(true),
        };
        let delivered =
            matches!(assignment.state, S::Submitted | S::UnderReview | S::Approved | S::Rejected | S::Appealed | S::Paid);
        let requester = if job.requester.name.is_empty() { job.requester.id.as_str() } else { job.requester.name.as_str() };
        Part {
            source: shared(job.key.source().as_str()),
            kind: shared(job.kind.as_str()),
            requester: shared(requester),
            race,
            verdict: decided.filter(|approved| *approved || !race),
            won,
            seconds: (delivered && worked > 0).then_some(worked),
            paid: job.reward.gross().filter(|_| decided == Some(true) && job.pays_per_delivery()),
        }
    }
}

/// Whether the work is spent before it is decided whose it is.
pub(crate) fn is_race(mode: ClaimMode) -> bool {
    matches!(mode, ClaimMode::Race | ClaimMode::Contest)
}
