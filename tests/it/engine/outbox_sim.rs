//! The outbox against a simulated world: a platform that loses requests and answers, a disk that refuses, a process that dies at
//! any point. The world counts effects; random schedules look for one that is lost or doubled.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeZone;
use juggler::domain::submission::SubmissionState;
use juggler::domain::{
    Assignment, AssignmentId, AssignmentState, Book, Entry, Job, Record, SourceName, SubmissionId, Text, Time,
};
use juggler::engine::Polling;
use juggler::engine::api::{Decision, Reply, Request};
use juggler::engine::effect::{Call, Effect, Effects, Ended, Input};
use juggler::engine::schedule::Schedule;
use juggler::engine::state::{Beginning, Source, State};
use juggler::error::{Class, Failure};
use juggler::platforms::{Abilities, Answer, Listed, Meta, Outcome, Page, Receipt};
use proptest::prelude::*;
use rand::SeedableRng;

use crate::support;

/// What chance does next.
#[derive(Clone, Copy, Debug)]
enum Fate {
    /// The oldest batch reaches the disk.
    Write,
    /// What waits to be written is not.
    Refuse,
    /// The oldest call ends well.
    Answer,
    /// The oldest call takes effect and its answer is lost.
    LoseAnswer,
    /// The oldest call never arrives, and nobody can tell.
    LoseRequest,
    /// The oldest call never left.
    Unreachable,
    /// The platform asks to wait.
    Limit,
    /// The platform fails after the fact, or before it.
    Fail500 { effect: bool },
    /// Time passes.
    Pass(u16),
    /// The process dies; only the journal is left.
    Kill,
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        8 => Just(Fate::Write),
        1 => Just(Fate::Refuse),
        4 => Just(Fate::Answer),
        3 => Just(Fate::LoseAnswer),
        2 => Just(Fate::LoseRequest),
        1 => Just(Fate::Unreachable),
        1 => Just(Fate::Limit),
        2 => any::<bool>().prop_map(|effect| Fate::Fail500 { effect }),
        4 => (0u16..200).prop_map(Fate::Pass),
        2 => Just(Fate::Kill),
    ]
}

struct World {
    now: Time,
    idempotent: bool,
    state: State,
    journal: Vec<Entry>,
    batches: VecDeque<(u64, Vec<Entry>)>,
    calls: VecDeque<(u64, Call)>,
    /// Effects at the platform by key, with the hash of the body.
    effects: BTreeMap<SubmissionId, (u32, String)>,
    /// Requests that arrived, by key.
    arrivals: BTreeMap<SubmissionId, u32>,
    replies: Vec<Result<Reply, Failure>>,
    deaths: u64,
}

const SOURCE: &str = "sim";

fn assignment_id() -> AssignmentId {
    AssignmentId::new("sim:a1")
}

fn begin(book: Book, idempotent: bool, now: Time, seed: u64) -> (State, Effects) {
    let name = SourceName::new(SOURCE);
    let abilities = Abilities { claim: true, release: true, idempotent, assignments: true, ..Abilities::default() };
    let schedule = Schedule::new(Duration::from_secs(3600), false, now);
    let beginning = Beginning {
        config: Arc::new(support::config(Path::new("/nowhere"))),
        polling: Polling::OnRequest,
        book,
        feed: juggler::feed::Columns::new(now),
        left_at: now,
        past: Default::default(),
        sources: vec![Source::new(name, Text::title("sim"), "sim.example".to_owned(), abilities, schedule)],
        mended: Vec::new(),
        dice: rand_chacha::ChaCha8Rng::seed_from_u64(seed),
    };
    State::begin(beginning, now)
}

impl World {
    fn new(idempotent: bool) -> World {
        let now = chrono::Utc.timestamp_opt(1_800_000_000, 0).single().unwrap();
        let source = SourceName::new(SOURCE);
        let assignment = Assignment {
            id: assignment_id(),
            job: Job::new(&source, "j1", "5 taglines", now),
            state: AssignmentState::Claimed,
            native_state: Text::default(),
            claimed_at: now,
            deadline: None,
            feedback: Text::default(),
            submission: None,
            moved_at: now,
        };
        let draft = Record::Drafted {
            assignment: assignment_id(),
            version: 1,
            text: Text::own("one\ntwo"),
            files: Vec::new(),
            cause: Default::default(),
            origins: None,
        };
        let journal: Vec<Entry> = [Record::Claimed { assignment: Box::new(assignment) }, draft]
            .into_iter()
            .map(|record| Entry { at: now, record })
            .collect();
        let (state, first) = begin(fold(&journal), idempotent, now, 1);
        let mut world = World {
            now,
            idempotent,
            state,
            journal,
            batches: VecDeque::new(),
            calls: VecDeque::new(),
            effects: BTreeMap::new(),
            arrivals: BTreeMap::new(),
            replies: Vec::new(),
            deaths: 0,
        };
        world.carry_out(first);
        world
    }

