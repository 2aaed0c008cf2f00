//! What must hold of every expected rate.

use proptest::prelude::*;

use super::*;
use crate::domain::job::ClaimMode;
use crate::domain::requester::PayRecord;
use crate::domain::reward::Reward;
use crate::domain::triage::Marks;
use crate::domain::work::{Span, Spent};
use crate::domain::{Asset, Assignment, AssignmentId, AssignmentState, Book, Entry, Job, Record, SourceName, Text, Time, Worth};

fn usd(minor: i64) -> Money {
    Money::new(minor, Asset::USD)
}

fn job(n: u32, pay: i64) -> Job {
    let mut job = Job::new(&SourceName::new("here"), &format!("j{n}"), "a job", Time::default());
    job.kind = Text::title("tagline");
    job.requester.name = Text::title("Acme");
    job.reward = Reward::fixed(usd(pay), 100_000);
    job.est_seconds = Some(300);
    job
}

/// `seconds` of work on each of so many jobs like [`job`], approved or not.
fn book(done: &[(u32, bool)]) -> Book {
    let mut book = Book::default();
    for (n, (seconds, approved)) in done.iter().enumerate() {
        let id = AssignmentId::new(&format!("here:a{n}"));
        let state = if *approved { AssignmentState::Paid } else { AssignmentState::Rejected };
        let assignment = Assignment {
            id: id.clone(),
            job: job(n as u32 + 100, 100),
            state,
            native_state: Text::default(),
            claimed_at: Time::default(),
            deadline: None,
            feedback: Text::default(),
            submission: None,
            moved_at: Time::default(),
        };
        let span = Span { spent: Spent::Assignment { id }, from: Time::default(), seconds: *seconds };
        for record in [Record::Claimed { assignment: Box::new(assignment) }, Record::Worked { span }] {
            book.apply(&Entry { at: Time::default(), record });
        }
    }
    book
}

fn rate(job: &Job, history: &History) -> Expected {
    expected(&job.listing(Marks::default(), None, Worth::default()), history, None).unwrap()
}

fn mode() -> impl Strategy<Value = ClaimMode> {
    prop::sample::select(vec![
        ClaimMode::InstantLock,
        ClaimMode::ServerNext,
        ClaimMode::ApplyThenAssigned,
        ClaimMode::BidThenAssigned,
        ClaimMode::Race,
        ClaimMode::Contest,
        ClaimMode::Link,
    ])
}

