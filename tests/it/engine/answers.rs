//! The engine's step under random wishes and a platform that lies, fails and forgets: everybody is answered once, the book is what
//! the journal says, and nobody wakes for nothing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeZone;
use juggler::domain::draft::{Cause, FileItem};
use juggler::domain::job::Attachment;
use juggler::domain::payment::{PaymentKind, PaymentStatus};
use juggler::domain::triage::Verdict;
use juggler::domain::work::{Span, Spent};
use juggler::domain::{
    Assignment, AssignmentId, AssignmentState, Book, Entry, Job, JobKey, KeptFile, Money, Origin, Payment, SourceName,
    SubmissionId, Text, Time,
};
use juggler::engine::Polling;
use juggler::engine::api::{Decision, Reply, Request};
use juggler::engine::attachments::Attached;
use juggler::engine::effect::{Call, Effect, Effects, Ended, Input, TextsFor};
use juggler::engine::schedule::Schedule;
use juggler::engine::state::{Beginning, Source, State};
use juggler::error::{Class, Failure};
use juggler::platforms::{Abilities, Answer, Grant, Listed, Meta, Outcome, Page, Receipt, Refusal};
use proptest::prelude::*;
use rand::SeedableRng;

use crate::support;

#[derive(Clone, Copy, Debug)]
enum Step {
    /// Somebody wishes something: which wish, about which job.
    Ask(u8, u8),
    /// What waits longest is written.
    Write,
    /// Nothing that waits is written.
    Refuse,
    /// A call ends, the `0`-th of those on their way, somehow.
    End(u8, u8),
    /// Seconds pass; negative when the clock is set back.
    Pass(i16),
    /// A stream says something.
    Poke,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (any::<u8>(), any::<u8>()).prop_map(|(what, job)| Step::Ask(what, job)),
        6 => Just(Step::Write),
        1 => Just(Step::Refuse),
        6 => (any::<u8>(), any::<u8>()).prop_map(|(which, how)| Step::End(which, how)),
        3 => (-30i16..400).prop_map(Step::Pass),
        1 => Just(Step::Poke),
    ]
}

struct World {
    now: Time,
    state: State,
    journal: Vec<Entry>,
    batches: VecDeque<(u64, Vec<Entry>)>,
    calls: Vec<(u64, SourceName, Call)>,
    files: Vec<(u64, AssignmentId)>,
    open: BTreeSet<u64>,
    asked: u64,
    terms: BTreeMap<String, String>,
    /// Which terms an asker asked for.
    about: BTreeMap<u64, String>,
    /// Whole jobs in the store, and those that were asked for.
    stored: BTreeMap<JobKey, Job>,
    read: Vec<(JobKey, Option<Job>)>,
    /// Assignments whose texts are read.
    texts: Vec<AssignmentId>,
}

fn source(name: &str, abilities: Abilities, polls: bool, now: Time) -> Source {
    let schedule = Schedule::new(Duration::from_secs(30), polls, now);
    Source::new(SourceName::new(name), Text::title(name), "one.example".to_owned(), abilities, schedule)
}

impl World {
    fn new(polling: Polling) -> World {
        let now = chrono::Utc.timestamp_opt(1_800_000_000, 0).single().unwrap();
        let all =
            Abilities { claim: true, release: true, idempotent: true, assignments: true, payments: true, ..Abilities::default() };
        let by_itself = polling == Polling::Always;
        let mut off = source("off", Abilities::default(), by_itself, now);
        off.unusable = Some(Failure::new(Class::Refused, "it is switched off"));
        let blind = Abilities { claim: true, ..Abilities::default() };
        let beginning = Beginning {
            config: Arc::new(support::config(Path::new("/nowhere"))),
            polling,
            book: Book::default(),
            feed: juggler::feed::Columns::new(now),
            left_at: now,
            past: Default::default(),
            sources: vec![source("all", all, by_itself, now), source("blind", blind, by_itself, now), off],
            mended: Vec::new(),
            dice: rand_chacha::ChaCha8Rng::seed_from_u64(7),
        };
        let (state, first) = State::begin(beginning, now);
        let mut world = World {
            now,
            state,
            journal: Vec::new(),
            batches: VecDeque::new(),
            calls: Vec::new(),
            files: Vec::new(),
            stored: BTreeMap::new(),
            read: Vec::new(),
            texts: Vec::new(),
            open: BTreeSet::new(),
            asked: 0,
            terms: BTreeMap::new(),
            about: BTreeMap::new(),
        };
        world.carry_out(first);
        world
    }

