//! The feed's rows in sled: written with what is kept of the row before, read one by one or in runs.

use std::panic::{AssertUnwindSafe, catch_unwind};

use sled::{Batch, IVec, Tree};

use super::cache::{CODEC, Cache, CacheResult, decode, encode, words};
use super::peek;
use crate::domain::{Job, JobKey};

/// The row beside the jobs that counts them: no job's key begins like it.
pub const COUNTS: &[u8] = &[0];
/// Where the jobs begin.
pub const FIRST: &[u8] = &[1];
/// What a listing does not know of a job.
const DETAILS: [&str; 4] = ["brief", "attachments", "deliverable", "detailed"];
/// What moves with every look at a platform and is not worth a write.
const LOOKED_AT: &str = "last_seen";

/// What is counted about the rows; written together with them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Number of the last change.
    pub serial: u64,
    /// Jobs there are.
    pub rows: u64,
    /// Jobs removed in this generation: sled keeps their space.
    pub dead: u64,
}

/// What becomes of a row.
#[derive(Clone, Debug)]
pub enum Change {
    /// It is this job; with `keep`, but for the details that are stored.
    Put { job: Box<Job>, keep: bool },
    /// There is none.
    Gone,
}

/// A run of rows.
#[derive(Debug, Default)]
pub struct Run {
    /// Keys and values in the order of the keys.
    pub rows: Vec<(IVec, IVec)>,
    /// Where the next run begins: behind this key. `None`: that was all.
    pub after: Option<IVec>,
    /// A page could not be read; there is nothing behind it.
    pub damaged: bool,
}

/// At most `limit` rows of `jobs`, from behind `after` on; also while others write.
pub fn run_of(jobs: &Tree, after: Option<&IVec>, limit: usize) -> Run {
    let read = catch_unwind(AssertUnwindSafe(|| {
        let mut run = Run::default();
        // The key behind `after` is `after` with a zero behind it.
        let from = after.map_or_else(|| FIRST.to_vec(), |key| [key, &[0][..]].concat());
        for row in jobs.range(from..).take(limit) {
            match row {
                Ok(row) => run.rows.push(row),
                Err(_) => {
                    // The iterator may give the same error for ever.
                    run.damaged = true;
                    break;
                }
            }
        }
        if run.rows.len() == limit && !run.damaged {
            run.after = run.rows.last().map(|(key, _)| key.clone());
        }
        run
    }));
    read.unwrap_or_else(|_| Run { damaged: true, ..Run::default() })
}

/// The job in a row.
pub fn job_in(value: &[u8]) -> Option<Job> {
    decode(value)
}

/// The brief in a row, without decoding the rest where that is possible.
pub fn with_brief<T>(value: &[u8], look: impl FnOnce(&str) -> T) -> Option<T> {
    let (codec, body) = value.split_first()?;
    if *codec == CODEC
        && let Some(brief) = peek::text(body, "brief")
    {
        return Some(look(brief));
    }
    job_in(value).map(|job| look(job.brief.as_str()))
}

/// A row's key as the job's.
pub fn key_in(key: &[u8]) -> Option<JobKey> {
    std::str::from_utf8(key).ok().map(JobKey::new)
}

/// The row of `job`, with the details of the row `before`.
fn with_details(row: Vec<u8>, before: &[u8], job: &Job) -> CacheResult<Vec<u8>> {
    if before.first() == Some(&CODEC)
        && let Some(body) = peek::spliced(&row[1..], &before[1..], DETAILS)
    {
        return Ok([&[CODEC], body.as_slice()].concat());
    }
    let Some(there) = job_in(before) else { return Ok(row) };
    let mut job = job.clone();
    job.keep_details(&there);
    encode(&job)
}

impl Counts {
    fn row(self) -> Vec<u8> {
        let mut out = vec![CODEC];
        [self.serial, self.rows, self.dead].iter().for_each(|n| out.extend_from_slice(&n.to_be_bytes()));
        out
    }

    fn of(row: &[u8]) -> Option<Counts> {
        let numbers = row.strip_prefix(&[CODEC])?;
        let n = |at: usize| Some(u64::from_be_bytes(numbers.get(at * 8..at * 8 + 8)?.try_into().ok()?));
        Some(Counts { serial: n(0)?, rows: n(1)?, dead: n(2)? })
    }
}

