//! Where each stretch of a draft came from: typed, pasted, from outside, laid out, quoted, written by an AI.
//!
//! [`Origins`] are runs over the text, kept with every version of a draft and changed with every edit ([`Origins::edit`]), whose
//! [`Splice`] takes it back exactly. A run begins and ends at a grapheme's edge, so that a character has one origin:
//!
//! - a grapheme that an edit puts something into takes the origin of what was put in: an accent typed onto a letter of an AI's makes
//!   that grapheme typed;
//! - a grapheme that comes to be since something between its parts was taken away takes the least human origin of its parts.
//!
//! What is pasted, or comes back from another program, is unknown and never counted as typed. It is an account of typing, not of
//! ideas. Files have one origin each: what is made of an AI's picture stays an AI's.

mod account;
mod carry;
mod edit;
mod files;
mod made;
mod runs;
mod shares;
mod statement;

use serde::{Deserialize, Serialize};

use super::Text;
pub use account::Account;
pub use edit::{Splice, Window};
pub use files::FileShares;
pub use made::Made;
pub use runs::Origins;
pub use shares::Shares;
pub use statement::Statement;

/// Where a stretch of text came from. Ordered from the most to the least surely the person's own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Typed here, key by key.
    Typed,
    /// Came in unknown; the person says that the words are their own.
    Declared,
    /// Laid out by the scaffold, which is no model.
    Scaffold,
    /// Words of the job's brief or of a source.
    Quoted {
        /// Which: "brief", or an attachment's name.
        source: Text,
    },
    /// Pasted: nobody knows who wrote it.
    Pasted,
    /// Came back from `$EDITOR`, a file or a program: nobody knows who wrote it.
    External,
    /// Made by an assistant.
    Ai {
        /// The call that it came from.
        call: Text,
    },
}

impl Origin {
    /// One word for tables: `typed`, `declared`, `scaffold`, `quoted`, `pasted`, `external`, `ai`.
    pub fn word(&self) -> &'static str {
        match self {
            Origin::Typed => "typed",
            Origin::Declared => "declared",
            Origin::Scaffold => "scaffold",
            Origin::Quoted { .. } => "quoted",
            Origin::Pasted => "pasted",
            Origin::External => "external",
            Origin::Ai { .. } => "ai",
        }
    }

    /// The same, declared to be the person's own where that is not known.
    pub fn declared(&self) -> Origin {
        if self.is_unknown() { Origin::Declared } else { self.clone() }
    }

    /// The person typed it, or says that the words are theirs.
    pub fn is_own(&self) -> bool {
        matches!(self, Origin::Typed | Origin::Declared)
    }

    /// Nobody knows who wrote it; the person may say that they did.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Origin::Pasted | Origin::External)
    }
}
