//! What is done with a cache that does not open as it should: its snapshots or all of it are set aside, and what can be read is taken along.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use super::cache::{Cache, words};
use super::disk::{self, RealDisk};
use super::generations;
use super::open_cache::{Feed, STUCK};
use super::rows::{Counts, job_in};
use crate::domain::Text;
use crate::error::{Class, Failure, Result};

/// Removes half-written snapshots: sled takes them for good ones.
pub fn sweep(folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            match fs::remove_file(entry.path()) {
                // An open that was abandoned may just have finished it.
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
                removed => removed?,
            }
        }
    }
    Ok(())
}

/// Puts the snapshots of a folder aside: without them sled reads its log.
pub fn move_snapshots(dir: &Path, folder: &Path) -> std::io::Result<()> {
    let aside = disk::free_name(dir, &format!("{}.snapshots", folder.file_name().unwrap_or_default().to_string_lossy()), "");
    disk::private_dir(&aside)?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with("snap.") {
            fs::rename(entry.path(), aside.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// Writes what can be read of a cache into a folder of the next generation, row by row as they are.
pub fn take_over(dir: &Path, cache: &Cache) -> std::result::Result<(), String> {
    let generation = generations::begin(&RealDisk, dir).map_err(words)?;
    let fill = || {
        let mut next = Cache::open(&generations::folder(dir, generation)).map_err(words)?;
        next.settle(|| {}).map_err(words)?;
        let (mut after, mut rows) = (None, 0);
        loop {
            let run = cache.run(after.as_ref(), 1024);
            let sound: Vec<_> = run.rows.into_iter().filter(|(_, value)| job_in(value).is_some()).collect();
            rows += sound.len() as u64;
            next.copy(sound.into_iter().map(|(key, value)| (key, Some(value))))?;
            after = run.after;
            if after.is_none() {
                break;
            }
        }
        next.set_counts(Counts { rows, ..Counts::default() })?;
        for (name, cursor) in cache.cursors().unwrap_or_default() {
            next.put_cursor(&name, &cursor);
        }
        next.flush();
        if next.is_stale() { Err("it cannot be made durable".to_owned()) } else { Ok(()) }
    };
    let filled = catch_unwind(AssertUnwindSafe(fill)).unwrap_or_else(|_| Err("sled panicked".to_owned()));
    filled.and_then(|()| generations::finish(&RealDisk, dir, generation).map_err(words)).inspect_err(|_| {
        let _ = generations::abandon(dir, generation);
    })
}

/// Renames the folder of `generation`, and makes the next one unless it is there.
pub fn set_folder_aside(dir: &Path, generation: u64, why: &str, feed: &mut Feed) -> Result<()> {
    let folder: PathBuf = dir.join(format!("sled-{generation}"));
    let aside = disk::free_name(dir, &format!("sled-{generation}.broken"), "");
    let next = generations::folder(dir, generations::latest(dir).max(generation) + 1);
    let there = generations::latest(dir) > generation;
    fs::rename(&folder, &aside)
        .and_then(|()| if there { Ok(()) } else { disk::private_dir(&next) })
        .map_err(|e| disk::failed("Cannot set aside", &folder, &e))?;
    feed.lost = true;
    feed.said.push(Text::title(&format!(
        "The feed's cache was made again from the journal ({why}); the old one is {}, which may be deleted",
        aside.file_name().unwrap_or_default().to_string_lossy()
    )));
    Ok(())
}

/// Marks a folder whose open was abandoned; what to say.
pub fn stuck(dir: &Path, generation: u64) -> Failure {
    let marker = dir.join(format!("sled-{generation}.stuck"));
    let failure =
        Failure::new(Class::Store, STUCK).why("sled did not return in time; your work is in the journal, which is intact");
    match fs::write(&marker, b"sled did not open in time; the next start sets its folder aside\n") {
        Ok(()) => failure.hint("Start Juggler again: the cache is set aside and made again from the journal."),
        Err(_) => failure.hint(format!("Rename {} and start Juggler again.", dir.join(format!("sled-{generation}")).display())),
    }
}
