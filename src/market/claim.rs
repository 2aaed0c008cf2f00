//! One assignment: a place of a job that the worker holds or held.

use serde::{Deserialize, Serialize};

use crate::domain::Time;
use crate::domain::draft::FileItem;

/// How far it got; the words are those of the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Being worked on.
    Active,
    /// Delivered.
    Submitted,
    /// Somebody looks at it.
    Reviewing,
    /// Sent back with a wish.
    RevisionRequested,
    /// Accepted.
    Approved,
    /// Refused.
    Rejected,
    /// Given back.
    Released,
    /// The time ran out.
    TimedOut,
    /// The requester withdrew the job.
    Cancelled,
    /// The money came.
    Paid,
}

impl Stage {
    /// The word in answers.
    pub fn word(self) -> &'static str {
        match self {
            Stage::Active => "active",
            Stage::Submitted => "submitted",
            Stage::Reviewing => "reviewing",
            Stage::RevisionRequested => "revision_requested",
            Stage::Approved => "approved",
            Stage::Rejected => "rejected",
            Stage::Released => "released",
            Stage::TimedOut => "timed_out",
            Stage::Cancelled => "cancelled",
            Stage::Paid => "paid",
        }
    }

    /// Waits for the worker.
    pub fn is_held(self) -> bool {
        matches!(self, Stage::Active | Stage::RevisionRequested)
    }

    /// Holds a place of the job.
    pub fn is_live(self) -> bool {
        self.is_held() || matches!(self, Stage::Submitted | Stage::Reviewing)
    }

    /// The worker may claim the same job once more.
    pub fn may_claim_again(self) -> bool {
        matches!(self, Stage::Released | Stage::TimedOut)
    }
}

/// What was delivered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The text.
    pub text: String,
    /// Files, as they were uploaded, under the names given on delivery.
    pub files: Vec<FileItem>,
    /// What the worker says about AI.
    pub disclosure: String,
}

/// An assignment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claim {
    /// Its number; the id is made of it.
    pub n: u64,
    /// The job's number.
    pub job: u64,
    /// How far it got.
    pub stage: Stage,
    /// When it was claimed.
    pub claimed_at: Time,
    /// By when it must be delivered.
    pub deadline: Time,
    /// When it last changed.
    pub updated_at: Time,
    /// The number of that change.
    pub change: u64,
    /// Submissions that took effect.
    pub submissions: u32,
    /// Submissions that failed their checks.
    pub failures: u32,
    /// The latest submission's idempotency key.
    pub key: Option<String>,
    /// The reviewer's words.
    pub feedback: String,
    /// The latest delivery, until it is judged.
    pub delivery: Option<Delivery>,
}

impl Claim {
    /// The id in answers.
    pub fn id(&self) -> String {
        id(self.n)
    }
}

/// The id of claim `n`.
pub fn id(n: u64) -> String {
    format!("a{n:06}")
}

/// What a submission was answered with, kept so that the same key gets the same answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Receipt {
    /// For which claim.
    pub claim: u64,
    /// SHA-256 of what was sent, in hex.
    pub hash: String,
    /// The answer.
    pub answer: serde_json::Value,
}
