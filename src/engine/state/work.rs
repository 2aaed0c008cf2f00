//! Work that is done between inputs, a piece at a time, in the order of who waits for it.

use super::State;
use crate::domain::Time;
use crate::engine::effect::Effects;

/// Jobs looked at by one step, for views.
const ROWS: usize = 2 * 1024;

impl State {
    /// Something is to be done when nothing else is.
    pub(super) fn has_work(&self, now: Time) -> bool {
        !self.ingests.is_empty()
            || !self.sweeps.is_empty()
            || self.counting
            || self.ticking
            || self.is_judging(now)
            || !self.rehearsals.is_empty()
            || self.is_retiring(now)
    }

    /// The next piece. Views that somebody waits for and pages take turns, so that neither starves.
    pub(super) fn work(&mut self, now: Time, effects: &mut Effects) {
        self.turns = self.turns.wrapping_add(1);
        let waited_for = !self.parked.is_empty() && self.counting;
        if waited_for && !self.turns.is_multiple_of(4) {
            self.count_on(now, effects);
            return;
        }
        if self.ingest_some(now, effects) || self.sweep_some(now, effects) {
            return;
        }
        if self.counting {
            return self.count_on(now, effects);
        }
        let _ = self.rehearse_some(now, effects) || self.judge_some(now, effects) || self.retire_some(now, effects);
    }

    fn count_on(&mut self, now: Time, effects: &mut Effects) {
        self.counting = !self.feed.work(ROWS).done;
        self.answer_parked(now, effects);
    }
}
