//! The journal (the truth) and sled (a cache of it, and the feed's rows) behind one handle. The only user of sled.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tokio::sync::mpsc;

use crate::domain::{Book, Entry, Job, JobKey, SourceName, Text};
use crate::error::{Failure, Result};

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
    pub jobs: u64,
    pub money_seq: u64,
    pub work_seq: u64,
    pub bytes: u64,
}

/// The handle on the store's thread. Dropping it (or `close`) flushes and ends the thread.
pub struct Store {
    _private: (),
}

/// Opens (or makes) the store under `dir`, taking its lock; `acks` hears of every batch.
pub fn open(_dir: &Path, _acks: mpsc::UnboundedSender<Ack>) -> Result<Opened> {
    todo!()
}

impl Store {
    /// Appends, fsyncs, applies to sled, then acknowledges. Never blocks.
    pub fn commit(&self, _batch: u64, _entries: Vec<Entry>) {
        todo!()
    }

    /// Caches jobs as they now are. Not durable before the next flush; the platforms list them again.
    pub fn put_jobs(&self, _jobs: Vec<Job>) {
        todo!()
    }

    /// Drops jobs from the cache.
    pub fn drop_jobs(&self, _keys: Vec<JobKey>) {
        todo!()
    }

    /// Keeps a cursor under `source/list`.
    pub fn put_cursor(&self, _name: String, _cursor: serde_json::Value) {
        todo!()
    }

    /// Sizes; answered by the store's thread.
    pub fn stats(&self) -> tokio::sync::oneshot::Receiver<Stats> {
        todo!()
    }

    /// Reads journal and sled again and compares them; answers with findings and the number of records.
    pub fn verify(&self) -> tokio::sync::oneshot::Receiver<Result<(Vec<Text>, u64)>> {
        todo!()
    }

    /// Writes a logical backup (JSON Lines) to a new file.
    pub fn backup(&self, _to: PathBuf) -> tokio::sync::oneshot::Receiver<Result<()>> {
        todo!()
    }

    /// Flushes everything and ends the thread; returns when it is done.
    pub fn close(self) {
        todo!()
    }
}

/// For a source's cursor.
pub fn cursor_name(source: &SourceName, list: &str) -> String {
    format!("{source}/{list}")
}

pub fn keep_file(_dir: &Path, _bytes: &[u8]) -> Result<(PathBuf, String)> {
    todo!()
}
