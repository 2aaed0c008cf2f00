//! A way to the engine for a front end that lives long, whoever runs it: another process of this machine, one of another machine,
//! or this process. When the engine goes, also by a bug of ours, the link finds the next one, or starts it here; the front end keeps
//! its handle.
//!
//! ```text
//!              ┌────────► There ──── it went ────┐
//! reach ───────┤            ▲                    ▼
//!              │            └──── reached ───── Away (requests are answered: not now)
//!              └────────► Here  ◄──── nobody holds the store
//!                        ▲    │
//!                        └────┴── a bug ended it: another one, unless there were too many
//! ```

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::bugs::{self, Bugs};
use super::client::{self, Connection, Tell};
use super::front::Front;
use super::server::Server;
use super::session::{LOOK_AGAIN, WAIT_FOR_HOLDER};
use super::via::Via;
use super::wire::{Host, Leave, Role};
use crate::config::Config;
use crate::engine::api::{Event, What};
use crate::engine::{self, Polling, Running, Socket};
use crate::error::{Class, Failure, Result};

/// So long requests wait for the next engine before they are told that there is none.
const GRACE: Duration = Duration::from_secs(1);
/// An engine that said that another follows gets so long.
const FOLLOWS: Duration = Duration::from_secs(20);
/// The pauses between two tries grow up to this, on this machine and to another one.
const PAUSE_NEAR: Duration = Duration::from_secs(1);
const PAUSE_FAR: Duration = Duration::from_secs(8);

/// Where the engine is.
pub enum Way {
    /// On this machine: another process if there is one, else this one.
    Near {
        /// What it works on.
        config: Arc<Config>,
        /// There has to be one already.
        attach: bool,
    },
    /// On another machine, behind a command.
    Far(Via),
}

/// What a link tells its front end.
#[derive(Clone, Debug)]
pub enum News {
    /// The engine is in this process.
    Here,
    /// The engine is in that one, where the clock is so far ahead of ours.
    There(Host, TimeDelta),
    /// There is none at present; another one is looked for.
    Away(Failure),
    /// There is none, and there will be none.
    Never(Failure),
    /// A bug ended the engine of this process; another one is begun.
    Broke,
    /// Bugs ended it too often: none is begun here any more. One of another process is still looked for.
    GaveUp(Failure),
    /// Somebody wants the front end to leave.
    Leave(Leave),
}

/// An engine of this process with its socket.
pub struct Own {
    /// The engine.
    pub running: Running,
    /// Its socket.
    pub server: Server,
}

impl Own {
    /// Ends the engine, waiting for what is being saved; who is attached is told what becomes of it.
    pub async fn close(self, leave: Option<Leave>) {
        self.server.stop(leave).await;
        self.running.stop().await;
    }
}

/// A running link.
pub struct Link {
    task: JoinHandle<Option<Own>>,
    close: oneshot::Sender<()>,
    news: mpsc::UnboundedReceiver<News>,
}

impl Link {
    /// Looks for an engine for the handle of `socket`. What a dialled connection greeted already is used first.
    pub fn start(way: Way, front: Front, socket: Socket, dialled: Option<Connection>) -> Link {
        let (tell, news) = mpsc::unbounded_channel();
        let (close, closed) = oneshot::channel();
        let task = Task { way, front, socket: Some(socket), tell, closed, follows: None, bugs: Bugs::default() };
        Link { task: tokio::spawn(task.run(dialled)), close, news }
    }

    /// What it tells from now on; there is one listener.
    pub fn news(&mut self) -> mpsc::UnboundedReceiver<News> {
        std::mem::replace(&mut self.news, mpsc::unbounded_channel().1)
    }

    /// Ends the link; the engine, if it is of this process.
    pub async fn end(self) -> Option<Own> {
        let _ = self.close.send(());
        self.task.await.ok().flatten()
    }
}

struct Task {
    way: Way,
    front: Front,
    socket: Option<Socket>,
    tell: mpsc::UnboundedSender<News>,
    closed: oneshot::Receiver<()>,
    /// Another engine was promised until then.
    follows: Option<Instant>,
    /// What ended engines of this process.
    bugs: Bugs,
}

