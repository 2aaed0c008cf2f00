//! Named views with their counts, and the words to ask with.

use serde::{Deserialize, Serialize};

use crate::domain::{NamedView, Text};

/// A named view and how much is in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ViewCount {
    #[serde(flatten)]
    pub named: NamedView,
    /// Rows.
    pub total: usize,
    /// Of those, unseen and listed since the feed was last left.
    pub fresh: usize,
    /// The count is still being made.
    pub counting: bool,
    /// It came with the program and is as it came; else the person made or changed it.
    pub builtin: bool,
}

/// Words that occur in the feed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Known {
    pub kinds: Vec<Text>,
    pub sources: Vec<Text>,
    pub requesters: Vec<Text>,
    pub tags: Vec<Text>,
    pub languages: Vec<Text>,
}