impl Cache {
    pub(super) fn stored_counts(&self) -> sled::Result<Option<Counts>> {
        Ok(self.jobs.get(COUNTS)?.and_then(|row| Counts::of(&row)))
    }

    /// Counts the rows of a cache that an older version made.
    pub(super) fn counted(&self, mut tick: impl FnMut()) -> sled::Result<Counts> {
        let mut counts = Counts::default();
        for row in self.jobs.range(FIRST..) {
            if counts.rows.is_multiple_of(4096) {
                tick();
            }
            row?;
            counts.rows += 1;
        }
        Ok(counts)
    }

    /// Writes rows, in one piece together with the counts; gives what was really written. What would change nothing is not written.
    pub fn write(&mut self, changes: Vec<(JobKey, Change)>) -> Vec<(IVec, Option<IVec>)> {
        let mut written = Vec::new();
        self.guarded("jobs", |cache| {
            let (mut batch, mut counts) = (Batch::default(), cache.counts);
            for (key, change) in &changes {
                let key = IVec::from(key.as_str().as_bytes());
                let before = match cache.jobs.get(&key) {
                    Ok(before) => before,
                    Err(e) => {
                        cache.found_damage();
                        return Err(words(e));
                    }
                };
                let value = match (change, &before) {
                    (Change::Gone, None) => continue,
                    (Change::Gone, Some(_)) => None,
                    (Change::Put { job, keep }, Some(there)) => {
                        let row = encode(job)?;
                        let row = if *keep { with_details(row, there, job)? } else { row };
                        let same = there.first() == row.first() && peek::same_but_for(&row[1..], &there[1..], LOOKED_AT);
                        if same {
                            continue;
                        }
                        Some(IVec::from(row))
                    }
                    (Change::Put { job, .. }, None) => Some(IVec::from(encode(job)?)),
                };
                match &value {
                    Some(value) => batch.insert(&key, value.clone()),
                    None => batch.remove(&key),
                }
                counts.rows = (counts.rows + u64::from(before.is_none())).saturating_sub(u64::from(value.is_none()));
                counts.dead += u64::from(value.is_none());
                written.push((key, value));
            }
            if written.is_empty() {
                return Ok(());
            }
            counts.serial += 1;
            // First what is about to change: a crash in between only makes the log name a row too many.
            cache.note(counts.serial, written.iter().map(|(key, _)| key))?;
            batch.insert(COUNTS, counts.row());
            cache.jobs.apply_batch(batch).map_err(words)?;
            cache.counts = counts;
            Ok(())
        });
        written
    }

    /// Copies rows as they are, as another generation keeps them.
    pub fn copy(&mut self, rows: impl IntoIterator<Item = (IVec, Option<IVec>)>) -> CacheResult<()> {
        let mut batch = Batch::default();
        for (key, value) in rows {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        self.dirty = true;
        self.jobs.apply_batch(batch).map_err(words)
    }

    /// Sets the counts of rows that were copied.
    pub fn set_counts(&mut self, counts: Counts) -> CacheResult<()> {
        self.dirty = true;
        self.counts = counts;
        self.jobs.insert(COUNTS, counts.row()).map(drop).map_err(words)
    }

    /// The row of a job. What cannot be read is no row; the platforms list it again.
    pub fn row(&self, key: &[u8]) -> Option<IVec> {
        let jobs = self.jobs.clone();
        match catch_unwind(AssertUnwindSafe(|| jobs.get(key))) {
            Ok(Ok(row)) => row,
            _ => {
                self.found_damage();
                None
            }
        }
    }

    /// At most `limit` rows, from behind `after` on.
    pub fn run(&self, after: Option<&IVec>, limit: usize) -> Run {
        let run = run_of(&self.jobs, after, limit);
        if run.damaged {
            self.found_damage();
        }
        run
    }

    /// A page cannot be read: marked, so that the next start reads everything and keeps what can be read.
    fn found_damage(&self) {
        if !self.damaged.replace(true) {
            let marker = self.folder().with_extension("damaged");
            tracing::warn!("pages of the feed's cache are damaged; the next start mends it");
            let _ = std::fs::write(marker, b"pages of it cannot be read; the next start keeps what can be read\n");
        }
    }
}
