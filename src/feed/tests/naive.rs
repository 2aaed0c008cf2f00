//! The naive feed: every job as it was told, looked up by going over all of it.

use super::*;

/// A job as the naive feed keeps it.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) job: Job,
    /// As last listed.
    pub(super) told: Job,
    pub(super) judged: Judged,
    pub(super) arrival: u64,
}

impl Known {
    pub(super) fn listing(&self) -> Listing<'_> {
        let mut listing = self.job.listing(self.judged.marks, self.judged.mine, self.judged.worth);
        listing.blocked = self.judged.blocked;
        listing
    }
}

#[derive(Default)]
pub(super) struct Naive {
    pub(super) jobs: BTreeMap<String, Known>,
    pub(super) now: i64,
    pub(super) left: i64,
    pub(super) arrivals: u64,
}

impl Naive {
    pub(super) fn nth(&self, n: usize) -> Option<String> {
        self.jobs.keys().nth(n % self.jobs.len().max(1)).cloned()
    }

    pub(super) fn upsert(&mut self, job: &Job, judged: &Judged) -> (Arrival, bool) {
        let now = at(self.now);
        let mut job = job.clone();
        let key = job.key.as_str().to_owned();
        let Some(known) = self.jobs.get_mut(&key) else {
            self.arrivals += 1;
            self.jobs.insert(key, Known { told: job.clone(), job, judged: *judged, arrival: self.arrivals });
            return (Arrival::New, false);
        };
        known.told = job.clone();
        let old = &known.job;
        (job.first_seen, job.seen_count, job.reopened_at) = (old.first_seen, old.seen_count, old.reopened_at);
        let same_text = if job.revision.is_some() {
            old.revision == job.revision
        } else {
            old.revision.is_none() && old.updated_at == job.updated_at
        };
        let keep = old.detailed && !job.detailed && same_text;
        if keep {
            job.brief = old.brief.clone();
            job.detailed = true;
            job.suspicious |= old.suspicious;
            job.signs = job.signs.and(old.signs);
        }
        job.last_seen = old.last_seen;
        let mut as_told = old.clone();
        // Running out is the clock's doing: a listing that says the same says nothing new.
        if old.status == JobStatus::Expired && job.status != JobStatus::Expired && old.expires_at.is_some_and(|at| at <= now) {
            as_told.status = job.status;
        }
        let arrival = if !old.is_open(now) && job.is_open(now) {
            job.reopened_at = Some(now);
            Arrival::Reopened
        } else if job == as_told {
            Arrival::Same
        } else {
            Arrival::Changed
        };
        if arrival == Arrival::Same {
            known.job.last_seen = now;
        } else {
            job.seen_count += 1;
            job.last_seen = now;
            (known.job, known.judged) = (job, *judged);
        }
        (arrival, keep)
    }

    pub(super) fn tick(&mut self) {
        let now = at(self.now);
        for known in self.jobs.values_mut() {
            if matches!(known.job.status, JobStatus::Open | JobStatus::Full) && known.job.expires_at.is_some_and(|at| at <= now) {
                known.job.status = JobStatus::Expired;
            }
        }
    }

    pub(super) fn context(&self) -> Context {
        Context { now: at(self.now), new_since: at(self.left) }
    }

    /// The view in order: keys, and for a grouped view how many each stands for.
    pub(super) fn order(&self, view: &View) -> Vec<(String, Vec<String>)> {
        let ctx = self.context();
        let mut members: Vec<&Known> = self.jobs.values().filter(|known| view.query.admits(&known.listing(), &ctx)).collect();
        members.sort_by_cached_key(|known| rank(view, known));
        let mut out: Vec<(String, Vec<String>)> = Vec::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for known in members {
            let job = &known.job;
            let key = job.key.as_str().to_owned();
            let listing = known.listing();
            let likeness =
                format!("{:?}", (job.key.source(), &job.requester.id, &job.requester.name, &job.title, &job.kind, listing.pay));
            match places.get(&likeness).filter(|_| view.group) {
                Some(place) => out[*place].1.push(key),
                None => {
                    places.insert(likeness, out.len());
                    out.push((key.clone(), vec![key]));
                }
            }
        }
        out
    }
}

/// The order as the levels tell it, written down without cleverness. `None` sorts last whichever way round.
pub(super) fn rank(view: &View, known: &Known) -> (bool, Vec<(bool, i128)>, std::cmp::Reverse<u64>) {
    let listing = known.listing();
    let scaled = |money: Option<Money>| {
        money.map(|m| {
            // Nine billion of anything are as much as more of it.
            -(i128::from(m.minor) * 10_i128.pow(9 - u32::from(m.asset.exponent()))).min(i128::from(i64::MAX) - 1)
        })
    };
    let level = |by: SortKey| match by {
        SortKey::Newest => Some(-i128::from(listing.since.timestamp())),
        SortKey::Pay => scaled(listing.pay),
        SortKey::Rate => scaled(listing.worth.hourly),
        SortKey::Expiring => listing.expires_at.map(|at| i128::from(at.timestamp())),
        SortKey::Fit => listing.worth.fit.map(|fit| -i128::from(fit)),
        SortKey::Requester => Some(-i128::from(rank::standing(&listing.record))),
    };
    let close = closeness::Closeness::of(&view.query);
    let levels = match close.filter(|_| view.sort.is_empty()) {
        Some(close) => vec![(false, -i128::from(close.of_title(&crate::domain::query::fold(listing.title))))],
        None if view.sort.is_empty() => vec![(false, level(SortKey::Newest).unwrap_or_default())],
        None => view
            .sort
            .iter()
            .map(|by| level(by.by).map_or((true, 0), |value| (false, if by.reversed { -value } else { value })))
            .collect(),
    };
    (!listing.marks.pinned, levels, std::cmp::Reverse(known.arrival))
}
