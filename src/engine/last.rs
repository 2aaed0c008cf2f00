//! The last window: what a front end showed when it was left, shown again at once while the store opens. What is in it is the front
//! end's own business, but for the time: jobs first listed after it are new.

use serde_json::Value;

use crate::config::Config;
use crate::domain::Time;
use crate::store;

/// The window kept by the last session; `None` in a new store, or when it cannot be read: it is a convenience, never a worry.
pub fn last_window(config: &Config) -> Option<Value> {
    store::last_window::load(&config.paths.store())
}

/// Keeps a window for the next start. Its `at` says when it was true.
pub fn keep_window(config: &Config, window: &Value) {
    if let Err(failure) = store::last_window::save(&config.paths.store(), window) {
        tracing::debug!(%failure, "the last window could not be kept");
    }
}

/// When the feed was last left.
pub(super) fn left_at(config: &Config) -> Option<Time> {
    serde_json::from_value(last_window(config)?.get("at")?.clone()).ok()
}