/// One try to find an engine.
enum Reached {
    There(Box<Connection>),
    Here(Box<Own>),
    Nobody(Failure),
}

impl Task {
    async fn run(mut self, dialled: Option<Connection>) -> Option<Own> {
        let began = Instant::now();
        let mut next = dialled.map(|connection| Reached::There(Box::new(connection)));
        // Whether there was an engine before.
        let mut known = next.is_some();
        let mut anew = false;
        loop {
            let reached = match next.take() {
                Some(reached) => reached,
                None => self.reach(began, known).await,
            };
            match reached {
                Reached::Here(own) => {
                    let _ = self.tell.send(News::Here);
                    if let Some(own) = self.stay(own).await {
                        return Some(*own);
                    }
                    (known, anew) = (true, true);
                }
                Reached::There(connection) => {
                    self.bugs.forget();
                    let _ = self.tell.send(News::There(connection.host.clone(), connection.ahead));
                    let lasts = self.relay(*connection, anew || !known).await;
                    (known, anew) = (true, true);
                    if !lasts {
                        return None;
                    }
                }
                Reached::Nobody(failure) if !known => {
                    let _ = self.tell.send(News::Never(failure));
                    return None;
                }
                Reached::Nobody(failure) => match self.wait(failure).await {
                    Some(reached) => next = Some(reached),
                    None => return None,
                },
            }
        }
    }

    /// Until the front end ends it, or a bug (`None`); what others ask of this process goes on to it.
    async fn stay(&mut self, mut own: Box<Own>) -> Option<Box<Own>> {
        let mut asked = own.server.asked();
        let entry = own.server.fronts().enter(self.front.clone());
        loop {
            tokio::select! {
                _ = &mut self.closed => return Some(own),
                socket = own.running.broke() => {
                    self.socket = socket;
                    break;
                }
                changed = asked.changed() => {
                    if changed.is_err() {
                        let _ = (&mut self.closed).await;
                        return Some(own);
                    }
                    if let Some(leave) = *asked.borrow_and_update() {
                        let _ = self.tell.send(News::Leave(leave));
                    }
                }
            }
        }
        let again = self.bugs.one(Instant::now());
        if again {
            let _ = self.tell.send(News::Broke);
        }
        drop(entry);
        // Whoever is attached waits for the next one, instead of opening the store before us.
        own.server.stop(again.then_some(Leave::Follows)).await;
        None
    }

    /// Carries requests until the engine goes (`true`) or the front end does.
    async fn relay(&mut self, connection: Connection, anew: bool) -> bool {
        let Some(socket) = &mut self.socket else { return false };
        let (requests, events) = socket.parts();
        if anew {
            // Whatever the front end shows is from before.
            let _ = events.send(Event { seq: 0, at: chrono::Utc::now(), what: What::Ready });
        }
        let (leaves_in, mut leaves) = mpsc::unbounded_channel();
        let events = events.clone();
        let mut relay = std::pin::pin!(connection.relay(requests, Tell { events: &events, leaves: &leaves_in }));
        let mut heard = |leave| match leave {
            Leave::Follows => self.follows = Some(Instant::now() + FOLLOWS),
            leave => drop(self.tell.send(News::Leave(leave))),
        };
        loop {
            tokio::select! {
                // A last word before the end is heard before the end.
                biased;
                _ = &mut self.closed => return false,
                Some(leave) = leaves.recv() => heard(leave),
                lasts = &mut relay => {
                    while let Ok(leave) = leaves.try_recv() {
                        heard(leave);
                    }
                    return lasts;
                }
            }
        }
    }

