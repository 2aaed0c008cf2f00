//! How the store is.

use serde::{Deserialize, Serialize};

use crate::domain::Text;
use crate::error::Failure;

/// Where and how the store is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StoreView {
    pub path: std::path::PathBuf,
    pub jobs: u64,
    /// Last sequence number of the money journal.
    pub money_seq: u64,
    /// Last sequence number of the work journal.
    pub work_seq: u64,
    pub bytes: u64,
    /// Writing fails at present: nothing is lost, nothing new is promised.
    pub failing: Option<Failure>,
    /// What opening had to mend.
    pub mended: Vec<Text>,
    /// Generation of the cache's folder.
    #[serde(default)]
    pub generation: u64,
    /// Rows removed from this generation, whose space it keeps.
    #[serde(default)]
    pub dead: u64,
    /// Bytes of the cache.
    #[serde(default)]
    pub cache_bytes: u64,
    /// Bytes the cache may have before it is written anew; 0: any.
    #[serde(default)]
    pub cap: u64,
    /// Bytes of the images of the columns.
    #[serde(default)]
    pub image_bytes: u64,
    /// Rows changed since the latest image, as far as they are written down.
    #[serde(default)]
    pub changes: u64,
    /// Bytes of everything in the store's folder.
    #[serde(default)]
    pub disk_bytes: u64,
    /// Rows of the feed in memory.
    #[serde(default)]
    pub resident: u64,
    /// Rows that left because they had been gone for long, over all sessions.
    #[serde(default)]
    pub left: u64,
    /// Rows that left because there were too many.
    #[serde(default)]
    pub crowded: u64,
}
