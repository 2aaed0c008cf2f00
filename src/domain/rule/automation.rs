//! What a source's terms say about programs that act by themselves.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What the person found in a platform's terms. Nobody else reads them: nothing is claimed by itself until they say that it may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Automation {
    /// Nobody looked.
    #[default]
    #[serde(rename = "unread")]
    Unread,
    /// A program may claim.
    #[serde(rename = "automation-allowed")]
    Allowed,
    /// A person must claim.
    #[serde(rename = "automation-forbidden")]
    Forbidden,
}

impl Automation {
    /// All.
    pub const ALL: [Automation; 3] = [Automation::Unread, Automation::Allowed, Automation::Forbidden];

    /// Its word in the file.
    pub fn word(self) -> &'static str {
        match self {
            Automation::Unread => "unread",
            Automation::Allowed => "automation-allowed",
            Automation::Forbidden => "automation-forbidden",
        }
    }
}

impl fmt::Display for Automation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for Automation {
    type Err = String;

    fn from_str(word: &str) -> Result<Automation, String> {
        Automation::ALL.into_iter().find(|one| one.word() == word).ok_or_else(|| {
            format!(
                "\"{word}\" says nothing about the terms; write {}",
                Automation::ALL.map(|one| format!("\"{one}\"")).join(", ")
            )
        })
    }
}
