//! The longest step of the engine: none may take over 2 ms, whatever the feed holds, since a key can wait for one.
//!
//! ```text
//! cargo bench --bench step                 10,000, 100,000 and 1,000,000 jobs
//! JOBS=30000 cargo bench --bench step      another number, alone
//! ```
//! A state without a runtime is fed pages of 200 jobs as a source would list them, then asked for windows, filters, orders, the
//! hand and the earnings, with a history of assignments and worked spans behind it. A row tells how long a question waits for its
//! answer, or a page until it is worked in, over as many steps as that takes; the last line is for the steps of all of them. Reading
//! the longest briefs for signs of a scam is told beside them: it costs more than a step may, and is done in none.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use juggler::domain::View;
use juggler::domain::deliverable::{Deliverable, Form, Rule};
use juggler::domain::job::JobStatus;
use juggler::domain::reward::Reward;
use juggler::domain::shield;
use juggler::domain::view::{Level, SortKey};
use juggler::domain::work::{Span, Spent};
use juggler::domain::{
    Asset, Assignment, AssignmentId, AssignmentState, Book, Entry, Job, JobKey, Money, Record, SourceName, Text, Time,
};
use juggler::engine::Polling;
use juggler::engine::api::Request;
use juggler::engine::effect::{Call, Effect, Effects, Ended, Input};
use juggler::engine::schedule::Schedule;
use juggler::engine::state::{Beginning, Source, State};
use juggler::feed::Anchor;
use juggler::platforms::{Abilities, Answer, Cursor, Meta, Outcome, Page};
use rand::SeedableRng;
use support::Spread;

const PAGE: u32 = 200;
/// What a year of work leaves behind.
const ASSIGNMENTS: u32 = 1000;
const SPANS: u32 = 10_000;
const IN_HAND: u32 = 5;

fn source() -> SourceName {
    SourceName::new("practice")
}

