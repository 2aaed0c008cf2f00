//! When the next frame may go out: not before the terminal has taken the one before.
//!
//! Behind each frame goes a question that every terminal answers in its order (`ESC [ 5 n`, answered by `ESC [ 0 n`): the answer
//! says that everything before it was taken. While it is out, keys change the model and nothing is written, so that on a slow line a
//! held key builds no queue: the newest state is drawn when the answer comes. No clock and no terminal in here, only rules.
//!
//! A terminal that never answers costs two short waits, and is then left alone but for a rare try. One that has answered before
//! and does not now is not reading, and is waited for longer.

use std::time::{Duration, Instant};

/// What is asked.
pub const QUESTION: &[u8] = b"\x1b[5n";

/// A terminal that never answered gets this long.
const FIRST: Duration = Duration::from_millis(300);
/// One that did answer before gets this long.
const LATER: Duration = Duration::from_secs(4);
/// After two silences the question rests this long.
const REST: Duration = Duration::from_secs(120);

/// The rules.
#[derive(Clone, Debug)]
pub struct Fence {
    on: bool,
    /// Since when an answer is waited for.
    asked: Option<Instant>,
    /// It answered at least once.
    known: bool,
    /// Questions in a row without an answer in time.
    silent: u32,
    /// Not asked before this.
    rests_until: Option<Instant>,
    /// Questions that may still be answered, in time or not.
    owed: u32,
}

impl Fence {
    /// A fence; `on: false` never asks.
    pub fn new(on: bool) -> Fence {
        Fence { on, asked: None, known: false, silent: 0, rests_until: None, owed: 0 }
    }

    /// A frame may be drawn.
    pub fn is_open(&self, now: Instant) -> bool {
        self.opens_at().is_none_or(|at| at <= now)
    }

    /// When a frame may be drawn although no answer came; `None`: now.
    pub fn opens_at(&self) -> Option<Instant> {
        self.asked.map(|at| at + self.patience())
    }

    fn patience(&self) -> Duration {
        if self.known { LATER } else { FIRST }
    }

    /// A frame goes out: whether the question goes with it.
    pub fn frame(&mut self, now: Instant) -> bool {
        if self.asked.take().is_some() {
            // The frame goes out although the last question was not answered.
            self.silent += 1;
            if self.silent >= 2 {
                self.rests_until = Some(now + REST);
            }
        }
        if !self.on || self.rests_until.is_some_and(|until| now < until) {
            return false;
        }
        if self.rests_until.take().is_some() {
            // One more try; a silence now is the second one at once.
            self.silent = 1;
        }
        self.asked = Some(now);
        self.owed = self.owed.saturating_add(1);
        true
    }

    /// The terminal answered.
    pub fn answered(&mut self) {
        self.asked = None;
        self.known = true;
        self.silent = 0;
        self.rests_until = None;
        self.owed = self.owed.saturating_sub(1);
    }

    /// Until when an answer is worth waiting for before the terminal goes to somebody else, who would get it as input.
    pub fn drains_until(&self, now: Instant) -> Option<Instant> {
        const LAST: Duration = Duration::from_millis(300);
        (self.owed > 0 && (self.known || self.silent < 2)).then(|| now + LAST)
    }

    /// Nothing is owed any more: the terminal was given away and comes back.
    pub fn forget(&mut self) {
        self.asked = None;
        self.owed = 0;
    }

    /// An answer is waited for at this moment.
    pub fn is_waiting(&self, now: Instant) -> bool {
        self.opens_at().is_some_and(|at| now < at)
    }

    /// An answer may come.
    pub fn is_owed(&self) -> bool {
        self.owed > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_frame_waits_for_the_answer() {
        let now = Instant::now();
        let mut fence = Fence::new(true);
        assert!(fence.is_open(now), "the first frame never waits");
        assert!(fence.frame(now));
        assert!(!fence.is_open(now));
        fence.answered();
        assert!(fence.is_open(now));
        assert!(fence.frame(now));
        assert!(!fence.is_open(now + Duration::from_secs(3)), "a terminal that answers is waited for");
        assert!(fence.is_open(now + LATER));
    }

    #[test]
    fn a_mute_terminal_is_left_alone_after_two_waits() {
        let mut now = Instant::now();
        let mut fence = Fence::new(true);
        for _ in 0..2 {
            assert!(fence.frame(now));
            assert!(!fence.is_open(now));
            now += FIRST;
            assert!(fence.is_open(now));
        }
        assert!(!fence.frame(now), "it is not asked any more");
        assert!(fence.is_open(now));
        now += REST;
        assert!(fence.frame(now), "but once in a while");
        now += FIRST;
        assert!(!fence.frame(now), "a single silence is enough then");
        now += REST;
        assert!(fence.frame(now));
        fence.answered();
        assert!(fence.frame(now), "and an answer puts everything right");
    }

    #[test]
    fn late_answers_count_as_answers() {
        let mut now = Instant::now();
        let mut fence = Fence::new(true);
        for _ in 0..2 {
            fence.frame(now);
            now += FIRST;
        }
        assert!(!fence.frame(now));
        fence.answered();
        assert!(fence.is_owed());
        assert!(fence.frame(now), "it does answer, only slowly");
        assert!(!fence.is_open(now + Duration::from_secs(1)));
    }

    #[test]
    fn off_is_off() {
        let now = Instant::now();
        let mut fence = Fence::new(false);
        assert!(!fence.frame(now) && fence.is_open(now) && fence.drains_until(now).is_none());
    }
}
