//! One delivery on its way.

use serde::{Deserialize, Serialize};

use super::draft::FileItem;
use super::{AssignmentId, SubmissionId, Text, Time};

/// How far a submission got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubmissionState {
    /// Durable here; no byte was sent.
    Queued,
    /// Bytes may have been sent; no answer yet.
    Sending,
    /// Sent, or perhaps sent, and no answer came: the platform must be read first.
    Unknown,
    /// The platform has it.
    Acked,
    /// The platform refused it.
    Refused,
    /// The person called it off while it was queued or unknown.
    Withdrawn,
}

impl SubmissionState {
    /// It waits to be sent or answered, or for the person's decision.
    pub fn is_open(self) -> bool {
        matches!(self, SubmissionState::Queued | SubmissionState::Sending | SubmissionState::Unknown)
    }

    /// Whether `next` may follow.
    ///
    /// `Sending` follows `Unknown` only after the platform was read and did not have it; the outbox sees to that.
    pub fn may_become(self, next: SubmissionState) -> bool {
        use SubmissionState as S;
        matches!(
            (self, next),
            (S::Queued, S::Sending | S::Withdrawn | S::Refused)
                | (S::Sending, S::Acked | S::Refused | S::Unknown | S::Queued)
                | (S::Unknown, S::Acked | S::Refused | S::Sending | S::Withdrawn)
        )
    }
}

/// The person typed the word that submits although checks fail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overridden {
    /// When.
    pub at: Time,
    /// Which checks failed, in words.
    pub failing: Vec<Text>,
}

impl Overridden {
    /// "submitted although 2 checks failed: 5 lines: 4 of 5; add 1 line".
    pub fn words(&self) -> String {
        let n = self.failing.len();
        let first = self.failing.first().map_or_else(String::new, |first| format!(": {first}"));
        let more = if n > 1 { format!(" (and {} more)", n - 1) } else { String::new() };
        format!("submitted although {n} {} failed{first}{more}", if n == 1 { "check" } else { "checks" })
    }
}

/// A submission with everything needed to send the very same bytes again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// Local id, and the idempotency key at the platform.
    pub id: SubmissionId,
    /// For which assignment.
    pub assignment: AssignmentId,
    /// First, second (after a revision), …
    pub attempt: u32,
    /// The text delivered.
    pub text: Text,
    /// The files delivered.
    pub files: Vec<FileItem>,
    /// Which AI statement goes with it, in words; empty for none.
    #[serde(default)]
    pub disclosure: Text,
    /// Checks that failed when it was submitted all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overridden: Option<Overridden>,
    /// SHA-256 in hex over text and file hashes.
    pub body_hash: String,
    /// How far it got.
    pub state: SubmissionState,
    /// When it was made durable.
    pub queued_at: Time,
    /// When the latest send began.
    pub sent_at: Option<Time>,
    /// When the platform answered.
    pub answered_at: Option<Time>,
    /// How often bytes were sent.
    pub sends: u32,
    /// The platform's id for it.
    #[serde(default)]
    pub native_id: Text,
    /// The platform's words, or why nothing is known.
    #[serde(default)]
    pub note: Text,
}
