//! The engine's api over a Unix socket, so that every command beside an open terminal talks to the same engine.

use std::sync::Arc;

use crate::config::Config;
use crate::engine::{Handle, Polling, Running};
use crate::error::Result;

/// A way to an engine: somebody else's over the socket, or one of this process that also serves the socket.
pub struct Session {
    handle: Handle,
    own: Option<Running>,
}

/// Connects to the engine that holds the store, or starts one here and serves it on the socket.
pub async fn session(_config: Arc<Config>, _polling: Polling) -> Result<Session> {
    todo!()
}

impl Session {
    /// The way in.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Whether the engine runs in this process.
    pub fn is_own(&self) -> bool {
        self.own.is_some()
    }

    /// Ends the engine if it is ours, waiting for what is being saved.
    pub async fn close(self) {
        if let Some(own) = self.own {
            own.stop().await;
        }
    }
}
