//! Judging jobs: rate, fit and bar of every job there is, and the interval of those on the screen.
//!
//! ```text
//! cargo bench --bench worth                10,000, 100,000 and 1,000,000 jobs
//! JOBS=30000 cargo bench --bench worth     another number, alone
//! ```
//! The history holds a year of work, the profile says everything a profile can. Time a job should stay the same as jobs grow; the
//! goal is one microsecond.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use juggler::domain::job::{Met, Requirement};
use juggler::domain::query::Query;
use juggler::domain::requester::PayRecord;
use juggler::domain::reward::Reward;
use juggler::domain::rule::{Action, Claiming, Rule, RuleBook, RuleContext};
use juggler::domain::triage::Marks;
use juggler::domain::work::{Span, Spent};
use juggler::domain::{
    Asset, Assignment, AssignmentId, AssignmentState, Book, Entry, History, Job, Judge, Money, Profile, Record, SourceName, Text,
    Time, Worth,
};

const KINDS: [&str; 6] = ["tagline", "art", "script", "chat", "caption", "label"];
/// Different jobs; the feed repeats them, as it would in columns.
const DIFFERENT: u32 = 5_000;

fn now() -> Time {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

fn job(n: u32) -> Job {
    let mut job = Job::new(&SourceName::new("practice"), &format!("job-{n:07}"), &format!("#{n}: for brand {}", n % 997), now());
    job.kind = Text::title(KINDS[n as usize % KINDS.len()]);
    job.tags = vec![Text::title("poetry"), Text::title("short")];
    job.requester.name = Text::title(&format!("Requester {}", n % 389));
    job.requester.record = PayRecord { approved: Some(n % 300), rejected: Some(n % 7), ..PayRecord::default() };
    job.reward = Reward::fixed(Money::new(i64::from(200 + n % 1777), Asset::USD), 100_000);
    (job.est_seconds, job.claim_ttl, job.slots_left) = (Some(120 + n % 2400), Some(1800), Some(3));
    job.language = Some(Text::title(["en", "de", "fr"][n as usize % 3]));
    let geo = Requirement { kind: Text::title("geo"), text: Text::title("US, CA or GB"), met: Met::Unknown };
    job.requirements = if n.is_multiple_of(3) { vec![geo] } else { Vec::new() };
    job
}

fn history() -> History {
    let mut book = Book::default();
    for n in 0..1_000 {
        let id = AssignmentId::new(&format!("practice:a{n}"));
        let state = if n % 11 == 0 { AssignmentState::Rejected } else { AssignmentState::Paid };
        let assignment = Assignment {
            id: id.clone(),
            job: job(n),
            state,
            native_state: Text::default(),
            claimed_at: now(),
            deadline: None,
            feedback: Text::default(),
            submission: None,
            moved_at: now(),
        };
        let span = Span { spent: Spent::Assignment { id }, from: now(), seconds: 100 + n * 7 % 1_000 };
        for record in [Record::Claimed { assignment: Box::new(assignment) }, Record::Worked { span }] {
            book.apply(&Entry { at: now(), record });
        }
    }
    History::of(&book)
}

fn profile() -> Profile {
    let texts = |words: &[&str]| words.iter().map(|word| Text::title(word)).collect();
    Profile {
        skills: texts(&["poetry", "rust", "translation"]),
        languages: texts(&["en", "de"]),
        country: Some(Text::title("DE")),
        likes: texts(&["tag*", "chat"]),
        refuses: texts(&["adult*"]),
        floor: vec![Money::new(1_000, Asset::USD)],
        max_minutes: Some(30),
        ..Profile::default()
    }
}

fn row(what: &str, jobs: u32, took: Duration) {
    println!(
        "{what:<34} {jobs:>9} jobs {:>9.1} ms {:>7.0} ns a job",
        took.as_secs_f64() * 1e3,
        took.as_nanos() as f64 / f64::from(jobs)
    );
}

fn main() {
    let sizes: Vec<u32> = match std::env::var("JOBS").ok().and_then(|n| n.parse().ok()) {
        Some(jobs) => vec![jobs],
        None => vec![10_000, 100_000, 1_000_000],
    };
    let jobs: Vec<Job> = (0..DIFFERENT).map(job).collect();
    let judge = Judge::new(profile(), history());
    let rules = ["rate>=12 kind:tagline", "pay>=1 requester:\"Requester 3*\" -tag:short", "fit>=70 mins<=20"];
    let rules = rules
        .iter()
        .enumerate()
        .map(|(n, query)| Rule::new(&format!("rule {n}"), Query::parse(query).unwrap(), vec![Action::Alert, Action::Star]));
    let book = Book::default();
    for size in sizes {
        let listings =
            || jobs.iter().cycle().take(size as usize).map(|job| job.listing(Marks::default(), None, Worth::default()));
        let timed = |what: &str, each: &mut dyn FnMut(&juggler::domain::Listing)| {
            let began = Instant::now();
            listings().for_each(|listing| each(&listing));
            row(what, size, began.elapsed());
        };
        timed("the listing alone", &mut |listing| {
            black_box(listing.pay);
        });
        timed("worth: rate, fit and bar", &mut |listing| {
            black_box(judge.worth(listing).fit);
        });
        timed("the interval", &mut |listing| {
            black_box(judge.expected(listing).is_some());
        });
        let mut rulebook = RuleBook::new(rules.clone().collect(), Claiming::default(), [], &book);
        let ctx =
            RuleContext { now: now(), local: now().naive_utc(), new_since: now(), last_key: None, book: &book, judge: &judge };
        timed("three rules", &mut |listing| {
            black_box(rulebook.decide(listing, &ctx).decisions.len());
        });
        println!();
    }
}
