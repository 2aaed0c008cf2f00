//! A job with the reasons for what it is worth.

use serde::{Deserialize, Serialize};

use super::JobRow;
use crate::domain::shield::Found;
use crate::domain::{Job, Text};

/// A job as it is known here, for the peek and the question why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Peek {
    /// The row.
    pub row: JobRow,
    /// The whole job as far as it was fetched; `None` when the store does not have it (any more).
    pub job: Option<Job>,
    /// Every number behind the expected rate, and where it comes from.
    pub rate_why: Vec<(Text, Text)>,
    /// Requirements met, unmet and unknown, likes and dislikes: label, verdict, reason.
    pub fit_why: Vec<FitLine>,
    /// Why it cannot or should not be taken.
    pub barred: Option<Text>,
    /// Signs of a scam, with the words that show them.
    #[serde(default)]
    pub signs: Vec<Found>,
    /// First and last seen, how often, vanished and reopened, in words.
    pub history: Vec<(Text, Text)>,
}

/// One line of a job's fit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FitLine {
    /// What is asked for or liked.
    pub what: Text,
    /// Whether it is met.
    pub met: crate::domain::job::Met,
    /// How that is known.
    pub why: Text,
}
