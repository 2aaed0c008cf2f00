//! Jobs that came and went.

use serde::{Deserialize, Serialize};

use crate::domain::{JobKey, Text, Time};

/// A job came or went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sighting {
    pub at: Time,
    pub key: JobKey,
    pub title: Text,
    pub what: Seen,
}

/// How it came or went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    Appeared,
    Reopened,
    Full,
    Expired,
    Vanished,
}
