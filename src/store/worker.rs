//! The store's thread: takes what waits, writes it in one go, tells everybody.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

use super::ballast::Ballast;
use super::cache::Cache;
use super::journal::{Journal, Loaded};
use super::lock::{self, Lock};
use super::open_cache::{self, Feed};
use super::{Ack, Opened, Options, Stats, Store, backup, disk, offline};
use crate::domain::{Book, Entry, Job, JobKey, Text};
use crate::error::{Class, Failure, Result};

/// How long things must be quiet, and how long they may be busy, before sled is flushed.
const QUIET: Duration = Duration::from_secs(2);
const BUSY: Duration = Duration::from_secs(10);
/// Commands taken in one go.
const GROUP: usize = 1024;

/// What the handle asks for.
pub enum Command {
    Commit(u64, Vec<Entry>),
    PutJobs(Vec<Job>),
    DropJobs(Vec<JobKey>),
    PutCursor(String, serde_json::Value),
    Stats(oneshot::Sender<Stats>),
    Verify(oneshot::Sender<Result<(Vec<Text>, u64)>>),
    Backup(PathBuf, oneshot::Sender<Result<()>>),
    Compact(oneshot::Sender<Result<()>>),
    Close,
}

struct Worker {
    dir: PathBuf,
    journal: Journal,
    /// The fold of what is committed.
    book: Book,
    cache: Option<Cache>,
    ballast: Ballast,
    acks: mpsc::UnboundedSender<Ack>,
    options: Options,
    /// Size of the work file from which compaction is tried again.
    compact_at: u64,
    flushed: Instant,
    _lock: Lock,
}

/// Opens the store and starts its thread.
pub fn open(dir: &Path, acks: mpsc::UnboundedSender<Ack>, options: Options) -> Result<Opened> {
    let lock = lock::take(dir)?;
    let mut ballast = Ballast::new(dir, options.ballast);
    let folder = dir.join("journal");
    let mut loaded = Journal::open(options.disk.clone(), &folder)?;
    if loaded.hindered.is_some() && ballast.free() {
        loaded = Journal::open(options.disk.clone(), &folder)?;
    }
    let Loaded { mut journal, mut book, mut mended, hindered, .. } = loaded;
    let damaged = !mended.is_empty();
    match hindered {
        Some(failure) => {
            mended.push(Text::title(&format!("Nothing can be saved now. {failure}. {}", failure.hint)));
        }
        None if journal.work_bytes() > options.compact_at => {
            if let Err(failure) = journal.compact(&mut book) {
                mended.push(Text::title(&format!("The work journal could not be compacted. {failure}. {}", failure.hint)));
            }
        }
        None => {}
    }
    let feed = if options.cache {
        open_cache::open(dir, options.cache_limit, &book, journal.stamp(), damaged, &mut ballast)?
    } else {
        Feed { cache: None, rest: Default::default(), said: Vec::new(), lost: false }
    };
    mended.extend(feed.said);
    ballast.keep();
    let (commands, inbox) = channel();
    let mut worker = Worker {
        dir: dir.to_owned(),
        journal,
        book: book.clone(),
        cache: feed.cache,
        ballast,
        acks: acks.clone(),
        compact_at: options.compact_at,
        options,
        flushed: Instant::now(),
        _lock: lock,
    };
    let thread = std::thread::Builder::new()
        .name("juggler-store".into())
        .spawn(move || worker.run(&inbox))
        .map_err(|e| Failure::new(Class::Internal, "Cannot start the store's thread").why(e))?;
    let store = Store { commands, acks, thread: Some(thread) };
    Ok(Opened { store, book, jobs: feed.rest.jobs, cursors: feed.rest.cursors, mended })
}

/// What was taken in one go and not carried out yet.
#[derive(Default)]
struct Group {
    commits: Vec<(u64, Vec<Entry>)>,
    jobs: BTreeMap<JobKey, Option<Job>>,
    cursors: BTreeMap<String, serde_json::Value>,
}

impl Worker {
    fn run(&mut self, inbox: &Receiver<Command>) {
        // A handle that is dropped without a word ends the thread as well.
        while let Some(first) = self.next(inbox) {
            let mut group = Group::default();
            let mut open = true;
            let mut command = Some(first);
            for _ in 0..GROUP {
                let Some(taken) = command.take() else { break };
                open = self.take(taken, &mut group);
                if !open {
                    break;
                }
                command = inbox.try_recv().ok();
            }
            // One more than fits was taken: it must not be lost.
            if let Some(left) = command {
                open = self.take(left, &mut group);
            }
            self.carry_out(group);
            if !open {
                break;
            }
        }
        self.journal.settle();
        if let Some(cache) = self.cache.as_mut().filter(|c| c.is_dirty()) {
            cache.flush();
        }
    }