    fn carry_out(&mut self, effects: Effects) {
        let more = effects.more;
        let mut judged = Vec::new();
        if let Some(wake) = effects.wake {
            assert!(wake > self.now, "it would wake at once, again and again");
        }
        for effect in effects {
            match effect {
                Effect::Commit { batch, entries } => self.batches.push_back((batch, entries)),
                Effect::Call { call, source, what } => self.calls.push((call, source, what)),
                Effect::Reply { asker, reply } => {
                    assert!(self.open.remove(&asker), "answered twice, or never asked: {asker}");
                    if let (Ok(Reply::Terms(terms)), Some(about)) = (*reply, self.about.remove(&asker)) {
                        self.terms.insert(about, terms.digest);
                    }
                }
                Effect::Check(checking) => judged.push(checking.judged()),
                Effect::KeepFile { asker, assignment, .. } => self.files.push((asker, assignment)),
                // These the actor answers itself.
                Effect::LayOut { asker, .. }
                | Effect::Store { asker, .. }
                | Effect::Verify { asker }
                | Effect::Backup { asker, .. } => {
                    assert!(self.open.remove(&asker), "answered twice: {asker}");
                }
                Effect::ReadTexts { wanted: TextsFor::Views { asker, .. } | TextsFor::Job { asker, .. }, .. } => {
                    assert!(self.open.remove(&asker), "answered twice: {asker}");
                }
                Effect::ReadTexts { sourced, wanted: TextsFor::Checks } => self.texts.push(sourced.assignment),
                Effect::ReadJob { key } => {
                    let job = self.stored.get(&key).cloned();
                    self.read.push((key, job));
                }
                Effect::PutJobs(jobs) => self.stored.extend(jobs.into_iter().map(|put| (put.job.key.clone(), put.job))),
                _ => {}
            }
        }
        // What the actor does between two inputs.
        judged.into_iter().for_each(|input| self.input(input));
        for (key, job) in std::mem::take(&mut self.read) {
            self.input(Input::JobRead { key, job: job.map(Box::new) });
        }
        for assignment in std::mem::take(&mut self.texts) {
            self.input(Input::TextsRead { assignment, texts: vec![(Text::title("brief.txt"), Text::body("the brief"))] });
        }
        if more {
            self.input(Input::Work);
        }
    }

    fn input(&mut self, input: Input) {
        let effects = self.state.step(input, self.now);
        self.carry_out(effects);
    }

    fn ask(&mut self, what: u8, which: u8) {
        let name = if which & 8 == 0 { "all" } else { "blind" };
        let key = JobKey::new(&format!("{name}:j{}", which % 3));
        let id = AssignmentId::new(&format!("{name}:j{}", which % 3));
        let submission = self.state.book().submissions.keys().next_back().cloned().unwrap_or_else(|| SubmissionId::new("none"));
        self.asked += 1;
        let asker = self.asked;
        let claim = format!("claim {key}");
        let submit = format!("submit {id}");
        let request = match what % 24 {
            0 | 1 => {
                self.about.insert(asker, claim);
                Request::ClaimTerms { key }
            }
            2..=4 => Request::Claim { key, agreed: self.terms.get(&claim).cloned().unwrap_or_default() },
            5 | 6 => {
                self.about.insert(asker, submit);
                Request::SubmitTerms { assignment: id }
            }
            7..=9 => Request::Submit {
                assignment: id,
                agreed: self.terms.get(&submit).cloned().unwrap_or_default(),
                word: Default::default(),
            },
            10 => Request::Release { assignment: id },
            11..=13 => Request::SaveDraft {
                assignment: id,
                text: Text::own(&format!("draft {}", which % 5)),
                files: Vec::new(),
                cause: Cause::default(),
                origins: None,
            },
            14 => Request::AddFile { assignment: id, path: "/nowhere".into(), content: None },
            15 => Request::Triage { keys: vec![key], verdict: Verdict::Star { on: which & 16 == 0 } },
            16 => Request::Undo,
            17 => Request::Redo,
            18 => Request::Poll { source: (which & 16 == 0).then(|| SourceName::new(name)) },
            19 => Request::Resolve {
                submission,
                decision: [Decision::Read, Decision::SendAgain, Decision::Withdraw][usize::from(which % 3)],
            },
            20 => Request::Spent { spans: vec![Span { spent: Spent::Triage, from: self.now, seconds: which.into() }] },
            21 => Request::Job { key },
            22 => Request::Check { assignment: id },
            _ => Request::Attachment { assignment: id, name: Text::title("brief.txt"), anew: which.is_multiple_of(2) },
        };
        self.open.insert(asker);
        self.input(Input::Asked { asker, request });
    }

