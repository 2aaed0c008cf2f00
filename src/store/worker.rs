//! The store's thread: takes what waits, saves it, answers readers, and does the bulk of the writing in slices between them.

use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

use super::ballast::Ballast;
use super::cache::Cache;
use super::command::Command;
use super::feed_log::FeedLog;
use super::image::ImageStamp;
use super::journal::Journal;
use super::lock::Lock;
use super::pending::Pending;
use super::quiet;
use super::roll::{Roll, Rolled};
use super::{Ack, Options, disk, drill, offline};
use crate::domain::{Book, Entry, Text};
use crate::error::{Class, Failure, Result};

/// How long things must be quiet, and how long they may be busy, before sled is flushed.
const QUIET: Duration = Duration::from_secs(2);
const BUSY: Duration = Duration::from_secs(10);
/// Commands taken in one go.
const GROUP: usize = 1024;
/// Rows written in one go: the longest that a reader waits, a few milliseconds.
const SLICE: usize = 256;
/// Rows that are held in memory when there is no cache to put them in.
const HELD: usize = 20_000;

/// A generation on its way, and who asked for it.
pub(super) type Rolling = (Roll, Option<oneshot::Sender<Result<Rolled>>>);

pub(super) struct Worker {
    pub dir: PathBuf,
    pub journal: Journal,
    /// The fold of what is committed.
    pub book: Book,
    pub cache: Option<Cache>,
    /// The cache is not open yet.
    pub opening: bool,
    /// The journal was damaged: the stamp of the cache proves nothing.
    pub force: bool,
    /// What must wait for that.
    pub waiting: Vec<Command>,
    /// What must wait until the rows put before it are written; with `true`, also those behind the fence.
    pub behind: VecDeque<(Command, bool)>,
    /// The stamp of the image there is, and what was found damaged on the way.
    pub image: Receiver<(Option<ImageStamp>, Vec<Text>)>,
    pub pending: Pending,
    /// How many wait, for whoever hands more in.
    pub backlog: Arc<AtomicUsize>,
    /// Told while the cache was not open.
    pub cursors: BTreeMap<String, serde_json::Value>,
    pub commits: Vec<(u64, Vec<Entry>)>,
    pub rolling: Option<Rolling>,
    /// How often that was begun by itself without success.
    pub rolls_tried: u32,
    /// Closes and removes the generation before.
    pub removing: Option<std::thread::JoinHandle<()>>,
    /// Writes a backup.
    pub backing_up: Option<std::thread::JoinHandle<()>>,
    /// It has read all that it reads.
    pub backup_read: Arc<AtomicBool>,
    pub ballast: Ballast,
    pub feed_log: FeedLog,
    pub acks: mpsc::UnboundedSender<Ack>,
    pub options: Options,
    /// Size of the work file from which compaction is tried again.
    pub compact_at: u64,
    pub flushed: Instant,
    pub _lock: Lock,
}

impl Worker {
    pub fn run(&mut self, inbox: &Receiver<Command>) {
        quiet::be_late();
        loop {
            let mut command = if self.is_busy() {
                match inbox.try_recv() {
                    Ok(command) => Some(command),
                    Err(TryRecvError::Empty) => None,
                    Err(TryRecvError::Disconnected) => break,
                }
            } else {
                // A handle that is dropped without a word ends the thread as well.
                let Some(command) = self.next(inbox) else { break };
                Some(command)
            };
            let (mut open, mut taken) = (true, 0);
            while let Some(next) = command.take() {
                open = self.take(next);
                taken += 1;
                if open && taken < GROUP {
                    command = inbox.try_recv().ok();
                }
            }
            self.carry_out();
            if !open {
                break;
            }
            self.write_slice();
            self.roll_on();
        }
        self.end(inbox);
    }

