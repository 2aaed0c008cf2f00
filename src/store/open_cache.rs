//! Opens sled in spite of what is known to go wrong with it: half-written snapshots, an open that panics or never returns, damaged
//! pages, a database that comes back empty, a full disk. Whatever happens, the journal is intact and the cache is made again from it.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use super::ballast::Ballast;
use super::cache::{Cache, Rest, SCHEMA, folder_bytes};
use super::disk;
use super::journal::Stamp;
use super::line;
use crate::domain::{Book, Job, Text};
use crate::error::{Class, Failure, Result};

/// What the failure of an open that did not return says; `main` starts the program anew when it sees it.
pub const STUCK: &str = "The feed's cache does not open";

/// The thread on which sled is opened; what panics there is caught and mended.
pub const OPENING: &str = "juggler-sled-open";

/// Whether to start the program anew: an open was abandoned, and going on beside it is not safe.
pub fn is_stuck(failure: &Failure) -> bool {
    failure.class == Class::Store && failure.what == STUCK
}

/// What opening gave.
pub struct Feed {
    /// The cache; `None` when there can be none for now.
    pub cache: Option<Cache>,
    /// The feed as it was.
    pub rest: Rest,
    /// What was done about trouble.
    pub said: Vec<Text>,
    /// The feed's rows may be gone.
    pub lost: bool,
}

/// Opens the cache under `dir` and makes its folds those of `book`. `force`: do not trust the stamp.
///
/// # Errors
/// When an open was abandoned ([`is_stuck`]), when another process holds the database, when it is of a newer version.
pub fn open(dir: &Path, limit: Option<Duration>, book: &Book, stamp: Stamp, force: bool, ballast: &mut Ballast) -> Result<Feed> {
    let mut feed = Feed { cache: None, rest: Rest::default(), said: Vec::new(), lost: false };
    let mut kept: Option<(Vec<Job>, BTreeMap<String, serde_json::Value>)> = None;
    let (mut snapshots_moved, mut freed, mut patience) = (false, false, 4);
    for _ in 0..10 {
        let generation = latest(dir);
        let folder = dir.join(format!("sled-{generation}"));
        if generation == 0 || !folder.exists() {
            // Nothing there, or set aside: the next one.
        } else if let Err(e) = sweep(&folder) {
            feed.said.push(hindered(&e.to_string()));
            return Ok(feed);
        }
        let marker = dir.join(format!("sled-{generation}.stuck"));
        if marker.exists() {
            set_folder_aside(dir, generation, "it did not open in time", &mut feed)?;
            let _ = fs::remove_file(&marker);
            continue;
        }
        let folder = if generation == 0 { dir.join("sled-1") } else { folder };
        if let Err(e) = disk::private_dir(&folder) {
            feed.said.push(hindered(&e.to_string()));
            return Ok(feed);
        }
        let error = match guarded(&folder, limit) {
            Tried::Open(cache, rest, there) => {
                if rest.damaged {
                    drop(cache);
                    feed.said.push(Text::title("Pages of the feed's cache are damaged; what can be read is kept"));
                    set_folder_aside(dir, latest(dir), "pages of it are damaged", &mut feed)?;
                    kept = Some((rest.jobs, rest.cursors));
                    continue;
                }
                if there.is_some_and(|there| there.money > stamp.money || there.work > stamp.work) {
                    drop(cache);
                    set_folder_aside(dir, latest(dir), "it knows of records that the journal does not have", &mut feed)?;
                    kept = Some((rest.jobs, rest.cursors));
                    continue;
                }
                finish(*cache, rest, there, kept, book, stamp, force, &mut feed);
                return Ok(feed);
            }
            Tried::Newer(schema) => return Err(line::newer(format!("its cache has version {schema}, this one knows {SCHEMA}"))),
            Tried::Stuck => return Err(stuck(dir, latest(dir))),
            Tried::Held if patience > 0 => {
                patience -= 1;
                std::thread::sleep(Duration::from_millis(100));
                continue;
            }
            Tried::Held => {
                return Err(Failure::new(Class::Busy, format!("The store in {} is in use", dir.display()))
                    .why("another process has its database open")
                    .hint("Quit that process first; `fuser` on the folder names it."));
            }
            Tried::Full(error) if !freed && ballast.free() => {
                tracing::warn!(error, "the disk is full; the ballast was given back");
                freed = true;
                continue;
            }
            Tried::Full(error) => {
                feed.said.push(hindered(&error));
                return Ok(feed);
            }
            Tried::Corrupt(error) if !snapshots_moved => {
                snapshots_moved = true;
                if move_snapshots(dir, &folder).is_ok() {
                    feed.said
                        .push(Text::title(&format!("A snapshot of the feed's cache was damaged and was set aside ({error})")));
                    continue;
                }
                error
            }
            Tried::Corrupt(error) => error,
        };
        set_folder_aside(dir, latest(dir), &error, &mut feed)?;
    }
    feed.said.push(hindered("no attempt succeeded"));
    Ok(feed)
}