fn start() -> Time {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

fn job(n: u32, now: Time) -> Job {
    let kinds = ["tagline", "art", "script", "chat", "caption", "label"];
    let kind = kinds[n as usize % kinds.len()];
    let mut job = Job::new(&source(), &format!("job-{n:07}"), &format!("#{n}: {kind} for brand {}", n % 997), now);
    let brief = "Brightcup sells coffee in cups grown from husks. Warm, short, and no puns on beans, please.\n".repeat(20);
    job.brief = Text::body(&brief);
    job.kind = Text::title(kind);
    job.requester.name = Text::title(&format!("Requester {}", n % 389));
    job.reward = Reward::fixed(Money::new(i64::from(200 + n % 1777), Asset::USD), 100_000);
    job.est_seconds = Some(120 + n % 2400);
    job.claim_ttl = Some(1800);
    job.slots_left = Some(3);
    job.revision = Some(Text::title("1"));
    job.posted_at = Some(now - TimeDelta::seconds(i64::from(n % 86_400)));
    job.expires_at = Some(now + TimeDelta::seconds(3600 + i64::from(n % 86_400)));
    job.deliverable = Deliverable { form: Form::Lines, rules: vec![Rule::Items { min: 5, max: 5 }], ..Deliverable::default() };
    job.detailed = true;
    job
}

/// A book with a history: old assignments, some in hand, and the time that went into them.
fn book() -> Book {
    let mut book = Book::default();
    let now = start();
    for n in 0..ASSIGNMENTS {
        let state = if n < IN_HAND { AssignmentState::InProgress } else { AssignmentState::Paid };
        let assignment = Assignment {
            id: AssignmentId::of(&source(), &format!("a-{n}")),
            job: job(10_000_000 + n, now),
            state,
            native_state: Text::default(),
            claimed_at: now,
            deadline: Some(now + TimeDelta::days(2)),
            feedback: Text::default(),
            submission: None,
            moved_at: now,
        };
        book.apply(&Entry { at: now, record: Record::Claimed { assignment: Box::new(assignment) } });
    }
    for n in 0..SPANS {
        let id = AssignmentId::of(&source(), &format!("a-{}", n % ASSIGNMENTS));
        let span = Span { spent: Spent::Assignment { id }, from: now, seconds: 30 };
        book.apply(&Entry { at: now, record: Record::Worked { span } });
    }
    book
}

/// The state, its clock, and the call it waits for.
struct Bench {
    state: State,
    now: Time,
    call: Option<u64>,
    asker: u64,
    steps: Spread,
    /// A job with the longest brief there is.
    long: Option<Job>,
}

impl Bench {
    fn new() -> Bench {
        let dir = std::env::temp_dir();
        let schedule = Schedule::new(Duration::from_secs(10), true, start());
        let abilities = Abilities { claim: true, ..Abilities::default() };
        let source = Source::new(source(), Text::title("Bench"), "bench:1".to_owned(), abilities, schedule);
        let beginning = Beginning {
            config: Arc::new(support::config(&dir)),
            polling: Polling::Always,
            book: book(),
            feed: juggler::feed::Columns::new(start()),
            left_at: start(),
            past: Default::default(),
            sources: vec![source],
            mended: Vec::new(),
            dice: rand_chacha::ChaCha8Rng::seed_from_u64(7),
        };
        let (state, effects) = State::begin(beginning, start());
        let mut bench = Bench { state, now: start(), call: None, asker: 0, steps: Spread::default(), long: None };
        bench.work_off(effects, None);
        bench
    }

    /// Works until nothing is left to do; tells when `asker` was answered.
    fn work_off(&mut self, mut effects: Effects, asker: Option<u64>) -> Option<Instant> {
        let mut answered = None;
        loop {
            let more = effects.more;
            let mut read = None;
            for effect in effects {
                match effect {
                    Effect::Call { call, what: Call::Jobs { .. }, .. } => self.call = Some(call),
                    Effect::ReadJob { key } => read = Some(key),
                    Effect::Reply { asker: to, reply } if Some(to) == asker => {
                        assert!(reply.is_ok(), "{reply:?}");
                        answered = Some(Instant::now());
                    }
                    _ => {}
                }
            }
            if let Some(key) = read {
                // The store's answer, noted on its way as the actor does.
                let job = Some(Box::new(self.long.clone().expect("only the long one is asked for whole")));
                effects = self.steps.time(|| self.state.step(Input::JobRead { key, job }, self.now));
                continue;
            }
            if !more {
                return answered;
            }
            effects = self.steps.time(|| self.state.step(Input::Work, self.now));
        }
    }

    /// One page, timed; the clock moves to the next poll when the walk has ended.
    fn page(&mut self, jobs: Vec<Job>, more: bool, snapshot: bool, spread: &mut Spread) {
        if self.call.is_none() {
            self.now += TimeDelta::seconds(11);
            let effects = self.state.step(Input::Timer, self.now);
            self.work_off(effects, None);
        }
        let call = self.call.take().expect("a poll is due");
        let (unmapped, odd, same, gone) = Default::default();
        let page = Page { items: jobs, unmapped, odd, same, gone, next: Cursor::from(1), more, snapshot };
        let ended = Ended::Jobs(Answer { outcome: Outcome::Done(page), meta: Meta::default() });
        let begun = Instant::now();
        let effects = self.steps.time(|| self.state.step(Input::Called { call, ended }, self.now));
        self.work_off(effects, None);
        spread.add(begun.elapsed());
    }

    fn ask(&mut self, request: Request, spread: &mut Spread) {
        self.asker += 1;
        let input = Input::Asked { asker: self.asker, request };
        let begun = Instant::now();
        let effects = self.steps.time(|| self.state.step(input, self.now));
        let answered = self.work_off(effects, Some(self.asker)).expect("an answer");
        spread.add(answered - begun);
    }
}

/// Briefs of 256 KiB: prose, and what costs the scam shield most.
fn long_briefs() -> [(&'static str, String); 4] {
    let whole = |piece: &str| piece.repeat((256 << 10) / piece.len());
    [
        ("prose", whole("Brightcup sells coffee in cups grown from husks. Warm, short, and no puns on beans, please. ")),
        ("words of cheats", whole("write about a deposit to pay before the first job and a bonus ")),
        ("words without end", whole("deposit fee pay before refund telegram code send password ")),
        ("at signs", "@".repeat(256 << 10)),
    ]
}

fn view(state: &str, sort: SortKey, words: &str) -> View {
    View { sort: vec![Level { by: sort, reversed: false }], ..View::of(&format!("{state} {words}")).unwrap() }
}

fn window(view: &View, anchor: Anchor) -> Request {
    Request::Window { view: view.clone(), anchor, height: 36, margin: 108 }
}

fn measure(jobs: u32, repeats: u32) {
    println!("\n{jobs} jobs, {ASSIGNMENTS} assignments ({IN_HAND} in hand), {SPANS} spans of work");
    println!("{}", Spread::head());
    let mut bench = Bench::new();
    let pages = jobs.div_ceil(PAGE);
    let mut spread = Spread::default();
    let open = view("", SortKey::Newest, "");
    bench.ask(window(&open, Anchor::Top), &mut Spread::default());
    for page in 0..pages {
        let now = bench.now;
        let listed = (page * PAGE..(page + 1) * PAGE).map(|n| job(n, now)).collect();
        bench.page(listed, page + 1 < pages, true, &mut spread);
    }
    println!("{}", spread.line("a page of 200 new jobs, from nothing"));

    let key = |n: u32| JobKey::of(&source(), &format!("job-{:07}", n * 7919 % jobs));
    let mut spread = Spread::default();
    (0..repeats).for_each(|_| bench.ask(window(&open, Anchor::Top), &mut spread));
    println!("{}", spread.line("window at the top"));
    let mut spread = Spread::default();
    (0..repeats).for_each(|n| bench.ask(window(&open, Anchor::Job(key(n))), &mut spread));
    println!("{}", spread.line("window around a job"));
    let mut spread = Spread::default();
    (0..repeats).for_each(|_| bench.ask(window(&open, Anchor::Bottom), &mut spread));
    println!("{}", spread.line("window at the bottom"));

    let mut spread = Spread::default();
    let words = "art for brand 123";
    let typed: Vec<&str> = (1..=words.len()).map(|end| &words[..end]).collect();
    for _ in 0..(repeats / 50).max(1) {
        typed.iter().for_each(|words| bench.ask(window(&view("", SortKey::Newest, words), Anchor::Top), &mut spread));
    }
    println!("{}", spread.line("window of a filter, letter by letter"));
    let mut spread = Spread::default();
    for _ in 0..(repeats / 50).max(1) {
        for sort in [SortKey::Pay, SortKey::Rate, SortKey::Expiring, SortKey::Newest] {
            for shown in ["is:any", ""] {
                bench.ask(window(&view(shown, sort, ""), Anchor::Top), &mut spread);
            }
        }
    }
    println!("{}", spread.line("window of an order not in use"));

    let mut spread = Spread::default();
    for n in 0..repeats {
        let now = bench.now;
        let listed = (0..PAGE).map(|m| job(100_000_000 + n * PAGE + m, now)).collect();
        bench.page(listed, true, false, &mut spread);
    }
    println!("{}", spread.line("a page of 200 arrivals"));
    let mut spread = Spread::default();
    for n in 0..repeats {
        let now = bench.now;
        let changed = (0..PAGE).map(|m| Job {
            slots_left: Some(1 + n % 2),
            status: JobStatus::Open,
            ..job((n * PAGE + m * 31) % jobs, now)
        });
        bench.page(changed.collect(), true, false, &mut spread);
    }
    println!("{}", spread.line("a page of 200 changes"));

    for (what, brief) in long_briefs() {
        let (mut noted, mut spread) = (Spread::default(), Spread::default());
        let mut long = Job { brief: Text::body(&brief), ..job(900_000_000, bench.now) };
        noted.time(|| shield::note(&mut long));
        bench.page(vec![long.clone()], true, false, &mut Spread::default());
        bench.long = Some(long.clone());
        for _ in 0..repeats / 10 {
            noted.time(|| shield::note(&mut long));
            bench.ask(Request::Peek { key: long.key.clone() }, &mut spread);
            bench.ask(Request::ClaimTerms { key: long.key.clone() }, &mut spread);
        }
        println!("{}", noted.line(&format!("reading 256 KiB for signs ({what}): in no step")));
        println!("{}", spread.line("peek and claim terms of it"));
    }

    let mut spread = Spread::default();
    (0..repeats).for_each(|_| bench.ask(Request::Hand, &mut spread));
    println!("{}", spread.line("the hand"));
    let mut spread = Spread::default();
    (0..repeats / 10).for_each(|_| bench.ask(Request::Assignments, &mut spread));
    println!("{}", spread.line("every assignment"));
    let mut spread = Spread::default();
    (0..repeats).for_each(|_| bench.ask(Request::Earnings, &mut spread));
    println!("{}", spread.line("the earnings"));
    let mut spread = Spread::default();
    (0..repeats).for_each(|_| bench.ask(Request::Sources, &mut spread));
    println!("{}", spread.line("health of the sources"));
    let mut spread = Spread::default();
    bench.now = start() + TimeDelta::seconds(3600);
    for _ in 0..repeats {
        bench.now += TimeDelta::seconds(1);
        let begun = Instant::now();
        let effects = bench.steps.time(|| bench.state.step(Input::Timer, bench.now));
        bench.work_off(effects, None);
        spread.add(begun.elapsed());
    }
    println!("{}", spread.line("the clock: jobs run out, one second a time"));
    println!("{}", bench.steps.line("any one step"));
}

fn main() {
    if support::is_trial() {
        return measure(400, 10);
    }
    match std::env::var("JOBS").ok().and_then(|v| v.parse().ok()) {
        Some(jobs) => measure(jobs, 300),
        None => [10_000, 100_000, 1_000_000].into_iter().for_each(|jobs| measure(jobs, 300)),
    }
}