    fn end(&mut self, inbox: &Receiver<Command>) {
        // Nothing may run beside an open that goes on: it ends, or its limit does.
        while self.opening {
            match inbox.recv() {
                Ok(opened @ Command::Opened(_)) => drop(self.take(opened)),
                Ok(_) => {}
                Err(_) => break,
            }
        }
        self.write_all();
        self.journal.settle();
        if let Some((roll, _)) = self.rolling.take() {
            roll.abandon();
        }
        if let Some(cache) = self.cache.as_mut().filter(|c| c.is_dirty()) {
            cache.flush();
        }
        for beside in [self.backing_up.take(), self.removing.take()].into_iter().flatten() {
            let _ = beside.join();
        }
    }

    /// There is something to do that does not wait for a command.
    fn is_busy(&self) -> bool {
        self.usable() && !self.opening && (!self.pending.is_empty() || !self.behind.is_empty() || self.rolling.is_some())
    }

    fn usable(&self) -> bool {
        self.cache.as_ref().is_some_and(|cache| !cache.is_stale())
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
                match quiet::punctual(|| inbox.recv_timeout(QUIET)) {
                    Ok(command) => return Some(command),
                    Err(RecvTimeoutError::Disconnected) => return None,
                    Err(RecvTimeoutError::Timeout) => {}
                }
            }
            self.flush();
            self.consider_roll();
            if self.rolling.is_some() {
                return Some(Command::PutJobs(Vec::new()));
            }
        }
    }

    pub fn flush(&mut self) {
        if let Some(cache) = self.cache.as_mut() {
            cache.flush();
        }
        self.flushed = Instant::now();
    }

    /// Takes one command in; whether there is to be another.
    pub fn take(&mut self, command: Command) -> bool {
        drill::bug("store");
        if self.opening && command.needs_cache() {
            self.waiting.push(command);
            return true;
        }
        if command.needs_rows() {
            if !matches!(command, Command::PutCursor(..)) {
                self.carry_out();
            }
            if self.usable() && !(self.pending.is_empty() && self.behind.is_empty()) {
                self.behind.push_back((command, !self.pending.nothing_later()));
                self.pending.fence();
                return true;
            }
        }
        self.serve(command)
    }

    /// Does what one command says; whether there is to be another.
    fn serve(&mut self, command: Command) -> bool {
        match command {
            Command::Commit(batch, entries) => self.commits.push((batch, entries)),
            Command::PutJobs(jobs) => {
                let (before, handed) = (self.pending.len(), jobs.len());
                jobs.into_iter().for_each(|put| self.pending.put(put));
                // Several of the same job wait as one.
                self.backlog.fetch_sub(handed - (self.pending.len() - before), Ordering::SeqCst);
            }
            Command::DropJobs(keys) => {
                let before = self.pending.len();
                keys.into_iter().for_each(|key| self.pending.drop(key));
                self.backlog.fetch_add(self.pending.len() - before, Ordering::SeqCst);
            }
            Command::PutCursor(name, cursor) => {
                self.cursors.remove(&name);
                match self.cache.as_mut() {
                    Some(cache) => cache.put_cursor(&name, &cursor),
                    None => drop(self.cursors.insert(name, cursor)),
                }
            }
            Command::Log(lines) => self.feed_log.append(&lines()),
            Command::ReadJob(key, answer) => drop(answer.send(self.read(&key))),
            Command::ReadJobs(keys, answer) => drop(answer.send(keys.iter().map(|key| self.read(key)).collect())),
            Command::Piece(ask, answer) => {
                // Nobody waits for it any more: the stream was dropped.
                if !answer.is_closed() {
                    let _ = answer.send(self.piece(&ask));
                }
            }
            Command::ImageStamp(answer) => drop(answer.send(self.image_stamp())),
            Command::FlushFor(stamp, answer) => drop(answer.send(self.flush_for(&stamp))),
            Command::ImageDurable(stamp) => {
                if let Some(cache) = self.cache.as_mut() {
                    cache.image_is_durable(&stamp);
                }
            }
            Command::Roll(keep, answer) => self.begin_roll(keep, Some(answer)),
            Command::Opened(feed) => self.opened(*feed),
            Command::Stats(answer) => drop(answer.send(self.stats())),
            Command::Verify(answer) => {
                let examined = offline::examine(&self.options.disk, &self.dir, self.cache.as_ref(), Some(&self.book));
                // Here nobody was killed: what a start would settle should not be there either.
                let all = examined.map(|found| ([found.findings, found.settles].concat(), found.records));
                let _ = answer.send(all);
            }
            Command::Backup(to, answer) => self.back_up(to, answer),
            Command::Compact(answer) => {
                self.carry_out();
                let _ = answer.send(self.compact());
            }
            Command::Close => return false,
        }
        true
    }

    /// Everything that was asked for so far.
    fn write_all(&mut self) {
        self.carry_out();
        while self.usable() && !(self.pending.is_empty() && self.behind.is_empty()) {
            self.write_slice();
        }
        self.carry_out();
    }

    /// Serves those who waited for rows that are written now.
    fn serve_behind(&mut self) {
        while self.pending.is_drained()
            && let Some((_, later)) = self.behind.front()
        {
            if *later && !self.pending.nothing_later() {
                // These wait for what was held apart, which is next.
                self.pending.lift();
                self.behind.iter_mut().for_each(|(_, later)| *later = false);
                self.pending.fence();
            } else if let Some((command, _)) = self.behind.pop_front() {
                self.serve(command);
            }
        }
        if self.behind.is_empty() {
            self.pending.lift();
        }
    }

    /// The saves, and what goes with them.
    fn carry_out(&mut self) {
        let commits = std::mem::take(&mut self.commits);
        if !commits.is_empty() {
            self.commit(&commits);
        }
        // Not before the rows that it stands behind: after a kill in between nobody would ask for those again.
        if let Some(cache) = self.cache.as_mut().filter(|_| self.pending.is_empty()) {
            for (name, cursor) in std::mem::take(&mut self.cursors) {
                cache.put_cursor(&name, &cursor);
            }
        }
    }

    /// Writes the next rows.
    fn write_slice(&mut self) {
        if self.opening {
            return;
        }
        if !self.usable() {
            let before = self.pending.len();
            self.pending.hold(HELD);
            self.backlog.fetch_sub(before - self.pending.len(), Ordering::SeqCst);
            for (command, _) in std::mem::take(&mut self.behind) {
                self.serve(command);
            }
            return;
        }
        let Some(cache) = self.cache.as_mut() else { return };
        let changes = self.pending.slice(SLICE);
        if changes.is_empty() {
            return self.serve_behind();
        }
        self.backlog.fetch_sub(changes.len(), Ordering::SeqCst);
        let written = cache.write(changes);
        drill::point("rows.written");
        if cache.wants_image() {
            let _ = self.acks.send(Ack::ImageWanted);
        }
        if let Some((roll, _)) = self.rolling.as_mut()
            && let Err(error) = roll.written(written)
        {
            self.give_up_roll(&error);
        }
        self.serve_behind();
    }

    fn commit(&mut self, commits: &[(u64, Vec<Entry>)]) {
        drill::bug("save");
        let journal = &mut self.journal;
        let results = catch_unwind(AssertUnwindSafe(|| journal.commit(commits.iter().map(|(_, entries)| entries.as_slice()))));
        let results = results.unwrap_or_else(|_| {
            self.journal.distrust();
            let failure = Failure::new(Class::Internal, "Saving failed in an unexpected way");
            commits.iter().map(|_| Err(failure.clone().hint("Do it again; please report this."))).collect()
        });
        drill::point("save.durable");
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
        drill::point("save.applied");
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
        // After a failure not with every commit again, and neither when what is kept alone is that large.
        let again = self.journal.work_bytes();
        self.compact_at = if done.is_ok() { self.options.compact_at.max(2 * again) } else { again + self.options.compact_at };
        match &done {
            Err(failure) => tracing::warn!(%failure, "the work journal could not be compacted"),
            Ok(()) => {
                // What was kept has new numbers.
                if let Some(cache) = self.cache.as_mut() {
                    cache.apply([], &self.book, self.journal.stamp());
                }
            }
        }
        done
    }
}
