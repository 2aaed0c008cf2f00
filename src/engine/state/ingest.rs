//! Pages of jobs on their way into the feed, a handful per step, so that no key ever waits for a page.

use std::collections::VecDeque;

use super::State;
use super::judging::judged;
use super::source::Stage;
use crate::domain::job::JobStatus;
use crate::domain::{Job, JobKey, SourceName, Time};
use crate::engine::api::Seen;
use crate::engine::effect::{Call, Effect, Effects, PutJob};
use crate::feed::Arrival;
use crate::platforms::{Cursor, Page};

/// Jobs taken in by one step.
const CHUNK: usize = 128;
/// Unchanged ones are cheaper.
const TOUCHED: usize = 2_000;
/// Jobs looked at by one step of a sweep.
const SWEPT: usize = 16 * 1024;

/// A page that is being taken in.
pub(super) struct Ingest {
    source: SourceName,
    items: VecDeque<Job>,
    /// Listed as they were; and withdrawn.
    same: VecDeque<JobKey>,
    gone: VecDeque<JobKey>,
    next: Cursor,
    more: bool,
    /// The walk is whole: what it did not list is gone.
    whole: bool,
    arrived: u32,
    changed: u32,
}

impl Ingest {
    /// It is a page of this source.
    pub fn is_of(&self, source: &SourceName) -> bool {
        self.source == *source
    }
}

impl State {
    /// Lines a page up.
    pub(super) fn ingest(&mut self, source: &SourceName, page: Page<Job>) {
        let whole = page.snapshot && !page.more && page.unmapped.is_empty();
        self.ingests.push_back(Ingest {
            source: source.clone(),
            items: page.items.into(),
            same: page.same.into(),
            gone: page.gone.into(),
            next: page.next,
            more: page.more,
            whole,
            arrived: 0,
            changed: 0,
        });
    }

    /// Takes the next few jobs in; `false` when none waits.
    pub(super) fn ingest_some(&mut self, now: Time, effects: &mut Effects) -> bool {
        let Some(mut page) = self.ingests.pop_front() else { return false };
        let mut put = Vec::new();
        for job in page.items.drain(..page.items.len().min(CHUNK)) {
            let (arrival, kept) = self.list(job, now, effects);
            match arrival {
                Arrival::New | Arrival::Reopened => page.arrived += 1,
                Arrival::Changed => page.changed += 1,
                Arrival::Same => {}
            }
            put.extend(kept);
        }
        if !put.is_empty() {
            effects.push(Effect::PutJobs(put));
        }
        let touched = page.same.len().min(TOUCHED);
        for key in page.same.drain(..touched) {
            self.feed.touch(key.as_str(), now);
        }
        let gone: Vec<JobKey> = page.gone.drain(..page.gone.len().min(CHUNK)).collect();
        self.withdrawn(&gone, now, effects);
        if page.items.is_empty() && page.same.is_empty() && page.gone.is_empty() {
            self.page_taken(page, now, effects);
        } else {
            self.ingests.push_front(page);
        }
        true
    }

    /// One listing into the feed: what was new about it, and what of it is to be written.
    pub(super) fn list(&mut self, mut job: Job, now: Time, effects: &mut Effects) -> (Arrival, Option<PutJob>) {
        let before = self.feed.listing(job.key.as_str()).map(|listing| listing.is_open(now));
        let (judge, book, blocks) = (&self.judge, &self.book, &self.blocks);
        let upsert = self.feed.upsert_with(&job, now, |_| judged(judge, book, blocks, &job, now));
        if upsert.arrival == Arrival::Same {
            return (Arrival::Same, None);
        }
        (job.first_seen, job.seen_count, job.reopened_at) = (upsert.first_seen, upsert.seen_count, upsert.reopened_at);
        self.wholes.renew(&job, upsert.keep_details);
        self.changed_rows += 1;
        self.sighted(upsert.arrival, &job, before, now, effects);
        self.watch_rules(&job, now, effects);
        (upsert.arrival, Some(PutJob { job, keep_details: upsert.keep_details }))
    }

    fn page_taken(&mut self, page: Ingest, now: Time, effects: &mut Effects) {
        let Ingest { source: name, next, more, whole, arrived, changed, .. } = page;
        if arrived + changed > 0 {
            self.hurry_retiring(now);
            self.feed_changed(arrived, changed, 0, now, effects);
        }
        let Some(source) = self.sources.get_mut(&name) else { return };
        source.jobs_cursor = next.clone();
        if let Some(round) = &mut source.round {
            round.listed += 1;
        }
        if more {
            return self.call(&name, Call::Jobs { cursor: next }, super::Purpose::Round);
        }
        let walk = source.round.as_ref().and_then(|round| round.walk).filter(|_| whole);
        self.put_cursor_when_durable(&name, "jobs", next);
        match walk {
            // The round goes on when what is gone was found: whoever waits for its end sees that too.
            Some(walk) => self.sweeps.push_back((name, walk)),
            None => self.next_stage(&name, Stage::Assignments, effects, now),
        }
    }

    /// Marks some of what a whole walk did not list as vanished; `false` when there is nothing to look for.
    pub(super) fn sweep_some(&mut self, now: Time, effects: &mut Effects) -> bool {
        let Some((name, walk)) = self.sweeps.pop_front() else { return false };
        let (gone, next) = self.feed.sweep(walk, SWEPT, now);
        self.vanished(&gone, now, effects);
        match next {
            Some(walk) => self.sweeps.push_front((name, walk)),
            None => self.next_stage(&name, Stage::Assignments, effects, now),
        }
        true
    }

    /// The platform withdrew these.
    fn withdrawn(&mut self, keys: &[JobKey], now: Time, effects: &mut Effects) {
        let open = |key: &&JobKey| self.feed.listing(key.as_str()).is_some_and(|listing| listing.status != JobStatus::Vanished);
        let gone: Vec<JobKey> = keys.iter().filter(open).cloned().collect();
        for key in &gone {
            self.feed.set_gone(key.as_str(), now);
        }
        self.vanished(&gone, now, effects);
    }

    fn vanished(&mut self, gone: &[JobKey], now: Time, effects: &mut Effects) {
        for key in gone {
            self.wholes.amend(key, |job| job.status = JobStatus::Vanished);
            self.went(key, Seen::Vanished, now);
        }
        if !gone.is_empty() {
            self.changed_rows += gone.len();
            self.feed_changed(0, 0, u32::try_from(gone.len()).unwrap_or(u32::MAX), now, effects);
        }
    }

    /// The platform said that a job cannot be had any more.
    pub(super) fn retire(&mut self, key: &JobKey, status: JobStatus, now: Time, effects: &mut Effects) {
        let Some(mut job) = self.wholes.get(key).cloned().filter(|_| self.feed.contains(key.as_str())) else { return };
        (job.status, job.slots_left) = (status, Some(0));
        let (_, put) = self.list(job, now, effects);
        effects.push(Effect::PutJobs(put.into_iter().collect()));
        self.feed_changed(0, 0, 1, now, effects);
    }
}
