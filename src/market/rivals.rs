//! The other workers: they take places at a believable pace, deliver or give up, and do not wait for anybody.

use super::agenda::Event;
use super::claim::Stage;
use super::dice::{Dice, millis};
use super::listing::Status;
use super::world::World;
use crate::domain::Time;

/// Claims that rivals give back or let run out, in percent.
const GIVEN_UP: u64 = 15;

impl World {
    /// Puts a rival's next claim on an open job on the agenda, unless one is there.
    pub(super) fn court(&mut self, n: u64, now: Time) {
        if !self.setup.rivals {
            return;
        }
        let seed = self.setup.seed;
        let Some(job) = self.memory.jobs.get_mut(&n).filter(|j| j.status == Status::Open && !j.courted) else { return };
        job.courted = true;
        let wait = Dice::of(seed, "courting", n, u64::from(job.rivals)).wait(job.courting_mean());
        // Nobody grabs a job in the second it appears.
        self.memory.agenda.add(now + wait.max(millis(3_000)), Event::RivalClaims { job: n });
    }

    /// A rival takes a place, if one is left.
    pub(super) fn rival_claims(&mut self, n: u64, now: Time) {
        let Some(job) = self.memory.jobs.get_mut(&n) else { return };
        job.courted = false;
        if job.status != Status::Open || job.slots_left == 0 {
            return;
        }
        let rival = job.rivals;
        let hold = job.est_seconds * 10 * rival_pace(self.setup.seed, n, rival);
        let hold = hold.min(job.claim_seconds * 1_000);
        self.memory.agenda.add(now + millis(hold), Event::RivalEnds { job: n, rival });
        self.change_job(n, now, |job| {
            job.rivals += 1;
            job.rivals_now += 1;
            job.slots_left -= 1;
        });
    }

    /// A rival delivers, or gives the place back.
    pub(super) fn rival_ends(&mut self, n: u64, rival: u32, now: Time) {
        let gives_up = Dice::of(self.setup.seed, "giving up", n, u64::from(rival)).percent(GIVEN_UP);
        let pace = rival_pace(self.setup.seed, n, rival);
        self.change_job(n, now, |job| {
            job.rivals_now = job.rivals_now.saturating_sub(1);
            if gives_up {
                job.slots_left += 1;
            } else {
                job.done += 1;
                job.done_seconds += job.est_seconds * pace / 100;
            }
        });
    }

    /// A job's time is over, or it was withdrawn.
    pub(super) fn end_job(&mut self, n: u64, status: Status, now: Time) {
        if self.memory.jobs.get(&n).is_some_and(|job| !job.status.is_over()) {
            self.change_job(n, now, |job| job.status = status);
        }
    }

    /// A requester withdraws a job; whoever has not delivered yet is sent home, what was delivered is still judged.
    pub(super) fn withdraw(&mut self, n: u64, now: Time) {
        let Some(job) = self.memory.jobs.get(&n).filter(|job| !job.status.is_over()) else { return };
        let mine =
            job.mine.and_then(|claim| self.memory.claims.get(&claim)).filter(|claim| claim.stage == Stage::Active).cloned();
        self.end_job(n, Status::Cancelled, now);
        if let Some(mut claim) = mine {
            claim.stage = Stage::Cancelled;
            claim.feedback = "The requester withdrew the job.".to_owned();
            self.put_claim(claim, now);
            self.change_job(n, now, |job| job.mine_live = false);
        }
    }
}

/// How long a rival takes, in percent of the honest time.
fn rival_pace(seed: u64, job: u64, rival: u32) -> u64 {
    Dice::of(seed, "pace", job, u64::from(rival)).between(70, 180)
}
