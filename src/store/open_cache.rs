//! Opens sled in spite of what is known to go wrong with it: half-written snapshots, an open that panics or never returns, damaged
//! pages, a database that comes back empty, a full disk. Whatever happens, the journal is intact and the cache is made again from it.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use super::aside::{move_snapshots, set_folder_aside, stuck, sweep, take_over};
use super::ballast::Ballast;
use super::cache::{Cache, SCHEMA, folder_bytes};
use super::disk;
use super::generations;
use super::journal::Stamp;
use super::migrate;
use super::quiet;
use super::rows::{Change, job_in};
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

/// How the cache is opened.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The store's folder.
    pub dir: PathBuf,
    /// Longest silence.
    pub limit: Option<Duration>,
    /// Where the journal is.
    pub stamp: Stamp,
    /// Every row is read, to see whether it can be; else what counts them.
    pub check: bool,
}

impl Opening {
    /// For the command line.
    pub fn offline(dir: &Path, stamp: Stamp, check: bool) -> Opening {
        Opening { dir: dir.to_owned(), limit: None, stamp, check }
    }
}

/// What the feed's part held.
#[derive(Default)]
pub struct Rest {
    /// Cursors by `source/list`.
    pub cursors: Cursors,
    /// Rows that could not be read.
    pub unreadable: u64,
    /// A page of the database is damaged.
    pub damaged: bool,
}

/// Where lists were read up to.
pub type Cursors = BTreeMap<String, serde_json::Value>;

/// What opening gave.
#[derive(Default)]
pub struct Feed {
    /// The cache; `None` when there can be none for now.
    pub cache: Option<Cache>,
    /// The feed as it was.
    pub rest: Rest,
    /// What was done about trouble.
    pub said: Vec<Text>,
    /// The feed's rows may be gone.
    pub lost: bool,
    /// Which journal its folds are made from.
    there: Option<Stamp>,
}

