//! One source as the engine sees it.

use std::collections::VecDeque;

use crate::domain::{JobKey, SourceName, Text, Time};
use crate::engine::account::Account;
use crate::engine::api::{SourceHealth, SourceState};
use crate::engine::effect::Asker;
use crate::engine::schedule::Schedule;
use crate::error::Failure;
use crate::net::Address;
use crate::platforms::{Abilities, Budget, Cursor, Meta};

/// Which list of a round is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Jobs.
    Jobs,
    /// My assignments.
    Assignments,
    /// Payments.
    Payments,
}

/// One poll: all lists of a source, page after page.
#[derive(Debug)]
pub struct Round {
    /// The list being read.
    pub stage: Stage,
    /// Pages of jobs read so far.
    pub listed: usize,
    /// Which jobs it lists is noted under this: what a whole walk leaves out is gone.
    pub walk: Option<crate::feed::Round>,
    /// Claims without an answer when the round began: this round's full list of assignments decides them.
    pub claims: Vec<JobKey>,
    /// Those who wait for its end.
    pub askers: Vec<Asker>,
}

/// One configured account.
#[derive(Debug)]
pub struct Source {
    /// Its name.
    pub name: SourceName,
    /// Whose lists it reads.
    pub account: Account,
    /// The platform's name.
    pub platform: Text,
    /// Whose line its calls stand in.
    pub host: String,
    /// The address that its attachments may be relative to, and whose origin is its own; none where it hands out none.
    pub base: Option<Address>,
    /// What the adapter can do.
    pub abilities: Abilities,
    /// Why it cannot be used at all: switched off, no key, a bad recipe.
    pub unusable: Option<Failure>,
    /// When it is polled.
    pub schedule: Schedule,
    /// The poll on its way.
    pub round: Option<Round>,
    /// Those who wait for the next poll.
    pub askers: Vec<Asker>,
    /// Where the list of jobs was read up to.
    pub jobs_cursor: Cursor,
    /// Where the list of assignments was read up to.
    pub assignments_cursor: Cursor,
    /// Where the list of payments was read up to.
    pub payments_cursor: Cursor,
    /// The next round reads all assignments.
    pub read_all: bool,
    /// Health, as shown.
    pub last_ok: Option<Time>,
    /// The latest trouble.
    pub error: Option<Failure>,
    /// The latest state.
    pub state: SourceState,
    /// Round trip of the latest call.
    pub latency_ms: Option<u64>,
    /// Server's clock less ours.
    pub skew_ms: Option<i64>,
    /// The platform's rate headers.
    pub budget: Budget,
    /// The stream is connected.
    pub streaming: bool,
    /// Items that could not be read and are in the journal word for word.
    pub odd: VecDeque<Text>,
}

impl Source {
    /// A source that is about to be polled for the first time.
    pub fn new(name: SourceName, platform: Text, host: String, abilities: Abilities, schedule: Schedule) -> Source {
        Source {
            name,
            account: Account::default(),
            platform,
            host,
            base: None,
            abilities,
            unusable: None,
            schedule,
            round: None,
            askers: Vec::new(),
            jobs_cursor: Cursor::Null,
            assignments_cursor: Cursor::Null,
            payments_cursor: Cursor::Null,
            read_all: false,
            last_ok: None,
            error: None,
            state: SourceState::New,
            latency_ms: None,
            skew_ms: None,
            budget: Budget::default(),
            streaming: false,
            odd: VecDeque::new(),
        }
    }

    /// Takes the circumstances of a call in; an exhausted budget is a request to wait.
    pub fn note(&mut self, meta: &Meta, now: Time) {
        self.latency_ms = Some(u64::try_from(meta.latency.as_millis()).unwrap_or(u64::MAX));
        if let Some(server) = meta.server_time {
            // `Date` has whole seconds, so anything under one is no skew at all.
            let skew = (server - now).num_milliseconds();
            self.skew_ms = Some(if skew.abs() < 1500 { 0 } else { skew });
        }
        if meta.budget != Budget::default() {
            self.budget = meta.budget;
        }
        if self.budget.remaining == Some(0)
            && let Some(reset) = self.budget.reset
            && reset > now
        {
            self.schedule.asked_to_wait(Some(reset), now);
        }
    }

    /// The health as front ends show it.
    pub fn health(&self, open_jobs: Option<usize>, now: Time) -> SourceHealth {
        let waiting = self.schedule.blocked_until(now);
        let state = match (&self.unusable, waiting) {
            (Some(_), _) => self.state,
            (None, Some(_)) => SourceState::Limited,
            (None, None) => self.state,
        };
        let next = self.unusable.is_none().then(|| self.schedule.next(now)).flatten();
        SourceHealth {
            name: self.name.clone(),
            platform: self.platform.clone(),
            host: Text::title(&self.host),
            state,
            abilities: self.abilities,
            last_ok: self.last_ok,
            next_poll: next,
            retry_at: waiting.or(next.filter(|_| self.schedule.failures() > 0)),
            failures: self.schedule.failures(),
            breaker_open: self.schedule.breaker_open(),
            error: self.unusable.clone().or_else(|| self.error.clone()),
            latency_ms: self.latency_ms,
            skew_ms: self.skew_ms,
            budget: self.budget,
            streaming: self.streaming,
            open_jobs,
        }
    }
}
