//! A block with what it hides.

use serde::{Deserialize, Serialize};

use crate::domain::Block;

/// A block and what it hides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlockView {
    pub block: Block,
    /// Jobs of the feed it hides now.
    pub hides: usize,
}