/// Opens the cache under `dir`; its folds are as they were: see [`Feed::settle`].
///
/// # Errors
/// When an open was abandoned ([`is_stuck`]), when another process holds the database, when it is of a newer version.
pub fn open(opening: &Opening, ballast: &mut Ballast) -> Result<Feed> {
    let (dir, stamp) = (opening.dir.as_path(), opening.stamp);
    migrate::refuse_newer(dir)?;
    let mut feed = Feed::default();
    let (mut snapshots_moved, mut freed, mut patience) = (false, false, 4);
    let mut check = opening.check;
    if let Err(e) = generations::sweep(dir) {
        feed.said.push(hindered(&e.to_string()));
        return Ok(feed);
    }
    for _ in 0..10 {
        let generation = generations::latest(dir);
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
        let damaged = folder.with_extension("damaged");
        if damaged.exists() {
            check = true;
        }
        if let Err(e) = disk::private_dir(&folder) {
            feed.said.push(hindered(&e.to_string()));
            return Ok(feed);
        }
        let error = match guarded(&folder, &Opening { check, ..opening.clone() }) {
            Tried::Open(cache, rest, there) => {
                let why = if rest.damaged {
                    feed.said.push(Text::title("Pages of the feed's cache are damaged; what can be read is kept"));
                    Some("pages of it are damaged")
                } else if there.is_some_and(|there| there.money > stamp.money || there.work > stamp.work) {
                    Some("it knows of records that the journal does not have")
                } else {
                    None
                };
                let Some(why) = why else {
                    let _ = fs::remove_file(&damaged);
                    (feed.cache, feed.rest, feed.there) = (Some(*cache), rest, there);
                    return Ok(feed);
                };
                let broken = cache.generation();
                if let Err(error) = take_over(dir, &cache) {
                    tracing::warn!(error, "nothing can be kept of the cache that is set aside");
                }
                drop(cache);
                set_folder_aside(dir, broken, why, &mut feed)?;
                let _ = fs::remove_file(&damaged);
                check = opening.check;
                continue;
            }
            Tried::Newer(schema) => return Err(migrate::newer(schema)),
            Tried::Stuck => return Err(stuck(dir, generations::latest(dir))),
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
        set_folder_aside(dir, generations::latest(dir), &error, &mut feed)?;
    }
    feed.said.push(hindered("no attempt succeeded"));
    Ok(feed)
}

impl Feed {
    /// Makes the folds those of `book`. `force`: do not trust the stamp.
    pub fn settle(&mut self, book: &Book, stamp: Stamp, force: bool) {
        let Some(mut cache) = self.cache.take() else { return };
        if self.rest.unreadable > 0 {
            self.said.push(Text::title(&format!(
                "{} rows of the feed could not be read; the platforms list them again",
                self.rest.unreadable
            )));
        }
        let synced = catch_unwind(AssertUnwindSafe(|| {
            if force || self.there != Some(stamp) { cache.sync_folds(book, stamp) } else { Ok(()) }
        }));
        match synced {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return self.said.push(hindered(&error)),
            Err(_) => return self.said.push(hindered("sled panicked")),
        }
        if cache.is_dirty() {
            cache.flush();
        }
        self.cache = Some(cache);
    }
}

/// Puts rows and cursors into a cache.
pub fn put_all(cache: &mut Cache, jobs: &[Job], cursors: &Cursors) {
    for part in jobs.chunks(512) {
        cache.write(part.iter().map(|j| (j.key.clone(), Change::Put { job: Box::new(j.clone()), keep: false })).collect());
    }
    cursors.iter().for_each(|(name, cursor)| cache.put_cursor(name, cursor));
}

/// How an attempt ended.
pub enum Tried {
    Open(Box<Cache>, Rest, Option<Stamp>),
    Newer(u32),
    Stuck,
    Held,
    Full(String),
    Corrupt(String),
}

/// Opens and reads on a thread of its own, with a limit that each sign of life renews.
pub fn guarded(folder: &Path, opening: &Opening) -> Tried {
    let opening = opening.clone();
    let limit = opening.limit.unwrap_or_else(|| Duration::from_secs(10 + folder_bytes(folder) / 100_000_000));
    let (tell, hear) = channel();
    let inside = folder.to_owned();
    let started = std::thread::Builder::new().name(OPENING.to_owned()).spawn(move || {
        let tried = catch_unwind(AssertUnwindSafe(|| attempt(&inside, &opening, || drop(tell.send(None)))));
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

fn attempt(folder: &Path, opening: &Opening, mut tick: impl FnMut()) -> Tried {
    quiet::be_late();
    let opened = Cache::open(folder).and_then(|cache| {
        let schema = cache.schema()?;
        let stamp = cache.stamp()?;
        Ok((cache, schema, stamp))
    });
    match opened {
        Ok((_, Some(schema), _)) if schema > SCHEMA => Tried::Newer(schema),
        Ok((mut cache, _, stamp)) => match read(&mut cache, opening, &mut tick) {
            Ok(rest) => Tried::Open(Box::new(cache), rest, stamp),
            Err(error) => Tried::Full(error),
        },
        Err(sled::Error::Io(e)) if e.to_string().contains("could not acquire lock") => Tried::Held,
        Err(sled::Error::Io(e)) if is_for_now(&e) => Tried::Full(e.to_string()),
        Err(e) => Tried::Corrupt(e.to_string()),
    }
}

/// Whether it is not the database that is at fault: no room, no right, no memory, too many open files. sled puts some errors into words.
fn is_for_now(error: &std::io::Error) -> bool {
    use std::io::ErrorKind as K;
    const CODES: [i32; 8] = [12, 13, 23, 24, 27, 28, 30, 122];
    let words = error.to_string();
    matches!(error.kind(), K::PermissionDenied | K::ReadOnlyFilesystem | K::OutOfMemory)
        || disk::is_full(error)
        || CODES.iter().any(|code| words.contains(&format!("(os error {code})")))
}

/// Reads what `opening` asks for.
///
/// # Errors
/// What stands in the way for now; nothing is damaged.
fn read(cache: &mut Cache, opening: &Opening, tick: &mut impl FnMut()) -> std::result::Result<Rest, String> {
    let mut rest = Rest::default();
    let read = cache.settle(&mut *tick).and_then(|lost| {
        rest.unreadable = lost;
        rest.cursors = cache.cursors()?;
        Ok(())
    });
    if let Err(sled::Error::Io(e)) = &read
        && is_for_now(e)
    {
        return Err(e.to_string());
    }
    rest.damaged = read.is_err();
    if !opening.check {
        return Ok(rest);
    }
    let (mut after, mut rows) = (None, 0);
    loop {
        tick();
        let run = cache.run(after.as_ref(), 1024);
        rest.damaged |= run.damaged;
        for (_, value) in &run.rows {
            rows += 1;
            rest.unreadable += u64::from(job_in(value).is_none());
        }
        after = run.after;
        if after.is_none() {
            break;
        }
    }
    if !rest.damaged && rows != cache.image_stamp().rows {
        // Seen by counting: no image of it can be right.
        rest.damaged = cache.recount(rows).is_err();
    }
    Ok(rest)
}

pub fn hindered(why: &str) -> Text {
    Text::title(&format!(
        "The feed's cache cannot be used now ({why}); your work is safe in the journal, and the feed is fetched from the platforms again"
    ))
}
