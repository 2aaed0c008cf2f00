//! Writes the live rows into a folder of the next generation, in small steps between everything else, and switches.
//!
//! While it lasts the old generation is the cache: it is read and written as ever, and what is written to rows that were copied already
//! goes to both. Nothing counts before the switch, which is the removal of one marker: see `generations`.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sled::IVec;

use super::cache::{Cache, CacheResult, words};
use super::changes::image_wanted;
use super::disk::{self, Disk};
use super::generations;
use super::journal::Stamp;
use super::quiet;
use super::rows::Counts;
use crate::domain::{Book, JobKey};
use crate::error::{Class, Failure, Result};

/// Rows copied in one step.
const STEP: usize = 512;

/// Which rows go along.
#[derive(Clone)]
pub enum Keep {
    /// All of them: only the space of removed ones is given back.
    All,
    /// These.
    Only(Arc<BTreeSet<JobKey>>),
    /// All but these.
    AllBut(Arc<BTreeSet<JobKey>>),
    /// Those whose key passes.
    Where(Arc<dyn Fn(&str) -> bool + Send + Sync>),
}

/// What a roll did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rolled {
    /// The generation that is in use now.
    pub generation: u64,
    /// Rows in it.
    pub rows: u64,
    /// Rows that were left behind.
    pub dropped: u64,
    /// Bytes of the folder before.
    pub before: u64,
    /// Bytes of the folder now.
    pub after: u64,
}

/// A generation that is being filled.
pub struct Roll {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    generation: u64,
    next: Cache,
    keep: Keep,
    /// Everything up to this key is copied.
    after: Option<IVec>,
    /// Everything is.
    done: bool,
    rows: u64,
    dropped: u64,
    /// Keys that were left behind, for the log of changes; `None`: too many for it.
    left: Option<Vec<IVec>>,
    /// Written since it began: these go along whatever `keep` says.
    fresh: BTreeSet<IVec>,
}

impl Keep {
    fn keeps(&self, key: &[u8]) -> bool {
        let Ok(key) = std::str::from_utf8(key) else { return false };
        match self {
            Keep::All => true,
            Keep::Only(keys) => keys.contains(&JobKey::new(key)),
            Keep::AllBut(keys) => !keys.contains(&JobKey::new(key)),
            Keep::Where(passes) => passes(key),
        }
    }
}

fn failed(why: impl std::fmt::Display) -> Failure {
    Failure::new(Class::Store, "The feed's cache could not be written anew")
        .why(why)
        .hint("Nothing is lost: the old one stays in use. Make room on the disk; it is tried again.")
}

impl Roll {
    /// Makes the folder of the next generation.
    ///
    /// # Errors
    /// When the disk fails; nothing has changed then.
    pub fn begin(disk: Arc<dyn Disk>, dir: &Path, keep: Keep) -> Result<Roll> {
        let generation =
            generations::begin(disk.as_ref(), dir).map_err(|e| disk::failed("Cannot make the next generation in", dir, &e))?;
        quiet::be_late();
        let folder = generations::folder(dir, generation);
        let opened = catch_unwind(AssertUnwindSafe(|| {
            let mut next = Cache::open(&folder).map_err(words)?;
            next.settle(|| {}).map_err(words)?;
            Ok::<Cache, String>(next)
        }));
        match opened.unwrap_or_else(|_| Err("sled panicked".to_owned())) {
            Ok(next) => Ok(Roll {
                disk,
                dir: dir.to_owned(),
                generation,
                next,
                keep,
                after: None,
                done: false,
                rows: 0,
                dropped: 0,
                left: Some(Vec::new()),
                fresh: BTreeSet::new(),
            }),
            Err(error) => {
                let _ = generations::abandon(dir, generation);
                Err(failed(error))
            }
        }
    }

