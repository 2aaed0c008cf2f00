//! sled: the feed's rows and cursors, and the journal's folds. A cache, never the truth: nothing here may make a save fail.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use serde::{Serialize, de::DeserializeOwned};
use sled::transaction::{ConflictableTransactionError, Transactional};
use sled::{Batch, Db, IVec, Tree};

use super::journal::Stamp;
use crate::domain::{Book, Entry, Job, JobKey, Record, Text};

/// Version of what is in the trees; a newer one is refused.
pub const SCHEMA: u32 = 1;
/// First byte of every value: its codec.
const CODEC: u8 = 1;
const CACHE_BYTES: u64 = 8 << 20;
const FOLDS: [&str; 5] = ["assignments", "submissions", "payments", "drafts", "marks"];

type Rows = BTreeMap<Vec<u8>, Vec<u8>>;
/// An error in words: callers only tell it or give up on the cache.
pub type CacheResult<T> = Result<T, String>;

/// The open database.
pub struct Cache {
    db: Db,
    folder: PathBuf,
    meta: Tree,
    jobs: Tree,
    folds: Vec<Tree>,
    /// Written to since the last flush.
    dirty: bool,
    /// A write failed: nothing more is written, and the next start sees the old stamp and mends it.
    stale: bool,
}

/// What the feed's part held.
#[derive(Default)]
pub struct Rest {
    /// Jobs.
    pub jobs: Vec<Job>,
    /// Cursors by `source/list`.
    pub cursors: BTreeMap<String, serde_json::Value>,
    /// Rows that could not be read.
    pub unreadable: u64,
    /// A page of the database is damaged.
    pub damaged: bool,
}

/// Reads a value behind its codec byte.
fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let (codec, rest) = bytes.split_first()?;
    (*codec == CODEC).then(|| rmp_serde::from_slice(rest).ok())?
}

fn encode<T: Serialize>(value: &T) -> CacheResult<Vec<u8>> {
    let mut out = vec![CODEC];
    rmp_serde::encode::write_named(&mut out, value).map_err(|e| e.to_string())?;
    Ok(out)
}

fn words(e: impl std::fmt::Display) -> String {
    e.to_string()
}

impl Cache {
    /// Opens the database in `folder`. May hang or panic on a damaged one: see `open_cache`, which guards it.
    pub fn open(folder: &Path) -> sled::Result<Cache> {
        let db = sled::Config::new().path(folder).cache_capacity(CACHE_BYTES).flush_every_ms(None).open()?;
        let meta = db.open_tree("meta")?;
        let jobs = db.open_tree("jobs")?;
        let folds = FOLDS.iter().map(|name| db.open_tree(name)).collect::<sled::Result<Vec<_>>>()?;
        Ok(Cache { db, folder: folder.to_owned(), meta, jobs, folds, dirty: false, stale: false })
    }

    /// The schema it was made with; `None` in a new one.
    pub fn schema(&self) -> sled::Result<Option<u32>> {
        Ok(self.meta.get("schema")?.and_then(|v| Some(u32::from_be_bytes(v.as_ref().try_into().ok()?))))
    }

    /// Which journal its folds were made from; `None` when nobody knows.
    pub fn stamp(&self) -> sled::Result<Option<Stamp>> {
        Ok(self.meta.get("stamp")?.and_then(|v| read_stamp(&v)))
    }

    /// Reads the feed's rows and the cursors; `tick` is called now and then.
    pub fn rest(&self, mut tick: impl FnMut()) -> Rest {
        let mut rest = Rest::default();
        for (n, row) in self.jobs.iter().enumerate() {
            if n % 4096 == 0 {
                tick();
            }
            match row {
                Ok((_, value)) => match decode::<Job>(&value) {
                    Some(job) => rest.jobs.push(job),
                    None => rest.unreadable += 1,
                },
                Err(_) => {
                    // The iterator may give the same error for ever.
                    rest.damaged = true;
                    break;
                }
            }
        }
        for row in self.meta.scan_prefix("cursor/") {
            let Ok((key, value)) = row else {
                rest.damaged = true;
                break;
            };
            if let (Some(name), Some(cursor)) = (cursor_of(&key), decode_json(&value)) {
                rest.cursors.insert(name, cursor);
            }
        }
        rest
    }

    /// Writes what differs between the fold trees and `book`, then the stamp.
    pub fn sync_folds(&mut self, book: &Book, stamp: Stamp) -> CacheResult<()> {
        self.dirty = true;
        self.meta.remove("stamp").map_err(words)?;
        for (tree, want) in self.folds.iter().zip(expected(book)?) {
            let mut batch = Batch::default();
            for row in tree.iter() {
                let (key, _) = row.map_err(words)?;
                if !want.contains_key(key.as_ref()) {
                    batch.remove(key);
                }
            }
            for (key, value) in want {
                if tree.get(&key).map_err(words)?.is_none_or(|there| there.as_ref() != value) {
                    batch.insert(key, value);
                }
            }
            tree.apply_batch(batch).map_err(words)?;
        }
        self.meta.insert("schema", &SCHEMA.to_be_bytes()).map_err(words)?;
        self.meta.insert("stamp", write_stamp(stamp).as_slice()).map_err(words)?;
        Ok(())
    }