    fn end(&mut self, which: u8, how: u8) {
        if self.calls.is_empty() {
            return;
        }
        let (call, source, what) = self.calls.remove(usize::from(which) % self.calls.len());
        let ended = self.ended(&source, &what, how);
        self.input(Input::Called { call, ended });
    }

    fn ended(&self, source: &SourceName, what: &Call, how: u8) -> Ended {
        let good = how < 150;
        fn no<T>(how: u8, now: Time) -> Outcome<T> {
            let failure = Failure::new(Class::Platform, "it fails");
            match how % 8 {
                0 => Outcome::Unanswered(failure),
                1 => Outcome::Broken(failure),
                2 => Outcome::Unreachable(failure),
                3 => Outcome::SignIn(failure),
                4 => Outcome::Limited { until: Some(now + Duration::from_secs(20)), message: Text::default() },
                5 => Outcome::Refused { reason: Refusal::Taken, message: Text::default() },
                6 => Outcome::Same,
                _ => Outcome::Refused { reason: Refusal::TimedOut, message: Text::default() },
            }
        }
        fn with<T>(good: bool, how: u8, now: Time, value: T) -> Answer<T> {
            Answer { outcome: if good { Outcome::Done(value) } else { no(how, now) }, meta: Meta::default() }
        }
        fn page<T>(items: Vec<T>, how: u8, snapshot: bool) -> Page<T> {
            let unmapped = if how % 16 == 3 { vec![Text::title("odd")] } else { Vec::new() };
            let odd = unmapped.clone();
            Page {
                items,
                unmapped,
                odd,
                same: Vec::new(),
                gone: Vec::new(),
                next: serde_json::json!(how),
                more: how % 4 == 1,
                snapshot,
            }
        }
        let job = |n: u8| {
            let mut job = Job::new(source, &format!("j{n}"), "taglines", self.now);
            job.detailed = how & 64 == 0;
            job.attachments.push(Attachment {
                name: Text::title("brief.txt"),
                mime: Text::title("text/plain"),
                size: None,
                sha256: None,
                url: Some(Text::title("/brief")),
                text: None,
            });
            job
        };
        let lie = |n: u8| Listed {
            id: AssignmentId::new(&format!("{source}:j{n}")),
            job: JobKey::new(&format!("{source}:j{n}")),
            state: AssignmentState::ALL[usize::from(how.wrapping_mul(7).wrapping_add(n)) % AssignmentState::ALL.len()],
            native_state: Text::default(),
            claimed_at: None,
            deadline: (how & 32 == 0).then(|| self.now + chrono::TimeDelta::seconds(i64::from(how) - 60)),
            submission_key: None,
            submissions: (how & 16 == 0).then_some(u32::from(how % 3)),
            feedback: Text::title("words"),
        };
        let now = self.now;
        match what {
            Call::Jobs { cursor } => {
                let jobs = (0..=how % 3).map(job).collect();
                Ended::Jobs(with(good, how, now, page(jobs, how, cursor.is_null())))
            }
            Call::Job { key } => {
                let n = key.native().trim_start_matches('j').parse().unwrap_or(0);
                let mut found = job(n);
                found.detailed = true;
                Ended::Job(Box::new(with(good, how, now, found)))
            }
            Call::Claim { job } => {
                let assignment = Assignment {
                    id: AssignmentId::new(job.key.as_str()),
                    job: (**job).clone(),
                    state: AssignmentState::Claimed,
                    native_state: Text::default(),
                    claimed_at: now,
                    deadline: Some(now + Duration::from_secs(600)),
                    feedback: Text::default(),
                    submission: None,
                    moved_at: now,
                };
                Ended::Claim(Box::new(with(good, how, now, Grant { assignment, raw: Text::title("{}") })))
            }
            Call::Release { .. } => Ended::Release(with(good, how, now, ())),
            Call::Submit { .. } => Ended::Submit(with(
                good,
                how,
                now,
                Receipt { native_id: Text::title("s"), state: AssignmentState::Submitted, native_state: Text::default() },
            )),
            Call::Assignments { .. } => {
                Ended::Assignments(with(good, how, now, page((0..how % 4).map(lie).collect(), how, false)))
            }
            Call::Assignment { id } => {
                let n = id.native().trim_start_matches('j').parse().unwrap_or(0);
                Ended::Assignment(Box::new(with(good, how, now, lie(n))))
            }
            Call::Payments { .. } => {
                let payment = Payment {
                    id: Text::title(&format!("p{}", how % 3)),
                    assignment: AssignmentId::new(&format!("{source}:j{}", how % 3)),
                    kind: PaymentKind::Reward,
                    gross: usd(how),
                    fee: usd(0),
                    net: usd(how),
                    status: [PaymentStatus::Paid, PaymentStatus::Reversed][usize::from(how / 8 % 2)],
                    created_at: now,
                    paid_at: None,
                    reference: Text::default(),
                };
                Ended::Payments(with(good, how, now, page(vec![payment], how, false)))
            }
            Call::Attachment { .. } => {
                let fetched = Attached { file: KeptFile::default(), text: Some(Text::body("the brief")), found: Vec::new() };
                Ended::Attachment(with(good, how, now, fetched))
            }
        }
    }

