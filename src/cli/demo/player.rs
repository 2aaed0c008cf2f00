//! A worker that goes through the main job by the engine's public requests, as a front end would, and by nothing else.
//!
//! It plays the person at the keyboard: it may therefore take jobs that want no AI, since the scaffold is no model and no model is
//! asked. It is given the market that runs in this process by its type, and nothing else can be given to it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use chrono::Utc;

use super::revise;
use super::transcript::Transcript;
use crate::assist;
use crate::cli::{ask, events, submit};
use crate::domain::View;
use crate::domain::ai::AiRule;
use crate::domain::check::Finding;
use crate::domain::draft::{Cause, FileItem};
use crate::domain::submission::SubmissionState;
use crate::domain::triage::Verdict;
use crate::domain::view::{Level, SortKey};
use crate::domain::work::{Span, Spent};
use crate::domain::{AssignmentId, AssignmentState, Job, JobKey, Text};
use crate::engine::Handle;
use crate::engine::api::{AssignmentView, Decision, JobRow, Reply, Request, What};
use crate::error::{Class, Failure, Result};
use crate::market::Running;

/// Jobs juggled at once.
const HAND: usize = 3;
/// How often a draft is mended before the job is given back.
const MENDINGS: u32 = 8;
/// How long the market may take to answer one delivery.
const ANSWER: Duration = Duration::from_secs(30);
/// Nothing changes at the market any more when nothing has for so long: the latest payout takes under six seconds.
const CALM: Duration = Duration::from_secs(8);
/// Polls that may fail in a row, a tenth of a second apart.
const DEAF: u32 = 50;
/// A delivery and its verdict take seconds; with so many for each, something is wrong.
const PATIENCE_EACH: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(120);

/// The player and its tally.
pub struct Player<'a> {
    handle: Handle,
    market: &'a Running,
    goal: u32,
    /// Assignments delivered at least once in this run.
    pub delivered: BTreeSet<AssignmentId>,
    /// Deliveries that the market refused.
    pub refused: u32,
    /// Claims that somebody else won.
    pub lost: u32,
    /// Jobs given back because no draft would pass.
    pub given_back: u32,
    seen: BTreeMap<AssignmentId, AssignmentState>,
    paid: BTreeSet<Text>,
    skipped: BTreeSet<JobKey>,
    /// Jobs tried of each kind.
    kinds: BTreeMap<Text, u32>,
    /// Polls that failed in a row.
    deaf: u32,
}

