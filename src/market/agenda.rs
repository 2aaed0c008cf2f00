//! What is going to happen, in order of time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::Time;

/// Something that happens by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The next job is posted.
    Arrival,
    /// Some listed job changes.
    Stir,
    /// A rival takes a place.
    RivalClaims { job: u64 },
    /// A rival is done with it, or gives up.
    RivalEnds { job: u64, rival: u32 },
    /// A job's time is over.
    Expiry { job: u64 },
    /// A requester withdraws a job.
    Cancel { job: u64 },
    /// A claim, or a revision's time, runs out.
    Deadline { claim: u64, at: Time },
    /// Somebody opens the submission.
    Review { claim: u64, attempt: u32 },
    /// The verdict falls.
    Verdict { claim: u64, attempt: u32 },
    /// Money moves on.
    Payout { payment: u64, step: u8 },
}

/// The coming events.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Listed", into = "Listed")]
pub struct Agenda {
    events: BTreeMap<(Time, u64), Event>,
    next: u64,
}

/// As it is written down.
#[derive(Serialize, Deserialize)]
struct Listed(Vec<(Time, Event)>);

impl Agenda {
    /// Puts an event down.
    pub fn add(&mut self, at: Time, event: Event) {
        self.events.insert((at, self.next), event);
        self.next += 1;
    }

    /// When the next event is due.
    pub fn next_due(&self) -> Option<Time> {
        self.events.first_key_value().map(|((at, _), _)| *at)
    }

    /// Takes the next event that is due at `now`, with the instant it was due.
    pub fn due(&mut self, now: Time) -> Option<(Time, Event)> {
        let entry = self.events.first_entry()?;
        if entry.key().0 > now {
            return None;
        }
        let ((at, _), event) = entry.remove_entry();
        Some((at, event))
    }

    /// Strikes events out.
    pub fn retain(&mut self, keep: impl Fn(&Event) -> bool) {
        self.events.retain(|_, event| keep(event));
    }
}

impl From<Listed> for Agenda {
    fn from(listed: Listed) -> Self {
        let mut agenda = Agenda::default();
        for (at, event) in listed.0 {
            agenda.add(at, event);
        }
        agenda
    }
}

impl From<Agenda> for Listed {
    fn from(agenda: Agenda) -> Self {
        Listed(agenda.events.into_iter().map(|((at, _), event)| (at, event)).collect())
    }
}
