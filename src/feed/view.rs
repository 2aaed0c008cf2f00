//! Which jobs a view shows, and in what order.

use crate::domain::query::Context;
use crate::domain::view::{Level, SortKey, View};
use crate::domain::{Book, Job, Listing, Time, Worth};

/// The job in short, with what the book says of it.
pub fn listing<'a>(job: &'a Job, book: &Book, worth: Worth) -> Listing<'a> {
    job.listing(book.marks(&job.key), book.assignment_of(&job.key).map(|a| a.state), worth)
}

/// Whether `job` belongs to the view.
pub(super) fn admits(view: &View, job: &Job, book: &Book, now: Time) -> bool {
    let listing = listing(job, book, crate::domain::rate::worth(job));
    view.query.admits(&listing, &Context { now, new_since: now })
}

/// The sort key: smaller comes first.
pub(super) fn rank(view: &View, job: &Job, book: &Book) -> [i64; 4] {
    let newest = Level { by: SortKey::Newest, reversed: false };
    let levels = view.sort.iter().copied().chain([newest]).take(3);
    let mut rank = [0; 4];
    rank[0] = i64::from(!book.marks(&job.key).pinned);
    for (place, level) in rank[1..].iter_mut().zip(levels) {
        let value = by(level.by, job);
        *place = if level.reversed { value.checked_neg().unwrap_or(i64::MAX) } else { value };
    }
    rank
}

fn by(key: SortKey, job: &Job) -> i64 {
    let descending = |value: Option<i64>| value.map_or(i64::MAX, |v| -v);
    match key {
        SortKey::Newest => descending(Some(job.posted_at.unwrap_or(job.first_seen).timestamp_millis())),
        SortKey::Pay => descending(job.reward.net().map(|m| m.minor)),
        SortKey::Rate | SortKey::Fit => descending(crate::domain::rate::expected(job).map(|e| e.hourly.minor)),
        SortKey::Expiring => job.expires_at.map_or(i64::MAX, |at| at.timestamp_millis()),
        SortKey::Requester => descending(job.requester.record.approved.map(i64::from)),
    }
}
