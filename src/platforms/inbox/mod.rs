//! The inbox adapter: a file of JSON Lines, or a folder of such files, that any script may write to. The format is described in
//! `assets/inbox.md`.
//!
//! A `.jsonl` file is a log: it is read on from where it was left, what stands in it was listed, and a job leaves by a line that says
//! so (`gone`, `status`) or by its own `expires_at`. A file that was rotated, cut or written anew is read from its beginning, and lines
//! that say nothing new are passed over. A file that begins with `{"whole": true}`, and a `.json` document, are whole lists: what they
//! do not hold any more is gone.

mod batch;
pub mod generate;
mod job;
mod known;
mod line;
mod mark;
mod piece;
mod read;
mod scan;
mod value;
mod watch;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use futures_util::future::BoxFuture;

use self::batch::Batch;
use self::known::Known;
use self::mark::Mark;
use self::piece::There;
use super::{Abilities, Answer, Cursor, Fetched, Grant, Listed, Meta, Outcome, Page, Platform, Receipt};
use crate::domain::{Assignment, AssignmentId, Job, JobKey, Payment, SourceName, Submission, Text, Time};
use crate::error::{Class, Failure};

/// Seconds between looks where nothing else is said; changes are noticed at once on Linux.
pub const POLL_EVERY: u64 = 60;

/// An inbox.
pub struct Inbox {
    inner: Arc<Inner>,
    host: String,
}

struct Inner {
    source: SourceName,
    path: PathBuf,
    known: Mutex<Known>,
}

impl Inbox {
    /// The inbox at `path`, which need not be there yet.
    pub fn new(source: SourceName, path: &Path) -> Inbox {
        let host = path.display().to_string();
        Inbox { inner: Arc::new(Inner { source, path: path.to_owned(), known: Mutex::default() }), host }
    }
}

impl Inner {
    fn page(&self, cursor: &Cursor, now: Time) -> Outcome<Page<Job>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if cursor.is_null() {
            known.forget();
        }
        let outcome = self.read(cursor, &mut known, now);
        outcome.unwrap_or_else(|error| {
            // What was read and not handed over must be read again.
            known.forget();
            Outcome::Unreachable(
                Failure::new(Class::Platform, format!("the inbox {} cannot be read", self.source))
                    .why(format!("{}: {error}", self.path.display()))
                    .hint("check the path in the config, and the file's owner and mode"),
            )
        })
    }

    fn read(&self, cursor: &Cursor, known: &mut Known, now: Time) -> std::io::Result<Outcome<Page<Job>>> {
        let mut mark = Mark::read(cursor);
        let (pieces, single) = match piece::look(&self.path)? {
            There::File(piece) => (vec![piece], true),
            There::Folder(pieces) => (pieces, false),
            There::Nothing if mark.files.is_empty() => return Ok(Outcome::Done(self.nothing_yet())),
            // Between two files of one name, or put away for good: what was listed stays.
            There::Nothing => return Ok(Outcome::Same),
        };
        if !pieces.iter().any(|piece| mark.wants(piece, now)) {
            return Ok(if cursor.is_null() { Outcome::Done(empty(&mark)) } else { Outcome::Same });
        }
        let mut batch = Batch::new(&self.source, now, known);
        let (mut snapshot, mut more) = (false, false);
        for piece in &pieces {
            if !mark.wants(piece, now) {
                continue;
            }
            if batch.is_full() {
                more = true;
                break;
            }
            let place = match read::read(piece, mark.files.get(&piece.name), &mut batch) {
                Ok(place) => place,
                // It went while we came.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) if single => return Err(error),
                Err(error) => {
                    let mut place = mark::Place { stamp: piece.stamp, done: true, ..Default::default() };
                    batch.wrong(&format!("{}: {error}", piece.shown()), "", &mut place);
                    place
                }
            };
            more |= !place.done;
            if single && place.whole && place.done {
                snapshot = !place.odd && !place.rest;
                batch.whole_read();
            }
            mark.files.insert(piece.name.clone(), place);
        }
        if !more {
            mark.tidy(&pieces, now);
        }
        let Batch { items, same, gone, unmapped, odd, .. } = batch;
        let next = serde_json::to_value(&mark).unwrap_or(Cursor::Null);
        Ok(Outcome::Done(Page { items, unmapped, odd, same, gone, next, more, snapshot }))
    }

    fn nothing_yet(&self) -> Page<Job> {
        let sentence = format!("nothing is at {} yet; it is read as soon as a script writes it", self.path.display());
        Page { unmapped: vec![Text::title(&sentence)], ..empty(&Mark::default()) }
    }
}

