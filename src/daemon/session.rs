//! A way to an engine for one command: somebody else's over the socket, or one of this process that also serves the socket.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{broadcast, mpsc};

use super::client::{self, Connection, Tell};
use super::front::{Front, Kind};
use super::link::Own;
use super::server::Server;
use super::wire::Role;
use crate::config::{Config, Paths};
use crate::engine::{self, Handle, Polling};
use crate::error::{Class, Failure, Result};

/// A process that holds the store for one command is gone soon; so long it is waited for.
pub(super) const WAIT_FOR_HOLDER: Duration = Duration::from_secs(3);
pub(super) const LOOK_AGAIN: Duration = Duration::from_millis(50);
const REQUESTS: usize = 256;
const EVENTS: usize = 1024;

/// A way to an engine.
pub struct Session {
    handle: Handle,
    own: Option<Own>,
    holder: u32,
}

/// Connects to the engine that holds the store, or starts one here and serves it on the socket.
///
/// # Errors
/// `Busy` when a process holds the store and does not answer, or is another version; else what opening the store says.
pub async fn session(config: Arc<Config>, polling: Polling) -> Result<Session> {
    let kind = if polling == Polling::Always { Kind::Listener } else { Kind::Command };
    session_as(config, polling, kind, Role::Command).await
}

/// As [`session`], as this kind of front end, and in this role where the engine is of this process.
///
/// # Errors
/// As [`session`].
pub async fn session_as(config: Arc<Config>, polling: Polling, kind: Kind, role: Role) -> Result<Session> {
    let deadline = tokio::time::Instant::now() + WAIT_FOR_HOLDER;
    let front = Front::of_process(kind);
    loop {
        if let Some(connection) = find(&config.paths, &front).await? {
            let holder = connection.host.pid;
            return Ok(Session { handle: carry(connection), own: None, holder });
        }
        match engine::start(config.clone(), polling) {
            Ok(running) => {
                let server = Server::start(&config.paths.socket, running.handle(), role)?;
                let handle = running.handle();
                return Ok(Session { handle, own: Some(Own { running, server }), holder: std::process::id() });
            }
            // It holds the store and does not answer yet, or not any more.
            Err(failure) if failure.class == Class::Busy && tokio::time::Instant::now() < deadline => {
                tokio::time::sleep(LOOK_AGAIN).await;
            }
            Err(failure) => return Err(failure),
        }
    }
}

/// The engine of another process, wherever it may listen.
///
/// # Errors
/// When the socket is another user's, or the engine another version.
pub async fn find(paths: &Paths, front: &Front) -> Result<Option<Connection>> {
    for path in paths.sockets() {
        if let Some(connection) = client::connect(&path, front).await? {
            return Ok(Some(connection));
        }
    }
    Ok(None)
}

/// The engine of another process and its process id; `None` where there is none.
///
/// # Errors
/// When the socket is another user's, or the engine another version.
pub async fn connect(paths: &Paths) -> Result<Option<(Handle, u32)>> {
    let found = find(paths, &Front::of_process(Kind::Command)).await?;
    Ok(found.map(|connection| {
        let pid = connection.host.pid;
        (carry(connection), pid)
    }))
}

/// No engine runs, and one was asked for.
pub(super) fn nobody(config: &Config) -> Failure {
    Failure::new(Class::NotFound, "no juggler runs that could be attached to")
        .why(format!("nobody holds the store in {}", config.paths.data.display()))
        .hint("`juggler` opens it here; `juggler daemon start` runs it without a terminal")
}

/// A handle over a connection that ends with it.
fn carry(connection: Connection) -> Handle {
    let (requests_in, mut requests) = mpsc::channel(REQUESTS);
    let (events, _) = broadcast::channel(EVENTS);
    let handle = Handle::new(requests_in, events.clone());
    tokio::spawn(async move {
        // One command is not told to leave: it ends by itself, or by its engine's end.
        let (leaves, _) = mpsc::unbounded_channel();
        connection.relay(&mut requests, Tell { events: &events, leaves: &leaves }).await;
    });
    handle
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

    /// The process that holds the store.
    pub fn holder(&self) -> u32 {
        self.holder
    }

    /// The engine of this process with its socket, to go on with.
    pub fn into_own(self) -> Option<Own> {
        self.own
    }

    /// When its engine is gone: the other process's, or ours by a bug. Not to be asked again then.
    pub async fn lost(&mut self) {
        match &mut self.own {
            Some(own) => drop(own.running.broke().await),
            None => self.handle.closed().await,
        }
    }

    /// Ends the engine if it is ours, waiting for what is being saved. A terminal that is attached to it opens its own.
    pub async fn close(self) {
        if let Some(own) = self.own {
            own.close(None).await;
        }
    }
}
