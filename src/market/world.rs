//! The market's state and how it moves on. Pure: no clock, no sockets; `now` is an argument, and chance is the seed's.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::agenda::{Agenda, Event};
use super::catalogue::Catalogue;
use super::claim::{Claim, Receipt};
use super::listing::{self, Listing, Status};
use super::options::Rate;
use super::payment::{Payment, Totals};
use super::refusal::Refusal;
use crate::domain::Time;
use crate::domain::draft::FileItem;
use crate::domain::payment::PaymentStatus;

/// Jobs that are over and kept for those who ask what became of them.
const RETAINED: usize = 5_000;

/// What the world is run with.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// Decides everything.
    pub seed: u64,
    /// Arrivals.
    pub rate: Rate,
    /// Changes of listed jobs.
    pub churn: Rate,
    /// Most open jobs.
    pub most: Option<u32>,
    /// Jobs at the start.
    pub jobs: u32,
    /// Divides reviews and payouts.
    pub speed: u32,
    /// Most assignments held at once.
    pub hand_limit: u32,
    /// Other workers compete.
    pub rivals: bool,
}

/// Everything that must outlive a restart.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Memory {
    /// The latest change's number.
    pub change: u64,
    /// The latest instant stamped on anything.
    pub clock: Time,
    /// The latest instant told as "as of": later changes carry later stamps.
    pub sealed: Time,
    /// The next job's number.
    pub next_job: u64,
    /// Jobs by number: all that are not over, and the latest of those that are.
    pub jobs: BTreeMap<u64, Listing>,
    /// Jobs that are over, oldest first.
    pub retired: VecDeque<u64>,
    /// The worker's assignments.
    pub claims: BTreeMap<u64, Claim>,
    /// Answers by idempotency key.
    pub receipts: HashMap<String, Receipt>,
    /// Payments.
    pub payments: BTreeMap<u64, Payment>,
    /// Uploads by id.
    pub uploads: BTreeMap<u64, FileItem>,
    /// The next upload's number.
    pub next_upload: u64,
    /// Counters.
    pub totals: Totals,
    /// What will happen.
    pub agenda: Agenda,
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A job.
    Job,
    /// An assignment.
    Assignment,
    /// A payment.
    Payment,
}

/// One change, for the stream.
#[derive(Clone, Debug)]
pub struct News {
    /// Its number.
    pub change: u64,
    /// Of what.
    pub subject: Subject,
    /// Its id.
    pub id: String,
    /// Its status now.
    pub status: &'static str,
    /// When.
    pub at: Time,
}

/// A place in an order by time and number.
pub type Place = (Time, u64);

/// The market.
pub struct World {
    pub(super) setup: Setup,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) memory: Memory,
    /// Open jobs as posted.
    open: BTreeSet<Place>,
    /// Jobs by their latest change.
    changed: BTreeMap<Place, u64>,
    /// Assignments by their latest change.
    claims_changed: BTreeMap<Place, u64>,
    /// Payments by their latest change.
    payments_changed: BTreeMap<u64, u64>,
    news: Vec<News>,
}

impl World {
    /// A market that opens at `now` with its first jobs posted over the hour before.
    pub fn open(catalogue: Arc<Catalogue>, setup: Setup, now: Time) -> World {
        let mut world = World::empty(catalogue, setup, Memory::default());
        // The first jobs are older than the market's first change.
        world.memory.clock = now - TimeDelta::hours(1);
        let mut first: Vec<Place> = (0..u64::from(setup.jobs)).map(|n| (world.first_posting(n, now), n)).collect();
        first.sort_unstable();
        for (posted_at, n) in first {
            world.post(n, posted_at, now);
        }
        world.memory.next_job = u64::from(setup.jobs);
        world.schedule_arrival(now);
        world.schedule_stir(now);
        world.news.clear();
        world
    }

    /// A market that goes on from what it remembers.
    pub fn reopen(catalogue: Arc<Catalogue>, setup: Setup, memory: Memory, now: Time) -> World {
        let mut world = World::empty(catalogue, setup, memory);
        let memory = &mut world.memory;
        world.open = memory.jobs.values().filter(|j| j.status == Status::Open).map(|j| (j.posted_at, j.n)).collect();
        world.changed = memory.jobs.values().map(|j| ((j.updated_at, j.change), j.n)).collect();
        world.claims_changed = memory.claims.values().map(|c| ((c.updated_at, c.change), c.n)).collect();
        world.payments_changed = memory.payments.values().map(|p| (p.change, p.n)).collect();
        // Nothing was posted while it was closed.
        memory.agenda.retain(|event| !matches!(event, Event::Arrival | Event::Stir));
        world.schedule_arrival(now);
        world.schedule_stir(now);
        world
    }

    fn empty(catalogue: Arc<Catalogue>, setup: Setup, memory: Memory) -> World {
        World {
            setup,
            catalogue,
            memory,
            open: BTreeSet::new(),
            changed: BTreeMap::new(),
            claims_changed: BTreeMap::new(),
            payments_changed: BTreeMap::new(),
            news: Vec::new(),
        }
    }

