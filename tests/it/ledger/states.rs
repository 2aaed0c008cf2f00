//! The state machine: the legal table and nothing else.

use juggler::domain::assignment::{AssignmentState as S, IllegalMove, Move as M};
use proptest::prelude::*;

/// The table again, written by target rather than by source: what each move needs and where it leads.
fn table(step: M) -> (&'static [S], S) {
    match step {
        M::Assign => (&[S::Applied], S::Claimed),
        M::Start => (&[S::Claimed], S::InProgress),
        M::Queue => (&[S::Claimed, S::InProgress, S::RevisionAsked], S::Submitting),
        M::Bounce => (&[S::Submitting], S::InProgress),
        M::Deliver => (&[S::Submitting], S::Submitted),
        M::Review => (&[S::Submitted], S::UnderReview),
        M::AskRevision => (&[S::Submitted, S::UnderReview], S::RevisionAsked),
        M::Approve => (&[S::Submitted, S::UnderReview, S::Appealed], S::Approved),
        M::Reject => (&[S::Submitted, S::UnderReview, S::RevisionAsked, S::Appealed], S::Rejected),
        M::Appeal => (&[S::Rejected], S::Appealed),
        M::Pay => (&[S::Approved], S::Paid),
        M::Reverse => (&[S::Paid], S::Approved),
        M::Release => (&[S::Applied, S::Claimed, S::InProgress, S::RevisionAsked], S::Released),
        M::TimeOut => (&[S::Applied, S::Claimed, S::InProgress, S::RevisionAsked, S::Submitting], S::TimedOut),
        M::Cancel => (
            &[S::Applied, S::Claimed, S::InProgress, S::RevisionAsked, S::Submitting, S::Submitted, S::UnderReview, S::Appealed],
            S::Cancelled,
        ),
    }
}

#[test]
fn only_the_legal_table_is_possible() {
    for from in S::ALL {
        for step in M::ALL {
            let (sources, target) = table(step);
            let expected = if sources.contains(&from) { Ok(target) } else { Err(IllegalMove { from, step }) };
            assert_eq!(from.after(step), expected, "{from:?} {step:?}");
        }
    }
}

#[test]
fn a_path_leads_where_it_says_by_the_fewest_moves() {
    for from in S::ALL {
        // Distances by another way: relaxing until nothing changes.
        let mut distance = vec![(from, 0usize)];
        loop {
            let before = distance.len();
            for (state, far) in distance.clone() {
                for next in M::ALL.into_iter().filter_map(|step| state.after(step).ok()) {
                    match distance.iter_mut().find(|(s, _)| *s == next) {
                        Some((_, known)) => *known = (*known).min(far + 1),
                        None => distance.push((next, far + 1)),
                    }
                }
            }
            if distance.len() == before {
                break;
            }
        }
        for target in S::ALL {
            let path = from.path_to(target);
            let far = distance.iter().find(|(s, _)| *s == target).map(|(_, far)| *far);
            assert_eq!(path.as_ref().map(Vec::len), far, "{from:?} to {target:?}");
            if let Some(path) = path {
                let end = path.into_iter().try_fold(from, |state, step| state.after(step)).unwrap();
                assert_eq!(end, target);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn money_comes_only_after_approval_and_approval_only_after_delivery(
        start in prop::sample::select(vec![S::Applied, S::Claimed]),
        steps in prop::collection::vec(prop::sample::select(M::ALL.to_vec()), 0..60),
    ) {
        let (mut state, mut delivered, mut approved) = (start, false, false);
        for step in steps {
            match state.after(step) {
                Ok(after) => {
                    delivered |= step == M::Deliver;
                    approved |= step == M::Approve;
                    state = after;
                }
                Err(illegal) => prop_assert_eq!(illegal, IllegalMove { from: state, step }),
            }
            prop_assert!(state != S::Paid || approved && delivered);
            prop_assert!(state != S::Approved || delivered);
        }
    }
}
