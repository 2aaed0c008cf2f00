//! The engine's state with its clock in hand: no runtime, every commit is durable at once, and calls to platforms wait for the test.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{TimeDelta, TimeZone};
use juggler::config::{Config, SourceConfig};
use juggler::domain::rule::Automation;
use juggler::domain::{Book, Job, JobKey, SourceName, Text, Time};
use juggler::engine::Polling;
use juggler::engine::api::{Reply, Request, What};
use juggler::engine::effect::{Call, Effect, Effects, Ended, Input};
use juggler::engine::schedule::Schedule;
use juggler::engine::state::{Beginning, Source, State};
use juggler::error::Failure;
use juggler::platforms::{Abilities, Answer, Meta, Outcome, Page};
use rand::SeedableRng;

pub struct Steps {
    pub now: Time,
    pub state: State,
    pub calls: Vec<(u64, Call)>,
    pub events: Vec<What>,
    pub dropped: Vec<JobKey>,
    pub stored: BTreeMap<JobKey, Job>,
    pub kept: BTreeMap<String, serde_json::Value>,
    /// Inputs that follow from effects.
    next: VecDeque<Input>,
    wake: Option<Time>,
    replies: BTreeMap<u64, Result<Reply, Failure>>,
    asked: u64,
}

pub fn name() -> SourceName {
    SourceName::new("board")
}

pub fn key(native: &str) -> JobKey {
    JobKey::of(&name(), native)
}

pub fn job(native: &str, now: Time) -> Job {
    Job::new(&name(), native, &format!("taglines {native}"), now)
}

pub fn ok<T>(value: T) -> Answer<T> {
    Answer { outcome: Outcome::Done(value), meta: Meta::default() }
}

impl Steps {
    pub fn new(change: impl FnOnce(&mut Config)) -> Steps {
        let now = chrono::Utc.timestamp_opt(1_800_000_000, 0).single().unwrap();
        let mut config = crate::support::config(Path::new("/nowhere"));
        config.sources.push(SourceConfig { automation: Automation::Allowed, ..SourceConfig::of(name(), "practice") });
        change(&mut config);
        let abilities = Abilities { claim: true, release: true, ..Abilities::default() };
        let schedule = Schedule::new(Duration::from_secs(30), false, now);
        let beginning = Beginning {
            config: Arc::new(config),
            polling: Polling::OnRequest,
            book: Book::default(),
            feed: juggler::feed::Columns::new(now),
            left_at: now,
            past: Default::default(),
            sources: vec![Source::new(name(), Text::title("board"), "one.example".into(), abilities, schedule)],
            mended: Vec::new(),
            dice: rand_chacha::ChaCha8Rng::seed_from_u64(7),
        };
        let (state, first) = State::begin(beginning, now);
        let mut steps = Steps {
            now,
            state,
            calls: Vec::new(),
            events: Vec::new(),
            dropped: Vec::new(),
            stored: BTreeMap::new(),
            kept: BTreeMap::new(),
            next: VecDeque::new(),
            wake: None,
            replies: BTreeMap::new(),
            asked: 0,
        };
        steps.carry_out(first);
        steps.settle();
        steps
    }

    fn carry_out(&mut self, effects: Effects) {
        self.wake = effects.wake;
        if effects.more {
            self.next.push_back(Input::Work);
        }
        for effect in effects {
            match effect {
                Effect::Commit { batch, .. } => self.next.push_front(Input::Committed { batch }),
                Effect::Call { call, what, .. } => self.calls.push((call, what)),
                Effect::Reply { asker, reply } => drop(self.replies.insert(asker, *reply)),
                Effect::Check(checking) => self.next.push_front(checking.judged()),
                Effect::Publish(event) => self.events.push(event.what),
                Effect::DropJobs(keys) => self.dropped.extend(keys),
                Effect::PutJobs(jobs) => self.stored.extend(jobs.into_iter().map(|put| (put.job.key.clone(), put.job))),
                Effect::PutCursor { name, cursor } => drop(self.kept.insert(name, cursor)),
                Effect::ReadJob { key } => {
                    let job = self.stored.get(&key).cloned().map(Box::new);
                    self.next.push_front(Input::JobRead { key, job });
                }
                _ => {}
            }
        }
    }

    fn settle(&mut self) {
        while let Some(input) = self.next.pop_front() {
            // One piece of work is asked for once, whoever asks.
            if matches!(input, Input::Work) && self.next.iter().any(|next| matches!(next, Input::Work)) {
                continue;
            }
            let effects = self.state.step(input, self.now);
            self.carry_out(effects);
        }
    }

    pub fn input(&mut self, input: Input) {
        self.next.push_back(input);
        self.settle();
    }

    pub fn ask(&mut self, request: Request) -> Result<Reply, Failure> {
        self.asked += 1;
        let asker = self.asked;
        self.input(Input::Asked { asker, request });
        self.replies.remove(&asker).expect("no answer")
    }

    /// Time passes, and what is due by then is done when it is due.
    pub fn pass(&mut self, span: TimeDelta) {
        let until = self.now + span;
        while let Some(wake) = self.wake.filter(|wake| *wake <= until) {
            assert!(wake > self.now, "it wakes at once, again and again");
            self.now = wake;
            self.input(Input::Timer);
        }
        self.now = until;
        self.input(Input::Timer);
    }

    /// The call on its way that `wanted` admits.
    pub fn call(&mut self, wanted: impl Fn(&Call) -> bool) -> (u64, Call) {
        let at = self.calls.iter().position(|(_, call)| wanted(call)).unwrap_or_else(|| panic!("no such call: {:?}", self.calls));
        self.calls.remove(at)
    }

    /// A poll that lists just these jobs.
    pub fn list(&mut self, items: Vec<Job>) {
        self.asked += 1;
        self.input(Input::Asked { asker: self.asked, request: Request::Poll { source: None } });
        let (call, _) = self.call(|call| matches!(call, Call::Jobs { .. }));
        let page = Page {
            items,
            unmapped: Vec::new(),
            odd: Vec::new(),
            same: Vec::new(),
            gone: Vec::new(),
            next: serde_json::Value::Null,
            more: false,
            snapshot: true,
        };
        self.input(Input::Called { call, ended: Ended::Jobs(ok(page)) });
        assert!(self.replies.remove(&self.asked).is_some(), "the poll ended");
    }

    pub fn knows(&mut self, native: &str) -> bool {
        self.ask(Request::Peek { key: key(native) }).is_ok()
    }
}
