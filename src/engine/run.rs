//! Opens what the engine stands on, and starts the actor.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};

use super::actor::{Actor, Inlets, Over};
use super::api::{Event, What};
use super::connect::{self, Connected};
use super::effect::{Effects, Input};
use super::opening;
use super::state::{Beginning, Past, State};
use super::{Handle, Sent};
use crate::alert::Outlets;
use crate::config::{Adapter, Config};
use crate::error::Result;
use crate::platforms::Cursor;
use crate::store;

/// Requests that may wait; a front end that finds the queue full says so and goes on drawing.
const REQUESTS: usize = 256;
/// Events a subscriber may lag behind before it must ask for a fresh window.
const EVENTS: usize = 1024;
/// After a bug, what still works for the engine is waited for so long; calls to platforms are cut off.
const CUT_OFF: Duration = Duration::from_secs(1);

/// When sources are polled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polling {
    /// By the schedule: a terminal is open.
    Always,
    /// Only on `Request::Poll`, and to settle what is in the outbox: a single command.
    OnRequest,
}

/// An engine whose store is open, before anybody can ask it.
pub struct Engine {
    /// Made of what is open and of where its events go, which comes with the socket.
    actor: Box<dyn FnOnce(broadcast::Sender<Event>) -> Actor + Send>,
    first: Effects,
    inputs: mpsc::UnboundedReceiver<Input>,
}

/// A running engine of this process.
pub struct Running {
    handle: Handle,
    stop: oneshot::Sender<()>,
    task: JoinHandle<(Socket, Over)>,
}

/// The engine's end of a handle that was made before the engine: what is asked meanwhile waits.
pub struct Socket {
    handle: Handle,
    requests: mpsc::Receiver<Sent>,
    events: broadcast::Sender<Event>,
}

impl Socket {
    /// A handle is `socket.handle()`.
    pub fn new() -> Socket {
        let (requests_in, requests) = mpsc::channel(REQUESTS);
        let (events, _) = broadcast::channel(EVENTS);
        Socket { handle: Handle::new(requests_in, events.clone()), requests, events }
    }

    /// The way in.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Both ends, for whoever carries them to an engine of another process.
    pub fn parts(&mut self) -> (&mut mpsc::Receiver<Sent>, &broadcast::Sender<Event>) {
        (&mut self.requests, &self.events)
    }
}

impl Default for Socket {
    fn default() -> Self {
        Socket::new()
    }
}

/// Opens the store and starts the engine on the current tokio runtime.
///
/// # Errors
/// As [`open`].
pub fn start(config: Arc<Config>, polling: Polling) -> Result<Running> {
    Ok(open(config, polling)?.run(Socket::new()))
}

