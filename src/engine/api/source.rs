//! How the sources are.

use serde::{Deserialize, Serialize};

use crate::domain::{SourceName, Text, Time};
use crate::error::Failure;
use crate::platforms::{Abilities, Budget};

/// How a source is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    /// Not polled yet.
    #[default]
    New,
    /// The latest poll was answered.
    Ok,
    /// Asked to wait.
    Limited,
    /// Cannot be reached or answers nonsense; tried again at `retry_at`.
    Down,
    /// Needs a key.
    SignIn,
    /// Switched off in the config.
    Off,
}

/// One source's health, always in sight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceHealth {
    pub name: SourceName,
    /// The platform's name and host.
    pub platform: Text,
    pub host: Text,
    pub state: SourceState,
    pub abilities: Abilities,
    pub last_ok: Option<Time>,
    pub next_poll: Option<Time>,
    pub retry_at: Option<Time>,
    /// Failures in a row.
    pub failures: u32,
    /// Too many failures: one probe at a time until one succeeds.
    pub breaker_open: bool,
    pub error: Option<Failure>,
    pub latency_ms: Option<u64>,
    /// Server's clock less ours.
    pub skew_ms: Option<i64>,
    pub budget: Budget,
    /// The stream of changes is connected.
    pub streaming: bool,
    /// Jobs of it that can be claimed now; `None` while they are being counted, just after the store was opened.
    pub open_jobs: Option<usize>,
}
