//! A call to a model, as the journal keeps it.

use serde::{Deserialize, Serialize};

use super::Action;
use crate::domain::spend::Spent;
use crate::domain::{AssignmentId, Text, Time};

/// One question to one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// Its id, by which the words that came of it are marked.
    pub id: Text,
    /// For which assignment.
    pub assignment: AssignmentId,
    /// What was wanted.
    pub action: Action,
    /// The template that it was put with.
    pub template: Text,
    /// `host:port` that it went to.
    pub host: Text,
    /// When it was asked.
    pub at: Time,
    /// What it cost: reckoned before it was asked, and as it was told once it is over.
    pub spent: Spent,
    /// How it ended; `None` while it goes on, or where that was never learnt.
    #[serde(default)]
    pub ended: Option<Ended>,
    /// More about its end, in words.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub note: Text,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// The model had said all.
    Done,
    /// It was cut short by a limit.
    Cut,
    /// The person stopped it, or left.
    Stopped,
    /// The provider, or the model, declined.
    Declined,
    /// What it said is not what was asked for.
    Unfit,
    /// Something went wrong.
    Failed,
}

impl Ended {
    /// One word.
    pub fn word(self) -> &'static str {
        match self {
            Ended::Done => "done",
            Ended::Cut => "cut short",
            Ended::Stopped => "stopped",
            Ended::Declined => "declined",
            Ended::Unfit => "unfit",
            Ended::Failed => "failed",
        }
    }
}
