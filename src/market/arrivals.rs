//! How jobs come to be posted.

use chrono::TimeDelta;

use super::agenda::Event;
use super::dice::{Dice, millis};
use super::listing::{Listing, Status};
use super::requester::Temper;
use super::world::World;
use crate::domain::Time;

/// The market's cut in millionths; the seed picks one for each job.
const FEES: [u32; 6] = [50_000, 80_000, 100_000, 100_000, 125_000, 150_000];
/// Pay comes in steps of so many cents.
const STEP: u64 = 5;
/// Jobs that their requester withdraws, in percent.
const WITHDRAWN: u64 = 4;

impl World {
    /// When the `n`th of the first jobs was posted: within the hour before the market opened.
    pub(super) fn first_posting(&self, n: u64, now: Time) -> Time {
        now - Dice::of(self.setup.seed, "age", n, 0).millis(2_000, 3_600_000)
    }

    /// Puts the next arrival on the agenda, a chance wait after `from`.
    pub(super) fn schedule_arrival(&mut self, from: Time) {
        let Some(mean) = self.setup.rate.mean_gap() else { return };
        let mean = u64::try_from(mean.as_micros()).unwrap_or(u64::MAX);
        // The mean is in microseconds here: at a thousand a second, whole milliseconds would be too coarse.
        let wait = Dice::of(self.setup.seed, "gap", self.memory.next_job, 0).wait(mean);
        self.memory.agenda.add(from + TimeDelta::microseconds(wait.num_milliseconds()), Event::Arrival);
    }

    /// The next job arrives; `due` is when it should have, so that the pace does not depend on how often the world is stepped.
    pub(super) fn arrive(&mut self, due: Time, now: Time) {
        let n = self.memory.next_job;
        self.memory.next_job += 1;
        self.post(n, now, now);
        self.make_room(now);
        self.schedule_arrival(due);
    }

    /// Posts job `n`. All of its fields come of the seed and `n`; an early job (`posted_at` before `now`) may have lost places.
    pub(super) fn post(&mut self, n: u64, posted_at: Time, now: Time) {
        let catalogue = self.catalogue.clone();
        let mut dice = Dice::of(self.setup.seed, "job", n, 0);
        let kind = catalogue.kind_at(dice.between(0, catalogue.weights().saturating_sub(1)));
        let index = kind[dice.index(kind.len())];
        let work = &catalogue.works[index];
        let requester = work.requesters[dice.index(work.requesters.len())];
        let est_seconds = dice.between(work.minutes[0] * 2, work.minutes[1] * 2) * 30;
        let cents = |m: crate::domain::Money| u64::try_from(m.minor).unwrap_or(0);
        let (low, high) = (cents(work.pay[0]), cents(work.pay[1]));
        let pay = low + STEP * dice.between(0, (high - low) / STEP);
        let slots_total = dice.between(work.slots[0], work.slots[1]);
        let life = dice.millis(work.expires_minutes[0] * 60_000, work.expires_minutes[1] * 60_000);
        let promised = matches!(catalogue.requesters[requester].temper, Temper::SlowPayer | Temper::NeverPays);
        let age = now - posted_at;
        let expires_at = posted_at + life.max(age + life / 3);
        let mut job = Listing {
            n,
            work: index,
            requester,
            posted_at,
            expires_at,
            pay: i64::try_from(pay).unwrap_or(i64::MAX),
            fee_ppm: FEES[dice.index(FEES.len())],
            escrowed: !promised && dice.percent(85),
            ai: work.ai[dice.index(work.ai.len())],
            est_seconds,
            claim_seconds: dice.between(work.claim_minutes[0], work.claim_minutes[1]) * 60,
            slots_total,
            slots_left: slots_total,
            rivals_now: 0,
            rivals: 0,
            courted: false,
            done: 0,
            done_seconds: 0,
            status: Status::Open,
            mine: None,
            mine_live: false,
            revision: 0,
            updated_at: posted_at,
            change: 0,
        };
        if age > TimeDelta::zero() && slots_total > 1 && dice.percent(40) {
            job.done = dice.between(1, slots_total - 1);
            job.slots_left -= job.done;
            job.done_seconds = job.done * (est_seconds * dice.between(70, 150) / 100);
        }
        if dice.percent(WITHDRAWN) {
            let left = u64::try_from((expires_at - now).num_milliseconds()).unwrap_or(0);
            self.memory.agenda.add(now + millis(left * dice.between(20, 90) / 100), Event::Cancel { job: n });
        }
        self.memory.agenda.add(expires_at, Event::Expiry { job: n });
        self.put_job(job, posted_at);
        self.court(n, now);
    }
}
