//! What is being made for an assignment.

use std::borrow::Cow;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::origin::{FileShares, Made, Origin, Origins, Shares};
use super::picture::PictureFacts;
use super::{AssignmentId, Text, Time};

/// How a version came to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Typed in the editor.
    #[default]
    Typed,
    /// Laid out by the scaffold.
    Scaffold,
    /// Came back from `$EDITOR` or from a file.
    File,
    /// Recovered after a crash.
    Recovered,
    /// Said by a program of the person's own.
    Program,
    /// Said by an assistant.
    Assistant,
}

impl Cause {
    /// Where the words came from that a version changed, when its front end told no more than this.
    pub fn origin(self) -> Origin {
        match self {
            Cause::Typed => Origin::Typed,
            Cause::Scaffold => Origin::Scaffold,
            // Which call it was is told by the front end's own account; without one nobody knows.
            Cause::File | Cause::Recovered | Cause::Program | Cause::Assistant => Origin::External,
        }
    }
}

/// What is known of a file without judging it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FileFacts {
    /// Media type by content, not by name.
    pub mime: Text,
    /// Pixels across, of a picture.
    pub width: Option<u32>,
    /// Pixels down, of a picture.
    pub height: Option<u32>,
    /// Whether any pixel is see-through.
    pub transparent: Option<bool>,
    /// Whether any pixel is solid.
    pub opaque: Option<bool>,
    /// What else is known of a picture; nothing of other files, and of pictures looked at by an older version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<Box<PictureFacts>>,
}

/// A file that belongs to a draft; kept in the data folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileItem {
    /// Name it is delivered under.
    pub name: Text,
    /// Where it is kept.
    pub path: PathBuf,
    /// Bytes.
    pub size: u64,
    /// SHA-256 in hex.
    pub sha256: String,
    /// What it is.
    pub facts: FileFacts,
    /// Where it came from; unknown in records of a time when that was not kept.
    #[serde(default = "external", skip_serializing_if = "is_external")]
    pub origin: Origin,
}

fn external() -> Origin {
    Origin::External
}

fn is_external(origin: &Origin) -> bool {
    *origin == Origin::External
}

impl FileItem {
    /// An AI made it, or what it was made from.
    pub fn is_ai(&self) -> bool {
        matches!(self.origin, Origin::Ai { .. })
    }

    /// The same, declared to be the person's own where that is not known.
    pub fn declared(&self) -> FileItem {
        FileItem { origin: self.origin.declared(), ..self.clone() }
    }
}

/// The latest version of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Whose.
    pub assignment: AssignmentId,
    /// Counts up with each save.
    pub version: u32,
    /// The text.
    pub text: Text,
    /// The files.
    pub files: Vec<FileItem>,
    /// How this version came to be.
    pub cause: Cause,
    /// When it was saved.
    pub saved_at: Time,
    /// The scaffold wrote part of it.
    #[serde(default)]
    pub scaffolded: bool,
    /// Where each stretch came from; none in versions of a time when that was not kept. Read it with [`Draft::origins`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origins: Option<Origins>,
    /// An assistant's words or files stood in this version or an earlier one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub assisted: bool,
}

impl Draft {
    /// Where each stretch of the text came from. Of a version without a record the lay-out is the scaffold's, and all else unknown: what
    /// was typed and what was pasted were not told apart then.
    pub fn origins(&self) -> Cow<'_, Origins> {
        match &self.origins {
            Some(origins) if origins.bytes() == self.text.as_str().len() => Cow::Borrowed(origins),
            Some(origins) => Cow::Owned(origins.fitted(self.text.as_str())),
            None => {
                let origin = if self.cause == Cause::Scaffold { Origin::Scaffold } else { Origin::External };
                Cow::Owned(Origins::whole(self.text.as_str().len(), origin))
            }
        }
    }

    /// How much of the text came from where.
    pub fn shares(&self) -> Shares {
        Shares::of(&self.origins(), self.text.as_str())
    }

    /// Everything that is known of how it was made.
    pub fn made(&self) -> Made {
        Made { shares: self.shares(), files: FileShares::of(&self.files), assisted: self.assisted }
    }

    /// The same text and files, declared to be the person's own where that is not known; `None` where all is known.
    pub fn declared(&self) -> Option<(Origins, Vec<FileItem>)> {
        let before = self.origins();
        let (origins, files) = (before.declared(), self.files.iter().map(FileItem::declared).collect::<Vec<_>>());
        (*before != origins || self.files != files).then_some((origins, files))
    }
}
