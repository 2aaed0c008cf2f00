//! A window with its rows.

use serde::{Deserialize, Serialize};

use super::JobRow;

/// A window with its rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rows {
    /// Rows of the view before the first.
    pub start: usize,
    /// Rows in the view.
    pub total: usize,
    /// Row number of the anchor.
    pub anchor: usize,
    /// The rows.
    pub rows: Vec<JobRow>,
    /// Version of the feed this window shows; events carry newer ones.
    pub version: u64,
    /// Jobs that are hidden or snoozed, in all.
    pub away: usize,
    /// Starred jobs, in all.
    pub starred: usize,
    /// Rows of the ordinary feed that nobody looked at yet.
    #[serde(default)]
    pub unseen: usize,
    /// `total` still grows: this much of the feed was looked at, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counting: Option<u8>,
    /// Nothing had all the words, so these rows have their letters in order: best first.
    #[serde(default)]
    pub fuzzy: bool,
}