    fn carry_out(&mut self, effects: Effects) {
        let more = effects.more;
        let mut judged = Vec::new();
        for effect in effects {
            match effect {
                Effect::Commit { batch, entries } => self.batches.push_back((batch, entries)),
                Effect::Call { call, what, .. } => {
                    if let Call::Submit { submission, .. } = &what {
                        self.must_be_durable(&submission.id);
                    }
                    self.calls.push_back((call, what));
                }
                Effect::Reply { reply, .. } => self.replies.push(*reply),
                Effect::Check(checking) => judged.push(checking.judged()),
                _ => {}
            }
        }
        judged.into_iter().for_each(|input| self.step(input));
        if more {
            self.step(Input::Work);
        }
    }

    /// No byte leaves before the journal says that it is about to.
    fn must_be_durable(&self, id: &SubmissionId) {
        let last = self.journal.iter().rev().find_map(|entry| match &entry.record {
            Record::Sent { submission, state, .. } if submission == id => Some(*state),
            Record::Queued { submission } if submission.id == *id => Some(SubmissionState::Queued),
            _ => None,
        });
        assert_eq!(last, Some(SubmissionState::Sending), "bytes left before the journal knew");
    }

    fn step(&mut self, input: Input) {
        let effects = self.state.step(input, self.now);
        self.carry_out(effects);
    }

    fn ask(&mut self, request: Request) {
        self.step(Input::Asked { asker: 1, request });
    }

    /// Asks for the terms and agrees to them, writing whatever has to be written.
    fn submit(&mut self) {
        self.ask(Request::SubmitTerms { assignment: assignment_id() });
        let Some(Ok(Reply::Terms(terms))) = self.replies.pop() else { panic!("no terms") };
        self.ask(Request::Submit { assignment: assignment_id(), agreed: terms.digest, word: Default::default() });
        self.happen(Fate::Write);
        assert!(matches!(self.replies.pop(), Some(Ok(Reply::Assignment(_)))), "it was not queued");
    }

    fn arrive(&mut self, key: &SubmissionId, hash: &str) {
        *self.arrivals.entry(key.clone()).or_default() += 1;
        let entry = self.effects.entry(key.clone()).or_insert((0, hash.to_owned()));
        assert_eq!(entry.1, hash, "the same key with another body");
        if entry.0 == 0 || !self.idempotent {
            entry.0 += 1;
        }
    }

    fn happen(&mut self, fate: Fate) {
        match fate {
            Fate::Write => {
                if let Some((batch, entries)) = self.batches.pop_front() {
                    self.journal.extend(entries);
                    self.step(Input::Committed { batch });
                }
            }
            Fate::Refuse => {
                // Order is kept: what stands behind a batch that failed fails with it.
                for (batch, _) in std::mem::take(&mut self.batches) {
                    let failure = Failure::new(Class::Store, "the disk is full");
                    self.step(Input::CommitFailed { batch, failure });
                }
            }
            Fate::Pass(seconds) => {
                self.now += Duration::from_secs(seconds.into());
                self.step(Input::Timer);
            }
            Fate::Kill => self.kill(),
            fate => self.end_call(fate),
        }
    }

    fn kill(&mut self) {
        self.deaths += 1;
        // Bytes already on the wire may arrive after their sender died.
        for (n, (_, call)) in std::mem::take(&mut self.calls).into_iter().enumerate() {
            if let Call::Submit { submission, .. } = call
                && (self.deaths + n as u64).is_multiple_of(2)
            {
                self.arrive(&submission.id, &submission.body_hash);
            }
        }
        // Of what was being written, any prefix is on the disk.
        let kept = usize::try_from(self.deaths % 3).unwrap().min(self.batches.len());
        for (_, entries) in self.batches.drain(..).take(kept) {
            self.journal.extend(entries);
        }
        self.batches.clear();
        let (state, first) = begin(fold(&self.journal), self.idempotent, self.now, 1 + self.deaths);
        self.state = state;
        self.carry_out(first);
    }

