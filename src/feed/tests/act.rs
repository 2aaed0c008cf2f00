//! What can happen to a feed.

use super::*;

/// What can happen.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Upsert(Box<Job>, Judged),
    Again(usize),
    Marks(usize, Marks),
    Mine(usize, Option<AssignmentState>),
    Blocked(usize, bool),
    Worth(usize, Worth),
    Remove(usize),
    Tick(i64),
    Leave,
    Round(u8, Vec<usize>),
    Show(usize),
    Watch(usize),
    Work(usize),
    Image,
}

pub(super) fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        20 => (job_of_keys(300), judged()).prop_map(|(job, judged)| Act::Upsert(Box::new(job), judged)),
        3 => any::<usize>().prop_map(Act::Again),
        5 => (any::<usize>(), marks()).prop_map(|(n, marks)| Act::Marks(n, marks)),
        1 => (any::<usize>(), prop::option::of(Just(AssignmentState::Claimed))).prop_map(|(n, mine)| Act::Mine(n, mine)),
        1 => (any::<usize>(), any::<bool>()).prop_map(|(n, on)| Act::Blocked(n, on)),
        1 => (any::<usize>(), judged()).prop_map(|(n, judged)| Act::Worth(n, judged.worth)),
        2 => any::<usize>().prop_map(Act::Remove),
        4 => (0i64..120).prop_map(Act::Tick),
        1 => Just(Act::Leave),
        1 => (0u8..3, prop::collection::vec(any::<usize>(), 0..40)).prop_map(|(source, listed)| Act::Round(source, listed)),
        3 => any::<usize>().prop_map(Act::Show),
        2 => any::<usize>().prop_map(Act::Watch),
        2 => (0usize..5000).prop_map(Act::Work),
        1 => Just(Act::Image),
    ]
}
