//! A file that came with a job, as it was fetched.

use serde::{Deserialize, Serialize};

use super::Text;
use super::draft::FileFacts;

/// What is known of a fetched attachment. Its bytes and its text are files of the data folder, named after their content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptFile {
    /// Bytes.
    pub size: u64,
    /// SHA-256 of them, in hex.
    pub sha256: String,
    /// What it is, by its content.
    pub facts: FileFacts,
    /// Its text, where one could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<KeptText>,
    /// What is to be known of the text, or why there is none, in sentences.
    #[serde(skip_serializing_if = "Text::is_empty")]
    pub note: Text,
}

/// The text of a fetched attachment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptText {
    /// SHA-256 of its UTF-8, in hex.
    pub sha256: String,
    /// Bytes of it.
    pub bytes: u64,
    /// Pages it has; 0 where it has none.
    pub pages: u32,
}
