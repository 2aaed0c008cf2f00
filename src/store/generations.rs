//! The folders of sled, `sled-G`: the highest is in use. One that is being filled has a marker `sled-G.making` beside it until it is
//! whole; the one before it is removed behind the switch. Whatever a crash leaves is put in order before the next open.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::checkpoint::numbers;
use super::disk::{self, Disk};
use super::drill;

/// The folder of a generation.
pub fn folder(dir: &Path, generation: u64) -> PathBuf {
    dir.join(format!("sled-{generation}"))
}

fn marker(dir: &Path, generation: u64) -> PathBuf {
    dir.join(format!("sled-{generation}.making"))
}

/// The highest whole generation there is; 0 when there is none.
pub fn latest(dir: &Path) -> u64 {
    // A folder that cannot be listed cannot be written to either, which the first write says.
    let there = numbers(dir, "sled-", "").unwrap_or_default();
    there.into_iter().rev().find(|g| !marker(dir, *g).exists()).unwrap_or(0)
}

/// The number for a generation that is to be filled, and its marker on the disk.
///
/// # Errors
/// When the disk fails.
pub fn begin(disk: &dyn Disk, dir: &Path) -> io::Result<u64> {
    let highest = numbers(dir, "sled-", "")?.last().copied().unwrap_or(0);
    let generation = highest + 1;
    // The marker is durable before the folder: a folder without one is whole.
    disk::replace(disk, &marker(dir, generation), b"being filled; the next start removes it\n")?;
    drill::point("generation.marked");
    disk::private_dir(&folder(dir, generation))?;
    Ok(generation)
}

/// The generation is whole and durable: from now on it is the one in use.
///
/// # Errors
/// When the disk fails.
pub fn finish(disk: &dyn Disk, dir: &Path, generation: u64) -> io::Result<()> {
    drill::point("generation.filled");
    disk.sync_dir(dir)?;
    disk.remove(&marker(dir, generation))?;
    drill::point("generation.switched");
    disk.sync_dir(dir)
}

/// Removes a generation that was not finished.
///
/// # Errors
/// When the disk fails.
pub fn abandon(dir: &Path, generation: u64) -> io::Result<()> {
    gone(fs::remove_dir_all(folder(dir, generation)))?;
    gone(fs::remove_file(marker(dir, generation)))
}

/// Removes a generation that was replaced; when that fails, the next start does it.
pub fn remove(dir: &Path, generation: u64) {
    if let Err(error) = gone(fs::remove_dir_all(folder(dir, generation))) {
        tracing::warn!(generation, %error, "an old folder of the feed's cache cannot be removed now");
    }
}

/// Puts in order what a crash left: unfinished generations go, and those that were replaced.
///
/// # Errors
/// When an unfinished one cannot be removed: it must not be taken for a whole one.
pub fn sweep(dir: &Path) -> io::Result<()> {
    for generation in numbers(dir, "sled-", ".making")? {
        abandon(dir, generation)?;
    }
    for generation in numbers(dir, "sled-", ".making.tmp")? {
        gone(fs::remove_file(marker(dir, generation).with_extension("making.tmp")))?;
    }
    let mut there = numbers(dir, "sled-", "")?;
    there.pop();
    there.into_iter().for_each(|generation| remove(dir, generation));
    Ok(())
}

fn gone(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
