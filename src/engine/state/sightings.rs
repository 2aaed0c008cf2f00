//! What came and went, latest last, for those who ask how a job fared.

use std::collections::VecDeque;

use chrono::TimeDelta;

use super::State;
use crate::alert::{Happening, Now};
use crate::domain::triage::{Change, Verdict, Wake};
use crate::domain::{Job, JobKey, Record, Text, Time};
use crate::engine::api::{Seen, Sighting, What};
use crate::engine::effect::{Effect, Effects};
use crate::feed::Arrival;

/// Sightings kept, in memory and for the next session.
pub(in crate::engine) const KEPT: usize = 5_000;
/// New ones are written together, so long after the first of them.
const WAIT: TimeDelta = TimeDelta::seconds(1);

/// The latest of what came and went, and how much of it is not written yet.
pub(super) struct Sightings {
    kept: VecDeque<Sighting>,
    unwritten: usize,
    due: Option<Time>,
}

impl From<Vec<Sighting>> for Sightings {
    fn from(before: Vec<Sighting>) -> Self {
        Sightings { kept: before.into(), unwritten: 0, due: None }
    }
}

impl Sightings {
    fn note(&mut self, sighting: Sighting) {
        self.due.get_or_insert(sighting.at + WAIT);
        self.kept.push_back(sighting);
        if self.kept.len() > KEPT {
            self.kept.pop_front();
        }
        // More than is kept is not written either: a flood of a million leaves its end.
        self.unwritten = (self.unwritten + 1).min(KEPT);
    }

    /// When what is not written yet is to be.
    pub fn due(&self) -> Option<Time> {
        self.due
    }

    /// Latest first.
    pub fn latest(&self) -> impl Iterator<Item = &Sighting> {
        self.kept.iter().rev()
    }
}

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
            self.sightings.note(Sighting { at: now, key: job.key.clone(), title: job.title.clone(), what });
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
        self.sightings.note(Sighting { at: now, key: key.clone(), title, what });
    }

    /// Hands out what is not written yet, once it waited long enough.
    pub(super) fn log_sightings(&mut self, now: Time, effects: &mut Effects) {
        if self.sightings.due.is_some_and(|due| due <= now) {
            effects.extend(self.unlogged());
        }
    }

    /// What is not written yet, to be written now.
    pub fn unlogged(&mut self) -> Option<Effect> {
        let Sightings { kept, unwritten, due } = &mut self.sightings;
        *due = None;
        let from = kept.len() - std::mem::take(unwritten).min(kept.len());
        let new: Vec<Sighting> = kept.range(from..).cloned().collect();
        (!new.is_empty()).then_some(Effect::Log(new))
    }

    pub(super) fn latest_sightings(&self, limit: usize) -> Vec<Sighting> {
        self.sightings.latest().take(limit).cloned().collect()
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
