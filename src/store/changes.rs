//! Which rows were changed since the last images of the columns: an image and the rows named here are the present.
//!
//! Tree `changes`: number of the write → keys of its rows, each behind its length. Nothing is written down before an image is wanted,
//! and what the older of the two kept images shows already is removed.

use sled::{Batch, IVec};

use super::cache::{Cache, CacheResult, words};
use super::image::ImageStamp;
use super::rows::key_in;
use crate::domain::JobKey;

/// In a small feed a log of this many rows costs nothing.
const SMALL: u64 = 2_000;

/// What is known about the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// Changes behind this number are written down; `None`: none are.
    pub from: Option<u64>,
    /// Keys in it.
    pub keys: u64,
    /// Keys in it behind the newest image.
    pub new: u64,
    /// Change up to which the newest image goes.
    pub newest: u64,
    /// The engine was told that an image is wanted.
    pub told: bool,
}

/// Whether so many changed rows behind an image of `rows` are worth a new one.
pub fn image_wanted(new: u64, rows: u64) -> bool {
    new > SMALL.max(rows / 5)
}

/// Whether the log itself has become a burden, because nobody makes an image.
fn too_long(keys: u64, rows: u64) -> bool {
    keys > (4 * SMALL).max(rows)
}

fn write_keys<'a>(keys: impl Iterator<Item = &'a IVec>) -> (Vec<u8>, u64) {
    let (mut out, mut count) = (Vec::new(), 0);
    for key in keys {
        let len = u16::try_from(key.len()).unwrap_or(u16::MAX);
        out.extend_from_slice(&len.to_be_bytes());
        out.extend_from_slice(&key[..usize::from(len)]);
        count += 1;
    }
    (out, count)
}

fn read_keys(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (len, rest) = bytes.split_at_checked(2)?;
        let (key, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(len.try_into().ok()?)))?;
        bytes = rest;
        Some(key)
    })
}

fn number_of(key: &IVec) -> u64 {
    key.as_ref().try_into().map_or(0, u64::from_be_bytes)
}

impl Cache {
    /// Reads how far the log goes.
    pub(super) fn read_log(&mut self) -> sled::Result<()> {
        self.log = Log { from: self.number("changes_from")?, ..Log::default() };
        if let Some(from) = self.log.from {
            self.log.newest = from;
            for row in self.changes.iter() {
                self.log.keys += read_keys(&row?.1).count() as u64;
            }
            self.log.new = self.log.keys;
        }
        if let Some((last, _)) = self.changes.last()? {
            // A crash may have come between the two writes.
            self.counts.serial = self.counts.serial.max(number_of(&last));
        }
        Ok(())
    }

    /// Writes down which rows change `serial` touches.
    pub(super) fn note<'a>(&mut self, serial: u64, keys: impl Iterator<Item = &'a IVec>) -> CacheResult<()> {
        if self.log.from.is_none() {
            return Ok(());
        }
        let (value, count) = write_keys(keys);
        self.changes.insert(serial.to_be_bytes(), value).map_err(words)?;
        self.log.keys += count;
        self.log.new += count;
        if too_long(self.log.keys, self.counts.rows) {
            return self.forget_changes();
        }
        Ok(())
    }

    /// No image fits any more, and nothing is written down until the next one is begun.
    pub(super) fn forget_changes(&mut self) -> CacheResult<()> {
        self.meta.remove("changes_from").map_err(words)?;
        self.changes.clear().map_err(words)?;
        self.log = Log { told: self.log.told, ..Log::default() };
        self.dirty = true;
        Ok(())
    }

    /// From here on changes are written down: an image of the present is about to be made.
    pub fn log_changes(&mut self) {
        if self.log.from.is_none() {
            self.guarded("changes", |cache| {
                let serial = cache.counts.serial;
                cache.meta.insert("changes_from", &serial.to_be_bytes()).map_err(words)?;
                cache.log = Log { from: Some(serial), newest: serial, ..Log::default() };
                Ok(())
            });
        }
    }

    /// An image is durable: what the one before it shows as well is removed.
    pub fn image_is_durable(&mut self, stamp: &ImageStamp) {
        if stamp.lineage != self.lineage || self.log.from.is_none() {
            return;
        }
        let before = std::mem::replace(&mut self.log.newest, stamp.serial);
        self.guarded("changes", |cache| {
            // First the mark, then the removal: never a mark below what is there.
            cache.meta.insert("changes_from", &before.to_be_bytes()).map_err(words)?;
            cache.log.from = Some(before);
            let mut batch = Batch::default();
            (cache.log.keys, cache.log.new) = (0, 0);
            for row in cache.changes.iter() {
                let (serial, value) = row.map_err(words)?;
                let number = number_of(&serial);
                let keys = read_keys(&value).count() as u64;
                if number <= before {
                    batch.remove(serial);
                } else {
                    cache.log.keys += keys;
                    cache.log.new += if number > stamp.serial { keys } else { 0 };
                }
            }
            cache.log.told = false;
            cache.changes.apply_batch(batch).map_err(words)
        });
    }

    /// Rows that were changed behind `stamp`, each once; `None` when that cannot be told: another cache, or changes that were not
    /// written down, or a cache that is older than the image.
    pub fn changed_since(&mut self, stamp: &ImageStamp) -> sled::Result<Option<Vec<JobKey>>> {
        let known = self.log.from.is_some_and(|from| from <= stamp.serial);
        if stamp.lineage != self.lineage || stamp.serial > self.counts.serial || !known {
            return Ok(None);
        }
        let mut keys = std::collections::BTreeSet::new();
        let mut new = 0;
        for row in self.changes.range((stamp.serial + 1).to_be_bytes()..) {
            let (_, value) = row?;
            for key in read_keys(&value) {
                new += 1;
                keys.extend(key_in(key));
            }
        }
        (self.log.newest, self.log.new) = (stamp.serial, new);
        Ok(Some(keys.into_iter().collect()))
    }

    /// Whether what changed since `stamp` is written down.
    pub fn logs_since(&self, stamp: &ImageStamp) -> bool {
        self.log.from.is_some_and(|from| from <= stamp.serial)
    }

    /// Takes over the log of `other`, of the same lineage.
    pub(super) fn take_log(&mut self, other: &Cache) -> CacheResult<()> {
        let Some(from) = other.log.from else { return self.forget_changes() };
        let mut batch = Batch::default();
        for row in other.changes.iter() {
            let (serial, keys) = row.map_err(words)?;
            batch.insert(serial, keys);
        }
        self.changes.apply_batch(batch).map_err(words)?;
        self.meta.insert("changes_from", &from.to_be_bytes()).map_err(words)?;
        self.log = other.log;
        Ok(())
    }

    /// Once per image: whether the engine should make a new one.
    pub fn wants_image(&mut self) -> bool {
        let wanted = !self.log.told && self.log.from.is_some() && image_wanted(self.log.new, self.counts.rows);
        self.log.told |= wanted;
        wanted
    }
}
