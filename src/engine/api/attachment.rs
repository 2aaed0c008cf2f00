//! Attachments of an assignment.

use serde::{Deserialize, Serialize};

use crate::domain::{KeptFile, Text};

/// An attachment as front ends show it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AttachmentView {
    /// Its name, as the platform calls it.
    pub name: Text,
    /// What the platform says it is.
    pub mime: Text,
    /// Bytes, as the platform says.
    pub size: Option<u64>,
    /// `scheme://host:port` it would be fetched from; empty where it has no address, or one that cannot be used.
    pub host: Text,
    /// That is the source's own scheme, host and port; any other host is a stranger.
    pub own: bool,
    /// What was fetched.
    pub kept: Option<KeptFile>,
    /// Its text: fetched, or as it came with the job.
    pub text: Option<Text>,
    /// What is wrong with it: no address, a file that is missing or changed. Often empty.
    pub trouble: Text,
}
