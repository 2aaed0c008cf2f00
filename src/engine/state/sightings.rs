//! What came and went, latest last, for those who ask how a job fared.

use super::State;
use crate::alert::{Happening, Now};
use crate::domain::triage::{Change, Verdict, Wake};
use crate::domain::{Job, JobKey, Record, Text, Time};
use crate::engine::api::{Seen, Sighting, What};
use crate::engine::effect::Effects;
use crate::feed::Arrival;

/// Sightings kept in memory.
const KEPT: usize = 2_000;

/// How it came or went, in a word.
pub(super) fn word(what: Seen) -> &'static str {
    match what {
        Seen::Appeared => "appeared",
        Seen::Reopened => "reopened",
        Seen::Full => "full",
        Seen::Expired => "ran out",
        Seen::Vanished => "vanished",
    }
}

impl State {
    /// A listing came in that was new, changed, or open again.
    pub(super) fn sighted(&mut self, arrival: Arrival, job: &Job, before: Option<bool>, now: Time, effects: &mut Effects) {
        let what = match (arrival, before) {
            (Arrival::New, _) => Some(Seen::Appeared),
            (Arrival::Reopened, _) => Some(Seen::Reopened),
            (_, Some(true)) if !job.is_open(now) => Some(Seen::Full),
            _ => None,
        };
        if let Some(what) = what {
            self.note_sighting(Sighting { at: now, key: job.key.clone(), title: job.title.clone(), what });
        }
        self.wake_up(arrival, job, now, effects);
        if arrival == Arrival::Reopened && self.book.marks(&job.key).starred {
            let (key, title, pay) = (&job.key, &job.title, job.reward.gross());
            self.alarms.tell(Happening::Reopened { job: key, title, pay, at: now }, Now::here(now));
        }
    }

    /// A job left.
    pub(super) fn went(&mut self, key: &JobKey, what: Seen, now: Time) {
        let title = self.feed.listing(key.as_str()).map(|listing| Text::title(listing.title)).unwrap_or_default();
        self.note_sighting(Sighting { at: now, key: key.clone(), title, what });
    }

    fn note_sighting(&mut self, sighting: Sighting) {
        self.sightings.push_back(sighting);
        if self.sightings.len() > KEPT {
            self.sightings.pop_front();
        }
    }

    pub(super) fn latest_sightings(&self, limit: usize) -> Vec<Sighting> {
        self.sightings.iter().rev().take(limit).cloned().collect()
    }
}

impl State {
    /// A sleeping job that changed: what it waits for may have come about.
    fn wake_up(&mut self, arrival: Arrival, job: &Job, now: Time, effects: &mut Effects) {
        let before = self.book.marks(&job.key);
        let awake = match before.wakes {
            None => return,
            Some(Wake::Reopens) => arrival == Arrival::Reopened,
            Some(Wake::PaysOver(pay)) => job.reward.gross().is_some_and(|now| now.asset == pay.asset && now.minor > pay.minor),
        };
        if awake {
            let after = Verdict::Snooze { until: None }.apply(before);
            let change = Change { job: job.key.clone(), before, after };
            // Not an act of the person's: nothing to take back.
            let record = Record::Triaged { act: 0, changes: vec![change], undoes: None, redoes: None };
            self.record_facts(vec![record], vec![What::Marked { jobs: vec![job.key.clone()] }], now, effects);
            self.place(&job.key);
        }
    }
}
