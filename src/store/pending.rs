//! Changes of the feed's rows that are not in sled yet: written in slices, so that a reader never waits behind a flood, and seen by readers.

use std::collections::BTreeMap;

use super::rows::Change;
use crate::domain::{Job, JobKey};

/// A job to be kept in the cache.
#[derive(Clone, Debug)]
pub struct PutJob {
    /// As it now is.
    pub job: Job,
    /// It comes from a listing that does not show everything: brief, attachments and deliverable stay as they are stored, when a row
    /// of it is.
    pub keep_details: bool,
}

impl From<Job> for PutJob {
    fn from(job: Job) -> PutJob {
        PutJob { job, keep_details: false }
    }
}

type Changes = BTreeMap<JobKey, Change>;

/// What waits, the latest per job. Behind a fence changes are held apart until those before it are written: somebody waits for just those.
#[derive(Default)]
pub struct Pending {
    now: Changes,
    later: Option<Changes>,
}

/// What is known of a job without a look at sled.
#[derive(Clone)]
pub enum Seen {
    /// This, whole.
    Job(Box<Job>),
    /// This, but for the details that are stored.
    Listing(Box<Job>),
    /// It is gone.
    Gone,
}

impl Pending {
    /// A job was listed.
    pub fn put(&mut self, put: PutJob) {
        let PutJob { mut job, keep_details: mut keep } = put;
        let changes = self.later.as_mut().unwrap_or(&mut self.now);
        if keep {
            match changes.get(&job.key) {
                Some(Change::Put { job: there, keep: also }) => {
                    job.keep_details(there);
                    keep = *also;
                }
                Some(Change::Gone) => keep = false,
                None => {}
            }
        }
        changes.insert(job.key.clone(), Change::Put { job: Box::new(job), keep });
    }

    /// A job is gone.
    pub fn drop(&mut self, key: JobKey) {
        self.later.as_mut().unwrap_or(&mut self.now).insert(key, Change::Gone);
    }

    /// Nothing waits, before or behind a fence.
    pub fn is_empty(&self) -> bool {
        self.now.is_empty() && self.nothing_later()
    }

    /// Nothing waits before the fence.
    pub fn is_drained(&self) -> bool {
        self.now.is_empty()
    }

    /// Nothing waits behind the fence.
    pub fn nothing_later(&self) -> bool {
        self.later.as_ref().is_none_or(Changes::is_empty)
    }

    /// From here on changes are held apart.
    pub fn fence(&mut self) {
        self.later.get_or_insert_default();
    }

    /// What is before the fence is written: what was held apart is next.
    pub fn lift(&mut self) {
        if self.now.is_empty() {
            self.now = self.later.take().unwrap_or_default();
        }
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.now.len() + self.later.as_ref().map_or(0, Changes::len)
    }

    /// Takes at most `limit` of those before the fence, in the order of their keys.
    pub fn slice(&mut self, limit: usize) -> Vec<(JobKey, Change)> {
        let mut out = Vec::new();
        while out.len() < limit
            && let Some(change) = self.now.pop_first()
        {
            out.push(change);
        }
        out
    }

    /// Keeps at most `limit`: for when there is nowhere to write them.
    pub fn hold(&mut self, limit: usize) {
        if let Some(later) = self.later.take() {
            self.now.extend(later);
        }
        while self.now.len() > limit {
            self.now.pop_first();
        }
    }

    /// What waits for `key`.
    pub fn see(&self, key: &JobKey) -> Option<Seen> {
        let before = self.now.get(key).map(seen);
        let Some(after) = self.later.as_ref().and_then(|later| later.get(key)).map(seen) else { return before };
        Some(match (after, before) {
            (Seen::Listing(mut job), Some(Seen::Job(there))) => {
                job.keep_details(&there);
                Seen::Job(job)
            }
            (Seen::Listing(job), Some(Seen::Gone)) => Seen::Job(job),
            (after, _) => after,
        })
    }
}

fn seen(change: &Change) -> Seen {
    match change {
        Change::Put { job, keep: true } => Seen::Listing(job.clone()),
        Change::Put { job, keep: false } => Seen::Job(job.clone()),
        Change::Gone => Seen::Gone,
    }
}
