//! What an act of triage did.

use serde::{Deserialize, Serialize};

use crate::domain::{JobKey, Text};

/// What an act of triage did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TriageDone {
    /// What was done, in words: "hid 1 job", "undid: hid 1 job".
    pub text: Text,
    /// Jobs changed.
    pub changed: Vec<JobKey>,
    /// Jobs that could not be changed, and why; they stay marked.
    #[serde(default)]
    pub failed: Vec<(JobKey, Text)>,
}
