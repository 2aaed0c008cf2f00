//! What is being made for an assignment.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

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
}
