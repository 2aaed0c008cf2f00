//! How often bugs ended the engine of this process: one is no reason to stop working, several in a row are.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use crate::error::{Class, Failure};

/// So many within this time, and no further engine is begun: what ends one at once would end the next one too.
const MOST: usize = 3;
const WITHIN: Duration = Duration::from_secs(60);

/// The latest ones.
#[derive(Debug, Default)]
pub struct Bugs {
    at: VecDeque<Instant>,
    enough: bool,
}

impl Bugs {
    /// There was one at `now`; whether another engine may be begun.
    pub fn one(&mut self, now: Instant) -> bool {
        self.at.push_back(now);
        while self.at.front().is_some_and(|at| now - *at > WITHIN) {
            self.at.pop_front();
        }
        self.enough |= self.at.len() >= MOST;
        !self.enough
    }

    /// There were too many: none is to be begun any more.
    pub fn are_enough(&self) -> bool {
        self.enough
    }

    /// An engine of another process is there: what ended ours is no measure for it.
    pub fn forget(&mut self) {
        *self = Bugs::default();
    }
}

/// Why no further engine is begun.
pub fn enough() -> Failure {
    Failure::new(Class::Internal, format!("bugs ended the engine {MOST} times within a minute, so no other one is started"))
        .hint("everything confirmed is saved, and what is not goes into a file: leave, start juggler again, send the report")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_them_is_enough_and_one_now_and_then_is_not() {
        let (mut bugs, now) = (Bugs::default(), Instant::now());
        let at = |seconds| now + Duration::from_secs(seconds);
        assert!((0..20).all(|n| bugs.one(at(n * 31))), "two within a minute, again and again");
        assert!(!bugs.one(at(19 * 31 + 1)), "the third within one");
        assert!(!bugs.one(at(10_000)) && bugs.are_enough(), "for good");
        bugs.forget();
        assert!(bugs.one(at(10_001)));
    }
}