    /// What the fold trees hold that `book` does not, and the other way round.
    pub fn differences(&self, book: &Book, stamp: Stamp) -> CacheResult<Vec<Text>> {
        let mut out = Vec::new();
        if self.stamp().map_err(words)? != Some(stamp) {
            out.push(Text::title(
                "the cache was made from another state of the journal; it is brought up to date at the next start",
            ));
        }
        for ((tree, want), name) in self.folds.iter().zip(expected(book)?).zip(FOLDS) {
            let mut there = Rows::new();
            for row in tree.iter() {
                let (key, value) = row.map_err(words)?;
                there.insert(key.to_vec(), value.to_vec());
            }
            let keys: BTreeSet<&Vec<u8>> = there.keys().chain(want.keys()).collect();
            let different = keys.into_iter().filter(|key| there.get(*key) != want.get(*key)).count();
            if different > 0 {
                out.push(Text::title(&format!("the cache disagrees with the journal on {different} of its {name}")));
            }
        }
        Ok(out)
    }

    /// Applies what `entries` touched of `book` and the stamp, in one transaction.
    pub fn apply<'a>(&mut self, entries: impl IntoIterator<Item = &'a Entry>, book: &Book, stamp: Stamp) {
        let touched = touched(entries);
        self.guarded("folds", |cache| {
            let rows = touched.iter().map(|t| Ok((t.tree(), t.key(), t.value(book)?))).collect::<CacheResult<Vec<_>>>()?;
            let mut trees: Vec<Tree> = cache.folds.clone();
            trees.push(cache.meta.clone());
            trees
                .as_slice()
                .transaction(|views| {
                    for (tree, key, value) in &rows {
                        match value {
                            Some(value) => views[*tree].insert(key.as_slice(), value.as_slice())?,
                            None => views[*tree].remove(key.as_slice())?,
                        };
                    }
                    views[FOLDS.len()].insert("stamp", write_stamp(stamp).as_slice())?;
                    Ok::<(), ConflictableTransactionError<()>>(())
                })
                .map_err(|e| format!("{e:?}"))
        });
    }

    /// Writes and removes feed rows. No mass deletes: sled gives no space back; when more than half of it is dead the live rows are to be
    /// written into a folder of the next generation.
    pub fn put_jobs(&mut self, rows: &BTreeMap<JobKey, Option<Job>>) {
        self.guarded("jobs", |cache| {
            let mut batch = Batch::default();
            for (key, job) in rows {
                match job {
                    Some(job) => batch.insert(key.as_str().as_bytes(), encode(job)?),
                    None => batch.remove(key.as_str().as_bytes()),
                }
            }
            cache.jobs.apply_batch(batch).map_err(words)
        });
    }

    /// Keeps a cursor.
    pub fn put_cursor(&mut self, name: &str, cursor: &serde_json::Value) {
        self.guarded("cursor", |cache| {
            let mut value = vec![CODEC];
            // As JSON: a cursor is a platform's, and MessagePack would not give every number back.
            serde_json::to_writer(&mut value, cursor).map_err(words)?;
            cache.meta.insert(format!("cursor/{name}"), value).map(drop).map_err(words)
        });
    }

    /// Number of feed rows.
    pub fn count(&self) -> u64 {
        catch_unwind(AssertUnwindSafe(|| self.jobs.len() as u64)).unwrap_or(0)
    }

    /// Bytes on disk.
    pub fn bytes(&self) -> u64 {
        folder_bytes(&self.folder)
    }

    /// Whether there is something to flush.
    pub fn is_dirty(&self) -> bool {
        self.dirty && !self.stale
    }

    /// A write failed since it was opened.
    pub fn is_stale(&self) -> bool {
        self.stale
    }

    /// Makes everything durable. sled's flush alone does not reach the disk on Linux.
    pub fn flush(&mut self) {
        self.guarded("flush", |cache| {
            cache.db.flush().map_err(words)?;
            File::open(cache.folder.join("db")).and_then(|f| f.sync_all()).map_err(words)
        });
        self.dirty = false;
    }

    fn guarded(&mut self, what: &str, work: impl FnOnce(&Cache) -> CacheResult<()>) {
        if self.stale {
            return;
        }
        self.dirty = true;
        let error = match catch_unwind(AssertUnwindSafe(|| work(self))) {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error,
            Err(_) => "sled panicked".to_owned(),
        };
        tracing::warn!(what, error, "the cache cannot be written; it is made again at the next start");
        self.stale = true;
    }
}

