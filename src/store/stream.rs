//! Many rows at a time, without ever holding the store up: a stream asks for one piece after the other, one ahead of its reader. Between
//! two pieces the store does what else waits. Dropping a stream ends it.

use std::sync::Arc;
use std::sync::mpsc::Sender;

use sled::IVec;
use tokio::sync::oneshot;

use super::command::Command;
use super::rows::{job_in, key_in, with_brief};
use crate::domain::{Job, JobKey};

/// Rows of one piece.
pub const PIECE: usize = 2048;
/// Rows of one piece when they are looked up one by one.
pub const PICKED: usize = 512;

/// Which rows.
#[derive(Clone)]
pub enum Which {
    /// All there are.
    All,
    /// These; what is not there is left out.
    Keys(Arc<[JobKey]>),
}

/// Where a stream is.
#[derive(Clone, Debug, Default)]
pub enum Place {
    /// At the beginning.
    #[default]
    Start,
    /// Behind this row.
    Behind(IVec),
    /// At this one of the keys.
    Nth(usize),
}

/// What the store's thread is asked for.
#[derive(Clone)]
pub struct Ask {
    /// Which rows.
    pub which: Which,
    /// From where.
    pub place: Place,
    /// Only the keys of those whose brief passes.
    pub needle: Option<Needle>,
}

/// What a brief must pass.
pub type Needle = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// What it answers.
#[derive(Debug, Default)]
pub struct Piece {
    /// Values; with a needle the keys of what passed.
    pub rows: Vec<IVec>,
    /// Rows looked at.
    pub looked: u64,
    /// Rows there are to look at.
    pub total: u64,
    /// Where it goes on.
    pub next: Option<Place>,
}

struct Pull {
    commands: Sender<Command>,
    ask: Ask,
    coming: Option<oneshot::Receiver<Piece>>,
    done: u64,
}

impl Pull {
    fn new(commands: Sender<Command>, ask: Ask) -> Pull {
        let mut pull = Pull { commands, ask, coming: None, done: 0 };
        pull.order();
        pull
    }

    fn order(&mut self) {
        let (tx, rx) = oneshot::channel();
        self.coming = self.commands.send(Command::Piece(self.ask.clone(), tx)).is_ok().then_some(rx);
    }

    /// Takes an answer in and orders the next piece at once.
    fn took(&mut self, piece: Option<Piece>) -> Option<Piece> {
        let piece = piece?;
        self.done += piece.looked;
        if let Some(next) = piece.next.clone() {
            self.ask.place = next;
            self.order();
        }
        Some(piece)
    }

    async fn next(&mut self) -> Option<Piece> {
        let piece = self.coming.take()?.await.ok();
        self.took(piece)
    }

    fn blocking_next(&mut self) -> Option<Piece> {
        let piece = self.coming.take()?.blocking_recv().ok();
        self.took(piece)
    }
}

/// How far a stream is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows done.
    pub done: u64,
    /// Rows in all, as far as is known.
    pub total: u64,
}

/// Whole jobs, in the order of their keys.
pub struct JobStream(Pull);

/// A piece of a [`JobStream`].
pub struct Jobs {
    rows: Vec<IVec>,
    /// How far the stream is with this piece.
    pub progress: Progress,
}

impl JobStream {
    pub(super) fn new(commands: Sender<Command>, which: Which) -> JobStream {
        JobStream(Pull::new(commands, Ask { which, place: Place::Start, needle: None }))
    }

    /// The next piece; `None` when that was all, or the store is closed.
    pub async fn next(&mut self) -> Option<Jobs> {
        let piece = self.0.next().await;
        piece.map(|piece| self.jobs(piece))
    }

    /// [`JobStream::next`] for threads that may wait.
    pub fn blocking_next(&mut self) -> Option<Jobs> {
        let piece = self.0.blocking_next();
        piece.map(|piece| self.jobs(piece))
    }

    fn jobs(&self, piece: Piece) -> Jobs {
        Jobs { rows: piece.rows, progress: Progress { done: self.0.done, total: piece.total.max(self.0.done) } }
    }
}

impl Jobs {
    /// Decodes them, here on the reader's thread; rows that cannot be read are left out.
    pub fn decode(&self) -> impl Iterator<Item = Job> {
        self.rows.iter().filter_map(|row| job_in(row))
    }
}

/// Keys of jobs whose brief passes.
pub struct BriefSearch(Pull);

/// A piece of a [`BriefSearch`].
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// What was found in it.
    pub keys: Vec<JobKey>,
    /// How far the search is with this piece.
    pub progress: Progress,
}

impl BriefSearch {
    pub(super) fn new(commands: Sender<Command>, which: Which, needle: Needle) -> BriefSearch {
        BriefSearch(Pull::new(commands, Ask { which, place: Place::Start, needle: Some(needle) }))
    }

    /// The next piece; `None` when that was all, or the store is closed.
    pub async fn next(&mut self) -> Option<Found> {
        let piece = self.0.next().await;
        piece.map(|piece| self.found(&piece))
    }

    /// [`BriefSearch::next`] for threads that may wait.
    pub fn blocking_next(&mut self) -> Option<Found> {
        let piece = self.0.blocking_next();
        piece.map(|piece| self.found(&piece))
    }

    fn found(&self, piece: &Piece) -> Found {
        let progress = Progress { done: self.0.done, total: piece.total.max(self.0.done) };
        Found { keys: piece.rows.iter().filter_map(|key| key_in(key)).collect(), progress }
    }
}

/// What of a row goes into a piece.
pub fn part(key: IVec, value: IVec, needle: Option<&Needle>) -> Option<IVec> {
    let Some(needle) = needle else { return Some(value) };
    with_brief(&value, |brief| needle(brief)).unwrap_or(false).then_some(key)
}
