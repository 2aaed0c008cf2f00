//! Changes of the feed's rows that are not in sled yet: written in slices, so that a reader never waits behind a flood, and seen by readers.

use std::collections::BTreeMap;

use super::rows::{Change, keep_details};
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

/// What waits, the latest per job.
#[derive(Default)]
pub struct Pending {
    changes: BTreeMap<JobKey, Change>,
}

/// What is known of a job without a look at sled.
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
        if keep {
            match self.changes.get(&job.key) {
                Some(Change::Put { job: there, keep: also }) => {
                    keep_details(&mut job, there);
                    keep = *also;
                }
                Some(Change::Gone) => keep = false,
                None => {}
            }
        }
        self.changes.insert(job.key.clone(), Change::Put { job: Box::new(job), keep });
    }

    /// A job is gone.
    pub fn drop(&mut self, key: JobKey) {
        self.changes.insert(key, Change::Gone);
    }

    /// Nothing waits.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// Takes at most `limit` of them, in the order of their keys.
    pub fn slice(&mut self, limit: usize) -> Vec<(JobKey, Change)> {
        let mut out = Vec::new();
        while out.len() < limit
            && let Some(change) = self.changes.pop_first()
        {
            out.push(change);
        }
        out
    }

    /// Keeps at most `limit`: for when there is nowhere to write them.
    pub fn hold(&mut self, limit: usize) {
        while self.changes.len() > limit {
            self.changes.pop_first();
        }
    }

    /// What waits for `key`.
    pub fn see(&self, key: &JobKey) -> Option<Seen> {
        Some(match self.changes.get(key)? {
            Change::Put { job, keep: true } => Seen::Listing(job.clone()),
            Change::Put { job, keep: false } => Seen::Job(job.clone()),
            Change::Gone => Seen::Gone,
        })
    }
}