    /// When something will happen next.
    pub fn next_due(&self) -> Option<Time> {
        self.memory.agenda.next_due()
    }

    /// Lets at most `most` due events happen; true when more are due.
    pub fn step(&mut self, now: Time, most: usize) -> bool {
        for _ in 0..most {
            let Some((due, event)) = self.memory.agenda.due(now) else { return false };
            self.happen(event, due, now);
        }
        self.next_due().is_some_and(|due| due <= now)
    }

    fn happen(&mut self, event: Event, due: Time, now: Time) {
        match event {
            Event::Arrival => self.arrive(due, now),
            Event::Stir => self.stir(due, now),
            Event::RivalClaims { job } => self.rival_claims(job, now),
            Event::RivalEnds { job, rival } => self.rival_ends(job, rival, now),
            Event::Expiry { job } => self.end_job(job, Status::Expired, now),
            Event::Cancel { job } => self.withdraw(job, now),
            Event::Deadline { claim, at } => self.run_out(claim, at, now),
            Event::Review { claim, attempt } => self.open_review(claim, attempt, now),
            Event::Verdict { claim, attempt } => self.decide(claim, attempt, now),
            Event::Payout { payment, step } => self.move_money(payment, step, now),
        }
    }

    /// The changes since the last call.
    pub fn take_news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.news)
    }

    /// A number and an instant for a change: instants never run back, and are later than any instant told.
    pub(super) fn stamp(&mut self, now: Time) -> Place {
        let memory = &mut self.memory;
        let mut at = now.max(memory.clock);
        if at <= memory.sealed {
            at = memory.sealed + TimeDelta::milliseconds(1);
        }
        memory.clock = at;
        memory.change += 1;
        (at, memory.change)
    }

    /// The instant up to which everything has been told; whatever changes later carries a later stamp.
    pub fn seal(&mut self, now: Time) -> Time {
        self.memory.sealed = now.max(self.memory.clock).max(self.memory.sealed);
        self.memory.sealed
    }

    /// Puts a job into the books, or notes that it changed.
    pub(super) fn put_job(&mut self, mut job: Listing, now: Time) {
        let was_over = self.memory.jobs.get(&job.n).is_some_and(|old| old.status.is_over());
        self.changed.remove(&(job.updated_at, job.change));
        let place = self.stamp(now);
        (job.updated_at, job.change) = place;
        job.revision += 1;
        self.changed.insert(place, job.n);
        if job.status == Status::Open {
            self.open.insert((job.posted_at, job.n));
        } else {
            self.open.remove(&(job.posted_at, job.n));
        }
        self.tell(Subject::Job, job.id(), job.status.word(), place);
        let (n, is_over) = (job.n, job.status.is_over());
        self.memory.jobs.insert(n, job);
        if is_over && !was_over {
            self.retire(n);
        }
    }

    /// Changes a job, settles its status, and notes the change.
    pub(super) fn change_job(&mut self, n: u64, now: Time, change: impl FnOnce(&mut Listing)) {
        let Some(mut job) = self.memory.jobs.get(&n).cloned() else { return };
        change(&mut job);
        job.status = job.settled();
        self.put_job(job, now);
        self.court(n, now);
    }

    /// Puts an assignment into the books, or notes that it changed.
    pub(super) fn put_claim(&mut self, mut claim: Claim, now: Time) {
        self.claims_changed.remove(&(claim.updated_at, claim.change));
        let place = self.stamp(now);
        (claim.updated_at, claim.change) = place;
        self.claims_changed.insert(place, claim.n);
        self.tell(Subject::Assignment, claim.id(), claim.stage.word(), place);
        self.memory.claims.insert(claim.n, claim);
    }

    /// Puts a payment into the books, or notes that it changed.
    pub(super) fn put_payment(&mut self, mut payment: Payment, now: Time) {
        self.payments_changed.remove(&payment.change);
        let place = self.stamp(now);
        (payment.updated_at, payment.change) = place;
        self.payments_changed.insert(place.1, payment.n);
        self.tell(Subject::Payment, payment.id(), payment.word(), place);
        self.memory.payments.insert(payment.n, payment);
    }

    fn tell(&mut self, subject: Subject, id: String, status: &'static str, (at, change): Place) {
        self.news.push(News { change, subject, id, status, at });
    }

    /// From now on nothing arrives and nothing is stirred.
    pub fn calm(&mut self) {
        (self.setup.rate, self.setup.churn) = (Rate::NONE, Rate::NONE);
        self.memory.agenda.retain(|event| !matches!(event, Event::Arrival | Event::Stir));
    }

    /// Ids of the jobs that can be had, oldest first.
    pub fn open_jobs(&self) -> Vec<String> {
        self.open.iter().map(|(_, n)| listing::id(*n)).collect()
    }

    /// The oldest open jobs.
    pub(super) fn oldest(&self) -> impl Iterator<Item = &Listing> {
        self.open.iter().filter_map(|(_, n)| self.memory.jobs.get(n))
    }

    /// How many can be had.
    pub(super) fn open_count(&self) -> usize {
        self.open.len()
    }

    /// Lets go of the oldest job that is over, once there are too many; one that the worker still waits on is kept.
    fn retire(&mut self, n: u64) {
        self.memory.retired.push_back(n);
        if self.memory.retired.len() <= RETAINED {
            return;
        }
        let Some(oldest) = self.memory.retired.pop_front() else { return };
        match self.memory.jobs.get(&oldest) {
            Some(job) if job.mine.is_some() => self.memory.retired.push_back(oldest),
            Some(job) => {
                self.changed.remove(&(job.updated_at, job.change));
                self.memory.jobs.remove(&oldest);
            }
            None => {}
        }
    }

    /// A job by id: 404 when it never was, 410 when it is gone and the worker has no part in it.
    pub fn job(&self, id: &str) -> Result<&Listing, Refusal> {
        let n = number(id, 'j').filter(|n| *n < self.memory.next_job).ok_or_else(|| Refusal::not_found("job"))?;
        let gone = || Refusal::new(410, "gone", "This job was withdrawn or is long over.");
        let job = self.memory.jobs.get(&n).ok_or_else(gone)?;
        if job.status == Status::Cancelled && job.mine.is_none() { Err(gone()) } else { Ok(job) }
    }

    /// An assignment by id.
    pub fn claim_by_id(&self, id: &str) -> Result<&Claim, Refusal> {
        number(id, 'a').and_then(|n| self.memory.claims.get(&n)).ok_or_else(|| Refusal::not_found("assignment"))
    }

    /// The number of the latest change.
    pub fn change(&self) -> u64 {
        self.memory.change
    }

    /// At most `limit` open jobs posted before `before`, newest first, and whether there are more.
    pub fn newest(&self, before: Option<Place>, limit: usize) -> (Vec<&Listing>, bool) {
        let end = before.map_or(std::ops::Bound::Unbounded, std::ops::Bound::Excluded);
        let mut rest = self.open.range((std::ops::Bound::Unbounded, end)).rev();
        let page = rest.by_ref().take(limit).filter_map(|(_, n)| self.memory.jobs.get(n)).collect();
        (page, rest.next().is_some())
    }

    /// At most `limit` jobs that changed after a place, in order of change, and whether there are more.
    pub fn jobs_after(&self, after: Place, limit: usize) -> (Vec<&Listing>, bool) {
        let mut rest = later(&self.changed, after);
        let page = rest.by_ref().take(limit).filter_map(|(_, n)| self.memory.jobs.get(n)).collect();
        (page, rest.next().is_some())
    }

    /// As [`World::jobs_after`], of assignments.
    pub fn claims_after(&self, after: Place, limit: usize) -> (Vec<&Claim>, bool) {
        let mut rest = later(&self.claims_changed, after);
        let page = rest.by_ref().take(limit).filter_map(|(_, n)| self.memory.claims.get(n)).collect();
        (page, rest.next().is_some())
    }

    /// As [`World::jobs_after`], of payments, by the number of the change.
    pub fn payments_after(&self, after: u64, limit: usize) -> (Vec<&Payment>, bool) {
        let mut rest = later(&self.payments_changed, after);
        let page = rest.by_ref().take(limit).filter_map(|(_, n)| self.memory.payments.get(n)).collect();
        (page, rest.next().is_some())
    }

    /// Assignments that wait for the worker.
    pub fn held(&self) -> u32 {
        u32::try_from(self.memory.claims.values().filter(|c| c.stage.is_held()).count()).unwrap_or(u32::MAX)
    }

    /// Counters and sums.
    pub fn totals(&self) -> Totals {
        let mut totals = self.memory.totals;
        for payment in self.memory.payments.values() {
            match payment.status {
                PaymentStatus::Paid => {
                    totals.paid_gross += payment.gross;
                    totals.paid_fee += payment.fee;
                    totals.paid_net += payment.net();
                    totals.bonus_gross += if payment.bonus { payment.gross } else { 0 };
                }
                PaymentStatus::Failed | PaymentStatus::Reversed => totals.failed_net += payment.net(),
                _ => totals.due_net += payment.net(),
            }
        }
        totals
    }
}

fn later<K: Ord + Copy, V>(map: &BTreeMap<K, V>, after: K) -> impl Iterator<Item = (&K, &V)> {
    map.range((std::ops::Bound::Excluded(after), std::ops::Bound::Unbounded))
}

/// The number in an id such as `j000017`; only the one way of writing it counts.
pub fn number(id: &str, letter: char) -> Option<u64> {
    let digits = id.strip_prefix(letter)?;
    let n = digits.parse().ok()?;
    (listing::id(n).get(1..) == Some(digits)).then_some(n)
}
