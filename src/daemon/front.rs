//! Who is attached to an engine.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::wire::Leave;
use crate::domain::{Text, Time};
use tokio::sync::broadcast;

/// Words to front ends that may wait to be heard.
const LEAVES: usize = 16;

/// What kind of front end it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A person at a terminal: while one is there, the engine goes on.
    Terminal,
    /// One command.
    Command,
    /// A command that listens until it is stopped.
    Listener,
}

/// A front end, as it says itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Front {
    /// Its process, on its own machine.
    pub pid: u32,
    /// What it is.
    pub kind: Kind,
    /// Where it is: a terminal's name, or the other machine.
    pub place: Text,
    /// Since when.
    pub since: Time,
}

impl Front {
    /// This process.
    pub fn of_process(kind: Kind) -> Front {
        let terminal = || rustix::termios::ttyname(std::io::stdin(), Vec::new()).ok();
        let place = terminal().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        // Who comes over SSH says from where: what the server wrote into the environment.
        let far = std::env::var("SSH_CONNECTION").ok().and_then(|words| words.split(' ').next().map(str::to_owned));
        let place = far.map(|from| format!("{place} from {from}")).unwrap_or(place);
        Front { pid: std::process::id(), kind, place: Text::title(&place), since: chrono::Utc::now() }
    }
}

/// Those who are attached. Cheap to clone.
#[derive(Clone)]
pub struct Fronts {
    list: Arc<Mutex<(u64, BTreeMap<u64, Front>)>>,
    leaves: broadcast::Sender<Leave>,
}

impl Default for Fronts {
    fn default() -> Self {
        Fronts { list: Arc::default(), leaves: broadcast::channel(LEAVES).0 }
    }
}

impl Fronts {
    /// Enters one; it counts until what is returned is dropped.
    pub fn enter(&self, front: Front) -> Entry {
        let mut list = self.lock();
        list.0 += 1;
        let id = list.0;
        list.1.insert(id, front);
        Entry { id, fronts: self.clone() }
    }

    /// All of them, in the order in which they came.
    pub fn list(&self) -> Vec<Front> {
        self.lock().1.values().cloned().collect()
    }

    /// Terminals of other processes, and listeners: those for whom an engine goes on.
    pub fn others(&self) -> usize {
        let me = std::process::id();
        self.lock().1.values().filter(|front| front.kind != Kind::Command && front.pid != me).count()
    }

    /// Tells every front end.
    pub fn tell(&self, leave: Leave) {
        let _ = self.leaves.send(leave);
    }

    /// What they are told from now on.
    pub fn heard(&self) -> broadcast::Receiver<Leave> {
        self.leaves.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, (u64, BTreeMap<u64, Front>)> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A front end that is attached while this lives.
pub struct Entry {
    id: u64,
    fronts: Fronts,
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.fronts.lock().1.remove(&self.id);
    }
}