impl<'a> Player<'a> {
    /// A player for this market who delivers `goal` jobs.
    pub fn new(handle: Handle, market: &'a Running, goal: u32) -> Player<'a> {
        Player {
            handle,
            market,
            goal,
            delivered: BTreeSet::new(),
            refused: 0,
            lost: 0,
            given_back: 0,
            seen: BTreeMap::new(),
            paid: BTreeSet::new(),
            skipped: BTreeSet::new(),
            kinds: BTreeMap::new(),
            deaf: 0,
        }
    }

    /// Works until the goal is delivered and nothing is waited for any more.
    pub async fn play(&mut self, transcript: &mut Transcript<'_>) -> Result<()> {
        let until = Instant::now() + PATIENCE + PATIENCE_EACH * self.goal;
        let mut calm_since = Instant::now();
        let mut before = self.market.totals();
        loop {
            self.poll(transcript).await?;
            let all = self.assignments(transcript).await?;
            let hand: Vec<&AssignmentView> = all.iter().filter(|v| v.assignment.state.is_editable()).collect();
            for view in &hand {
                self.work(&view.assignment.id, transcript).await?;
            }
            let live = all.iter().filter(|v| !is_judged(v.assignment.state)).count();
            if self.delivered.len() < self.goal as usize {
                let wanted = (self.goal as usize - self.delivered.len()).min(HAND.saturating_sub(hand.len()));
                self.claim_some(wanted, transcript).await?;
            } else if live == 0 {
                let totals = self.market.totals();
                if totals != before {
                    (before, calm_since) = (totals, Instant::now());
                }
                if totals.due_net == 0 || calm_since.elapsed() > CALM {
                    // One more look, so that the last change is in the journal too.
                    self.poll(transcript).await?;
                    self.assignments(transcript).await?;
                    return Ok(());
                }
            } else {
                calm_since = Instant::now();
            }
            if Instant::now() > until {
                return Err(Failure::new(Class::Platform, "the demo takes too long")
                    .why(format!("{} of {} jobs are delivered, {live} wait for something", self.delivered.len(), self.goal))
                    .hint("run it again with fewer jobs"));
            }
            self.pause().await;
        }
    }

    /// Waits for something to happen, but not long.
    async fn pause(&self) {
        let mut events = self.handle.events();
        let _ = tokio::time::timeout(Duration::from_millis(100), events.recv()).await;
    }

    async fn poll(&mut self, transcript: &mut Transcript<'_>) -> Result<()> {
        let sources = ask!(self.handle, Request::Poll { source: None }, Reply::Sources { sources } => sources);
        let Some(failure) = sources.into_iter().find_map(|source| source.error) else {
            self.deaf = 0;
            return Ok(());
        };
        self.deaf += 1;
        if self.deaf == 1 {
            transcript.say(format!("the market could not be asked: {failure}"));
        }
        // The market is in this very process: when it is deaf for so long, waiting on does not help.
        if self.deaf < DEAF { Ok(()) } else { Err(failure) }
    }

    /// Every assignment; what is new about them goes into the transcript.
    async fn assignments(&mut self, transcript: &mut Transcript<'_>) -> Result<Vec<AssignmentView>> {
        let all = ask!(self.handle, Request::Assignments, Reply::Assignments { assignments } => assignments);
        for view in &all {
            let a = &view.assignment;
            if self.seen.insert(a.id.clone(), a.state) != Some(a.state) {
                let what = What::Assignment {
                    id: a.id.clone(),
                    title: a.job.title.clone(),
                    state: a.state,
                    note: if matches!(a.state, AssignmentState::Rejected | AssignmentState::RevisionAsked) {
                        Text::title(a.feedback.as_str())
                    } else {
                        Text::default()
                    },
                };
                transcript.say(events::sentence(&what));
            }
            for payment in &view.payments {
                if payment.paid_at.is_some() && self.paid.insert(payment.id.clone()) {
                    transcript.say(events::sentence(&What::Payment { payment: payment.clone() }));
                }
            }
        }
        let judged = all.iter().filter(|v| is_judged(v.assignment.state) && self.delivered.contains(&v.assignment.id)).count();
        let waiting = all.iter().filter(|v| !is_judged(v.assignment.state)).count();
        transcript.judged(u32::try_from(judged).unwrap_or(u32::MAX), format!("{waiting} under way"));
        Ok(all)
    }

    /// Looks through the feed, hides what no worker would want, stars and claims the best of the rest.
    async fn claim_some(&mut self, wanted: usize, transcript: &mut Transcript<'_>) -> Result<()> {
        if wanted == 0 {
            return Ok(());
        }
        let view = View { sort: vec![Level { by: SortKey::Rate, reversed: false }], ..View::default() };
        let jobs = ask!(self.handle, Request::Jobs { view, limit: 200 }, Reply::Jobs { jobs, .. } => jobs);
        let poor: Vec<JobKey> = jobs.iter().filter(|job| is_poor(job)).map(|job| job.key.clone()).collect();
        if !poor.is_empty() {
            let request = Request::Triage { keys: poor, verdict: Verdict::Hide { on: true } };
            let done = ask!(self.handle, request, Reply::Triaged(done) => done);
            transcript.say(format!("triage: {}", done.text));
        }
        let soon = Utc::now() + chrono::TimeDelta::seconds(20);
        let good = jobs.into_iter().filter(|job| !is_poor(job) && !self.skipped.contains(&job.key));
        let mut good: Vec<JobRow> = good.filter(|job| job.expires_at.is_none_or(|at| at > soon)).collect();
        // The best paid first, but of every kind in turn: a day is a mixture.
        good.sort_by_key(|job| self.kinds.get(&job.kind).copied().unwrap_or(0));
        let mut taken = BTreeSet::new();
        good.retain(|job| taken.insert(job.kind.clone()));
        good.truncate(wanted);
        let keys: Vec<JobKey> = good.iter().filter(|job| !job.marks.starred).map(|job| job.key.clone()).collect();
        if !keys.is_empty() {
            let request = Request::Triage { keys, verdict: Verdict::Star { on: true } };
            let done = ask!(self.handle, request, Reply::Triaged(done) => done);
            transcript.say(format!("triage: {}", done.text));
        }
        for job in good {
            self.claim(&job, transcript).await?;
        }
        Ok(())
    }

    async fn claim(&mut self, job: &JobRow, transcript: &mut Transcript<'_>) -> Result<()> {
        let key = job.key.clone();
        *self.kinds.entry(job.kind.clone()).or_default() += 1;
        let claimed = match self.handle.ask(Request::ClaimTerms { key: key.clone() }).await {
            Ok(Reply::Terms(terms)) => self.handle.ask(Request::Claim { key: key.clone(), agreed: terms.digest }).await,
            other => other,
        };
        match claimed {
            Ok(Reply::Assignment(view)) => {
                let due = view
                    .assignment
                    .deadline
                    .map_or_else(String::new, |at| format!(", due {}", crate::cli::words::until(at, Utc::now())));
                let pay = crate::cli::words::money(job.pay);
                transcript.say(format!("{} is claimed for {pay}{due} \"{}\"", view.assignment.id, job.title));
                self.seen.insert(view.assignment.id.clone(), view.assignment.state);
                Ok(())
            }
            Ok(other) => Err(crate::cli::strange(&other)),
            // Others were faster, or it is gone: the next one, then.
            Err(failure) if matches!(failure.class, Class::Refused | Class::NotFound) => {
                transcript.say(format!("{key} is not to be had: {failure}"));
                self.lost += 1;
                self.skipped.insert(key);
                Ok(())
            }
            Err(failure) => Err(failure),
        }
    }

    /// Makes a draft that passes, or another version of one, and delivers it.
    async fn work(&mut self, id: &AssignmentId, transcript: &mut Transcript<'_>) -> Result<()> {
        let began = Utc::now();
        let view = self.view(id).await?;
        if self.made(&view, transcript).await? {
            let seconds = begun_seconds(Utc::now() - began);
            let span = Span { spent: Spent::Assignment { id: id.clone() }, from: began, seconds };
            ask!(self.handle, Request::Spent { spans: vec![span] }, Reply::Done => ());
            return self.deliver(id, transcript).await;
        }
        ask!(self.handle, Request::Release { assignment: id.clone() }, Reply::Assignment(_) => ());
        self.given_back += 1;
        self.skipped.insert(view.assignment.job.key.clone());
        transcript.say(format!("{id} is given back: no draft of it passes"));
        Ok(())
    }

    async fn view(&self, id: &AssignmentId) -> Result<AssignmentView> {
        Ok(*ask!(self.handle, Request::Assignment { id: id.clone() }, Reply::Assignment(view) => view))
    }

    /// Whether the saved draft passes in the end.
    async fn made(&mut self, view: &AssignmentView, transcript: &mut Transcript<'_>) -> Result<bool> {
        let id = &view.assignment.id;
        if let (AssignmentState::RevisionAsked, Some(draft)) = (view.assignment.state, &view.draft)
            && crate::domain::check::passes(&view.findings)
        {
            return self.reword(view, draft.text.as_str().to_owned(), draft.files.clone(), transcript).await;
        }
        let job = self.with_attachments(view, transcript).await?;
        let laid = ask!(self.handle, Request::Scaffold { assignment: id.clone() }, Reply::Scaffold(laid) => laid);
        let (mut text, files) = (laid.text.as_str().to_owned(), laid.files);
        self.save(id, &text, &files, Cause::Scaffold).await?;
        for round in 0..=MENDINGS {
            let (findings, passes) = self.check(id).await?;
            if passes {
                let checks = crate::cli::words::count(findings.len(), "check");
                transcript
                    .say(format!("draft of {id}: {checks} pass after {}", crate::cli::words::count(round as usize, "repair")));
                return Ok(true);
            }
            let mended = assist::repair(&job, &text, &findings);
            if mended == text {
                let why = findings.iter().find(|f| f.verdict == crate::domain::check::Verdict::Fail);
                let why = why.map_or_else(String::new, |f| format!("{}: {}", f.label, f.sentence()));
                transcript.say(format!("draft of {id}: nothing mends {why}"));
                return Ok(false);
            }
            text = mended;
            self.save(id, &text, &files, Cause::Scaffold).await?;
        }
        Ok(false)
    }

    /// Another wording that still passes; where there is none, the same text goes again, as a person might insist on it.
    async fn reword(
        &mut self,
        view: &AssignmentView,
        text: String,
        files: Vec<FileItem>,
        transcript: &mut Transcript<'_>,
    ) -> Result<bool> {
        let id = &view.assignment.id;
        for version in revise::versions(view.assignment.job.deliverable.form, &text).into_iter().take(MENDINGS as usize) {
            self.save(id, &version, &files, Cause::Scaffold).await?;
            if self.check(id).await?.1 {
                transcript.say(format!("draft of {id}: worded otherwise, as asked"));
                return Ok(true);
            }
        }
        self.save(id, &text, &files, Cause::Scaffold).await?;
        transcript.say(format!("draft of {id}: no other wording passes; the same goes again"));
        Ok(self.check(id).await?.1)
    }

    /// The job with the texts of its attachments, fetched through the engine.
    async fn with_attachments(&self, view: &AssignmentView, transcript: &mut Transcript<'_>) -> Result<Job> {
        let mut job = view.assignment.job.clone();
        let missing: Vec<Text> = job
            .attachments
            .iter()
            .filter(|file| file.text.is_none() && !file.mime.as_str().starts_with("image/"))
            .map(|file| file.name.clone())
            .collect();
        for name in missing {
            let request = Request::Attachment { assignment: view.assignment.id.clone(), name: name.clone(), anew: false };
            match self.handle.ask(request).await {
                Ok(Reply::Job { job: fuller, .. }) => job = *fuller,
                Ok(other) => return Err(crate::cli::strange(&other)),
                Err(failure) => transcript.say(format!("attachment {name}: {failure}")),
            }
        }
        Ok(job)
    }

    async fn save(&self, id: &AssignmentId, text: &str, files: &[FileItem], cause: Cause) -> Result<()> {
        let request =
            Request::SaveDraft { assignment: id.clone(), text: Text::own(text), files: files.to_vec(), cause, origins: None };
        ask!(self.handle, request, Reply::Saved { .. } => ());
        Ok(())
    }

    async fn check(&self, id: &AssignmentId) -> Result<(Vec<Finding>, bool)> {
        let request = Request::Check { assignment: id.clone() };
        Ok(ask!(self.handle, request, Reply::Checked { findings, passes } => (findings, passes)))
    }

    /// Submits on the terms shown and waits for the answer; silence is looked into, never answered with a second sending.
    async fn deliver(&mut self, id: &AssignmentId, transcript: &mut Transcript<'_>) -> Result<()> {
        let terms = ask!(self.handle, Request::SubmitTerms { assignment: id.clone() }, Reply::Terms(terms) => terms);
        let request = Request::Submit { assignment: id.clone(), agreed: terms.digest, word: Default::default() };
        let queued = ask!(self.handle, request, Reply::Assignment(view) => view);
        let Some(sent) = queued.submission.map(|submission| submission.id) else {
            return Err(Failure::new(Class::Internal, format!("the delivery of {id} is not in the outbox")));
        };
        let mut view = submit::answered(id, &sent, &self.handle, ANSWER).await?;
        if view.submission.as_ref().is_some_and(|s| s.state == SubmissionState::Unknown) {
            transcript.say(format!("delivery of {id}: nobody answered; the market is read"));
            self.handle.ask(Request::Resolve { submission: sent.clone(), decision: Decision::Read }).await?;
            view = submit::answered(id, &sent, &self.handle, ANSWER).await?;
        }
        match view.submission.as_ref().map(|s| (s.state, s.note.clone())) {
            Some((SubmissionState::Acked, _)) => {
                self.delivered.insert(id.clone());
                self.seen.insert(id.clone(), view.assignment.state);
                transcript.say(format!("{id} is submitted \"{}\"", view.assignment.job.title));
            }
            Some((SubmissionState::Refused, note)) => {
                self.refused += 1;
                transcript.say(format!("{id} was not taken: {note}"));
            }
            other => {
                let why = other.map_or_else(String::new, |(state, note)| format!("{state:?}: {note}"));
                return Err(Failure::new(Class::Unknown, format!("the delivery of {id} got no answer")).why(why));
            }
        }
        Ok(())
    }
}

/// Nobody has to decide anything about it any more.
fn is_judged(state: AssignmentState) -> bool {
    state.is_over() || state == AssignmentState::Approved
}

/// What no worker would want: unpaid, costly, meant for agents, or of a requester who does not pay.
fn is_poor(job: &JobRow) -> bool {
    job.pay.is_none_or(|pay| pay.minor <= 0)
        || !job.costs.none()
        || job.suspicious
        || !job.signs.none()
        || job.ai == AiRule::AgentOnly
}

/// Whole seconds, a begun one counted.
fn begun_seconds(span: chrono::TimeDelta) -> u32 {
    u32::try_from((span.num_milliseconds().max(1) + 999) / 1000).unwrap_or(u32::MAX)
}
