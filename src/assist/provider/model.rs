//! The models that a provider has.

use serde::Serialize;

use crate::domain::Text;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Model {
    /// What to write behind `model =`.
    pub id: Text,
    /// Tokens that question and answer may have together, where it is told.
    pub context: Option<u64>,
}
