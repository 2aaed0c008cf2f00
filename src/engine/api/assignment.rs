//! What is mine, with its draft.

use serde::{Deserialize, Serialize};

use crate::domain::check::Finding;
use crate::domain::draft::FileItem;
use crate::domain::{Assignment, Draft, Payment, Submission, Text};

/// An assignment as front ends show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssignmentView {
    pub assignment: Assignment,
    pub draft: Option<Draft>,
    pub findings: Vec<Finding>,
    /// A newer version is being judged: the findings are those of the one before, or none yet.
    #[serde(default)]
    pub checking: bool,
    pub submission: Option<Submission>,
    pub payments: Vec<Payment>,
    /// Seconds worked so far.
    pub worked: i64,
    /// Seconds of work still expected.
    pub work_left: i64,
    /// Deadline less work left, seconds; negative means late.
    pub slack: Option<i64>,
    /// Why the work is to be typed there and not pasted; empty where nobody says so.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub type_there: Text,
}

/// The hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandView {
    /// Tightest first.
    pub items: Vec<AssignmentView>,
    /// Seconds by which the worst deadline will be missed at this pace.
    pub overcommitted: Option<i64>,
}

/// A proposal of the built-in scaffold; nobody's model wrote it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scaffolded {
    /// The text laid out.
    pub text: Text,
    /// Files it made (a plain picture of the asked size), already in the data folder.
    pub files: Vec<FileItem>,
    /// What it is, in one sentence.
    pub label: Text,
}
