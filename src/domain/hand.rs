//! The hand: which deadline presses most, and whether all of them can be met.

use super::{Assignment, AssignmentId, Book, Job, Time};

/// One assignment's place in the hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slack {
    /// Which.
    pub id: AssignmentId,
    /// Seconds to the deadline; negative when it is past, `None` without one.
    pub left: Option<i64>,
    /// Seconds of work still expected: the estimate less what was worked, never under a minute.
    pub work_left: i64,
    /// `left - work_left`.
    pub slack: Option<i64>,
}

/// The hand ordered by slack, the tightest first; those without a deadline last.
pub fn by_slack(book: &Book, now: Time) -> Vec<Slack> {
    let mut hand: Vec<Slack> = book.assignments.values().filter(|a| a.state.is_in_hand()).map(|a| slack(book, a, now)).collect();
    hand.sort_by_key(|s| (s.slack.is_none(), s.slack, s.id.clone()));
    hand
}

/// One assignment's place.
pub fn slack(book: &Book, assignment: &Assignment, now: Time) -> Slack {
    let work_left = (estimate(&assignment.job) - book.worked(&assignment.id)).max(60);
    let left = book.deadline(assignment).map(|at| (at - now).num_seconds());
    Slack { id: assignment.id.clone(), left, work_left, slack: left.map(|left| left - work_left) }
}

/// Seconds a job is expected to take: observed before estimated, five minutes when nobody says.
pub fn estimate(job: &Job) -> i64 {
    // Platforms write 0 for "not known".
    job.obs_seconds.filter(|s| *s > 0).or(job.est_seconds.filter(|s| *s > 0)).map_or(300, i64::from)
}

/// Seconds by which the worst deadline would be missed if `candidate` were taken on now and all work done earliest deadline
/// first; `None` when everything fits.
pub fn overcommitment(book: &Book, candidate: Option<&Job>, now: Time) -> Option<i64> {
    let more = candidate.and_then(|job| Some((i64::from(job.claim_ttl?), estimate(job))));
    overcommitment_with(book, more, now)
}

/// The same for any further work: seconds allowed, and seconds needed.
pub fn overcommitment_with(book: &Book, more: impl IntoIterator<Item = (i64, i64)>, now: Time) -> Option<i64> {
    let mut work: Vec<(i64, i64)> = by_slack(book, now).into_iter().filter_map(|s| Some((s.left?, s.work_left))).collect();
    work.extend(more);
    work.sort_unstable();
    let mut busy = 0;
    work.into_iter()
        .map(|(left, needed)| {
            busy += needed;
            busy - left
        })
        .max()
        .filter(|late| *late > 0)
}
