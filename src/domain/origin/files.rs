//! How many of a draft's files came from where.

use serde::{Deserialize, Serialize};

use super::Origin;
use crate::domain::draft::FileItem;

/// Files by where they came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FileShares {
    /// All of them.
    pub total: u64,
    /// Said to be the person's own.
    pub own: u64,
    /// Drawn by the scaffold.
    pub scaffold: u64,
    /// Made by an AI, or made from what one made.
    pub ai: u64,
    /// Added by the person; who made them is not known.
    pub unknown: u64,
}

impl FileShares {
    /// Counts them.
    pub fn of(files: &[FileItem]) -> FileShares {
        let mut shares = FileShares::default();
        for file in files {
            shares.total += 1;
            *match file.origin {
                Origin::Typed | Origin::Declared => &mut shares.own,
                Origin::Scaffold => &mut shares.scaffold,
                Origin::Ai { .. } => &mut shares.ai,
                Origin::Quoted { .. } | Origin::Pasted | Origin::External => &mut shares.unknown,
            } += 1;
        }
        shares
    }

    /// "1 file made by AI", "3 files: 2 made by AI, 1 unknown"; empty for none.
    pub fn words(&self) -> String {
        let parts =
            [(self.ai, "made by AI"), (self.own, "declared own"), (self.scaffold, "of the scaffold"), (self.unknown, "unknown")];
        let there: Vec<_> = parts.into_iter().filter(|(n, _)| *n > 0).collect();
        let files = if self.total == 1 { "1 file".to_owned() } else { format!("{} files", self.total) };
        match there.as_slice() {
            [] => String::new(),
            [(_, "unknown")] => format!("{files} of unknown origin"),
            [(_, kind)] => format!("{files} {kind}"),
            several => {
                let told: Vec<_> = several.iter().map(|(n, kind)| format!("{n} {kind}")).collect();
                format!("{files}: {}", told.join(", "))
            }
        }
    }
}
