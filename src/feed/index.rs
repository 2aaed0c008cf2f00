//! The jobs themselves, and the order of the view in use.

use std::collections::{BTreeSet, HashMap};

use super::view::{admits, rank};
use super::{Anchor, Window};
use crate::domain::job::JobStatus;
use crate::domain::{Book, Job, JobKey, SourceName, Time, View};

/// What an upsert found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// Never seen before.
    New,
    /// Was full or gone and can be had again.
    Reopened,
    /// Something of it changed.
    Changed,
    /// The same as before.
    Same,
}

type Rank = [i64; 4];
type OrderKey = (Rank, JobKey);

/// One view's order, kept up as jobs come and go.
#[derive(Default)]
struct Order {
    rows: BTreeSet<OrderKey>,
    place: HashMap<JobKey, Rank>,
}

impl Order {
    fn put(&mut self, key: &JobKey, rank: Option<Rank>) {
        let old = match rank {
            Some(rank) => self.place.insert(key.clone(), rank),
            None => self.place.remove(key),
        };
        if old == rank {
            return;
        }
        if let Some(old) = old {
            self.rows.remove(&(old, key.clone()));
        }
        if let Some(rank) = rank {
            self.rows.insert((rank, key.clone()));
        }
    }
}

/// All jobs, and the orders that front ends look at (a few, least recently used dropped).
#[derive(Default)]
pub struct Feed {
    jobs: HashMap<JobKey, Job>,
    /// When each open job runs out, soonest first.
    expiries: BTreeSet<(Time, JobKey)>,
    orders: Vec<(View, Order)>,
}

/// The entry of a job that will run out.
fn expiry(job: &Job) -> Option<(Time, JobKey)> {
    job.expires_at.filter(|_| job.status == JobStatus::Open).map(|at| (at, job.key.clone()))
}

const ORDERS_KEPT: usize = 4;

impl Feed {
    /// The feed as the store kept it.
    pub fn load(jobs: impl IntoIterator<Item = Job>) -> Feed {
        let jobs: HashMap<JobKey, Job> = jobs.into_iter().map(|job| (job.key.clone(), job)).collect();
        Feed { expiries: jobs.values().filter_map(expiry).collect(), jobs, orders: Vec::new() }
    }

    /// Jobs known.
    pub fn len(&self) -> usize {
        self.jobs.len()
    }

    /// No job known.
    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// One job.
    pub fn get(&self, key: &JobKey) -> Option<&Job> {
        self.jobs.get(key)
    }

