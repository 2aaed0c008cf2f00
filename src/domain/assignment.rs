//! A job that is mine, and the only moves it can make.

use serde::{Deserialize, Serialize};

use super::{AssignmentId, Job, SubmissionId, Text, Time};

/// Where an assignment stands (PLATFORMS: the neutral state machine).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssignmentState {
    /// Asked for; the requester decides.
    Applied,
    /// Mine, nothing made yet.
    Claimed,
    /// Mine, a draft exists.
    InProgress,
    /// In the outbox: durable, on its way, maybe unanswered.
    Submitting,
    /// The platform has it.
    Submitted,
    /// Being looked at.
    UnderReview,
    /// Sent back with a reason.
    RevisionAsked,
    /// Accepted; pay is due.
    Approved,
    /// Refused with a reason.
    Rejected,
    /// The verdict is being contested.
    Appealed,
    /// Paid.
    Paid,
    /// Given back by me.
    Released,
    /// The claim ran out.
    TimedOut,
    /// Withdrawn by the requester or platform.
    Cancelled,
}

/// What can happen to an assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Move {
    /// An application was accepted.
    Assign,
    /// The first draft was saved.
    Start,
    /// A submission entered the outbox.
    Queue,
    /// The platform refused the submission; the work goes on.
    Bounce,
    /// The platform has the submission.
    Deliver,
    /// The platform looks at it.
    Review,
    /// It was sent back.
    AskRevision,
    /// It was accepted.
    Approve,
    /// It was refused.
    Reject,
    /// I contest the verdict.
    Appeal,
    /// The money came.
    Pay,
    /// The money was taken back.
    Reverse,
    /// I gave it back.
    Release,
    /// Its time ran out.
    TimeOut,
    /// It was withdrawn.
    Cancel,
}

/// A move that the state does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{step:?} is not possible while the assignment is {from:?}")]
pub struct IllegalMove {
    /// The state.
    pub from: AssignmentState,
    /// The move.
    pub step: Move,
}

impl AssignmentState {
    /// Every state, for tables and tests.
    pub const ALL: [AssignmentState; 14] = [
        AssignmentState::Applied,
        AssignmentState::Claimed,
        AssignmentState::InProgress,
        AssignmentState::Submitting,
        AssignmentState::Submitted,
        AssignmentState::UnderReview,
        AssignmentState::RevisionAsked,
        AssignmentState::Approved,
        AssignmentState::Rejected,
        AssignmentState::Appealed,
        AssignmentState::Paid,
        AssignmentState::Released,
        AssignmentState::TimedOut,
        AssignmentState::Cancelled,
    ];

    /// The state after `step`, or an error that names both.
    pub fn after(self, step: Move) -> Result<AssignmentState, IllegalMove> {
        use AssignmentState as S;
        use Move as M;
        Ok(match (self, step) {
            (S::Applied, M::Assign) => S::Claimed,
            (S::Claimed, M::Start) => S::InProgress,
            (S::Claimed | S::InProgress | S::RevisionAsked, M::Queue) => S::Submitting,
            (S::Submitting, M::Bounce) => S::InProgress,
            (S::Submitting, M::Deliver) => S::Submitted,
            (S::Submitted, M::Review) => S::UnderReview,
            (S::Submitted | S::UnderReview, M::AskRevision) => S::RevisionAsked,
            (S::Submitted | S::UnderReview | S::Appealed, M::Approve) => S::Approved,
            (S::Submitted | S::UnderReview | S::RevisionAsked | S::Appealed, M::Reject) => S::Rejected,
            (S::Rejected, M::Appeal) => S::Appealed,
            (S::Approved, M::Pay) => S::Paid,
            (S::Paid, M::Reverse) => S::Approved,
            (S::Applied | S::Claimed | S::InProgress | S::RevisionAsked, M::Release) => S::Released,
            (S::Applied | S::Claimed | S::InProgress | S::RevisionAsked | S::Submitting, M::TimeOut) => S::TimedOut,
            (
                S::Applied
                | S::Claimed
                | S::InProgress
                | S::RevisionAsked
                | S::Submitting
                | S::Submitted
                | S::UnderReview
                | S::Appealed,
                M::Cancel,
            ) => S::Cancelled,
            (from, step) => return Err(IllegalMove { from, step }),
        })
    }

    /// The moves that lead from here to `target`, shortest first; empty when it is here already, `None` when there is no way.
    ///
    /// Platforms skip steps (submitted, then paid); the record keeps every one of them.
    pub fn path_to(self, target: AssignmentState) -> Option<Vec<Move>> {
        let mut seen = vec![self];
        let mut front = vec![(self, Vec::new())];
        while !front.is_empty() {
            let mut next = Vec::new();
            for (state, path) in front {
                if state == target {
                    return Some(path);
                }
                for step in Move::ALL {
                    if let Ok(after) = state.after(step)
                        && !seen.contains(&after)
                    {
                        seen.push(after);
                        let mut longer: Vec<Move> = path.clone();
                        longer.push(step);
                        next.push((after, longer));
                    }
                }
            }
            front = next;
        }
        None
    }

    /// In the hand: it wants work from me.
    pub fn is_in_hand(self) -> bool {
        use AssignmentState as S;
        matches!(self, S::Claimed | S::InProgress | S::RevisionAsked | S::Submitting)
    }

    /// A draft may be changed.
    pub fn is_editable(self) -> bool {
        use AssignmentState as S;
        matches!(self, S::Claimed | S::InProgress | S::RevisionAsked)
    }

    /// Nothing more is expected of anybody.
    pub fn is_over(self) -> bool {
        use AssignmentState as S;
        matches!(self, S::Rejected | S::Paid | S::Released | S::TimedOut | S::Cancelled)
    }

    /// The word on screens.
    pub fn word(self) -> &'static str {
        use AssignmentState as S;
        match self {
            S::Applied => "applied",
            S::Claimed => "claimed",
            S::InProgress => "in progress",
            S::Submitting => "sending",
            S::Submitted => "submitted",
            S::UnderReview => "under review",
            S::RevisionAsked => "revise",
            S::Approved => "approved",
            S::Rejected => "rejected",
            S::Appealed => "appealed",
            S::Paid => "paid",
            S::Released => "released",
            S::TimedOut => "timed out",
            S::Cancelled => "cancelled",
        }
    }
}

impl Move {
    /// Every move, for tables and tests.
    pub const ALL: [Move; 15] = [
        Move::Assign,
        Move::Start,
        Move::Queue,
        Move::Bounce,
        Move::Deliver,
        Move::Review,
        Move::AskRevision,
        Move::Approve,
        Move::Reject,
        Move::Appeal,
        Move::Pay,
        Move::Reverse,
        Move::Release,
        Move::TimeOut,
        Move::Cancel,
    ];
}

/// A job that is mine. Holds the job as claimed: the platform may stop listing it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assignment {
    /// `source:native assignment id`.
    pub id: AssignmentId,
    /// The job as it was when claimed.
    pub job: Job,
    /// Where it stands.
    pub state: AssignmentState,
    /// The platform's own word for the state.
    #[serde(default)]
    pub native_state: Text,
    /// When the platform gave it to me.
    pub claimed_at: Time,
    /// When it must be delivered: the platform's instant.
    pub deadline: Option<Time>,
    /// The requester's words with the latest verdict.
    #[serde(default)]
    pub feedback: Text,
    /// The latest submission.
    #[serde(default)]
    pub submission: Option<SubmissionId>,
    /// When it last moved.
    pub moved_at: Time,
}
