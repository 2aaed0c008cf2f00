//! What front ends are shown, made from what the engine knows.

use super::State;
use crate::domain::check::{Judged, check};
use crate::domain::hand::{self, Slack};
use crate::domain::listing::Costs;
use crate::domain::view::View;
use crate::domain::work::Spent;
use crate::domain::{Assignment, Book, Job, Time, ledger, rate};
use crate::engine::api::{AssignmentView, Earnings, HandView, JobRow, Rows, SourceHealth};
use crate::feed::Anchor;

/// Most assignments in a list of what waits.
const WAITING_CAP: usize = 200;

impl State {
    pub(super) fn window(&mut self, view: &View, anchor: &Anchor, height: usize, margin: usize, now: Time) -> Rows {
        // A front end asks for screens, not for the feed.
        let (height, margin) = (height.min(1000), margin.min(1000));
        let window = self.feed.window(view, anchor, height, margin, &self.book, now);
        let rows = window.keys.iter().filter_map(|key| self.feed.get(key)).map(|job| row(job, &self.book, now)).collect();
        Rows {
            start: window.start,
            total: window.total,
            anchor: window.anchor,
            rows,
            version: self.version,
            away: self.book.marks.values().filter(|m| m.is_away(now)).count(),
            starred: self.book.marks.values().filter(|m| m.starred).count(),
            unseen: self.unseen(now),
            counting: None,
            fuzzy: false,
        }
    }

    fn unseen(&mut self, now: Time) -> usize {
        let open = self.feed.count(&View::default(), &self.book, now);
        let marks = self.book.marks.iter().filter(|(_, marks)| marks.seen && !marks.is_away(now));
        let seen = marks.filter(|(key, _)| self.feed.get(key).is_some_and(|job| job.is_open(now))).count();
        open.saturating_sub(seen)
    }

    pub(super) fn job_rows(&mut self, view: &View, limit: usize, now: Time) -> (Vec<JobRow>, usize) {
        let keys = self.feed.keys(view, limit, &self.book, now);
        let rows = keys.iter().filter_map(|key| self.feed.get(key)).map(|job| row(job, &self.book, now)).collect();
        (rows, self.feed.count(view, &self.book, now))
    }

    pub(super) fn hand(&self, now: Time) -> HandView {
        let items = hand::by_slack(&self.book, now)
            .iter()
            .filter_map(|slack| self.book.assignments.get(&slack.id))
            .map(|assignment| assignment_view(&self.book, assignment, now))
            .collect();
        HandView { items, overcommitted: hand::overcommitment(&self.book, None, now) }
    }

    pub(super) fn assignments(&self, now: Time) -> Vec<AssignmentView> {
        let mut all: Vec<&Assignment> = self.book.assignments.values().collect();
        all.sort_by_key(|a| std::cmp::Reverse((a.claimed_at, a.id.clone())));
        all.into_iter().map(|assignment| assignment_view(&self.book, assignment, now)).collect()
    }

    pub(super) fn waiting(&self, now: Time) -> Vec<AssignmentView> {
        use crate::domain::AssignmentState as S;
        const LATELY: chrono::TimeDelta = chrono::TimeDelta::days(1);
        let waits = |a: &&Assignment| match a.state {
            S::Applied | S::Submitted | S::UnderReview | S::Appealed | S::Approved => true,
            S::Paid | S::Rejected | S::TimedOut | S::Cancelled => now - a.moved_at < LATELY,
            _ => false,
        };
        let mut all: Vec<&Assignment> = self.book.assignments.values().filter(waits).collect();
        all.sort_by_key(|a| std::cmp::Reverse((a.moved_at, a.id.clone())));
        all.truncate(WAITING_CAP);
        all.into_iter().map(|assignment| assignment_view(&self.book, assignment, now)).collect()
    }

    pub(super) fn earnings(&self, now: Time) -> Earnings {
        let bounds = crate::engine::zone::bounds(now, self.config.week_starts_monday);
        let mut states = std::collections::BTreeMap::new();
        for assignment in self.book.assignments.values() {
            *states.entry(assignment.state).or_insert(0) += 1;
        }
        Earnings {
            figures: ledger::figures(&self.book, bounds),
            goal: self.config.goal,
            claims_lost: self.book.claims_lost,
            states: states.into_iter().collect(),
        }
    }

    pub(super) fn healths(&mut self, now: Time) -> Vec<SourceHealth> {
        let names: Vec<_> = self.sources.keys().cloned().collect();
        names.iter().filter_map(|name| self.health(name, now)).collect()
    }

    pub(super) fn health(&mut self, name: &crate::domain::SourceName, now: Time) -> Option<SourceHealth> {
        let open = if self.sources.len() == 1 {
            self.feed.count(&View::default(), &self.book, now)
        } else {
            self.feed.iter().filter(|job| job.key.is_of(name) && job.is_open(now)).count()
        };
        self.sources.get(name).map(|source| source.health(open, now))
    }
}

/// A job as a row.
pub fn row(job: &Job, book: &Book, now: Time) -> JobRow {
    JobRow {
        key: job.key.clone(),
        title: job.title.clone(),
        requester: job.requester.name.clone(),
        source: job.key.source(),
        kind: job.kind.clone(),
        pay: job.reward.gross(),
        net: job.reward.net(),
        rate: rate::expected(job),
        seconds: job.obs_seconds.or(job.est_seconds),
        ai: job.ai.rule,
        status: if job.status == crate::domain::job::JobStatus::Open && job.expires_at.is_some_and(|at| at <= now) {
            crate::domain::job::JobStatus::Expired
        } else {
            job.status
        },
        marks: book.marks(&job.key),
        slots_left: job.slots_left,
        since: job.posted_at.unwrap_or(job.first_seen),
        expires_at: job.expires_at,
        claim_ttl: job.claim_ttl,
        suspicious: job.suspicious,
        costs: Costs::of(job),
        reopened: job.reopened_at.is_some(),
        mine: book.assignment_of(&job.key).map(|a| a.state),
        fit: None,
        barred: false,
        blocked: false,
        alike: 1,
    }
}

/// An assignment with all that hangs on it.
pub fn assignment_view(book: &Book, assignment: &Assignment, now: Time) -> AssignmentView {
    let job = book.job_of(assignment);
    let draft = book.drafts.get(&assignment.id).cloned();
    let (text, files) = draft.as_ref().map_or(("", &[][..]), |d| (d.text.as_str(), &d.files[..]));
    let findings =
        if assignment.state.is_in_hand() { check(&job.deliverable, &Judged::of(&job, text, files)) } else { Vec::new() };
    let slack =
        if assignment.state.is_in_hand() { hand::by_slack(book, now).into_iter().find(|s| s.id == assignment.id) } else { None };
    let Slack { work_left, slack, .. } =
        slack.unwrap_or(Slack { id: assignment.id.clone(), left: None, work_left: 0, slack: None });
    AssignmentView {
        draft,
        findings,
        submission: assignment.submission.as_ref().and_then(|id| book.submissions.get(id)).cloned(),
        payments: book.payments.values().filter(|p| p.assignment == assignment.id).cloned().collect(),
        worked: book
            .spans
            .iter()
            .filter(|s| matches!(&s.spent, Spent::Assignment { id } if *id == assignment.id))
            .map(|s| i64::from(s.seconds))
            .sum(),
        work_left,
        slack,
        assignment: Assignment { job, ..assignment.clone() },
    }
}
