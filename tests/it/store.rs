//! The store: what was acknowledged is there, whatever happened in between.

mod backup;
mod backup_live;
mod cache;
mod crash;
mod damage;
mod fault_paths;
mod faults;
pub mod fixtures;
mod gen_entries;
mod generations;
mod images;
mod kept;
mod last_window;
mod lock;
mod matrix;
mod power;
mod quiet;
mod raw;
mod rebuild;
mod roundtrip;
mod rows;

use std::collections::BTreeMap;
use std::path::Path;

use juggler::domain::{Book, Entry, Job, JobKey, Text};
use juggler::store::{self, Ack, Begun, Image, Options, Store};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// No ballast: tests would write eight megabytes each.
pub fn options() -> Options {
    Options { ballast: 0, ..Options::default() }
}

/// A folder in memory where there is one: for what needs no real disk, since its faults are made.
pub fn scratch() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// The journal alone.
pub fn bare() -> Options {
    Options { cache: false, ..options() }
}

/// What a store began with, and every job of it.
pub struct Opened {
    pub store: Store,
    pub book: Book,
    pub jobs: Vec<Job>,
    pub cursors: BTreeMap<String, serde_json::Value>,
    pub mended: Vec<Text>,
    pub image: Option<Image>,
    pub changed: Option<Vec<JobKey>>,
}

/// An open store and its acknowledgements.
pub struct Open {
    pub opened: Opened,
    pub acks: UnboundedReceiver<Ack>,
}

pub fn open(dir: &Path, options: Options) -> Open {
    try_open(dir, options).unwrap()
}

pub fn try_open(dir: &Path, options: Options) -> juggler::error::Result<Open> {
    let (tx, mut acks) = unbounded_channel();
    let Begun { store, book, mut mended, image } = store::begin(dir, tx, options)?;
    let Some(Ack::Opened(ready)) = acks.blocking_recv() else { panic!("opened first") };
    let ready = (*ready)?;
    mended.extend(ready.mended);
    let mut stream = store.stream_jobs(None);
    let mut jobs = Vec::new();
    while let Some(piece) = stream.blocking_next() {
        jobs.extend(piece.decode());
    }
    let (image, cursors, changed) = (image.blocking_recv().ok().flatten(), ready.cursors, ready.changed);
    Ok(Open { opened: Opened { store, book, jobs, cursors, mended, image, changed }, acks })
}

/// A store that can save, and is being opened.
pub fn begin(dir: &Path, options: Options) -> (Begun, UnboundedReceiver<Ack>) {
    let (tx, acks) = unbounded_channel();
    (store::begin(dir, tx, options).unwrap(), acks)
}

impl Open {
    /// Hands a batch in and waits for its acknowledgement.
    pub fn commit(&mut self, batch: u64, entries: &[Entry]) -> Result<(), juggler::error::Failure> {
        self.opened.store.commit(batch, entries.to_vec());
        match self.acks.blocking_recv().unwrap() {
            Ack::Committed { batch: told } => {
                assert_eq!(told, batch);
                Ok(())
            }
            Ack::Failed { batch: told, failure } => {
                assert_eq!(told, batch);
                Err(failure)
            }
            other => panic!("{other:?}"),
        }
    }

    pub fn close(self) {
        self.opened.store.close();
    }
}

/// The fold of entries in the order they were handed in.
pub fn fold<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Book {
    let mut book = Book::default();
    entries.into_iter().for_each(|e| book.apply(e));
    book
}

/// What the journal holds: the money entries in order, then the work entries in order.
pub fn on_disk(dir: &Path) -> Vec<Entry> {
    store::entries(dir).unwrap().into_iter().map(|(_, _, entry)| entry).collect()
}

/// Entries as [`on_disk`] gives them.
pub fn by_file(entries: &[Entry]) -> Vec<Entry> {
    let mut sorted = entries.to_vec();
    sorted.sort_by_key(|e| e.record.book());
    sorted
}