#[allow(clippy::too_many_arguments)]
fn finish(
    mut cache: Cache,
    mut rest: Rest,
    there: Option<Stamp>,
    kept: Option<(Vec<Job>, BTreeMap<String, serde_json::Value>)>,
    book: &Book,
    stamp: Stamp,
    force: bool,
    feed: &mut Feed,
) {
    if rest.unreadable > 0 {
        feed.said
            .push(Text::title(&format!("{} rows of the feed could not be read; the platforms list them again", rest.unreadable)));
    }
    let synced =
        catch_unwind(AssertUnwindSafe(|| if force || there != Some(stamp) { cache.sync_folds(book, stamp) } else { Ok(()) }));
    match synced {
        Ok(Ok(())) => {}
        Ok(Err(error)) => return feed.said.push(hindered(&error)),
        Err(_) => return feed.said.push(hindered("sled panicked")),
    }
    if let Some((jobs, cursors)) = kept {
        let rows = jobs.iter().map(|j| (j.key.clone(), Some(j.clone()))).collect();
        cache.put_jobs(&rows);
        cursors.iter().for_each(|(name, cursor)| cache.put_cursor(name, cursor));
        rest.jobs = jobs;
        rest.cursors = cursors;
    }
    if cache.is_dirty() {
        cache.flush();
    }
    feed.rest = rest;
    feed.cache = Some(cache);
}

enum Tried {
    Open(Box<Cache>, Rest, Option<Stamp>),
    Newer(u32),
    Stuck,
    Held,
    Full(String),
    Corrupt(String),
}

/// Opens and reads on a thread of its own, with a limit that each sign of life renews.
fn guarded(folder: &Path, limit: Option<Duration>) -> Tried {
    let limit = limit.unwrap_or_else(|| Duration::from_secs(10 + folder_bytes(folder) / 100_000_000));
    let (tell, hear) = channel();
    let inside = folder.to_owned();
    let started = std::thread::Builder::new().name(OPENING.to_owned()).spawn(move || {
        let tried = catch_unwind(AssertUnwindSafe(|| attempt(&inside, || drop(tell.send(None)))));
        let tried = tried.unwrap_or_else(|_| Tried::Corrupt("sled panicked".to_owned()));
        // When nobody waits any more the database is closed here.
        let _ = tell.send(Some(tried));
    });
    if let Err(e) = started {
        return Tried::Full(e.to_string());
    }
    loop {
        match hear.recv_timeout(limit) {
            Ok(None) => {}
            Ok(Some(tried)) => return tried,
            Err(RecvTimeoutError::Timeout) => return Tried::Stuck,
            Err(RecvTimeoutError::Disconnected) => return Tried::Corrupt("its thread ended".to_owned()),
        }
    }
}

fn attempt(folder: &Path, mut tick: impl FnMut()) -> Tried {
    let opened = Cache::open(folder).and_then(|cache| {
        let schema = cache.schema()?;
        let stamp = cache.stamp()?;
        Ok((cache, schema, stamp))
    });
    match opened {
        Ok((_, Some(schema), _)) if schema > SCHEMA => Tried::Newer(schema),
        Ok((cache, _, stamp)) => {
            let rest = cache.rest(&mut tick);
            Tried::Open(Box::new(cache), rest, stamp)
        }
        Err(sled::Error::Io(e)) if e.to_string().contains("could not acquire lock") => Tried::Held,
        Err(sled::Error::Io(e)) if disk::is_full(&e) || e.to_string().contains("os error 28") => Tried::Full(e.to_string()),
        Err(sled::Error::Io(e))
            if matches!(e.kind(), std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem) =>
        {
            Tried::Full(e.to_string())
        }
        Err(e) => Tried::Corrupt(e.to_string()),
    }
}