    /// Copies the next rows of `cache`; whether there are more.
    ///
    /// # Errors
    /// When one of the two fails: give it up.
    pub fn step(&mut self, cache: &Cache) -> CacheResult<bool> {
        if self.done {
            return Ok(false);
        }
        let run = cache.run(self.after.as_ref(), STEP);
        if run.damaged {
            return Err("pages of the old one are damaged; the next start mends it".to_owned());
        }
        let last = run.rows.last().map(|(key, _)| key.clone());
        let mut kept = Vec::with_capacity(run.rows.len());
        for (key, value) in run.rows {
            if self.fresh.contains(&key) || self.keep.keeps(&key) {
                kept.push((key, Some(value)));
            } else {
                self.dropped += 1;
                if let Some(left) = &mut self.left {
                    left.push(key);
                    if image_wanted(left.len() as u64, cache.count()) {
                        self.left = None;
                    }
                }
            }
        }
        self.rows += kept.len() as u64;
        let next = &mut self.next;
        catch_unwind(AssertUnwindSafe(|| next.copy(kept))).unwrap_or_else(|_| Err("sled panicked".to_owned()))?;
        self.done = run.after.is_none();
        self.after = last.or(self.after.take());
        Ok(!self.done)
    }

    /// Takes in what was just written to the old generation.
    ///
    /// # Errors
    /// When it cannot be written here: give it up.
    pub fn written(&mut self, rows: Vec<(IVec, Option<IVec>)>) -> CacheResult<()> {
        let mut passed = Vec::new();
        for (key, value) in rows {
            if self.done || self.after.as_ref().is_some_and(|after| key <= *after) {
                let there = self.next.row(&key).is_some();
                self.rows =
                    (self.rows + u64::from(value.is_some() && !there)).saturating_sub(u64::from(value.is_none() && there));
                passed.push((key, value));
            } else if value.is_some() {
                self.fresh.insert(key);
            }
        }
        let next = &mut self.next;
        catch_unwind(AssertUnwindSafe(|| next.copy(passed))).unwrap_or_else(|_| Err("sled panicked".to_owned()))
    }

    /// Takes the rest along and makes this the generation in use; the old one is given back to be closed and removed.
    ///
    /// # Errors
    /// When a disk fails: `cache` stays in use, and this generation is gone.
    pub fn finish(mut self, cache: &mut Cache, book: &Book, stamp: Stamp) -> Result<(Rolled, Cache)> {
        let filled = catch_unwind(AssertUnwindSafe(|| self.fill(cache, book, stamp)));
        let filled = filled.unwrap_or_else(|_| Err("sled panicked".to_owned()));
        let switched = filled.and_then(|()| generations::finish(self.disk.as_ref(), &self.dir, self.generation).map_err(words));
        if let Err(error) = switched {
            self.abandon();
            return Err(failed(error));
        }
        let rolled = Rolled {
            generation: self.generation,
            rows: self.rows,
            dropped: self.dropped,
            before: cache.bytes(),
            after: self.next.bytes(),
        };
        Ok((rolled, std::mem::replace(cache, self.next)))
    }

    fn fill(&mut self, cache: &mut Cache, book: &Book, stamp: Stamp) -> CacheResult<()> {
        let next = &mut self.next;
        next.begin_lineage(Some(cache.lineage)).map_err(words)?;
        let mut counts = Counts { serial: cache.counts.serial, rows: self.rows, dead: 0 };
        for (name, cursor) in cache.cursors().map_err(words)? {
            next.put_cursor(&name, &cursor);
        }
        match &self.left {
            Some(left) => {
                next.take_log(cache)?;
                if !left.is_empty() {
                    counts.serial += 1;
                    next.note(counts.serial, left.iter())?;
                }
            }
            None => next.forget_changes()?,
        }
        next.set_counts(counts)?;
        next.sync_folds(book, stamp)?;
        next.set_born()?;
        next.flush();
        if next.is_stale() { Err("it cannot be made durable".to_owned()) } else { Ok(()) }
    }

    /// Gives it up.
    pub fn abandon(self) {
        let Roll { dir, generation, next, .. } = self;
        drop(next);
        if let Err(error) = generations::abandon(&dir, generation) {
            tracing::warn!(%error, "what was left of a new generation cannot be removed now; the next start does it");
        }
    }
}
