//! What is kept entry by entry is what the whole book teaches.

use proptest::prelude::*;

use super::*;
use crate::domain::work::Span;
use crate::domain::{Assignment, AssignmentState, Job, Move, SourceName, Text, Time};

fn now() -> Time {
    Time::default()
}

fn job(n: u32) -> Job {
    let mut job = Job::new(&SourceName::new(if n.is_multiple_of(3) { "one" } else { "two" }), &format!("j{n}"), "a job", now());
    job.kind = Text::title(["tagline", "art"][n as usize % 2]);
    job.requester.name = Text::title(["Acme", "Bits"][n as usize / 2 % 2]);
    job.claim_mode = match n % 4 {
        0 => crate::domain::job::ClaimMode::Race,
        1 => crate::domain::job::ClaimMode::ApplyThenAssigned,
        _ => crate::domain::job::ClaimMode::InstantLock,
    };
    job
}

fn id(n: u32) -> AssignmentId {
    AssignmentId::new(&format!("{}:a{n}", job(n).key.source()))
}

fn record() -> impl Strategy<Value = Record> {
    let n = 0u32..6;
    let claimed = |n| {
        let applied = matches!(job(n).claim_mode, crate::domain::job::ClaimMode::ApplyThenAssigned);
        Record::Claimed {
            assignment: Box::new(Assignment {
                id: id(n),
                job: job(n),
                state: if applied { AssignmentState::Applied } else { AssignmentState::Claimed },
                native_state: Text::default(),
                claimed_at: now(),
                deadline: None,
                feedback: Text::default(),
                submission: None,
                moved_at: now(),
            }),
        }
    };
    let spent = prop_oneof![Just(None), n.clone().prop_map(Some)];
    prop_oneof![
        2 => n.clone().prop_map(|n| Record::ClaimSent { job: Box::new(job(n)) }),
        2 => n.clone().prop_map(claimed),
        2 => n.clone().prop_map(|n| Record::ClaimLost { job: job(n).key, reason: Text::default() }),
        9 => (n.clone(), prop::sample::select(Move::ALL.to_vec())).prop_map(|(n, step)| Record::Moved {
            assignment: id(n),
            step,
            native_state: Text::default(),
            note: Text::default(),
        }),
        3 => (spent, 0u32..5_000).prop_map(|(n, seconds)| Record::Worked {
            span: Span { spent: n.map_or(Spent::Triage, |n| Spent::Assignment { id: id(n) }), from: now(), seconds }
        }),
    ]
}

proptest! {
    #[test]
    fn entry_by_entry_leads_where_the_whole_book_leads(records in prop::collection::vec(record(), 0..80)) {
        let (mut book, mut kept) = (Book::default(), History::default());
        for record in records {
            let entry = Entry { at: now(), record };
            let before = (kept.version(), format!("{:?} {:?}", kept.all, kept.overhead()));
            book.apply(&entry);
            kept.note(&book, &entry);
            let moved = before.1 != format!("{:?} {:?}", kept.all, kept.overhead());
            prop_assert!(!moved || kept.version() > before.0, "what changed was announced");
        }
        let whole = History::of(&book);
        prop_assert_eq!((&kept.all, &kept.parts, kept.triage), (&whole.all, &whole.parts, whole.triage));
        for (name, source) in &whole.sources {
            let same = kept.source(name).unwrap_or_else(|| panic!("no {name}"));
            prop_assert_eq!(&same.all, &source.all);
            for (kind, cell) in &source.kinds {
                prop_assert_eq!(same.kind(kind).cloned().unwrap_or_default(), cell.clone());
            }
            for (requester, of) in &source.requesters {
                let same = same.requester(requester).cloned().unwrap_or_default();
                prop_assert_eq!(same.verdicts, of.verdicts);
                for (kind, times) in &of.kinds {
                    prop_assert_eq!(same.kind(kind).cloned().unwrap_or_default(), times.clone());
                }
            }
        }
    }

    #[test]
    fn a_median_and_a_spread_forget_what_is_taken_back(seconds in prop::collection::vec(0u32..u32::MAX, 1..40), gone in 0usize..40) {
        let mut times = Times::default();
        seconds.iter().for_each(|s| times.count(*s, true));
        let gone = seconds[gone % seconds.len()];
        let before = times.clone();
        times.count(gone, false);
        prop_assert_eq!(times.len() + 1, before.len());
        times.count(gone, true);
        prop_assert_eq!(&times, &before);
        let mut sorted = seconds.clone();
        sorted.sort_unstable();
        let median = times.median().unwrap_or_default();
        prop_assert!(sorted[(sorted.len() - 1) / 2] <= median && median <= sorted[sorted.len() / 2]);
        prop_assert!(times.log_squares() >= 0.0);
    }
}

#[test]
fn an_application_that_came_to_nothing_is_a_claim_lost() {
    let mut book = Book::default();
    let n = 1;
    let entry = |record| Entry { at: now(), record };
    for record in [
        Record::Claimed {
            assignment: Box::new(Assignment {
                id: id(n),
                job: job(n),
                state: AssignmentState::Applied,
                native_state: Text::default(),
                claimed_at: now(),
                deadline: None,
                feedback: Text::default(),
                submission: None,
                moved_at: now(),
            }),
        },
        Record::Moved { assignment: id(n), step: Move::Cancel, native_state: Text::default(), note: Text::default() },
    ] {
        book.apply(&entry(record));
    }
    let claims = History::of(&book).overall().claims;
    assert_eq!((claims.good, claims.of), (0, 1));
}
