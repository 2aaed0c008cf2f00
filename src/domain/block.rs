//! A block: jobs that fit are hidden, those there are and those to come, as long as it stands.

use serde::{Deserialize, Serialize};

use super::{Query, Text, Time};

/// What is hidden, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Its number; 0 before the engine gave it one.
    #[serde(default)]
    pub id: u64,
    /// Which jobs: by requester, kind or words, with wildcards, of one source or all (`requester:"Acme*" source:x`).
    pub query: Query,
    /// When it was made.
    pub made_at: Time,
    /// When it ends by itself.
    #[serde(default)]
    pub until: Option<Time>,
    /// What it came from: "by hand, from the job …".
    #[serde(default)]
    pub from: Text,
}

impl Block {
    /// Whether it still stands at `now`.
    pub fn stands(&self, now: Time) -> bool {
        self.until.is_none_or(|until| until > now)
    }
}
