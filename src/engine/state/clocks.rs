//! Clocks that are not in step: the platforms' and ours. Deadlines are shown by the platform's.

use chrono::TimeDelta;

use super::State;
use crate::domain::{SourceName, Time};
use crate::engine::api::What;
use crate::engine::effect::Effects;
use crate::platforms::Meta;

impl State {
    /// An answer tells its platform's time.
    pub(super) fn heard_clock(&mut self, name: &SourceName, meta: &Meta, now: Time, effects: &mut Effects) {
        let Some(server) = meta.server_time else { return };
        let latency = TimeDelta::from_std(meta.latency).unwrap_or_default();
        if self.book.clocks.heard(name, server, now, latency) && self.has_deadline_of(name) {
            self.look_at_hand = true;
            self.publish(What::Clock { stepped_ms: 0 }, now, effects);
        }
    }

    /// Our clock was set, or the machine slept: what was planned by it is due now, and who counts down counts anew.
    pub(super) fn clock_changed(&mut self, stepped: TimeDelta, now: Time, effects: &mut Effects) {
        self.book.clocks.stepped(stepped);
        for source in self.sources.values_mut() {
            if let Some(skew) = &mut source.skew_ms {
                *skew -= stepped.num_milliseconds();
            }
            source.schedule.stepped(stepped);
        }
        self.late.retain(|id| self.book.assignments.get(id).and_then(|a| self.book.deadline(a)).is_some_and(|at| at <= now));
        self.look_at_hand = true;
        self.publish(What::Clock { stepped_ms: stepped.num_milliseconds() }, now, effects);
    }

    fn has_deadline_of(&self, name: &SourceName) -> bool {
        let mut in_hand = self.book.assignments.values().filter(|mine| mine.state.is_in_hand() && mine.deadline.is_some());
        in_hand.any(|mine| mine.job.key.source() == *name)
    }
}
