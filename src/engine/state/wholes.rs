//! Whole jobs: a few at hand, the rest read from the store when somebody asks. Requests that need one wait for it.

use std::collections::{HashMap, HashSet};

use super::State;
use crate::domain::{Job, JobKey, Time};
use crate::engine::api::Request;
use crate::engine::effect::{Asker, Effect, Effects};

/// Whole jobs at hand; the least recently used one goes.
const KEPT: usize = 512;

/// Whole jobs at hand, and those who wait for others.
#[derive(Default)]
pub(super) struct Wholes {
    jobs: HashMap<JobKey, (u64, Job)>,
    used: u64,
    waiting: HashMap<JobKey, Vec<(Asker, Request)>>,
    /// The store was asked and has nothing; holds while those who waited are answered.
    absent: HashSet<JobKey>,
}

impl Wholes {
    /// A whole job, if it is at hand.
    pub fn get(&self, key: &JobKey) -> Option<&Job> {
        self.jobs.get(key).map(|(_, job)| job)
    }

    /// Keeps a whole job at hand.
    pub fn put(&mut self, job: Job) {
        self.used += 1;
        self.jobs.insert(job.key.clone(), (self.used, job));
        if self.jobs.len() > KEPT
            && let Some(oldest) = self.jobs.iter().min_by_key(|(_, (used, _))| *used).map(|(key, _)| key.clone())
        {
            self.jobs.remove(&oldest);
        }
    }

    /// A newer listing came: a job at hand follows. `keep_details`: its texts, already fetched, stay.
    pub fn renew(&mut self, job: &Job, keep_details: bool) {
        if let Some((_, known)) = self.jobs.get_mut(&job.key) {
            let old = std::mem::replace(known, job.clone());
            if keep_details {
                known.keep_details(&old);
            }
        }
    }

    /// The job left the feed.
    pub fn forget(&mut self, key: &JobKey) {
        self.jobs.remove(key);
    }

    /// Changes a job at hand.
    pub fn amend(&mut self, key: &JobKey, change: impl FnOnce(&mut Job)) {
        if let Some((_, job)) = self.jobs.get_mut(key) {
            change(job);
        }
    }
}

/// The job that a request cannot be answered without.
fn needed(request: &Request) -> Option<&JobKey> {
    match request {
        Request::Job { key } | Request::Peek { key } | Request::ClaimTerms { key } | Request::Claim { key, .. } => Some(key),
        _ => None,
    }
}

impl State {
    /// Answers a request, at once or when the job that it is about was read.
    pub(super) fn asked(&mut self, asker: Asker, request: Request, now: Time, effects: &mut Effects) {
        let missing = needed(&request).filter(|key| {
            self.wholes.get(key).is_none() && self.feed.contains(key.as_str()) && !self.wholes.absent.contains(*key)
        });
        let Some(key) = missing.cloned() else { return self.ask_with_findings(asker, request, now, effects) };
        let waiting = self.wholes.waiting.entry(key.clone()).or_default();
        waiting.push((asker, request));
        if waiting.len() == 1 {
            effects.push(Effect::ReadJob { key });
        }
    }

    /// The store read a job, or has none.
    pub(super) fn job_read(&mut self, key: JobKey, job: Option<Job>, now: Time, effects: &mut Effects) {
        match job {
            // The columns know better what became of it since it was written.
            Some(mut job) => {
                if let Some(listing) = self.feed.listing(key.as_str()) {
                    job.status = listing.status;
                    job.slots_left = listing.slots_left;
                    (job.signs, job.suspicious) = (listing.signs, listing.suspicious);
                    (job.first_seen, job.last_seen) = (listing.first_seen, listing.last_seen);
                    (job.seen_count, job.reopened_at) = (listing.seen_count, listing.reopened_at);
                }
                self.wholes.put(job);
            }
            None => {
                self.wholes.absent.insert(key.clone());
            }
        }
        for (asker, request) in self.wholes.waiting.remove(&key).unwrap_or_default() {
            self.answer(asker, request, now, effects);
        }
        self.wholes.absent.remove(&key);
    }
}
