//! The journal (the truth) and sled (a cache of it, and the feed's rows) behind one handle. The only user of sled.
//!
//! ```text
//! DIR/lock                            who holds the store
//! DIR/journal/money.jsonl             claims, submissions, payments: never compacted
//! DIR/journal/work.jsonl              drafts, triage, time: begun anew behind each checkpoint
//! DIR/journal/work.checkpoint-N.json  the fold of the work entries up to N; the last two are kept
//! DIR/journal/work.until-N.jsonl      the work file before it
//! DIR/journal/*.torn-N, *.damaged-N   what was set aside while mending
//! DIR/files/SHA256                    files of drafts, by content
//! DIR/sled-G/                         the cache; sled-G.broken-N were set aside and may be deleted
//! DIR/ballast                         8 MiB given back when the disk is full
//! ```
//! Order of a save: work file and money file are appended to and fsynced, sled is stamped with the numbers reached, the batch is
//! acknowledged. sled is flushed when things are quiet and at the end; a crash leaves it behind the journal, which its stamp shows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc as std_mpsc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use crate::domain::{Book, Entry, Job, JobKey, SourceName, Text};
use crate::error::{Class, Failure, Result};

mod backup;
mod ballast;
mod cache;
mod checkpoint;
mod disk;
#[doc(hidden)]
pub mod faulty;
mod files;
mod journal;
mod line;
mod lock;
mod mend;
mod offline;
mod open_cache;
mod reading;
mod restore;
mod scan;
mod worker;

pub use disk::{Disk, DiskFile, RealDisk};
pub use files::keep_file;
pub use offline::{Rebuilt, Verified, backup, entries, path, rebuild, verify};
pub use open_cache::{OPENING, STUCK, is_stuck};
pub use restore::{Restored, restore};

use worker::Command;

/// What the store thread says.
#[derive(Debug)]
pub enum Ack {
    /// The batch is on disk.
    Committed { batch: u64 },
    /// The batch is not on disk and nothing of it will be; the caller may hand it in again.
    Failed { batch: u64, failure: Failure },
}

/// A store that was opened.
pub struct Opened {
    /// The handle.
    pub store: Store,
    /// The fold of the journal.
    pub book: Book,
    /// The feed as it was.
    pub jobs: Vec<Job>,
    /// Where each source's lists were read up to, by `source/list`.
    pub cursors: BTreeMap<String, serde_json::Value>,
    /// What had to be mended; for the person.
    pub mended: Vec<Text>,
}

/// How much there is.
#[derive(Clone, Debug, Default)]
pub struct Stats {
    /// Rows of the feed in the cache.
    pub jobs: u64,
    /// Last number in the money journal.
    pub money_seq: u64,
    /// Last number in the work journal.
    pub work_seq: u64,
    /// Bytes of journal and cache.
    pub bytes: u64,
}

/// How a store is opened; the defaults are for people, the rest for tests.
#[derive(Clone)]
pub struct Options {
    /// The disk under the journal.
    pub disk: Arc<dyn Disk>,
    /// Bytes of the work file from which a checkpoint is written.
    pub compact_at: u64,
    /// Bytes of the ballast; 0 for none.
    pub ballast: u64,
    /// Longest time sled may be silent while it opens; `None`: 10 s and 1 s per 100 MB.
    pub cache_limit: Option<Duration>,
    /// Open the cache at all.
    pub cache: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { disk: Arc::new(RealDisk), compact_at: 16 << 20, ballast: 8 << 20, cache_limit: None, cache: true }
    }
}

/// The handle on the store's thread. Dropping it (or `close`) flushes and ends the thread.
pub struct Store {
    commands: std_mpsc::Sender<Command>,
    acks: mpsc::UnboundedSender<Ack>,
    thread: Option<std::thread::JoinHandle<()>>,
}

/// Opens (or makes) the store under `dir`, taking its lock; `acks` hears of every batch.
///
/// # Errors
/// `Class::Busy` when another process has it; `Class::Store` when it cannot be read, is of a newer version, or [`is_stuck`].
pub fn open(dir: &Path, acks: mpsc::UnboundedSender<Ack>) -> Result<Opened> {
    open_with(dir, acks, Options::default())
}

/// [`open`] with options.
///
/// # Errors
/// As [`open`].
#[doc(hidden)]
pub fn open_with(dir: &Path, acks: mpsc::UnboundedSender<Ack>, options: Options) -> Result<Opened> {
    worker::open(dir, acks, options)
}

impl Store {
    /// Appends, fsyncs, applies to sled, then acknowledges. Never blocks.
    pub fn commit(&self, batch: u64, entries: Vec<Entry>) {
        if self.commands.send(Command::Commit(batch, entries)).is_err() {
            let _ = self.acks.send(Ack::Failed { batch, failure: gone() });
        }
    }

    /// Caches jobs as they now are. Not durable before the next flush; the platforms list them again.
    pub fn put_jobs(&self, jobs: Vec<Job>) {
        self.tell(Command::PutJobs(jobs));
    }

    /// Drops jobs from the cache.
    pub fn drop_jobs(&self, keys: Vec<JobKey>) {
        self.tell(Command::DropJobs(keys));
    }

    /// Keeps a cursor under `source/list`.
    pub fn put_cursor(&self, name: String, cursor: serde_json::Value) {
        self.tell(Command::PutCursor(name, cursor));
    }

    /// Sizes; answered by the store's thread.
    pub fn stats(&self) -> oneshot::Receiver<Stats> {
        let (tx, rx) = oneshot::channel();
        self.tell(Command::Stats(tx));
        rx
    }

    /// Reads journal and sled again and compares them; answers with findings and the number of records.
    pub fn verify(&self) -> oneshot::Receiver<Result<(Vec<Text>, u64)>> {
        let (tx, rx) = oneshot::channel();
        self.tell(Command::Verify(tx));
        rx
    }

    /// Writes a logical backup (JSON Lines) to a new file.
    pub fn backup(&self, to: PathBuf) -> oneshot::Receiver<Result<()>> {
        let (tx, rx) = oneshot::channel();
        self.tell(Command::Backup(to, tx));
        rx
    }

    /// Writes a checkpoint of the work journal and begins it anew; by itself this happens when the file is over 16 MiB.
    pub fn compact(&self) -> oneshot::Receiver<Result<()>> {
        let (tx, rx) = oneshot::channel();
        self.tell(Command::Compact(tx));
        rx
    }

    /// Flushes everything and ends the thread; returns when it is done.
    pub fn close(mut self) {
        self.end();
    }

    // Answers' senders die with the command when the thread is gone, which is what the receivers then hear.
    fn tell(&self, command: Command) {
        let _ = self.commands.send(command);
    }

    fn end(&mut self) {
        self.tell(Command::Close);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.end();
    }
}

fn gone() -> Failure {
    Failure::new(Class::Internal, "The store is closed").hint("Start Juggler again; everything confirmed so far is saved.")
}

/// For a source's cursor.
pub fn cursor_name(source: &SourceName, list: &str) -> String {
    format!("{source}/{list}")
}