/// Size of everything in a folder.
pub fn folder_bytes(folder: &Path) -> u64 {
    let Ok(names) = std::fs::read_dir(folder) else { return 0 };
    names
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let meta = entry.metadata().ok()?;
            Some(if meta.is_dir() { folder_bytes(&entry.path()) } else { meta.len() })
        })
        .sum()
}

fn cursor_of(key: &IVec) -> Option<String> {
    std::str::from_utf8(key).ok()?.strip_prefix("cursor/").map(str::to_owned)
}

fn decode_json(bytes: &[u8]) -> Option<serde_json::Value> {
    let (codec, rest) = bytes.split_first()?;
    (*codec == CODEC).then(|| serde_json::from_slice(rest).ok())?
}

fn write_stamp(stamp: Stamp) -> [u8; 16] {
    let mut out = [0; 16];
    out[..8].copy_from_slice(&stamp.money.to_be_bytes());
    out[8..].copy_from_slice(&stamp.work.to_be_bytes());
    out
}

fn read_stamp(bytes: &[u8]) -> Option<Stamp> {
    let bytes: [u8; 16] = bytes.try_into().ok()?;
    let (money, work) = bytes.split_at(8);
    Some(Stamp { money: u64::from_be_bytes(money.try_into().ok()?), work: u64::from_be_bytes(work.try_into().ok()?) })
}

/// A row of a fold tree that an entry changed.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Touched<'a> {
    Assignment(&'a crate::domain::AssignmentId),
    Submission(&'a crate::domain::SubmissionId),
    Payment(&'a Text),
    Draft(&'a crate::domain::AssignmentId),
    Marks(&'a JobKey),
}

fn touched<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> BTreeSet<Touched<'a>> {
    let mut out = BTreeSet::new();
    for entry in entries {
        match &entry.record {
            Record::Claimed { assignment } => drop(out.insert(Touched::Assignment(&assignment.id))),
            Record::Moved { assignment, .. } | Record::Deadline { assignment, .. } => {
                out.insert(Touched::Assignment(assignment));
            }
            Record::Queued { submission } => {
                out.insert(Touched::Submission(&submission.id));
                out.insert(Touched::Assignment(&submission.assignment));
            }
            Record::Sent { submission, .. } => drop(out.insert(Touched::Submission(submission))),
            Record::Paid { payment } => {
                out.insert(Touched::Payment(&payment.id));
                out.insert(Touched::Assignment(&payment.assignment));
            }
            Record::Drafted { assignment, .. } => {
                out.insert(Touched::Draft(assignment));
                out.insert(Touched::Assignment(assignment));
            }
            Record::Triaged { changes, .. } => out.extend(changes.iter().map(|c| Touched::Marks(&c.job))),
            _ => {}
        }
    }
    out
}

impl Touched<'_> {
    fn tree(&self) -> usize {
        match self {
            Touched::Assignment(_) => 0,
            Touched::Submission(_) => 1,
            Touched::Payment(_) => 2,
            Touched::Draft(_) => 3,
            Touched::Marks(_) => 4,
        }
    }

    fn key(&self) -> Vec<u8> {
        match self {
            Touched::Assignment(id) | Touched::Draft(id) => id.as_str(),
            Touched::Submission(id) => id.as_str(),
            Touched::Payment(id) => id.as_str(),
            Touched::Marks(key) => key.as_str(),
        }
        .as_bytes()
        .to_vec()
    }

    fn value(&self, book: &Book) -> CacheResult<Option<Vec<u8>>> {
        match self {
            Touched::Assignment(id) => book.assignments.get(id).map(encode),
            Touched::Submission(id) => book.submissions.get(id).map(encode),
            Touched::Payment(id) => book.payments.get(id).map(encode),
            Touched::Draft(id) => book.drafts.get(id).map(encode),
            Touched::Marks(key) => book.marks.get(key).map(encode),
        }
        .transpose()
    }
}

/// What the fold trees should hold.
fn expected(book: &Book) -> CacheResult<[Rows; 5]> {
    fn rows<K: AsRef<str>, V: Serialize>(from: impl Iterator<Item = (K, V)>) -> CacheResult<Rows> {
        from.map(|(key, value)| Ok((key.as_ref().as_bytes().to_vec(), encode(&value)?))).collect()
    }
    Ok([
        rows(book.assignments.iter().map(|(k, v)| (k.as_str(), v)))?,
        rows(book.submissions.iter().map(|(k, v)| (k.as_str(), v)))?,
        rows(book.payments.iter().map(|(k, v)| (k.as_str(), v)))?,
        rows(book.drafts.iter().map(|(k, v)| (k.as_str(), v)))?,
        rows(book.marks.iter().map(|(k, v)| (k.as_str(), v)))?,
    ])
}
