//! Starts the actor and keeps it running.

use std::sync::Arc;

use super::Handle;
use crate::config::Config;
use crate::error::Result;

/// When sources are polled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polling {
    /// By the schedule: a terminal is open.
    Always,
    /// Only on `Request::Poll`, and to settle what is in the outbox: a single command.
    OnRequest,
}

/// A running engine of this process.
pub struct Running {
    handle: Handle,
}

/// Opens the store and starts the engine on the current tokio runtime.
pub fn start(_config: Arc<Config>, _polling: Polling) -> Result<Running> {
    todo!()
}

impl Running {
    /// The way in.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Waits for what is being saved, closes the store and ends.
    pub async fn stop(self) {
        todo!()
    }
}
