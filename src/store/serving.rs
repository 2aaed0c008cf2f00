//! What the store's thread does with the cache besides writing rows: opening, reading, images, generations, figures.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::oneshot;

use super::backup;
use super::cache::{Cache, folder_bytes};
use super::drill;
use super::generations;
use super::image::{self, ImageStamp};
use super::open_cache::Feed;
use super::pending::Seen;
use super::retention::{Sizes, roll_wanted};
use super::roll::{Keep, Roll};
use super::rows::job_in;
use super::stream::{Ask, PICKED, PIECE, Piece, Place, Which, part};
use super::worker::Worker;
use super::{Ack, Ready, Stats};
use crate::domain::{Job, JobKey, Text};
use crate::error::{Class, Failure, Result};

impl Worker {
    /// The cache is open, or will not be: whoever waited is served.
    pub fn opened(&mut self, feed: Result<Feed>) {
        self.opening = false;
        let ready = feed.map(|mut feed| {
            feed.settle(&self.book, self.journal.stamp(), self.force);
            let (image, mut mended) = self.image.recv().unwrap_or_default();
            mended.splice(0..0, std::mem::take(&mut feed.said));
            let mut changed = None;
            if let (Some(cache), Some(stamp)) = (feed.cache.as_mut(), image) {
                let since = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| cache.changed_since(&stamp)));
                changed = since.ok().and_then(|read| read.ok()).flatten();
                if changed.is_none() {
                    mended.push(Text::title(
                        "The image of the feed does not belong to its rows; the list is put together from the rows instead",
                    ));
                }
            }
            self.cache = feed.cache;
            drill::point("open.opened");
            Ready {
                usable: self.cache.is_some(),
                rows: self.cache.as_ref().map_or(0, Cache::count),
                generation: self.cache.as_ref().map_or(0, Cache::generation),
                cursors: feed.rest.cursors,
                changed,
                lost: feed.lost,
                mended,
            }
        });
        self.ballast.keep();
        // Whoever opened the store may have gone.
        let _ = self.acks.send(Ack::Opened(Box::new(ready)));
        for command in std::mem::take(&mut self.waiting) {
            self.take(command);
        }
    }

    /// A job, whether it is written already or not.
    pub fn read(&self, key: &JobKey) -> Option<Job> {
        let stored = || self.cache.as_ref()?.row(key.as_str().as_bytes()).and_then(|row| job_in(&row));
        match self.pending.see(key) {
            Some(Seen::Job(job)) => Some(*job),
            Some(Seen::Gone) => None,
            Some(Seen::Listing(mut job)) => {
                if let Some(there) = stored() {
                    job.keep_details(&there);
                }
                Some(*job)
            }
            None => stored(),
        }
    }

    /// The next piece of a stream.
    pub fn piece(&self, ask: &Ask) -> Piece {
        let Some(cache) = self.cache.as_ref() else { return Piece::default() };
        let needle = ask.needle.as_ref();
        let mut piece = Piece { total: cache.count(), ..Piece::default() };
        match &ask.which {
            Which::Keys(keys) => {
                piece.total = keys.len() as u64;
                let from = if let Place::Nth(n) = ask.place { n.min(keys.len()) } else { 0 };
                let to = (from + PICKED).min(keys.len());
                for key in &keys[from..to] {
                    let key = sled::IVec::from(key.as_str().as_bytes());
                    piece.rows.extend(cache.row(&key).and_then(|value| part(key, value, needle)));
                }
                piece.looked = (to - from) as u64;
                piece.next = (to < keys.len()).then_some(Place::Nth(to));
            }
            Which::All => {
                let after = if let Place::Behind(key) = &ask.place { Some(key) } else { None };
                let run = cache.run(after, PIECE);
                piece.looked = run.rows.len() as u64;
                piece.rows.extend(run.rows.into_iter().filter_map(|(key, value)| part(key, value, needle)));
                piece.next = run.after.map(Place::Behind);
            }
        }
        piece
    }

    /// What an image that is made from here on shows; `None` when there is nothing to compare it with later.
    pub fn image_stamp(&mut self) -> Option<ImageStamp> {
        let cache = self.cache.as_mut().filter(|cache| !cache.is_stale())?;
        cache.log_changes();
        Some(cache.image_stamp())
    }

    /// Makes the rows durable that an image with `stamp` shows; whether it may take its place.
    pub fn flush_for(&mut self, stamp: &ImageStamp) -> bool {
        self.flush();
        self.cache.as_ref().is_some_and(|cache| !cache.is_stale() && cache.lineage == stamp.lineage && cache.logs_since(stamp))
    }

    /// Begins to write the cache anew, unless that is done already.
    pub fn begin_roll(&mut self, keep: Keep, answer: Option<oneshot::Sender<Result<super::Rolled>>>) {
        let refused = |answer: Option<oneshot::Sender<_>>, failure: Failure| {
            tracing::warn!(%failure, "the cache is not written anew");
            if let Some(answer) = answer {
                let _ = answer.send(Err(failure));
            }
        };
        if self.rolling.is_some() {
            let busy = Failure::new(Class::Busy, "The feed's cache is being written anew already");
            return refused(answer, busy.hint("Wait until that is done."));
        }
        if self.is_backing_up() {
            let busy = Failure::new(Class::Busy, "The feed's cache is being read for a backup");
            return refused(answer, busy.hint("Wait until that is done."));
        }
        if self.cache.as_ref().is_none_or(Cache::is_stale) {
            let none = Failure::new(Class::Store, "There is no feed's cache to be written anew");
            return refused(answer, none.hint("Start Juggler again: it is mended at the start."));
        }
        match Roll::begin(self.options.disk.clone(), &self.dir, keep) {
            Ok(roll) => self.rolling = Some((roll, answer)),
            Err(failure) => refused(answer, failure),
        }
    }

    /// Writes a backup on a thread of its own: nobody's save waits for its rows.
    pub fn back_up(&mut self, to: PathBuf, answer: oneshot::Sender<Result<()>>) {
        if self.is_backing_up() {
            let busy = Failure::new(Class::Busy, "A backup is being written already");
            return drop(answer.send(Err(busy.hint("Wait until that is done."))));
        }
        let (disk, dir) = (self.options.disk.clone(), self.dir.clone());
        // The journal is read here, between two saves: its files may be begun anew while the rest is written.
        match backup::source(disk.as_ref(), &dir, self.cache.as_ref()) {
            Err(failure) => drop(answer.send(Err(failure))),
            Ok(source) => {
                let read = Arc::new(AtomicBool::new(false));
                self.backup_read = read.clone();
                let work = move || {
                    let written = backup::write(disk.as_ref(), &dir, &source, &to).map(drop);
                    // Before the answer: whoever has it may ask for the next one at once.
                    drop(source);
                    read.store(true, Ordering::SeqCst);
                    let _ = answer.send(written);
                };
                // Without a thread the answer goes with it, and whoever waits hears that.
                self.backing_up = std::thread::Builder::new().name("juggler-backup".into()).spawn(work).ok();
            }
        }
    }

    fn is_backing_up(&self) -> bool {
        self.backing_up.as_ref().is_some_and(|thread| !thread.is_finished()) && !self.backup_read.load(Ordering::SeqCst)
    }

    /// Begins by itself when too much of sled's space is dead.
    pub fn consider_roll(&mut self) {
        let Some(cache) = self.cache.as_ref().filter(|cache| self.rolling.is_none() && !cache.is_stale()) else { return };
        if roll_wanted(&self.sizes(cache)).is_some_and(|_| self.rolls_tried < 3) && !self.is_backing_up() {
            self.rolls_tried += 1;
            self.begin_roll(Keep::All, None);
        }
    }

    fn sizes(&self, cache: &Cache) -> Sizes {
        let (rows, dead) = (cache.counts.rows, cache.counts.dead);
        Sizes { rows, dead, bytes: cache.bytes(), born: cache.born(), cap: self.options.cap }
    }

    /// The next step of it.
    pub fn roll_on(&mut self) {
        let (Some(cache), Some((roll, _))) = (self.cache.as_mut(), self.rolling.as_mut()) else { return };
        match roll.step(cache) {
            Ok(true) => {}
            Ok(false) => self.finish_roll(),
            Err(error) => self.give_up_roll(&error),
        }
    }

    pub fn give_up_roll(&mut self, error: &str) {
        let Some((roll, answer)) = self.rolling.take() else { return };
        tracing::warn!(error, "the cache could not be written anew; the old one stays");
        roll.abandon();
        if let Some(answer) = answer {
            let failure = Failure::new(Class::Store, "The feed's cache could not be written anew").why(error);
            let _ = answer.send(Err(failure.hint("Nothing is lost: the old one stays in use.")));
        }
    }

    fn finish_roll(&mut self) {
        let (Some(cache), Some((roll, answer))) = (self.cache.as_mut(), self.rolling.take()) else { return };
        let (generation, logged) = (cache.generation(), cache.log.from.is_some());
        let done = roll.finish(cache, &self.book, self.journal.stamp()).map(|(rolled, before)| {
            if logged && cache.log.from.is_none() {
                // Too much changed for the images there are.
                let _ = self.acks.send(Ack::ImageWanted);
            }
            let dir = self.dir.clone();
            // Closing and removing it may take a while, and nobody waits for that.
            let gone = std::thread::Builder::new().name("juggler-sled-old".into()).spawn(move || {
                drop(before);
                generations::remove(&dir, generation);
            });
            self.removing = gone.ok();
            self.rolls_tried = 0;
            let _ = self.acks.send(Ack::Rolled(rolled));
            rolled
        });
        if let Err(failure) = &done {
            tracing::warn!(%failure, "the old generation stays");
        }
        if let Some(answer) = answer {
            let _ = answer.send(done);
        }
    }

    pub fn stats(&self) -> Stats {
        let stamp = self.journal.stamp();
        let (cache, images) = (self.cache.as_ref(), image::all(&self.dir));
        let image_bytes = images.iter().map(|n| std::fs::metadata(image::path(&self.dir, *n)).map_or(0, |m| m.len())).sum();
        Stats {
            jobs: cache.map_or(0, Cache::count),
            money_seq: stamp.money,
            work_seq: stamp.work,
            bytes: self.journal.bytes() + cache.map_or(0, Cache::bytes),
            generation: cache.map_or(0, Cache::generation),
            dead: cache.map_or(0, |cache| cache.counts.dead),
            cache_bytes: cache.map_or(0, Cache::bytes),
            cap: self.options.cap,
            image_bytes,
            changes: cache.map_or(0, |cache| cache.log.keys),
            disk_bytes: folder_bytes(&self.dir),
        }
    }
}