prop_compose! {
    fn any_job()(
        pay in prop_oneof![0i64..100_000, Just(i64::MAX), any::<i64>()],
        fee in prop_oneof![0u32..1_000_000, any::<u32>()],
        est in prop::option::of(any::<u32>()),
        obs in prop::option::of(any::<u32>()),
        slots in prop::option::of(any::<u32>()),
        others in prop::option::of(any::<u32>()),
        record in (prop::option::of(any::<u32>()), prop::option::of(any::<u32>()), prop::option::of(any::<u32>())),
        mode in mode(),
    ) -> Job {
        let mut job = job(1, 1);
        job.reward = Reward::fixed(usd(pay), fee);
        (job.est_seconds, job.obs_seconds, job.slots_left, job.competitors, job.claim_mode) = (est, obs, slots, others, mode);
        job.requester.record =
            PayRecord { approved: record.0, rejected: record.1, unpaid: record.2, ..PayRecord::default() };
        job
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_middle_lies_in_the_interval_and_nothing_overflows(
        job in any_job(),
        done in prop::collection::vec((any::<u32>(), any::<bool>()), 0..20),
        cost in prop::option::of(any::<i64>()),
    ) {
        let history = History::of(&book(&done));
        let listing = job.listing(Marks::default(), None, Worth::default());
        let cost = cost.map(usd);
        if let Some(expected) = expected(&listing, &history, cost) {
            prop_assert!(expected.low.minor <= expected.mid.minor && expected.mid.minor <= expected.high.minor);
            prop_assert_eq!(Some(expected.mid), hourly(&listing, &history, cost));
        } else {
            prop_assert!(hourly(&listing, &history, cost).is_none());
        }
        let approval = Approval::of(&listing, &history);
        let claim = Claim::of(&listing, &history);
        prop_assert!((0.0..=1.0).contains(&approval.chance) && (0.0..=1.0).contains(&claim.chance));
        prop_assert!(!why(&listing, &history, cost).is_empty());
    }

    #[test]
    fn more_pay_is_never_less_an_hour(job in any_job(), a in 0i64..i64::MAX, b in 0i64..i64::MAX) {
        let at = |pay: i64| {
            let mut job = job.clone();
            (job.reward, job.est_seconds) = (Reward::fixed(usd(pay), 100_000), Some(60));
            rate(&job, &History::default())
        };
        let (less, more) = (at(a.min(b)), at(a.max(b)));
        prop_assert!(less.mid.minor <= more.mid.minor && less.low.minor <= more.low.minor && less.high.minor <= more.high.minor);
    }

    #[test]
    fn more_history_of_the_same_narrows_the_interval(seconds in 60u32..3_600, few in 3usize..10, more in 1usize..40, pay in 1_000i64..1_000_000) {
        let width = |n: usize| {
            // One in ten is refused, so that the chance stays what it is believed to be.
            let done: Vec<(u32, bool)> = (0..n * 10).map(|n| (seconds, n % 10 != 9)).collect();
            let expected = rate(&job(1, pay), &History::of(&book(&done)));
            (expected.high.minor - expected.low.minor) as f64 / expected.mid.minor as f64
        };
        prop_assert!(width(few + more) <= width(few) * 1.001);
    }
}

#[test]
fn the_formula_gives_what_it_says() {
    let mut job = job(1, 100);
    job.requester.name = Text::title("Nobody yet");
    // 0.9 to win, 0.9 to be approved, 0.90 USD after the cut, 300 s of work, 30 s of search.
    assert_eq!(rate(&job, &History::default()).mid, usd(875));
    job.claim_mode = ClaimMode::Race;
    job.competitors = Some(1);
    // 0.5 to win: 0.405 USD for 330 s.
    assert_eq!(rate(&job, &History::default()).mid, usd(442));
}

#[test]
fn own_times_go_before_what_is_told_from_three_on() {
    let few = rate(&job(1, 100), &History::of(&book(&[(60, true); 2])));
    assert_eq!(few.basis, WorkFrom::Estimate);
    let own = rate(&job(1, 100), &History::of(&book(&[(60, true); 3])));
    assert_eq!(own.basis, WorkFrom::OwnRequester);
    assert!(own.mid.minor > few.mid.minor && own.doubts.has(Doubts::FEW_DATA));
    let many = rate(&job(1, 100), &History::of(&book(&[(60, true); 12])));
    assert!(!many.doubts.has(Doubts::FEW_DATA) && !many.short().ends_with('?'));
    let mut other = job(1, 100);
    other.requester.name = Text::title("Somebody else");
    assert_eq!(rate(&other, &History::of(&book(&[(60, true); 3]))).basis, WorkFrom::OwnHere);
    other.key = crate::domain::JobKey::new("elsewhere:j1");
    assert_eq!(rate(&other, &History::of(&book(&[(60, true); 3]))).basis, WorkFrom::OwnKind);
}

#[test]
fn a_requester_who_does_not_pay_is_worth_less_and_their_fame_is_bounded() {
    let told = |approved, unpaid| {
        let mut job = job(1, 100);
        job.requester.record = PayRecord { approved: Some(approved), unpaid: Some(unpaid), ..PayRecord::default() };
        rate(&job, &History::default()).mid.minor
    };
    assert!(told(100, 0) > told(100, 50) && told(100, 50) > told(100, 100));
    assert_eq!(told(1_000, 0), told(1_000_000, 0), "a platform's word counts as twenty cases at most");
}

#[test]
fn it_prints_in_the_width_of_a_row() {
    let expected = |low, high, asset| Expected {
        low: Money::new(low, asset),
        mid: Money::new(low, asset),
        high: Money::new(high, asset),
        basis: WorkFrom::Observed,
        doubts: Doubts::FEW_DATA,
    };
    assert_eq!(expected(410, 730, Asset::USD).short(), "$4.10–7.30/h ?");
    assert_eq!(expected(410, 730, Asset::USD).long(), "$4.10–7.30/h · few data");
    assert_eq!(expected(-40, 730, Asset::USD).to_string(), "-$0.40–7.30/h");
    assert_eq!(expected(-90, -40, Asset::USD).to_string(), "-$0.90 – -$0.40/h");
    assert_eq!(expected(1200, 3000, "SAT".parse().unwrap()).to_string(), "1200–3000 SAT/h");
    assert_eq!(expected(5, 5, Asset::USD).to_string(), "$0.05/h");
}

#[test]
fn every_number_says_where_it_is_from() {
    let mut job = job(1, 100);
    job.requester.record = PayRecord { approved: Some(410), rejected: Some(20), ..PayRecord::default() };
    let done: Vec<(u32, bool)> = (0..43).map(|n| (200, n != 7 && n != 21)).collect();
    let lines = why(&job.listing(Marks::default(), None, Worth::default()), &History::of(&book(&done)), None);
    let find = |label: &str| lines.iter().find(|line| line.label.as_str() == label).map(|line| line.value.to_string()).unwrap();
    assert!(find("approved").contains("41 of 43 approved deliveries for this requester"), "{}", find("approved"));
    assert!(find("approved").contains("the platform says 410 of 430"), "{}", find("approved"));
    assert!(find("time").contains("the median of 43 of yours for this requester"));
    assert!(find("expected").contains("in 8 of 10 cases"));
}
