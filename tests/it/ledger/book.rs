//! The fold of the journal under any entries at all.

use juggler::domain::assignment::{AssignmentState as S, Move as M};
use juggler::domain::draft::Cause;
use juggler::domain::origin::{Origin, Origins};
use juggler::domain::payment::{PaymentKind, PaymentStatus};
use juggler::domain::submission::{Submission, SubmissionState as Sub};
use juggler::domain::triage::{Change, Marks};
use juggler::domain::{Book, Entry, JobKey, Record, SubmissionId, Text};
use proptest::prelude::*;

use super::{assignment, at, id, noon, payment, usd, worked};

fn sub_id(n: u32) -> SubmissionId {
    SubmissionId::new(&format!("s{n}"))
}

fn queued(n: u32, of: u32) -> Record {
    Record::Queued {
        submission: Box::new(Submission {
            id: sub_id(n),
            assignment: id(of),
            attempt: 1,
            text: Text::own("work"),
            files: vec![],
            disclosure: Text::default(),
            overridden: None,
            body_hash: String::new(),
            state: Sub::Queued,
            queued_at: noon(),
            sent_at: None,
            answered_at: None,
            sends: 0,
            native_id: Text::default(),
            note: Text::default(),
        }),
    }
}

fn sent(n: u32, state: Sub) -> Record {
    Record::Sent { submission: sub_id(n), state, native_id: Text::default(), note: Text::default() }
}

fn moved(n: u32, step: M) -> Record {
    Record::Moved { assignment: id(n), step, native_state: Text::default(), note: Text::default() }
}

fn marks(starred: bool, hidden: bool) -> Marks {
    Marks { starred, hidden, ..Marks::default() }
}

