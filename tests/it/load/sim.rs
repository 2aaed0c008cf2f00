//! The engine's state with many sources on a clock of its own: calls to platforms take as long as the test says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{TimeDelta, TimeZone};
use juggler::domain::{Book, SourceName, Text, Time};
use juggler::engine::Polling;
use juggler::engine::effect::{Call, Effect, Effects, Ended, Input};
use juggler::engine::schedule::Schedule;
use juggler::engine::state::{Beginning, Source, State};
use juggler::error::{Class, Failure};
use juggler::platforms::{Abilities, Answer, Meta, Outcome};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// What a platform does with a call.
#[derive(Clone, Copy, Debug)]
pub enum Manner {
    /// Says after so long that nothing changed.
    Answers(TimeDelta),
    /// Swallows it; the call is given up after half a minute.
    Swallows,
}

const GIVEN_UP: TimeDelta = TimeDelta::seconds(30);

/// The world.
pub struct Sim {
    pub now: Time,
    begin: Time,
    state: State,
    manners: Vec<Manner>,
    wake: Option<Time>,
    /// Calls by the instant at which they end.
    open: BTreeSet<(Time, u64, usize)>,
    /// When each source was asked.
    pub asked: Vec<Vec<Time>>,
    pub most_open: usize,
    pub most_open_of_one: usize,
    pub steps: usize,
}

fn name(n: usize) -> SourceName {
    SourceName::new(format!("s{n:04}").as_str())
}

impl Sim {
    /// Sources that are polled this often, each on a host of its own.
    pub fn new(manners: Vec<Manner>, every: Duration) -> Sim {
        let now = chrono::Utc.timestamp_opt(1_800_000_000, 0).single().unwrap();
        let source = |n| {
            let schedule = Schedule::new(every, true, now);
            Source::new(name(n), Text::title("sim"), format!("host{n}"), Abilities::default(), schedule)
        };
        let beginning = Beginning {
            config: Arc::new(crate::support::config(Path::new("/nowhere"))),
            polling: Polling::Always,
            book: Book::default(),
            feed: juggler::feed::Columns::new(now),
            left_at: now,
            past: Default::default(),
            sources: (0..manners.len()).map(source).collect(),
            mended: Vec::new(),
            dice: ChaCha8Rng::seed_from_u64(7),
        };
        let (state, first) = State::begin(beginning, now);
        let asked = vec![Vec::new(); manners.len()];
        let mut sim = Sim {
            now,
            begin: now,
            state,
            manners,
            wake: None,
            open: BTreeSet::new(),
            asked,
            most_open: 0,
            most_open_of_one: 0,
            steps: 0,
        };
        sim.carry_out(first);
        sim
    }

    /// Lets time pass.
    pub fn pass(&mut self, span: TimeDelta) {
        let until = self.now + span;
        loop {
            let ends = self.open.first().map(|(at, ..)| *at);
            let Some(next) = ends.into_iter().chain(self.wake).min().filter(|at| *at <= until) else { break };
            self.now = self.now.max(next);
            let input = match self.open.first().copied().filter(|(at, ..)| *at <= self.now) {
                Some(first) => {
                    self.open.remove(&first);
                    Input::Called { call: first.1, ended: Ended::Jobs(self.answer(first.2)) }
                }
                None => Input::Timer,
            };
            self.step(input);
        }
        self.now = until;
    }

    fn answer<T>(&self, source: usize) -> Answer<T> {
        let outcome = match self.manners[source] {
            Manner::Answers(_) => Outcome::Same,
            Manner::Swallows => Outcome::Unreachable(Failure::new(Class::Platform, "nobody answers")),
        };
        Answer { outcome, meta: Meta::default() }
    }

    fn step(&mut self, input: Input) {
        self.steps += 1;
        let effects = self.state.step(input, self.now);
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Effects) {
        let more = effects.more;
        self.wake = effects.wake;
        for effect in effects {
            let Effect::Call { call, source, what: Call::Jobs { .. } } = effect else { continue };
            let n: usize = source.as_str()[1..].parse().unwrap();
            let takes = match self.manners[n] {
                Manner::Answers(takes) => takes,
                Manner::Swallows => GIVEN_UP,
            };
            self.asked[n].push(self.now);
            self.open.insert((self.now + takes, call, n));
        }
        let mut of_one = BTreeMap::<usize, usize>::new();
        self.open.iter().for_each(|(.., n)| *of_one.entry(*n).or_default() += 1);
        self.most_open = self.most_open.max(self.open.len());
        self.most_open_of_one = self.most_open_of_one.max(of_one.into_values().max().unwrap_or(0));
        if more {
            self.step(Input::Work);
        }
    }

    /// The longest and the mean time between two rounds of a source, the first `warm` left out.
    pub fn freshness(&self, n: usize, warm: TimeDelta) -> (TimeDelta, TimeDelta) {
        let asked: Vec<Time> = self.asked[n].iter().filter(|at| **at - self.begin >= warm).copied().collect();
        let longest = asked.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(TimeDelta::MAX);
        let count = i32::try_from(asked.len().max(2) - 1).unwrap();
        let whole = asked.last().zip(asked.first()).map_or(TimeDelta::MAX, |(last, first)| *last - *first);
        (longest, whole / count)
    }
}
