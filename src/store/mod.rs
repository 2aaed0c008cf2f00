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
//! DIR/attachments/SHA256              attachments that were fetched and their texts, by content
//! DIR/columns-N.image                 images of the feed's columns; the last two are kept
//! DIR/feed-log.jsonl                  what came and went, latest last; bounded, and nothing depends on it
//! DIR/last-window.json                what was on the screen: a picture for the next start
//! DIR/sled-G/                         the cache, its version in sled-G/schema; sled-G.broken-N were set aside and may be deleted
//! DIR/sled-G.making                   that generation is being filled; it counts once this is gone
//! DIR/sled-G.damaged, sled-G.stuck    the next start mends that generation
//! DIR/ballast                         8 MiB given back when the disk is full
//! ```
//! Order of a save: work file and money file are appended to and fsynced, sled is stamped with the numbers reached, the batch is
//! acknowledged. sled is flushed when things are quiet and at the end; a crash leaves it behind the journal, which its stamp shows.
//!
//! # Opening
//! [`begin`] takes the lock and folds the journal: then there is a [`Store`] that saves. The newest image is read meanwhile, and sled is
//! opened, on threads of their own. Until [`Ack::Opened`] says that it is open, commits are saved as ever, what is put waits in memory,
//! and readers wait. Its [`Ready`] says whether the image fits (`changed` is `Some`): then the image and a read of the jobs in `changed`
//! ([`Store::stream_jobs`]; what is not there any more is gone) are the present. Else the columns are made from `stream_jobs(None)`.
//!
//! # Images
//! ```text
//! stamp  = store.image_stamp().await          everything put before is in the image; changes are written down from here on
//! writer = store.begin_image(stamp, SCHEMA)
//! writer.section(tag, bytes) …                between two steps, while writer.backlog() is small; columns may change meanwhile
//! writer.finish().await                       rows are flushed, then the file takes its name
//! ```
//! A row that is changed between the stamp and the end may be in the image in its old or new form: it is named among the changes, and the
//! next start reads it again. [`Ack::ImageWanted`] asks for an image when a fifth of the rows is named.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use crate::domain::{Book, JobKey, Text};
use crate::error::{Failure, Result};

mod aside;
mod backup;
mod ballast;
mod cache;
mod changes;
mod checkpoint;
mod command;
mod disk;
#[doc(hidden)]
pub mod drill;
#[doc(hidden)]
pub mod faulty;
pub mod feed_log;
mod files;
mod folds;
mod generations;
mod handle;
mod image;
mod image_writer;
mod journal;
pub mod last_window;
mod line;
mod lock;
mod mend;
mod migrate;
mod offline;
mod open_cache;
mod opening;
mod peek;
mod pending;
mod quiet;
mod raw;
mod reading;
mod renew;
mod restore;
pub mod retention;
mod roll;
mod rows;
mod scan;
mod serving;
mod stream;
mod worker;

pub use disk::{Disk, DiskFile, RealDisk};
pub use files::{ATTACHMENTS, Gone, attachment, keep_attachment, keep_file, sha256, sweep_attachments};
pub use handle::{Store, cursor_name};
pub use image::{Image, ImageStamp, Section, Sections, read_image};
pub use image_writer::ImageWriter;
pub use offline::{Rebuilt, Verified, backup, entries, path, rebuild, verify};
pub use open_cache::{OPENING, STUCK, is_stuck};
pub use pending::PutJob;
pub use restore::{Restored, restore, restore_on};
pub use roll::{Keep, Rolled};
pub use stream::{BriefSearch, Found, JobStream, Jobs, Needle, Progress};

/// What the store thread says.
#[derive(Debug)]
pub enum Ack {
    /// The batch is on disk.
    Committed { batch: u64 },
    /// The batch is not on disk and nothing of it will be; the caller may hand it in again.
    Failed { batch: u64, failure: Failure },
    /// The cache is open, or there is none for now; once, behind [`begin`]. An error (the cache [`is_stuck`], or cannot be read) means
    /// that this process must end.
    Opened(Box<Result<Ready>>),
    /// So much changed since the last image that a new one is due.
    ImageWanted,
    /// The cache was written anew.
    Rolled(Rolled),
    /// A bug ended the store: nothing is saved or read any more, and no batch that waits is answered. Its last word.
    Broke,
}

/// A store that can save, and whose cache is being opened.
pub struct Begun {
    /// The handle.
    pub store: Store,
    /// The fold of the journal.
    pub book: Book,
    /// What had to be mended of the journal; for the person.
    pub mended: Vec<Text>,
    /// The newest whole image, as soon as it is read; whether it fits is in [`Ready`].
    pub image: oneshot::Receiver<Option<Image>>,
}

/// A cache that was opened.
#[derive(Debug, Default)]
pub struct Ready {
    /// There is one; without, jobs are held in memory as far as they fit.
    pub usable: bool,
    /// Rows in it.
    pub rows: u64,
    /// Generation of its folder.
    pub generation: u64,
    /// Where each source's lists were read up to, by `source/list`.
    pub cursors: BTreeMap<String, serde_json::Value>,
    /// What changed since the image; `None`: there is none, or it does not fit, and a new one is due when things are quiet.
    pub changed: Option<Vec<JobKey>>,
    /// Rows may be gone; the platforms list them again.
    pub lost: bool,
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
    /// Generation of the cache's folder.
    pub generation: u64,
    /// Rows removed from this generation, whose space sled keeps.
    pub dead: u64,
    /// Bytes of the cache.
    pub cache_bytes: u64,
    /// Bytes the cache may have before it is written anew; 0: any.
    pub cap: u64,
    /// Bytes of the images.
    pub image_bytes: u64,
    /// Changed rows that the log names.
    pub changes: u64,
    /// Bytes of everything in the store's folder.
    pub disk_bytes: u64,
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
    /// Bytes of the cache from which it is written anew, if that helps; 0: any.
    pub cap: u64,
}

impl Default for Options {
    fn default() -> Self {
        Options { disk: Arc::new(RealDisk), compact_at: 16 << 20, ballast: 8 << 20, cache_limit: None, cache: true, cap: 4 << 30 }
    }
}

/// Opens (or makes) what saves need of the store under `dir`, taking its lock, and the rest in the background: see the head of this
/// page. `acks` hears of every batch.
///
/// # Errors
/// `Class::Busy` when another process has it; `Class::Store` when the journal cannot be read or is of a newer version.
pub fn begin(dir: &Path, acks: mpsc::UnboundedSender<Ack>, options: Options) -> Result<Begun> {
    opening::begin(dir, acks, options)
}