fn any_record() -> impl Strategy<Value = Record> {
    let n = 0u32..4;
    let subs = vec![Sub::Queued, Sub::Sending, Sub::Unknown, Sub::Acked, Sub::Refused, Sub::Withdrawn];
    prop_oneof![
        1 => n.clone().prop_map(|n| Record::ClaimSent { job: Box::new(assignment(n, S::Claimed, usd(100), 0).job) }),
        1 => n.clone().prop_map(|n| Record::Claimed { assignment: Box::new(assignment(n, S::Claimed, usd(100), 0)) }),
        1 => n.clone().prop_map(|n| Record::ClaimLost { job: assignment(n, S::Claimed, usd(1), 0).job.key, reason: Text::default() }),
        8 => (n.clone(), prop::sample::select(M::ALL.to_vec())).prop_map(|(n, step)| moved(n, step)),
        1 => n.clone().prop_map(|n| Record::Deadline { assignment: id(n), deadline: Some(at(60)) }),
        3 => (n.clone(), n.clone()).prop_map(|(s, a)| queued(s, a)),
        4 => (n.clone(), prop::sample::select(subs)).prop_map(|(n, state)| sent(n, state)),
        1 => (n.clone(), 0u32..6).prop_map(|(n, p)| Record::Paid {
            // Mostly for the same assignment each time.
            payment: Box::new(payment(&format!("p{p}"), if n == 0 { 3 } else { p % 3 }, PaymentKind::Reward, usd(100), 10, PaymentStatus::Paid, 0))
        }),
        1 => n.clone().prop_map(|n| Record::Manual { id: Text::title(&n.to_string()), amount: usd(5), what: Text::default(), on: noon() }),
        1 => n.clone().prop_map(|n| Record::Drafted {
            assignment: id(n),
            version: n,
            text: Text::own("draft"),
            files: vec![],
            cause: if n == 1 { Cause::Scaffold } else { Cause::Typed },
            origins: (n > 1).then(|| Origins::whole(5, Origin::Typed)),
        }),
        1 => (0u64..9, any::<bool>(), any::<bool>(), prop::option::of(0u64..9), prop::option::of(0u64..9)).prop_map(|(act, a, b, undoes, redoes)| {
            let change = Change { job: JobKey::new("practice:j1"), before: marks(a, b), after: marks(b, a) };
            Record::Triaged { act, changes: vec![change], undoes, redoes }
        }),
        1 => n.prop_map(|n| Record::Worked { span: worked(n, 0, 60) }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_entries_fold_without_a_panic_and_the_illegal_ones_leave_findings(records in prop::collection::vec(any_record(), 0..120)) {
        let mut book = Book::default();
        for (i, record) in records.into_iter().enumerate() {
            let before = book.clone();
            let entry = Entry { at: at(i as i64), record };
            book.apply(&entry);
            if let Record::Moved { assignment, step, .. } = &entry.record {
                match before.assignments.get(assignment).map(|a| a.state.after(*step)) {
                    Some(Ok(after)) => prop_assert_eq!(book.assignments[assignment].state, after),
                    // The book is as it was, apart from the finding.
                    _ if before.findings.len() < 100 => {
                        prop_assert_eq!(book.findings.len(), before.findings.len() + 1);
                        book.findings.pop();
                        prop_assert_eq!(&book, &before);
                        book.findings = before.findings.clone();
                        book.findings.push(Text::title("finding"));
                    }
                    _ => {}
                }
            }
            // Every submission that was sent counts its sends; none goes back to being unsent by itself.
            for (id, submission) in &before.submissions {
                let now = &book.submissions[id];
                prop_assert!(now.state == submission.state || submission.state.may_become(now.state));
                prop_assert!(now.sends >= submission.sends);
            }
            prop_assert!(book.undo.len() <= 1_000 && book.findings.len() <= 100);
            // The index finds what a look at every assignment finds; so does a book that was read back and has none yet.
            for job in book.assignments.values().map(|a| &a.job.key) {
                let mine = book.assignments.values().filter(|a| a.job.key == *job);
                let latest = mine.max_by_key(|a| (!a.state.is_over(), a.moved_at)).map(|a| &a.id);
                prop_assert_eq!(book.assignment_of(job).map(|a| &a.id), latest);
                let mut bare = Book::default();
                bare.assignments = book.assignments.clone();
                prop_assert_eq!(bare.assignment_of(job).map(|a| &a.id), latest);
                bare.index();
                prop_assert_eq!(bare.assignment_of(job).map(|a| &a.id), latest);
            }
            let mut bare = Book::default();
            (bare.spans, bare.payments) = (book.spans.clone(), book.payments.clone());
            for n in 0..4 {
                let seconds = |b: &Book| (b.worked(&id(n)), b.payments_for(&id(n)).into_iter().cloned().collect::<Vec<_>>());
                let looked: Vec<_> = book.payments.values().filter(|p| p.assignment == id(n)).cloned().collect();
                let counted = book.spans.iter().filter(|s| **s == worked(n, 0, 60)).count() as i64 * 60;
                prop_assert_eq!(seconds(&book), (counted, looked.clone()));
                prop_assert_eq!(seconds(&bare), (counted, looked));
            }
        }
        // What a checkpoint would hold is the same book.
        let text = serde_json::to_string(&juggler_keys(&book)).unwrap();
        prop_assert!(!text.is_empty());
    }

    #[test]
    fn entries_read_back_from_a_line_fold_to_the_same_book(records in prop::collection::vec(any_record(), 0..40)) {
        let (mut first, mut second) = (Book::default(), Book::default());
        for (i, record) in records.into_iter().enumerate() {
            let entry = Entry { at: at(i as i64), record };
            let line = serde_json::to_string(&entry).unwrap();
            first.apply(&entry);
            second.apply(&serde_json::from_str(&line).unwrap());
        }
        prop_assert_eq!(first, second);
    }
}

/// The parts of a book whose keys JSON can hold, to see that it can be written at all.
fn juggler_keys(book: &Book) -> serde_json::Value {
    serde_json::json!({ "assignments": book.assignments, "payments": book.payments, "marks": book.marks, "undo": book.undo })
}

#[test]
fn what_rules_did_is_taken_back_act_by_act_and_leaves_the_persons_acts() {
    let (one, two) = (JobKey::new("practice:j1"), JobKey::new("practice:j2"));
    let mut book = Book::default();
    let change = |job: &JobKey, before, after| Change { job: job.clone(), before, after };
    let (none, star, hidden) = (Marks::default(), marks(true, false), marks(false, true));
    let ruled = |book: &mut Book, act, changes: Vec<Change>| {
        book.apply(&Entry { at: noon(), record: Record::RuleMarked { act, rule: Text::title("quiet"), changes } });
    };
    let triaged = |book: &mut Book, act, changes: Vec<Change>, undoes| {
        book.apply(&Entry { at: noon(), record: Record::Triaged { act, changes, undoes, redoes: None } });
    };
    triaged(&mut book, 1, vec![change(&one, none, star)], None);
    triaged(&mut book, 2, vec![change(&one, star, none)], Some(1));
    // A rule acts on two jobs, on one of them twice: that is one act, and what can be done again stays.
    ruled(&mut book, 3, vec![change(&one, none, star)]);
    ruled(&mut book, 3, vec![change(&two, none, hidden)]);
    ruled(&mut book, 3, vec![change(&one, star, hidden)]);
    assert_eq!((book.undo.len(), book.redo.len(), book.marks(&one)), (1, 1, hidden));
    let last = book.undo.last().unwrap().clone();
    assert_eq!((last.rule.as_ref().unwrap().as_str(), last.changes.len()), ("quiet", 3));
    triaged(&mut book, 4, last.reversed().changes, Some(3));
    assert!(book.marks.is_empty() && book.undo.is_empty());
    assert_eq!(book.redo.last().unwrap().rule.as_ref().unwrap().as_str(), "quiet");
    // However many acts of rules come, the person's can still be reached.
    triaged(&mut book, 5, vec![change(&one, none, star)], None);
    for act in 6..2_006 {
        ruled(&mut book, act, vec![change(&two, none, hidden)]);
    }
    assert_eq!((book.undo.len(), book.undo[0].act, book.last_act), (201, 5, 2_005));
}

#[test]
fn undo_and_redo_of_triage_come_back_to_the_same_marks() {
    let key = JobKey::new("practice:j1");
    let mut book = Book::default();
    let apply = |book: &mut Book, act, before, after, undoes, redoes| {
        let change = Change { job: key.clone(), before, after };
        book.apply(&Entry { at: noon(), record: Record::Triaged { act, changes: vec![change], undoes, redoes } });
        book.marks(&key)
    };
    let (none, star) = (Marks::default(), marks(true, false));
    assert_eq!(apply(&mut book, 1, none, star, None, None), star);
    assert_eq!(apply(&mut book, 2, star, none, Some(1), None), none);
    assert!(book.undo.is_empty() && book.marks.is_empty());
    let redo = book.redo.last().unwrap().clone();
    assert_eq!((redo.act, redo.changes[0].after), (1, star));
    assert_eq!(apply(&mut book, 3, none, star, None, Some(1)), star);
    assert_eq!((book.undo.len(), book.redo.len(), book.last_act), (1, 0, 3));
}
