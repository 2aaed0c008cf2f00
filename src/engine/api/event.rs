//! What happened.

use serde::{Deserialize, Serialize};

use super::{SourceHealth, Stage};
use crate::domain::submission::SubmissionState;
use crate::domain::{AssignmentId, AssignmentState, Bundle, JobKey, Payment, SubmissionId, Text, Time};
use crate::error::Failure;

/// Something happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Counts up in one run of the engine.
    pub seq: u64,
    pub at: Time,
    #[serde(flatten)]
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum What {
    /// The feed changed; windows of an older version are stale.
    Feed { version: u64, arrived: u32, changed: u32, gone: u32 },
    /// Marks changed.
    Marked { jobs: Vec<JobKey> },
    /// An assignment came or moved.
    Assignment { id: AssignmentId, title: Text, state: AssignmentState, note: Text },
    /// A claim did not succeed.
    ClaimLost { job: JobKey, title: Text, reason: Text },
    /// A submission got further.
    Submission { id: SubmissionId, assignment: AssignmentId, state: SubmissionState, note: Text },
    /// A payment was reported.
    Payment { payment: Payment },
    /// A draft was saved, by whichever front end.
    Draft { assignment: AssignmentId, version: u32 },
    /// The checks of a draft ended that a view spoke of before: it can be asked for again.
    Checked { assignment: AssignmentId },
    /// An order to a painter got further, or pictures came, or were thrown away.
    Art { assignment: AssignmentId, call: Text, title: Text, stage: Stage, percent: Option<u8>, note: Text, pictures: u32 },
    /// A source's health changed.
    Source { health: Box<SourceHealth> },
    /// Saving fails (or works again, with `None`).
    Saving { failing: Option<Failure> },
    /// A word to the person.
    Notice { text: Text, hint: Text },
    /// Alerts that go out now: a terminal rings and notifies. Programs and webhooks are told by the engine itself.
    Alert { bundle: Bundle },
    /// The alerts were read, on whichever front end: they are news no more.
    AlertsSeen,
    /// The store is open: what was shown until now was the last window.
    Ready,
    /// Named views changed.
    Views,
    /// A clock went wrong or right, ours by so much (0: a platform's, or the machine slept): deadlines are other ones now.
    Clock { stepped_ms: i64 },
    /// Events were missed on the way here: everything is to be asked anew. Made by whoever carries events, never by the engine.
    Missed,
    /// The engine's config file changed: what is other now, and what the next start takes in; or why it cannot be used, so that
    /// what it said before goes on.
    Config { changed: Vec<Text>, later: Vec<Text>, failing: Option<Failure> },
}
