//! What front ends are shown, made from what the engine knows.

use super::State;
use crate::domain::clocks::Clocks;
use crate::domain::hand;
use crate::domain::job::JobStatus;
use crate::domain::pasting;
use crate::domain::query::{Expr, Pattern, Term, TextField};
use crate::domain::rate::Expected;
use crate::domain::{Assignment, Job, JobKey, Listing, Query, SourceName, Text, Time, View, ledger};
use crate::engine::api::{AssignmentView, Earnings, HandView, JobRow, SourceHealth};

/// A longer text of an attachment stays out of lists, in bytes.
const LISTED_TEXT: usize = 128 * 1024;
/// Most assignments in a list of what waits.
const WAITING_CAP: usize = 200;

impl State {
    pub(super) fn hand(&self, now: Time) -> HandView {
        let items = hand::by_slack(&self.book, now)
            .iter()
            .filter_map(|slack| self.book.assignments.get(&slack.id))
            .map(|assignment| self.listed_view(assignment, now))
            .collect();
        HandView { items, overcommitted: hand::overcommitment(&self.book, None, now) }
    }

    pub(super) fn assignments(&self, now: Time) -> Vec<AssignmentView> {
        let mut all: Vec<&Assignment> = self.book.assignments.values().collect();
        all.sort_by_key(|a| std::cmp::Reverse((a.claimed_at, a.id.clone())));
        all.into_iter().map(|assignment| self.listed_view(assignment, now)).collect()
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
        all.into_iter().map(|assignment| self.assignment_view(assignment, now)).collect()
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

    pub(super) fn healths(&self, now: Time) -> Vec<SourceHealth> {
        let names: Vec<_> = self.sources.keys().cloned().collect();
        names.iter().filter_map(|name| self.health(name, now)).collect()
    }

    pub(super) fn health(&self, name: &SourceName, now: Time) -> Option<SourceHealth> {
        let open = self.feed.counts(&of_source(name)).map(|counts| counts.jobs);
        self.sources.get(name).map(|source| source.health(open, now))
    }

    /// A job of the feed as a row.
    pub(super) fn row(&self, key: &JobKey, alike: u32, now: Time) -> Option<JobRow> {
        let listing = self.feed.listing(key.as_str())?;
        let expected = self.judge.expected(&listing);
        Some(row(&listing, expected, alike, &self.book.clocks, now))
    }

    /// The same as part of a list: a long text of an attachment is no part of it, and asked for where it is read.
    fn listed_view(&self, assignment: &Assignment, now: Time) -> AssignmentView {
        let mut view = self.assignment_view(assignment, now);
        for attachment in &mut view.assignment.job.attachments {
            if self.texts.is_read(&view.assignment.id, &attachment.name)
                && attachment.text.as_ref().is_some_and(|text| text.as_str().len() > LISTED_TEXT)
            {
                attachment.text = None;
            }
        }
        view
    }

    /// An assignment with all that hangs on it.
    pub(super) fn assignment_view(&self, assignment: &Assignment, now: Time) -> AssignmentView {
        let (book, id) = (&self.book, &assignment.id);
        let job = self.ruled(self.job_of(assignment));
        let draft = book.drafts.get(id).cloned();
        let in_hand = assignment.state.is_in_hand();
        let (findings, checking) = if in_hand { self.findings_so_far(id, &job, draft.as_ref()) } else { Default::default() };
        let slack = in_hand.then(|| hand::slack(book, assignment, now));
        AssignmentView {
            findings,
            checking,
            draft,
            submission: assignment.submission.as_ref().and_then(|id| book.submissions.get(id)).cloned(),
            payments: book.payments_for(id).into_iter().cloned().collect(),
            worked: book.worked(id),
            work_left: slack.as_ref().map_or(0, |slack| slack.work_left),
            slack: slack.and_then(|slack| slack.slack),
            type_there: self.type_there(&job),
            assignment: Assignment { job, deadline: book.deadline(assignment), ..assignment.clone() },
        }
    }

    /// Why the work is to be typed there and not pasted; empty where nobody says so.
    pub(super) fn type_there(&self, job: &Job) -> Text {
        let source = job.key.source();
        let platform = self.config.sources.iter().any(|known| known.name == source && known.watches_pasting);
        pasting::watched(job, platform).unwrap_or_default()
    }
}

/// The ordinary feed of one source: its count is part of the source's health.
pub(super) fn of_source(name: &SourceName) -> View {
    let source = Pattern::Exact(name.as_str().to_owned());
    let expr = Expr::Term(Term::Text(TextField::Source, vec![source]));
    View { query: Query { expr }, ..View::default() }
}

/// A listing as a row; its end is on our clock.
pub fn row(listing: &Listing<'_>, expected: Option<Expected>, alike: u32, clocks: &Clocks, now: Time) -> JobRow {
    let expires_at = listing.expires_at.map(|at| clocks.here(listing.source, at));
    let expired = listing.status == JobStatus::Open && expires_at.is_some_and(|at| at <= now);
    JobRow {
        key: JobKey::new(listing.key),
        title: Text::title(listing.title),
        requester: Text::title(listing.requester),
        source: SourceName::new(listing.source),
        kind: Text::title(listing.kind),
        pay: listing.pay,
        net: listing.net,
        rate: expected,
        seconds: listing.seconds.map(|(seconds, _)| seconds),
        ai: listing.ai,
        status: if expired { JobStatus::Expired } else { listing.status },
        marks: listing.marks,
        slots_left: listing.slots_left,
        since: listing.since,
        expires_at,
        claim_ttl: listing.claim_ttl,
        suspicious: listing.suspicious,
        signs: listing.risks(),
        costs: listing.costs,
        reopened: listing.reopened_at.is_some(),
        mine: listing.mine,
        fit: listing.worth.fit,
        barred: listing.worth.barred,
        blocked: listing.blocked,
        alike,
    }
}