    /// One look for an engine. At the beginning a holder that is just ending is waited for.
    async fn reach(&mut self, began: Instant, known: bool) -> Reached {
        loop {
            let reached = self.look(known).await;
            let patient = matches!(self.way, Way::Near { attach: false, .. }) && !known && began.elapsed() < WAIT_FOR_HOLDER;
            match reached {
                Reached::Nobody(failure) if patient && failure.class == Class::Busy => {}
                // It is there for one command, and polls nothing.
                Reached::There(connection) if patient && connection.host.role == Role::Command => {}
                reached => return reached,
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    async fn look(&mut self, known: bool) -> Reached {
        let (config, attach) = match &self.way {
            Way::Far(via) => {
                return match via.dial(&self.front, known).await {
                    Ok(connection) => Reached::There(Box::new(connection)),
                    Err(failure) => Reached::Nobody(failure),
                };
            }
            Way::Near { config, attach } => (config.clone(), *attach),
        };
        for path in config.paths.sockets() {
            match client::connect(&path, &self.front).await {
                Ok(Some(connection)) => return Reached::There(Box::new(connection)),
                Ok(None) => {}
                Err(failure) => return Reached::Nobody(failure),
            }
        }
        if attach && !known {
            return Reached::Nobody(super::session::nobody(&config));
        }
        if self.follows.is_some_and(|until| Instant::now() < until) {
            return Reached::Nobody(Failure::new(Class::Busy, "the engine is changing hands").hint("a moment"));
        }
        if self.bugs.are_enough() {
            return Reached::Nobody(bugs::enough());
        }
        match self.open(config).await {
            Ok(own) => Reached::Here(Box::new(own)),
            Err(failure) => Reached::Nobody(failure),
        }
    }

    /// Starts the engine in this process.
    async fn open(&mut self, config: Arc<Config>) -> Result<Own> {
        let path = config.paths.socket.clone();
        let opened = tokio::task::spawn_blocking(move || engine::open(config, Polling::Always)).await;
        let opened = opened.unwrap_or_else(|_| Err(Failure::new(Class::Internal, "a bug ended the start of the engine")));
        if opened.as_ref().is_err_and(|failure| failure.class == Class::Internal) {
            self.bugs.one(Instant::now());
        }
        let engine = opened?;
        let Some(socket) = self.socket.take() else { return Err(Failure::new(Class::Internal, "the engine was not started")) };
        let running = engine.run(socket);
        match Server::start(&path, running.handle(), Role::Terminal) {
            Ok(server) => Ok(Own { running, server }),
            Err(failure) => {
                self.socket = running.stop().await;
                Err(failure)
            }
        }
    }

    /// The news that there is none.
    fn missing(&self, failure: Failure) -> News {
        if self.bugs.are_enough() { News::GaveUp(failure) } else { News::Away(failure) }
    }

    /// Looks again and again, and meanwhile says so to whoever asks. `None`: the front end ends it.
    async fn wait(&mut self, failure: Failure) -> Option<Reached> {
        let _ = self.tell.send(self.missing(failure.clone()));
        let since = Instant::now();
        let most = if matches!(self.way, Way::Far(_)) { PAUSE_FAR } else { PAUSE_NEAR };
        let (mut pause, mut failure) = (LOOK_AGAIN, failure);
        loop {
            let until = Instant::now() + pause;
            pause = (pause * 2).min(most);
            loop {
                let Some(socket) = &mut self.socket else { return None };
                tokio::select! {
                    _ = &mut self.closed => return None,
                    () = tokio::time::sleep_until(until) => break,
                    sent = socket.parts().0.recv(), if since.elapsed() > GRACE => {
                        let answer = if self.bugs.are_enough() { failure.clone() } else { not_now(&failure) };
                        drop(sent?.reply.send(Err(answer)));
                    }
                }
            }
            match self.look(true).await {
                Reached::Nobody(again) => {
                    if again != failure {
                        let _ = self.tell.send(self.missing(again.clone()));
                    }
                    failure = again;
                }
                reached => return Some(reached),
            }
        }
    }
}

fn not_now(failure: &Failure) -> Failure {
    Failure::new(Class::Busy, "the engine cannot be reached at present")
        .why(failure)
        .hint("it is looked for; what you type stays, and is saved when it is back")
}
