//! The part of a view that a front end draws.

use serde::{Deserialize, Serialize};

use crate::domain::JobKey;

/// Where a window lies: by job, not by row number, since rows move and jobs do not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// The first rows.
    #[default]
    Top,
    /// The last rows.
    Bottom,
    /// Around this job; when it left the view, around the place where it would be.
    Job(JobKey),
}

/// Keys of a stretch of a view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Rows before the first key.
    pub start: usize,
    /// The keys in order.
    pub keys: Vec<JobKey>,
    /// Rows in the view.
    pub total: usize,
    /// Row of the anchor job (or of the row that took its place).
    pub anchor: usize,
    /// In a grouped view: how many jobs each row stands for. Empty in any other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<u32>,
}