    /// Every job, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Job> {
        self.jobs.values()
    }

    /// Takes a listing in: keeps what was seen here (first seen, count, fetched details) and says what was new about it.
    /// Returns the job as it now is.
    pub fn upsert(&mut self, mut job: Job, book: &Book, now: Time) -> (Arrival, &Job) {
        let key = job.key.clone();
        let arrival = match self.jobs.get(&key) {
            None => Arrival::New,
            Some(old) => {
                job.first_seen = old.first_seen;
                job.seen_count = old.seen_count;
                job.reopened_at = old.reopened_at;
                let same_text =
                    if job.revision.is_some() { old.revision == job.revision } else { old.updated_at == job.updated_at };
                if old.detailed && !job.detailed && same_text {
                    job.brief = old.brief.clone();
                    job.attachments = old.attachments.clone();
                    job.deliverable = old.deliverable.clone();
                    job.detailed = true;
                }
                let seen = std::mem::replace(&mut job.last_seen, old.last_seen);
                let same = job == *old;
                job.last_seen = seen;
                if !old.is_open(now) && job.is_open(now) {
                    job.reopened_at = Some(now);
                    job.seen_count += 1;
                    Arrival::Reopened
                } else if same {
                    Arrival::Same
                } else {
                    job.seen_count += 1;
                    Arrival::Changed
                }
            }
        };
        let (runs_out, ran_out) = (expiry(&job), self.jobs.get(&key).and_then(expiry));
        if runs_out != ran_out {
            if let Some(old) = ran_out {
                self.expiries.remove(&old);
            }
            self.expiries.extend(runs_out);
        }
        self.jobs.insert(key.clone(), job);
        self.refresh(&key, book, now);
        (arrival, &self.jobs[&key])
    }

    /// Marks the open jobs of `source` that are not among `listed` as vanished; returns their keys.
    pub fn vanish(
        &mut self,
        source: &SourceName,
        listed: &std::collections::HashSet<JobKey>,
        book: &Book,
        now: Time,
    ) -> Vec<JobKey> {
        let gone: Vec<JobKey> = self
            .jobs
            .values()
            .filter(|j| j.status != JobStatus::Vanished && j.key.is_of(source) && !listed.contains(&j.key))
            .map(|j| j.key.clone())
            .collect();
        for key in &gone {
            if let Some(job) = self.jobs.get_mut(key) {
                if let Some(old) = expiry(job) {
                    self.expiries.remove(&old);
                }
                job.status = JobStatus::Vanished;
                job.last_seen = now;
            }
            self.refresh(key, book, now);
        }
        gone
    }

    /// Puts `key` where the views now want it: after its marks, its assignment or the clock changed.
    pub fn refresh(&mut self, key: &JobKey, book: &Book, now: Time) {
        for (view, order) in &mut self.orders {
            let placed = self.jobs.get(key).filter(|job| admits(view, job, book, now)).map(|job| rank(view, job, book));
            order.put(key, placed);
        }
    }

    /// Puts away what ran out by `now`: expiry and snooze are the clock's doing. Returns whether anything moved.
    pub fn tick(&mut self, book: &Book, now: Time) -> bool {
        let mut timed = Vec::new();
        while self.expiries.first().is_some_and(|(at, _)| *at <= now) {
            timed.extend(self.expiries.pop_first().map(|(_, key)| key));
        }
        for key in &timed {
            if let Some(job) = self.jobs.get_mut(key) {
                job.status = JobStatus::Expired;
            }
            self.refresh(key, book, now);
        }
        let woken: Vec<JobKey> =
            book.marks.iter().filter(|(_, m)| m.snoozed_until.is_some_and(|at| at <= now)).map(|(k, _)| k.clone()).collect();
        let before: usize = self.orders.iter().map(|(_, order)| order.rows.len()).sum();
        for key in &woken {
            self.refresh(key, book, now);
        }
        let after: usize = self.orders.iter().map(|(_, order)| order.rows.len()).sum();
        !timed.is_empty() || before != after
    }

    /// When the clock next changes what is shown.
    pub fn next_tick(&self, book: &Book, now: Time) -> Option<Time> {
        let expiry = self.expiries.iter().map(|(at, _)| *at).find(|at| *at > now);
        let snooze = book.marks.values().filter_map(|m| m.snoozed_until).filter(|at| *at > now);
        expiry.into_iter().chain(snooze).min()
    }

    fn order(&mut self, view: &View, book: &Book, now: Time) -> &Order {
        if let Some(at) = self.orders.iter().position(|(v, _)| v == view) {
            let found = self.orders.remove(at);
            self.orders.push(found);
        } else {
            let mut order = Order::default();
            for job in self.jobs.values().filter(|job| admits(view, job, book, now)) {
                order.put(&job.key, Some(rank(view, job, book)));
            }
            self.orders.push((view.clone(), order));
            if self.orders.len() > ORDERS_KEPT {
                self.orders.remove(0);
            }
        }
        &self.orders[self.orders.len() - 1].1
    }

    /// `height` rows of `view` around `anchor`, with `margin` more on both sides.
    pub fn window(&mut self, view: &View, anchor: &Anchor, height: usize, margin: usize, book: &Book, now: Time) -> Window {
        let gone_rank = match anchor {
            Anchor::Job(key) => self.jobs.get(key).map(|job| (rank(view, job, book), key.clone())),
            _ => None,
        };
        let order = self.order(view, book, now);
        let total = order.rows.len();
        let at = match anchor {
            Anchor::Top => 0,
            Anchor::Bottom => total.saturating_sub(1),
            Anchor::Job(_) => gone_rank.map_or(0, |rank| order.rows.range(..rank).count()),
        }
        .min(total.saturating_sub(1));
        let start = at.saturating_sub(height / 2 + margin).min(total.saturating_sub(height + 2 * margin));
        let keys = order.rows.iter().skip(start).take(height + 2 * margin).map(|(_, key)| key.clone()).collect();
        Window { start, keys, total, anchor: at }
    }

    /// Rows of `view`.
    pub fn count(&mut self, view: &View, book: &Book, now: Time) -> usize {
        self.order(view, book, now).rows.len()
    }

    /// Keys of `view` in order, from the top.
    pub fn keys(&mut self, view: &View, limit: usize, book: &Book, now: Time) -> Vec<JobKey> {
        self.order(view, book, now).rows.iter().take(limit).map(|(_, key)| key.clone()).collect()
    }
}
