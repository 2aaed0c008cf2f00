//! What is done to a cache that an older version made: one step a version, each of which may be cut short anywhere and is then done again.
//!
//! The version is kept twice: in the table of numbers, and in the file `schema` of the folder, `{"cache":N,"crc":"8 hex"}`, which is read
//! before sled is: sled writes to whatever it opens, and a cache of a newer version is not to be touched.
//!
//! The other formats need no step: lines of the journal ([`super::line::FORMAT`]), checkpoints ([`super::checkpoint::FORMAT`]) and
//! backups ([`super::backup::FORMAT`]) of every older version are read as they are, and images of another one are made again.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::cache::{Cache, SCHEMA};
use super::disk::{self, RealDisk};
use super::rows::{FIRST, job_in};
use super::{drill, generations, line};
use crate::error::Result;

/// One step; gives the number of rows that could not be taken along.
type Step = fn(&mut Cache, &mut dyn FnMut()) -> sled::Result<u64>;

/// Step `n` makes version `n + 2` of version `n + 1`.
const STEPS: [Step; SCHEMA as usize - 1] = [first_to_second];

#[derive(Serialize, Deserialize)]
struct Mark {
    cache: u32,
    crc: String,
}

fn path(folder: &Path) -> PathBuf {
    folder.join("schema")
}

fn sum(schema: u32) -> String {
    line::crc(&[format!("cache:{schema}").as_bytes()])
}

/// The version that a cache's folder says it has; `None` when it says none, or nothing that can be believed.
fn marked(folder: &Path) -> Option<u32> {
    let bytes = fs::read(path(folder)).ok()?;
    let mark: Mark = serde_json::from_slice(&bytes).ok()?;
    (mark.crc == sum(mark.cache)).then_some(mark.cache)
}

/// Marks a folder as one of this version.
///
/// # Errors
/// When the disk does not take it.
pub fn mark(folder: &Path) -> io::Result<()> {
    if marked(folder) == Some(SCHEMA) {
        return Ok(());
    }
    let mark = serde_json::to_vec(&Mark { cache: SCHEMA, crc: sum(SCHEMA) })?;
    disk::replace(&RealDisk, &path(folder), &mark)
}

/// Refuses a store whose cache is of a newer version, before anything of it is opened.
///
/// # Errors
/// `Class::Store`; nothing was changed.
pub fn refuse_newer(dir: &Path) -> Result<()> {
    match marked(&generations::folder(dir, generations::latest(dir))) {
        Some(schema) if schema > SCHEMA => Err(newer(schema)),
        _ => Ok(()),
    }
}

/// The refusal.
pub fn newer(schema: u32) -> crate::error::Failure {
    line::newer(format!("its cache has version {schema}, this one knows {SCHEMA}"))
}

/// Brings a cache of version `from` up to this one; gives the number of rows that could not be taken along.
///
/// # Errors
/// When it cannot be read or written.
pub fn migrate(cache: &mut Cache, from: u32, tick: &mut dyn FnMut()) -> sled::Result<u64> {
    drill::point("migrate.begun");
    let mut lost = 0;
    for step in STEPS.iter().skip(from.saturating_sub(1) as usize) {
        lost += step(cache, tick)?;
    }
    drill::point("migrate.done");
    Ok(lost)
}

/// The second version counts rows and changes. Whatever a crash left of that is begun again, and rows that are no jobs any more go, since
/// nobody would see them but the count.
fn first_to_second(cache: &mut Cache, tick: &mut dyn FnMut()) -> sled::Result<u64> {
    for derived in ["changes_from", "lineage", "born"] {
        cache.meta.remove(derived)?;
    }
    cache.changes.clear()?;
    cache.jobs.remove(super::rows::COUNTS)?;
    let mut lost = Vec::new();
    for (n, row) in cache.jobs.range(FIRST..).enumerate() {
        if n.is_multiple_of(4096) {
            tick();
        }
        let (key, value) = row?;
        if job_in(&value).is_none() {
            lost.push(key);
        }
    }
    for key in &lost {
        cache.jobs.remove(key)?;
    }
    Ok(lost.len() as u64)
}