    fn happen(&mut self, step: Step) {
        match step {
            Step::Ask(what, which) => self.ask(what, which),
            Step::Write => {
                if let Some((batch, entries)) = self.batches.pop_front() {
                    self.journal.extend(entries);
                    self.input(Input::Committed { batch });
                }
            }
            Step::Refuse => {
                for (batch, _) in std::mem::take(&mut self.batches) {
                    let failure = Failure::new(Class::Store, "the disk is full");
                    self.input(Input::CommitFailed { batch, failure });
                }
            }
            Step::End(which, how) => self.end(which, how),
            Step::Pass(seconds) => {
                self.now += chrono::TimeDelta::seconds(seconds.into());
                self.input(Input::Timer);
            }
            Step::Poke => self.input(Input::Poked { source: SourceName::new("all") }),
        }
        for (asker, assignment) in std::mem::take(&mut self.files) {
            let file = FileItem {
                name: Text::title("a.png"),
                path: "/nowhere/a.png".into(),
                size: 1,
                sha256: "00".to_owned(),
                facts: Default::default(),
                origin: Origin::External,
            };
            self.input(Input::FileKept { asker, assignment, file: Ok(file) });
        }
    }

    /// The disk writes and the platform answers until nothing is on its way.
    fn calm(&mut self) {
        for round in 0..400u32 {
            while !self.batches.is_empty() {
                self.happen(Step::Write);
            }
            if self.calls.is_empty() && self.open.is_empty() {
                return;
            }
            // Mostly well, so that walks end, and now and then not.
            self.end(0, if round % 7 == 6 { 200 } else { 2 });
            if self.calls.is_empty() && self.batches.is_empty() {
                self.happen(Step::Pass(3));
            }
        }
    }
}

fn usd(minor: u8) -> Money {
    Money::new(minor.into(), "USD".parse().unwrap())
}

fn fold(journal: &[Entry]) -> Book {
    let mut book = Book::default();
    journal.iter().for_each(|entry| book.apply(entry));
    book
}

fn check(polling: Polling, steps: Vec<Step>) -> Result<(), TestCaseError> {
    let mut world = World::new(polling);
    for step in steps {
        world.happen(step);
    }
    world.calm();
    prop_assert!(world.open.is_empty(), "never answered: {:?}", world.open);
    // A disk that failed is tried again every two seconds, one batch at a time.
    for _ in 0..50 {
        while !world.batches.is_empty() {
            world.happen(Step::Write);
        }
        world.happen(Step::Pass(3));
    }
    while !world.batches.is_empty() {
        world.happen(Step::Write);
    }
    let folded = fold(&world.journal);
    prop_assert_eq!(&folded.findings, &Vec::<Text>::new());
    prop_assert_eq!(world.state.book(), &folded);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn everybody_is_answered_once_and_the_book_is_the_journal(steps in proptest::collection::vec(step(), 0..120)) {
        check(Polling::Always, steps)?;
    }

    #[test]
    fn so_it_is_when_polled_on_request_only(steps in proptest::collection::vec(step(), 0..120)) {
        check(Polling::OnRequest, steps)?;
    }
}

#[test]
fn a_source_that_is_switched_off_lets_the_engine_sleep() {
    let mut world = World::new(Polling::Always);
    world.calm();
    // What came is written down a second later.
    world.happen(Step::Pass(2));
    let effects = world.state.step(Input::Timer, world.now);
    assert!(effects.wake.is_some_and(|at| at > world.now + Duration::from_secs(1)), "{:?}", effects.wake);
}
