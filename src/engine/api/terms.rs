//! Terms to agree to.

use serde::{Deserialize, Serialize};

use crate::domain::Text;

/// Exactly what a paid or irreversible act means; shown before it, and agreed to by its digest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// "Claim this job?"
    pub question: Text,
    /// Label and value: platform, pay, fee, deadline, …
    pub lines: Vec<(Text, Text)>,
    /// What speaks against it; may be empty.
    pub warnings: Vec<Text>,
    /// Hand this back as `agreed`.
    pub digest: String,
    /// Checks fail, and this word must be typed to go on all the same; empty when nothing stands in the way.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub word: Text,
    /// The checks that fail, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failing: Vec<Text>,
}
