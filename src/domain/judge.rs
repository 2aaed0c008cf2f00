//! The judge: what a job is worth to this person, quickly for every job there is, and in words for the one that is asked about.

use serde::{Deserialize, Serialize};

use super::fit::{self, Fit, Patterns};
use super::rate::{self, Expected, Why};
use super::shield::{self, Found};
use super::{History, Job, Listing, Profile, Worth};

/// Profile and history, ready for a million jobs.
#[derive(Clone, Debug)]
pub struct Judge {
    profile: Profile,
    patterns: Patterns,
    /// What own work taught; kept up to date with [`History::note`].
    pub history: History,
}

/// A job's worth in words: what the "why" key shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explained {
    /// The expected rate; `None` without pay or time.
    pub expected: Option<Expected>,
    /// Every number that went into it.
    pub why: Vec<Why>,
    /// How well it fits, and why.
    pub fit: Fit,
}

impl Default for Judge {
    fn default() -> Self {
        Judge::new(Profile::default(), History::default())
    }
}

impl Judge {
    /// For a person.
    pub fn new(profile: Profile, history: History) -> Judge {
        Judge { patterns: Patterns::of(&profile), profile, history }
    }

    /// The profile judged by.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Grows whenever jobs have to be judged again.
    pub fn version(&self) -> u64 {
        self.history.version()
    }

    /// What a job is worth. Looks at nothing but the listing, says nothing, and takes well under a microsecond.
    pub fn worth(&self, listing: &Listing) -> Worth {
        let hourly = rate::hourly(listing, &self.history, self.profile.cost_per_job);
        let (fit, barred) = fit::quick(listing, &self.profile, &self.patterns, &self.history, hourly);
        Worth { hourly, fit, barred, too_good: !shield::pay::signs(listing, &self.history).none() }
    }

    /// Every sign of a scam that a job shows: what was found in its texts, and whether its pay is too good to be true.
    pub fn signs(&self, job: &Job) -> Vec<Found> {
        let mut all = shield::of(job);
        let pay = shield::pay::found(&job.listing(Default::default(), None, Worth::default()), &self.history);
        shield::merge(&mut all, pay.as_slice());
        all
    }

    /// The interval, for jobs on the screen.
    pub fn expected(&self, listing: &Listing) -> Option<Expected> {
        rate::expected(listing, &self.history, self.profile.cost_per_job)
    }

    /// How well a job fits, in words.
    pub fn fit(&self, listing: &Listing) -> Fit {
        let hourly = rate::hourly(listing, &self.history, self.profile.cost_per_job);
        fit::explain(listing, &self.profile, &self.patterns, &self.history, hourly)
    }

    /// Everything in words.
    pub fn explain(&self, listing: &Listing) -> Explained {
        let why = rate::why(listing, &self.history, self.profile.cost_per_job);
        Explained { expected: self.expected(listing), why, fit: self.fit(listing) }
    }
}
