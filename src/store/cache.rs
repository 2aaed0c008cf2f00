//! sled: the feed's rows and cursors, and the journal's folds. A cache, never the truth: nothing here may make a save fail.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs::File;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use serde::{Serialize, de::DeserializeOwned};
use sled::{Db, IVec, Tree};

use super::changes::Log;
use super::folds::FOLDS;
use super::image::ImageStamp;
use super::journal::Stamp;
use super::rows::Counts;
use super::{drill, migrate};

/// Version of what is in the trees; a newer one is refused.
pub const SCHEMA: u32 = 2;
/// First byte of every value: its codec.
pub const CODEC: u8 = 1;
const CACHE_BYTES: u64 = 8 << 20;

/// An error in words: callers only tell it or give up on the cache.
pub type CacheResult<T> = Result<T, String>;

/// The open database.
pub struct Cache {
    db: Db,
    folder: PathBuf,
    generation: u64,
    pub(super) meta: Tree,
    pub(super) jobs: Tree,
    pub(super) changes: Tree,
    pub(super) folds: Vec<Tree>,
    /// Who counts the changes: a cache that was made anew is another one.
    pub(super) lineage: u64,
    /// What is in the rows.
    pub(super) counts: Counts,
    /// Which changes are written down.
    pub(super) log: Log,
    /// Written to since the last flush.
    pub(super) dirty: bool,
    /// A write failed: nothing more is written, and the next start sees the old stamp and mends it.
    stale: bool,
    /// A page could not be read: the next start reads everything and keeps what can be read.
    pub(super) damaged: Cell<bool>,
}

/// Reads a value behind its codec byte.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let (codec, rest) = bytes.split_first()?;
    (*codec == CODEC).then(|| rmp_serde::from_slice(rest).ok())?
}

pub fn encode<T: Serialize>(value: &T) -> CacheResult<Vec<u8>> {
    let mut out = vec![CODEC];
    rmp_serde::encode::write_named(&mut out, value).map_err(|e| e.to_string())?;
    Ok(out)
}

pub fn words(e: impl std::fmt::Display) -> String {
    e.to_string()
}

impl Cache {
    /// Opens the database in `folder`. May hang or panic on a damaged one: see `open_cache`, which guards it.
    pub fn open(folder: &Path) -> sled::Result<Cache> {
        let db = sled::Config::new().path(folder).cache_capacity(CACHE_BYTES).flush_every_ms(None).open()?;
        let meta = db.open_tree("meta")?;
        let jobs = db.open_tree("jobs")?;
        let changes = db.open_tree("changes")?;
        let folds = FOLDS.iter().map(|name| db.open_tree(name)).collect::<sled::Result<Vec<_>>>()?;
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Cache {
            db,
            folder: folder.to_owned(),
            generation: name.strip_prefix("sled-").and_then(|n| n.parse().ok()).unwrap_or(0),
            meta,
            jobs,
            changes,
            folds,
            lineage: 0,
            counts: Counts::default(),
            log: Log::default(),
            dirty: false,
            stale: false,
            damaged: Cell::new(false),
        })
    }

    /// Reads what counts the rows and the changes, making it where it is missing; `tick` is called now and then.
    /// Gives the number of rows of an older version that could not be taken along.
    pub fn settle(&mut self, mut tick: impl FnMut()) -> sled::Result<u64> {
        let schema = self.schema()?;
        let mut lost = 0;
        if let Some(older) = schema.filter(|older| *older < SCHEMA) {
            lost = migrate::migrate(self, older, &mut tick)?;
        }
        // Before the number inside: whoever finds that has found this.
        if let Err(error) = migrate::mark(&self.folder) {
            tracing::warn!(%error, "the cache's folder is not marked with its version; the next start does it");
        }
        if schema != Some(SCHEMA) {
            self.meta.insert("schema", &SCHEMA.to_be_bytes())?;
            self.dirty = true;
        }
        self.counts = match self.stored_counts()? {
            Some(counts) => counts,
            None => self.counted(tick)?,
        };
        match self.number("lineage")? {
            Some(lineage) => self.lineage = lineage,
            None => self.begin_lineage(None)?,
        }
        self.read_log()?;
        Ok(lost)
    }

    /// From here on changes are counted for `lineage`, or for one that nobody knows yet: no image fits any more.
    pub fn begin_lineage(&mut self, lineage: Option<u64>) -> sled::Result<()> {
        self.lineage = lineage.unwrap_or_else(|| RandomState::new().build_hasher().finish());
        self.meta.insert("lineage", &self.lineage.to_be_bytes())?;
        self.dirty = true;
        Ok(())
    }

    /// A number of the table of numbers.
    pub(super) fn number(&self, name: &str) -> sled::Result<Option<u64>> {
        Ok(self.meta.get(name)?.and_then(|v| Some(u64::from_be_bytes(v.as_ref().try_into().ok()?))))
    }

    /// What an image made now would show.
    pub fn image_stamp(&self) -> ImageStamp {
        ImageStamp { serial: self.counts.serial, lineage: self.lineage, generation: self.generation, rows: self.counts.rows }
    }

    /// What was counted was wrong: no image fits any more.
    pub(super) fn recount(&mut self, rows: u64) -> CacheResult<()> {
        self.set_counts(Counts { rows, ..self.counts })?;
        self.forget_changes()
    }

    /// Bytes it had when it was made; 0 when it began empty.
    pub fn born(&self) -> u64 {
        self.number("born").ok().flatten().unwrap_or(0)
    }

    /// Its size as it is now is what its live rows take.
    pub(super) fn set_born(&mut self) -> CacheResult<()> {
        self.db.flush().map_err(words)?;
        self.meta.insert("born", &self.bytes().to_be_bytes()).map(drop).map_err(words)
    }

    /// Generation of its folder.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The cursors, by `source/list`.
    pub fn cursors(&self) -> sled::Result<BTreeMap<String, serde_json::Value>> {
        let mut cursors = BTreeMap::new();
        for row in self.meta.scan_prefix("cursor/") {
            let (key, value) = row?;
            if let (Some(name), Some(cursor)) = (cursor_of(&key), decode_json(&value)) {
                cursors.insert(name, cursor);
            }
        }
        Ok(cursors)
    }

    /// The schema it was made with; `None` in a new one.
    pub fn schema(&self) -> sled::Result<Option<u32>> {
        Ok(self.meta.get("schema")?.and_then(|v| Some(u32::from_be_bytes(v.as_ref().try_into().ok()?))))
    }

    /// Which journal its folds were made from; `None` when nobody knows.
    pub fn stamp(&self) -> sled::Result<Option<Stamp>> {
        Ok(self.meta.get("stamp")?.and_then(|v| read_stamp(&v)))
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
        self.counts.rows
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
            drill::point("flush.half");
            File::open(cache.folder.join("db")).and_then(|f| f.sync_all()).map_err(words)
        });
        self.dirty = false;
    }

    pub(super) fn guarded(&mut self, what: &str, work: impl FnOnce(&mut Cache) -> CacheResult<()>) {
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

pub fn write_stamp(stamp: Stamp) -> [u8; 16] {
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