    /// Waits for a command; flushes sled when things are quiet. Without anything to flush this sleeps until something comes.
    fn next(&mut self, inbox: &Receiver<Command>) -> Option<Command> {
        loop {
            let dirty = self.cache.as_ref().is_some_and(Cache::is_dirty);
            if !dirty {
                self.flushed = Instant::now();
                return inbox.recv().ok();
            }
            if self.flushed.elapsed() < BUSY {
                match inbox.recv_timeout(QUIET) {
                    Ok(command) => return Some(command),
                    Err(RecvTimeoutError::Disconnected) => return None,
                    Err(RecvTimeoutError::Timeout) => {}
                }
            }
            if let Some(cache) = self.cache.as_mut() {
                cache.flush();
            }
            self.flushed = Instant::now();
        }
    }

    /// Takes one command in; whether there is to be another.
    fn take(&mut self, command: Command, group: &mut Group) -> bool {
        match command {
            Command::Commit(batch, entries) => group.commits.push((batch, entries)),
            Command::PutJobs(jobs) => group.jobs.extend(jobs.into_iter().map(|j| (j.key.clone(), Some(j)))),
            Command::DropJobs(keys) => group.jobs.extend(keys.into_iter().map(|k| (k, None))),
            Command::PutCursor(name, cursor) => drop(group.cursors.insert(name, cursor)),
            Command::Stats(answer) => {
                self.carry_out(std::mem::take(group));
                let _ = answer.send(self.stats());
            }
            Command::Verify(answer) => {
                self.carry_out(std::mem::take(group));
                let _ = answer.send(offline::examine(&self.options.disk, &self.dir, self.cache.as_ref(), Some(&self.book)));
            }
            Command::Backup(to, answer) => {
                self.carry_out(std::mem::take(group));
                let _ = answer.send(backup::write(self.options.disk.as_ref(), &self.dir, self.cache.as_ref(), &to).map(drop));
            }
            Command::Compact(answer) => {
                self.carry_out(std::mem::take(group));
                let _ = answer.send(self.compact());
            }
            Command::Close => return false,
        }
        true
    }

    fn carry_out(&mut self, group: Group) {
        if !group.commits.is_empty() {
            self.commit(&group.commits);
        }
        let Some(cache) = self.cache.as_mut() else { return };
        if !group.jobs.is_empty() {
            cache.put_jobs(&group.jobs);
        }
        for (name, cursor) in &group.cursors {
            cache.put_cursor(name, cursor);
        }
    }

    fn commit(&mut self, commits: &[(u64, Vec<Entry>)]) {
        let journal = &mut self.journal;
        let results = catch_unwind(AssertUnwindSafe(|| journal.commit(commits.iter().map(|(_, entries)| entries.as_slice()))));
        let results = results.unwrap_or_else(|_| {
            self.journal.distrust();
            let failure = Failure::new(Class::Internal, "Saving failed in an unexpected way");
            commits.iter().map(|_| Err(failure.clone().hint("Do it again; please report this."))).collect()
        });
        let mut done = Vec::new();
        for ((_, entries), result) in commits.iter().zip(&results) {
            if result.is_ok() {
                entries.iter().for_each(|entry| self.book.apply(entry));
                done.extend(entries);
            }
        }
        if let Some(cache) = self.cache.as_mut().filter(|_| !done.is_empty()) {
            cache.apply(done.iter().copied(), &self.book, self.journal.stamp());
        }
        for ((batch, _), result) in commits.iter().zip(results) {
            let batch = *batch;
            let ack = match result {
                Ok(()) => Ack::Committed { batch },
                Err(failure) => Ack::Failed { batch, failure: self.after_failure(failure) },
            };
            let _ = self.acks.send(ack);
        }
        if !done.is_empty() {
            self.ballast.keep();
            if self.journal.work_bytes() > self.compact_at {
                let _ = self.compact();
            }
        }
    }

    /// On a full disk the ballast is given back, so that the next try has room.
    fn after_failure(&mut self, failure: Failure) -> Failure {
        if failure.class == Class::Store && failure.hint == disk::FULL && self.ballast.free() {
            tracing::warn!("the disk is full; the ballast was given back");
        }
        failure
    }

    fn compact(&mut self) -> Result<()> {
        let done = self.journal.compact(&mut self.book);
        // After a failure not with every commit again.
        self.compact_at =
            if done.is_ok() { self.options.compact_at } else { self.journal.work_bytes() + self.options.compact_at };
        if let Err(failure) = &done {
            tracing::warn!(%failure, "the work journal could not be compacted");
        }
        done
    }

    fn stats(&self) -> Stats {
        let stamp = self.journal.stamp();
        Stats {
            jobs: self.cache.as_ref().map_or(0, Cache::count),
            money_seq: stamp.money,
            work_seq: stamp.work,
            bytes: self.journal.bytes() + self.cache.as_ref().map_or(0, Cache::bytes),
        }
    }
}