fn hindered(why: &str) -> Text {
    Text::title(&format!(
        "The feed's cache cannot be used now ({why}); your work is safe in the journal, and the feed is fetched from the platforms again"
    ))
}

/// The highest generation there is; 0 when there is none.
pub fn latest(dir: &Path) -> u64 {
    // A folder that cannot be listed cannot be written to either, which the first write says.
    super::checkpoint::numbers(dir, "sled-", "").unwrap_or_default().last().copied().unwrap_or(0)
}

/// Removes half-written snapshots: sled takes them for good ones.
fn sweep(folder: &Path) -> std::io::Result<()> {
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

fn move_snapshots(dir: &Path, folder: &Path) -> std::io::Result<()> {
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

/// Renames the folder of `generation` and makes the next one.
fn set_folder_aside(dir: &Path, generation: u64, why: &str, feed: &mut Feed) -> Result<()> {
    let folder: PathBuf = dir.join(format!("sled-{generation}"));
    let aside = disk::free_name(dir, &format!("sled-{generation}.broken"), "");
    let next = dir.join(format!("sled-{}", generation + 1));
    fs::rename(&folder, &aside)
        .and_then(|()| disk::private_dir(&next))
        .map_err(|e| disk::failed("Cannot set aside", &folder, &e))?;
    feed.lost = true;
    feed.said.push(Text::title(&format!(
        "The feed's cache was made again from the journal ({why}); the old one is {}, which may be deleted",
        aside.file_name().unwrap_or_default().to_string_lossy()
    )));
    Ok(())
}

fn stuck(dir: &Path, generation: u64) -> Failure {
    let marker = dir.join(format!("sled-{generation}.stuck"));
    let failure =
        Failure::new(Class::Store, STUCK).why("sled did not return in time; your work is in the journal, which is intact");
    match fs::write(&marker, b"sled did not open in time; the next start sets its folder aside\n") {
        Ok(()) => failure.hint("Start Juggler again: the cache is set aside and made again from the journal."),
        Err(_) => failure.hint(format!("Rename {} and start Juggler again.", dir.join(format!("sled-{generation}")).display())),
    }
}

/// Opens an existing cache to read it, guarded; gives also the number of rows that cannot be read.
pub fn look(folder: &Path) -> std::result::Result<(Cache, u64), String> {
    sweep(folder).map_err(|e| e.to_string())?;
    match guarded(folder, None) {
        Tried::Open(cache, rest, _) => Ok((*cache, rest.unreadable + u64::from(rest.damaged))),
        Tried::Newer(schema) => Err(format!("it is of version {schema}, this one knows {SCHEMA}")),
        Tried::Stuck => Err("it did not open in time".to_owned()),
        Tried::Held => Err("another process has it open".to_owned()),
        Tried::Full(error) | Tried::Corrupt(error) => Err(error),
    }
}

/// Makes the cache again in a folder of the next generation, taking along the feed's rows that can be read; the old folder goes when the
/// new one is whole.
pub fn renew(dir: &Path, book: &Book, stamp: Stamp, ballast: &mut Ballast) -> Result<Feed> {
    let old = latest(dir);
    let mut feed = open(dir, None, book, stamp, true, ballast)?;
    if old == 0 || feed.lost {
        // It was made just now.
        return Ok(feed);
    }
    let Some(cache) = feed.cache.take() else { return Ok(feed) };
    drop(cache);
    let generation = latest(dir);
    let next = dir.join(format!("sled-{}", generation + 1));
    disk::private_dir(&next).map_err(|e| disk::failed("Cannot make", &next, &e))?;
    let rows =
        Rest { jobs: std::mem::take(&mut feed.rest.jobs), cursors: std::mem::take(&mut feed.rest.cursors), ..Rest::default() };
    let made = open(dir, None, book, stamp, true, ballast)?;
    feed.said.extend(made.said);
    let Some(mut cache) = made.cache else { return Ok(feed) };
    cache.put_jobs(&rows.jobs.iter().map(|j| (j.key.clone(), Some(j.clone()))).collect());
    rows.cursors.iter().for_each(|(name, cursor)| cache.put_cursor(name, cursor));
    cache.flush();
    if cache.is_stale() {
        feed.said.push(hindered("it could not be written"));
    } else {
        let gone = dir.join(format!("sled-{generation}"));
        fs::remove_dir_all(&gone).map_err(|e| disk::failed("Cannot remove", &gone, &e))?;
    }
    feed.rest = rows;
    feed.cache = Some(cache);
    Ok(feed)
}