fn empty(mark: &Mark) -> Page<Job> {
    let next = serde_json::to_value(mark).unwrap_or(Cursor::Null);
    let (items, unmapped, odd, same, gone) = Default::default();
    Page { items, unmapped, odd, same, gone, next, more: false, snapshot: false }
}

fn unsupported<'a, T: Send + 'a>() -> BoxFuture<'a, Answer<T>> {
    Box::pin(async { Answer { outcome: Outcome::Unsupported, meta: Meta::default() } })
}

impl Platform for Inbox {
    fn source(&self) -> &SourceName {
        &self.inner.source
    }

    fn abilities(&self) -> Abilities {
        Abilities { stream: cfg!(target_os = "linux"), ..Abilities::default() }
    }

    fn host(&self) -> &str {
        &self.host
    }

    fn jobs<'a>(&'a self, cursor: &'a Cursor, now: Time) -> BoxFuture<'a, Answer<Page<Job>>> {
        Box::pin(async move {
            let (inner, cursor) = (self.inner.clone(), cursor.clone());
            let began = Instant::now();
            // Files are read where waiting for a disk holds nobody up.
            let outcome = tokio::task::spawn_blocking(move || inner.page(&cursor, now)).await.unwrap_or_else(|why| {
                Outcome::Broken(Failure::new(Class::Internal, "reading the inbox broke off inside juggler").why(why))
            });
            Answer { outcome, meta: Meta { latency: began.elapsed(), ..Meta::default() } }
        })
    }

    fn job<'a>(&'a self, _: &'a JobKey, _: Time) -> BoxFuture<'a, Answer<Job>> {
        unsupported()
    }

    fn claim<'a>(&'a self, _: &'a Job, _: Time) -> BoxFuture<'a, Answer<Grant>> {
        unsupported()
    }

    fn release<'a>(&'a self, _: &'a Assignment, _: Time) -> BoxFuture<'a, Answer<()>> {
        unsupported()
    }

    fn submit<'a>(&'a self, _: &'a Assignment, _: &'a Submission, _: Time) -> BoxFuture<'a, Answer<Receipt>> {
        unsupported()
    }

    fn assignments<'a>(&'a self, _: &'a Cursor, _: Time) -> BoxFuture<'a, Answer<Page<Listed>>> {
        unsupported()
    }

    fn assignment<'a>(&'a self, _: &'a AssignmentId, _: Time) -> BoxFuture<'a, Answer<Listed>> {
        unsupported()
    }

    fn payments<'a>(&'a self, _: &'a Cursor, _: Time) -> BoxFuture<'a, Answer<Page<Payment>>> {
        unsupported()
    }

    fn attachment<'a>(&'a self, _: &'a Text, _: Time) -> BoxFuture<'a, Answer<Fetched>> {
        unsupported()
    }

    fn watch<'a>(&'a self, poke: &'a (dyn Fn() + Send + Sync)) -> BoxFuture<'a, Answer<()>> {
        Box::pin(async move {
            let outcome = match watch::watch(&self.inner.path, poke).await {
                Ok(()) => Outcome::Done(()),
                Err(error) => Outcome::Unreachable(
                    Failure::new(Class::Platform, format!("changes of the inbox {} are not noticed at once", self.inner.source))
                        .why(error)
                        .hint("it is looked at from time to time instead"),
                ),
            };
            Answer { outcome, meta: Meta::default() }
        })
    }
}