/// Opens the store and connects the sources. Blocks while the store opens; needs a tokio runtime.
///
/// # Errors
/// As [`store::begin`]; `Class::Internal` after a bug.
pub fn open(config: Arc<Config>, polling: Polling) -> Result<Engine> {
    let now = chrono::Utc::now();
    let opened = opening::open(&config.paths.store(), config.retention.max_disk, now)?;
    let left_at = super::last::left_at(&config).max(opened.left_at);
    let mut dice = ChaCha8Rng::from_os_rng();
    let mut connected = HashMap::new();
    let mut sources = Vec::new();
    for source in &config.sources {
        let Connected { source: mut made, platform, .. } = connect::connect(source, &config, polling, now);
        let cursor = |list: &str| {
            let kept = opened.cursors.get(&store::cursor_name(&made.name, list));
            kept.map_or(Cursor::Null, |kept| made.account.open(kept))
        };
        (made.jobs_cursor, made.assignments_cursor, made.payments_cursor) =
            (cursor("jobs"), cursor("assignments"), cursor("payments"));
        if let (Some(left), Adapter::Board, false) = (left_at, source.adapter, made.jobs_cursor.is_null()) {
            made.schedule = made.schedule.resumed(left, now, &mut dice);
        }
        if let Some(platform) = platform {
            connected.insert(made.name.clone(), platform);
        }
        sources.push(*made);
    }
    let forgotten = connect::still_needed(&opened.book).into_iter().filter(|name| config.sources.iter().all(|s| s.name != *name));
    sources.extend(forgotten.map(|name| connect::orphan(&name, now)));
    let beginning = Beginning {
        config: config.clone(),
        polling,
        book: opened.book,
        feed: opened.feed,
        left_at: left_at.unwrap_or(now),
        past: Past { left: opened.left, sightings: opened.sightings },
        sources,
        mended: opened.mended,
        dice,
    };
    let (state, first) = State::begin(beginning, now);
    let (outputs, inputs) = mpsc::unbounded_channel();
    if opened.streamed {
        let _ = outputs.send(Input::ImageWanted);
    }
    let outlets = Arc::new(outlets(&config, &outputs));
    if polling == Polling::Always {
        let (over, tell) = (outputs.downgrade(), outputs.downgrade());
        let is_over = move || over.upgrade().is_none_or(|outputs| outputs.is_closed());
        crate::config::watch(&config, is_over, move |read| {
            if let Some(outputs) = tell.upgrade() {
                let _ = outputs.send(Input::ConfigRead { asker: None, read: read.map(Box::new) });
            }
        });
    }
    let data = config.paths.store();
    let actor = move |events| Actor {
        state,
        store: opened.store,
        data,
        platforms: connected,
        acks: opened.acks,
        outputs,
        events,
        askers: HashMap::new(),
        last_asker: 0,
        poked: HashMap::new(),
        lines: JoinSet::new(),
        watching: HashMap::new(),
        places: Arc::new(tokio::sync::Semaphore::new(super::streams::STREAMS_AT_ONCE)),
        commits: Default::default(),
        outlets,
        image: None,
        searching: None,
        switchboard: Default::default(),
        easels: Default::default(),
    };
    Ok(Engine { actor: Box::new(actor), first, inputs })
}

impl Engine {
    /// Starts it on the current tokio runtime, for a handle that may be in use already.
    pub fn run(self, socket: Socket) -> Running {
        let Engine { actor, first, inputs } = self;
        let Socket { handle, requests, events } = socket;
        let (stop, stopped) = oneshot::channel();
        let actor = actor(events.clone());
        let _ = events.send(Event { seq: 0, at: chrono::Utc::now(), what: What::Ready });
        let mut inlets = Inlets { requests, inputs, stop: stopped };
        let same = handle.clone();
        let task = tokio::spawn(async move {
            let over = AssertUnwindSafe(actor.run(first, &mut inlets)).catch_unwind().await.unwrap_or(Over::Broke);
            let Inlets { requests, mut inputs, .. } = inlets;
            if over == Over::Broke {
                // Whoever works for it holds an end of this. The next engine must not speak to a platform beside them.
                let alone = async { while inputs.recv().await.is_some() {} };
                if tokio::time::timeout(CUT_OFF, alone).await.is_err() {
                    tracing::info!("something of the engine that a bug ended is still at work");
                }
            }
            (Socket { handle: same, requests, events }, over)
        });
        Running { handle, stop, task }
    }
}

impl Running {
    /// The way in.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// When it ends without having been told to, which is a bug: with what the next one needs. Not to be asked again then.
    pub async fn broke(&mut self) -> Option<Socket> {
        (&mut self.task).await.ok().map(|(socket, _)| socket)
    }

    /// Waits for what is being saved, closes the store and ends; the socket can be used again. Nothing after [`Running::broke`].
    pub async fn stop(self) -> Option<Socket> {
        if self.stop.send(()).is_err() {
            return None;
        }
        self.task.await.ok().map(|(socket, _)| socket)
    }
}

/// The channels of alerts that need no terminal; what came of each is a notice when it failed.
pub(super) fn outlets(config: &Config, outputs: &mpsc::UnboundedSender<Input>) -> Outlets {
    let (tell, mut told) = mpsc::unbounded_channel::<crate::alert::Done>();
    let outputs = outputs.clone();
    tokio::spawn(async move {
        while let Some(done) = told.recv().await {
            let _ = outputs.send(Input::AlertSent { failure: done.result.err() });
        }
    });
    Outlets::start(&config.alert, &crate::net::Http::default(), tell)
}
