//! The load generator: listed jobs change all the time, and the oldest make room for new ones, so that the market is as busy as asked
//! for and never grows.

use chrono::TimeDelta;

use super::agenda::Event;
use super::dice::Dice;
use super::listing::Status;
use super::world::World;
use crate::domain::Time;

impl World {
    /// Puts the next change of some job on the agenda, a chance wait after `from`.
    pub(super) fn schedule_stir(&mut self, from: Time) {
        let Some(mean) = self.setup.churn.mean_gap() else { return };
        let mean = u64::try_from(mean.as_micros()).unwrap_or(u64::MAX);
        let wait = Dice::of(self.setup.seed, "stir gap", self.memory.change, 0).wait(mean);
        self.memory.agenda.add(from + TimeDelta::microseconds(wait.num_milliseconds()), Event::Stir);
    }

    /// One open job changes: somebody takes a place or gives one back; with one place alone, its requester touches it.
    pub(super) fn stir(&mut self, due: Time, now: Time) {
        let mut dice = Dice::of(self.setup.seed, "stir", self.memory.change, 0);
        let first = self.oldest().next().map(|job| job.n);
        if let Some(first) = first {
            let from = dice.between(first, self.memory.next_job.saturating_sub(1));
            let open = |from: u64| self.memory.jobs.range(from..).find(|(_, job)| job.status == Status::Open).map(|(n, _)| *n);
            let picked = open(from).or_else(|| open(first));
            if let Some(n) = picked {
                let leaves = dice.percent(50);
                self.change_job(n, now, |job| match (job.rivals_now, job.slots_left) {
                    (1.., _) if leaves => {
                        job.rivals_now -= 1;
                        job.slots_left += 1;
                    }
                    (_, 2..) => {
                        job.rivals_now += 1;
                        job.slots_left -= 1;
                    }
                    _ => {}
                });
            }
        }
        self.schedule_stir(due);
    }

    /// Above the most that may be open, the oldest that is nobody's ends.
    pub(super) fn make_room(&mut self, now: Time) {
        let Some(most) = self.setup.most else { return };
        while self.open_count() > most as usize {
            let oldest = self.oldest().find(|job| !job.mine_live).map(|job| job.n);
            let Some(n) = oldest else { return };
            self.end_job(n, Status::Expired, now);
        }
    }
}
