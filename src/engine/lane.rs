//! The queue of one host. The person's calls go before polls, and a poll that hangs never holds them up.

use std::collections::VecDeque;

use super::effect::Call;
use crate::domain::SourceName;

/// Calls of one host that may be on their way at once.
const PERSONS_AT_ONCE: usize = 4;
const POLLS_AT_ONCE: usize = 1;

/// A call that waits for its turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Queued {
    /// Its number.
    pub call: u64,
    /// Whose.
    pub source: SourceName,
    /// What.
    pub what: Call,
}

/// One host's calls.
#[derive(Debug, Default)]
pub struct Lane {
    persons: VecDeque<Queued>,
    polls: VecDeque<Queued>,
    persons_out: usize,
    polls_out: usize,
}

impl Lane {
    /// Puts a call in line.
    pub fn push(&mut self, queued: Queued) {
        if queued.what.is_persons() { self.persons.push_back(queued) } else { self.polls.push_back(queued) }
    }

    /// The next call that may go now, if any.
    pub fn pop(&mut self) -> Option<Queued> {
        if self.persons_out < PERSONS_AT_ONCE
            && let Some(next) = self.persons.pop_front()
        {
            self.persons_out += 1;
            return Some(next);
        }
        // A waiting person keeps the line free of new polls.
        if self.persons.is_empty()
            && self.polls_out < POLLS_AT_ONCE
            && let Some(next) = self.polls.pop_front()
        {
            self.polls_out += 1;
            return Some(next);
        }
        None
    }

    /// A call ended.
    pub fn done(&mut self, persons: bool) {
        let out = if persons { &mut self.persons_out } else { &mut self.polls_out };
        *out = out.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::JobKey;

    fn queued(call: u64, what: Call) -> Queued {
        Queued { call, source: SourceName::new("a"), what }
    }

    #[test]
    fn the_person_goes_first_and_a_hanging_poll_holds_nobody_up() {
        let mut lane = Lane::default();
        let poll = || Call::Jobs { cursor: serde_json::Value::Null };
        let act = || Call::Job { key: JobKey::new("a:1") };
        lane.push(queued(1, poll()));
        lane.push(queued(2, poll()));
        assert_eq!(lane.pop().map(|q| q.call), Some(1));
        assert_eq!(lane.pop(), None, "one poll at a time");
        lane.push(queued(3, act()));
        assert_eq!(lane.pop().map(|q| q.call), Some(3), "the poll still hangs");
        lane.push(queued(4, act()));
        lane.done(false);
        assert_eq!(lane.pop().map(|q| q.call), Some(4), "before the poll that waited longer");
        assert_eq!(lane.pop().map(|q| q.call), Some(2));
    }
}
