//! The engine's api over a Unix socket, so that every command beside an open terminal talks to the same engine.

mod client;
mod server;
mod wire;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::config::Config;
use crate::engine::api::{Reply, Request, VERSION};
use crate::engine::{self, Handle, Polling, Running, Socket};
use crate::error::{Class, Failure, Result};

pub use server::Server;

/// A process that holds the store for one command is gone soon; so long it is waited for.
const WAIT_FOR_HOLDER: Duration = Duration::from_secs(3);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// A way to an engine: somebody else's over the socket, or one of this process that also serves the socket.
pub struct Session {
    handle: Handle,
    own: Option<(Running, Server)>,
    holder: u32,
}

/// Connects to the engine that holds the store, or starts one here and serves it on the socket.
pub async fn session(config: Arc<Config>, polling: Polling) -> Result<Session> {
    let deadline = tokio::time::Instant::now() + WAIT_FOR_HOLDER;
    loop {
        if let Some((handle, holder)) = connect(&config.paths.socket).await? {
            return Ok(Session { handle, own: None, holder });
        }
        match engine::start(config.clone(), polling) {
            Ok(running) => {
                let server = Server::start(&config.paths.socket, running.handle())?;
                return Ok(Session { handle: running.handle(), own: Some((running, server)), holder: std::process::id() });
            }
            // It holds the store and does not answer yet, or not any more.
            Err(failure) if failure.class == Class::Busy && tokio::time::Instant::now() < deadline => {
                tokio::time::sleep(LOOK_AGAIN).await;
            }
            Err(failure) => return Err(failure),
        }
    }
}

/// As [`session`], but only for an engine of this process, and for a handle that is in use already: a front end draws and takes keys
/// while the store opens.
///
/// # Errors
/// `Busy` when another process holds the store; else as [`session`].
pub async fn own_session(socket: Socket, config: Arc<Config>, polling: Polling) -> Result<Session> {
    let deadline = tokio::time::Instant::now() + WAIT_FOR_HOLDER;
    let handle = socket.handle();
    let mut socket = Some(socket);
    loop {
        if let Some((_, holder)) = connect(&config.paths.socket).await? {
            return Err(held_by(holder, &config));
        }
        let Some(taken) = socket.take() else { return Err(Failure::new(Class::Internal, "the engine was not started")) };
        let wanted = config.clone();
        let started = tokio::task::spawn_blocking(move || engine::start_at(taken, wanted, polling)).await;
        match started.map_err(|why| Failure::new(Class::Internal, "opening the store broke off").why(why))? {
            Ok(running) => {
                let server = Server::start(&config.paths.socket, running.handle())?;
                return Ok(Session { handle, own: Some((running, server)), holder: std::process::id() });
            }
            Err((failure, back)) if failure.class == Class::Busy && tokio::time::Instant::now() < deadline => {
                socket = Some(back);
                tokio::time::sleep(LOOK_AGAIN).await;
            }
            Err((failure, _)) => return Err(failure),
        }
    }
}

/// Why a second terminal does not open.
pub fn held_by(holder: u32, config: &Config) -> Failure {
    Failure::new(Class::Busy, "juggler is open already")
        .why(format!("process {holder} holds the store in {}", config.paths.data.display()))
        .hint("go to that terminal; commands such as juggler jobs work beside it, and --data-dir opens another store")
}

/// The engine behind a socket and its process id; `None` where nobody listens.
pub async fn connect(socket: &Path) -> Result<Option<(Handle, u32)>> {
    let Some(handle) = client::connect(socket).await? else { return Ok(None) };
    match handle.ask(Request::Hello { version: VERSION }).await {
        Ok(Reply::Hello { pid, .. }) => Ok(Some((handle, pid))),
        Ok(_) => Ok(None),
        Err(failure) if failure.class == Class::Busy => Err(failure),
        // It went away between connecting and asking.
        Err(_) => Ok(None),
    }
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

    /// Ends the engine if it is ours, waiting for what is being saved.
    pub async fn close(self) {
        if let Some((running, server)) = self.own {
            server.stop();
            running.stop().await;
        }
    }
}