    fn end_call(&mut self, fate: Fate) {
        let Some((call, what)) = self.calls.pop_front() else { return };
        let ended = match what {
            Call::Submit { submission, .. } => {
                let effect = matches!(fate, Fate::Answer | Fate::LoseAnswer | Fate::Fail500 { effect: true });
                if effect {
                    self.arrive(&submission.id, &submission.body_hash);
                }
                Ended::Submit(answer(match fate {
                    Fate::Answer => Outcome::Done(Receipt {
                        native_id: Text::title("s1"),
                        state: AssignmentState::Submitted,
                        native_state: Text::title("submitted"),
                    }),
                    Fate::Unreachable => Outcome::Unreachable(Failure::new(Class::Platform, "no route")),
                    Fate::Limit => Outcome::Limited { until: Some(self.now + Duration::from_secs(30)), message: Text::default() },
                    _ => unclear(),
                }))
            }
            Call::Assignment { .. } => Ended::Assignment(Box::new(answer(match fate {
                Fate::Answer | Fate::Limit => Outcome::Done(self.listed()),
                _ => unclear(),
            }))),
            Call::Jobs { .. } => Ended::Jobs(answer(Outcome::Same)),
            Call::Assignments { .. } => Ended::Assignments(answer(Outcome::Done(Page {
                items: vec![self.listed()],
                unmapped: Vec::new(),
                odd: Vec::new(),
                same: Vec::new(),
                gone: Vec::new(),
                next: serde_json::Value::Null,
                more: false,
                snapshot: true,
            }))),
            other => panic!("unexpected call {other:?}"),
        };
        self.step(Input::Called { call, ended });
    }

    fn listed(&self) -> Listed {
        let latest = self.effects.iter().next_back();
        Listed {
            id: assignment_id(),
            job: juggler::domain::JobKey::new("sim:j1"),
            state: if latest.is_some() { AssignmentState::Submitted } else { AssignmentState::Claimed },
            native_state: Text::default(),
            claimed_at: None,
            deadline: None,
            submission_key: latest.map(|(key, _)| key.clone()),
            submissions: Some(u32::try_from(self.effects.len()).unwrap()),
            feedback: Text::default(),
        }
    }

    /// The world calms down: the disk writes, the platform answers, time passes.
    fn calm(&mut self) {
        for _ in 0..200 {
            while !self.batches.is_empty() || !self.calls.is_empty() {
                self.happen(Fate::Write);
                self.happen(Fate::Answer);
            }
            self.happen(Fate::Pass(150));
        }
    }

    fn submissions(&self) -> Vec<(SubmissionState, u32)> {
        fold(&self.journal).submissions.values().map(|s| (s.state, s.sends)).collect()
    }
}

fn unclear<T>() -> Outcome<T> {
    Outcome::Unanswered(Failure::new(Class::Platform, "no answer"))
}

fn answer<T>(outcome: Outcome<T>) -> Answer<T> {
    Answer { outcome, meta: Meta::default() }
}

fn fold(journal: &[Entry]) -> Book {
    let mut book = Book::default();
    for entry in journal {
        book.apply(entry);
    }
    book
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// With a key that the platform honours: exactly one effect, whatever happens, and in the end everybody knows.
    #[test]
    fn exactly_one_effect_with_a_key(fates in proptest::collection::vec(fate(), 0..60)) {
        let mut world = World::new(true);
        world.submit();
        for fate in fates {
            world.happen(fate);
        }
        world.calm();
        prop_assert!(world.effects.values().all(|(count, _)| *count == 1));
        if let [(SubmissionState::Unknown, sends)] = world.submissions()[..] {
            // After so many sends by itself it waits for the person.
            prop_assert!(sends >= 5, "given up after {} sends", sends);
            let submission = fold(&world.journal).submissions.keys().next().unwrap().clone();
            world.ask(Request::Resolve { submission, decision: Decision::SendAgain });
            world.calm();
        }
        let found = world.submissions();
        prop_assert!(matches!(found[..], [(SubmissionState::Acked, _)]), "{:?}", found);
        prop_assert!(world.effects.len() == 1 && world.effects.values().all(|(count, _)| *count == 1));
        prop_assert!(fold(&world.journal).findings.is_empty(), "{:?}", fold(&world.journal).findings);
    }

    /// Without a key: it never arrives twice unless the person says so, and what is not known is said to be unknown.
    #[test]
    fn never_a_second_send_without_a_key(fates in proptest::collection::vec(fate(), 0..60)) {
        let mut world = World::new(false);
        world.submit();
        for fate in fates {
            world.happen(fate);
        }
        world.calm();
        prop_assert!(world.arrivals.values().all(|count| *count <= 1), "arrived {:?}", world.arrivals);
        let found = world.submissions();
        match found[..] {
            [(SubmissionState::Acked, _)] => prop_assert_eq!(world.effects.len(), 1),
            [(SubmissionState::Unknown, _)] => {}
            _ => prop_assert!(false, "{:?}", found),
        }
    }
}

#[test]
fn the_simulation_can_see_a_double_send() {
    let mut world = World::new(false);
    world.submit();
    let key = fold(&world.journal).submissions.keys().next().unwrap().clone();
    let hash = fold(&world.journal).submissions[&key].body_hash.clone();
    world.arrive(&key, &hash);
    world.arrive(&key, &hash);
    assert_eq!(world.effects[&key].0, 2);
}
