//! The engine's state and its one step. Synchronous and without a runtime, so that every transition can be tested.

mod claims;
mod drafts;
mod outbox;
mod polls;
mod requests;
mod rows;
mod source;
mod terms;
mod triage;
mod verdicts;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use rand_chacha::ChaCha8Rng;

use super::api::{AssignmentView, Event, Reply, What};
use super::effect::{Asker, Call, Effect, Effects, Input};
use super::lane::{Lane, Queued};
use super::run::Polling;
use crate::config::Config;
use crate::domain::{AssignmentId, Book, Entry, Job, JobKey, Record, SourceName, SubmissionId, Text, Time};
use crate::error::{Class, Failure, Result};
use crate::feed::Feed;
pub use source::Source;

/// Events kept for those who ask what happened lately.
const LOG_KEPT: usize = 1000;
/// A batch that could not be written is tried again after this.
const RETRY_COMMIT: std::time::Duration = std::time::Duration::from_secs(2);

/// What follows once a batch is durable.
#[derive(Clone, Debug)]
enum Then {
    /// Nothing to say.
    Nothing,
    /// Facts that platforms told; already in the book. Their events follow.
    Facts(Vec<What>),
    /// Marks changed.
    Triaged { asker: Asker, text: Text, jobs: Vec<JobKey> },
    /// A draft is safe.
    Saved { asker: Asker, assignment: AssignmentId },
    /// Time was noted.
    Done { asker: Asker },
    /// The claim may be sent.
    SendClaim { asker: Asker, key: JobKey },
    /// A submission entered the outbox.
    Outbox { asker: Asker, submission: SubmissionId },
    /// The submission may be sent: its bytes are about to leave.
    Send { submission: SubmissionId },
}

/// A batch on its way to the disk.
#[derive(Debug)]
struct Batch {
    entries: Vec<Entry>,
    then: Then,
}

/// Who waits for the end of a call.
#[derive(Clone, Debug)]
enum Purpose {
    /// Part of a source's poll.
    Round,
    /// Somebody asked for a job.
    ShowJob { asker: Asker, key: JobKey },
    /// Terms need the whole job first.
    ClaimTerms { asker: Asker, key: JobKey },
    /// A claim.
    Claim { asker: Asker, key: JobKey },
    /// A release.
    Release { asker: Asker, assignment: AssignmentId },
    /// A submission.
    Submit { submission: SubmissionId },
    /// What became of a submission.
    Settle { submission: SubmissionId, asker: Option<Asker> },
    /// The job of an assignment that was claimed elsewhere.
    Adopt { listed: Box<crate::platforms::Listed> },
    /// An attachment.
    Attachment { asker: Option<Asker>, assignment: AssignmentId, name: Text },
}

/// Everything the engine owns.
pub struct State {
    config: Arc<Config>,
    polling: Polling,
    book: Book,
    feed: Feed,
    version: u64,
    sources: BTreeMap<SourceName, Source>,
    lanes: HashMap<String, Lane>,
    calls: HashMap<u64, (SourceName, bool, Purpose)>,
    last_call: u64,
    batches: BTreeMap<u64, Batch>,
    last_batch: u64,
    /// Facts that could not be written yet, in order.
    unwritten: VecDeque<Batch>,
    failing: Option<Failure>,
    retry_commit: Option<Time>,
    /// The one batch on its way while the disk fails.
    retrying: Option<u64>,
    /// Jobs with a claim on its way; assignments with a release on its way.
    claiming: HashSet<JobKey>,
    releasing: HashSet<AssignmentId>,
    /// Submissions with bytes on their way or about to be read up on.
    sending: HashSet<SubmissionId>,
    /// When a submission without an answer is looked up next, and how often it was.
    settle_at: BTreeMap<SubmissionId, (Time, u32)>,
    /// Requests that wait for marks to be durable.
    after_marks: VecDeque<(Asker, super::api::Request)>,
    marks_pending: BTreeSet<u64>,
    issued_act: u64,
    issued_versions: HashMap<AssignmentId, u32>,
    feed_due: Option<Time>,
    late: HashSet<AssignmentId>,
    log: VecDeque<Event>,
    seq: u64,
    dice: ChaCha8Rng,
    mended: Vec<Text>,
    store_path: std::path::PathBuf,
}

/// What a state begins with.
pub struct Beginning {
    /// The configuration.
    pub config: Arc<Config>,
    /// When sources are polled.
    pub polling: Polling,
    /// The fold of the journal.
    pub book: Book,
    /// The feed as cached.
    pub jobs: Vec<Job>,
    /// The sources, connected or with the reason why not.
    pub sources: Vec<Source>,
    /// What opening the store had to mend.
    pub mended: Vec<Text>,
    /// Randomness for back-off and ids.
    pub dice: ChaCha8Rng,
}

impl State {
    /// The state as it was left, and what has to be done about that: submissions cut off in the middle become unknown.
    pub fn begin(beginning: Beginning, now: Time) -> (State, Effects) {
        let Beginning { config, polling, mut book, jobs, sources, mended, dice } = beginning;
        book.index();
        let mut state = State {
            store_path: config.paths.store(),
            config,
            polling,
            issued_act: book.last_act,
            issued_versions: book.drafts.iter().map(|(id, draft)| (id.clone(), draft.version)).collect(),
            book,
            feed: Feed::load(jobs),
            version: 1,
            sources: sources.into_iter().map(|source| (source.name.clone(), source)).collect(),
            lanes: HashMap::new(),
            calls: HashMap::new(),
            last_call: 0,
            batches: BTreeMap::new(),
            last_batch: 0,
            unwritten: VecDeque::new(),
            failing: None,
            retry_commit: None,
            retrying: None,
            claiming: HashSet::new(),
            releasing: HashSet::new(),
            sending: HashSet::new(),
            settle_at: BTreeMap::new(),
            after_marks: VecDeque::new(),
            marks_pending: BTreeSet::new(),
            feed_due: Some(now),
            late: HashSet::new(),
            log: VecDeque::new(),
            seq: 0,
            dice,
            mended,
        };
        let mut effects = Effects::default();
        state.resume_outbox(now, &mut effects);
        state.resume_claims();
        state.turn(now, &mut effects);
        (state, effects)
    }

    /// Nothing is being written, and no call is on its way whose answer matters later.
    pub fn is_quiet(&self) -> bool {
        self.batches.is_empty() && self.calls.values().all(|(_, persons, _)| !persons)
    }

    /// Sources are polled by the schedule.
    pub fn polls_by_itself(&self) -> bool {
        self.polling == Polling::Always
    }

    /// Takes one input in and says what is to be done about it.
    pub fn step(&mut self, input: Input, now: Time) -> Effects {
        let mut effects = Effects::default();
        match input {
            Input::Asked { asker, request } => self.asked(asker, request, now, &mut effects),
            Input::Called { call, ended } => self.called(call, ended, now, &mut effects),
            Input::Committed { batch } => self.committed(batch, now, &mut effects),
            Input::CommitFailed { batch, failure } => self.commit_failed(batch, failure, now, &mut effects),
            Input::Poked { source } => {
                if let Some(source) = self.sources.get_mut(&source) {
                    source.schedule.poke(now);
                }
            }
            Input::Streaming { source, on } => self.streaming(&source, on, now, &mut effects),
            Input::FileKept { asker, assignment, file } => self.file_kept(asker, &assignment, file, now, &mut effects),
            Input::Timer => {}
        }
        self.turn(now, &mut effects);
        effects
    }

    /// What the clock alone brings about, and when to look again.
    fn turn(&mut self, now: Time, effects: &mut Effects) {
        if self.feed_due.is_some_and(|at| at <= now) {
            if self.feed.tick(&self.book, now) {
                self.feed_changed(0, 0, 1, now, effects);
            }
            self.feed_due = self.feed.next_tick(&self.book, now);
        }
        self.watch_deadlines(now, effects);
        self.retry_unwritten(now, effects);
        self.settle_due(now, effects);
        self.send_queued(now, effects);
        self.start_rounds(now, effects);
        self.dispatch(effects);
        effects.wake = self.next_wake(now);
    }

    fn next_wake(&self, now: Time) -> Option<Time> {
        let polls = self.sources.values().filter(|s| s.round.is_none()).filter_map(|s| s.schedule.next(now));
        let deadlines = self.book.assignments.values().filter(|a| a.state.is_in_hand() && !self.late.contains(&a.id));
        let queued = self.queued_submissions().filter_map(|(source, _)| self.sources.get(&source)?.schedule.blocked_until(now));
        polls
            .chain(self.feed_due)
            .chain(self.retry_commit)
            .chain(self.settle_at.values().map(|(at, _)| *at))
            .chain(deadlines.filter_map(|a| a.deadline))
            .chain(queued)
            .min()
            .map(|at| at.max(now))
    }

    /// Makes facts durable that are already in the book.
    fn record_facts(&mut self, records: Vec<Record>, events: Vec<What>, now: Time, effects: &mut Effects) {
        let entries: Vec<Entry> = records.into_iter().map(|record| Entry { at: now, record }).collect();
        for entry in &entries {
            self.book.apply(entry);
        }
        let batch = Batch { entries, then: Then::Facts(events) };
        if self.unwritten.is_empty() && self.failing.is_none() {
            self.commit(batch, effects);
        } else {
            self.unwritten.push_back(batch);
        }
    }

    /// Makes an act of the person's durable; it enters the book only then. Refused while the disk fails.
    fn record_act(&mut self, records: Vec<Record>, then: Then, now: Time, effects: &mut Effects) -> Result<u64> {
        if let Some(failing) = &self.failing {
            return Err(failing.clone());
        }
        let entries = records.into_iter().map(|record| Entry { at: now, record }).collect();
        Ok(self.commit(Batch { entries, then }, effects))
    }

    fn commit(&mut self, batch: Batch, effects: &mut Effects) -> u64 {
        self.last_batch += 1;
        effects.push(Effect::Commit { batch: self.last_batch, entries: batch.entries.clone() });
        self.batches.insert(self.last_batch, batch);
        self.last_batch
    }

    fn committed(&mut self, id: u64, now: Time, effects: &mut Effects) {
        let Some(batch) = self.batches.remove(&id) else { return };
        if self.failing.take().is_some() {
            self.publish(What::Saving { failing: None }, now, effects);
        }
        if !matches!(batch.then, Then::Facts(_)) {
            for entry in &batch.entries {
                self.book.apply(entry);
            }
        }
        match batch.then {
            Then::Nothing => {}
            Then::Facts(events) => {
                for event in events {
                    self.publish(event, now, effects);
                }
            }
            Then::Triaged { asker, text, jobs } => self.triage_durable(id, asker, text, jobs, now, effects),
            Then::Saved { asker, assignment } => self.draft_durable(asker, &assignment, now, effects),
            Then::Done { asker } => effects.reply(asker, Ok(Reply::Done)),
            Then::SendClaim { asker, key } => self.send_claim(asker, &key, effects),
            Then::Outbox { asker, submission } => self.outbox_durable(asker, &submission, now, effects),
            Then::Send { submission } => self.send_now(&submission, now, effects),
        }
    }

    fn commit_failed(&mut self, id: u64, failure: Failure, now: Time, effects: &mut Effects) {
        let Some(batch) = self.batches.remove(&id) else { return };
        if self.failing.as_ref() != Some(&failure) {
            self.publish(What::Saving { failing: Some(failure.clone()) }, now, effects);
        }
        self.failing = Some(failure.clone());
        self.retry_commit = Some(now + RETRY_COMMIT);
        match &batch.then {
            // Nobody is told before it is durable, so it is simply tried again, in order.
            Then::Facts(_) | Then::Nothing => {
                if self.retrying == Some(id) {
                    self.unwritten.push_front(batch);
                } else {
                    self.unwritten.push_back(batch);
                }
                return;
            }
            Then::Triaged { asker, .. } => {
                let asker = *asker;
                self.marks_pending.remove(&id);
                effects.reply(asker, Err(failure));
                self.replay_after_marks(now, effects);
                return;
            }
            Then::Saved { .. } | Then::Done { .. } => {}
            Then::SendClaim { key, .. } => {
                self.claiming.remove(key);
            }
            Then::Outbox { submission, .. } => {
                self.sending.remove(submission);
            }
            // Nothing was sent; it is looked at again once the disk may work.
            Then::Send { submission } => {
                self.sending.remove(submission);
                self.settle_at.insert(submission.clone(), (now + RETRY_COMMIT, 0));
                return;
            }
        }
        if let Then::Saved { asker, .. } | Then::Done { asker } | Then::SendClaim { asker, .. } | Then::Outbox { asker, .. } =
            batch.then
        {
            effects.reply(asker, Err(failure));
        }
    }

    /// While the disk fails, one batch is tried every two seconds; when there is none, an empty one asks how the disk is.
    fn retry_unwritten(&mut self, now: Time, effects: &mut Effects) {
        if self.failing.is_some() {
            if self.retry_commit.is_some_and(|at| at <= now) && self.batches.is_empty() {
                self.retry_commit = Some(now + RETRY_COMMIT);
                let batch = self.unwritten.pop_front().unwrap_or(Batch { entries: Vec::new(), then: Then::Nothing });
                // At the front again if it fails: order is kept because only one is on its way.
                self.retrying = Some(self.commit(batch, effects));
            }
        } else {
            self.retry_commit = None;
            while let Some(batch) = self.unwritten.pop_front() {
                self.commit(batch, effects);
            }
        }
    }

    /// Numbers an event, keeps it for a while and tells everybody.
    fn publish(&mut self, what: What, now: Time, effects: &mut Effects) {
        self.seq += 1;
        let event = Event { seq: self.seq, at: now, what };
        // Feed, health and save marks come many times a minute and say nothing once they are past.
        if !matches!(event.what, What::Feed { .. } | What::Source { .. } | What::Draft { .. }) {
            self.log.push_back(event.clone());
            if self.log.len() > LOG_KEPT {
                self.log.pop_front();
            }
        }
        effects.publish(event);
    }

    fn feed_changed(&mut self, arrived: u32, changed: u32, gone: u32, now: Time, effects: &mut Effects) {
        self.version += 1;
        self.publish(What::Feed { version: self.version, arrived, changed, gone }, now, effects);
    }

    /// Puts a call in its host's line.
    fn call(&mut self, source: &SourceName, what: Call, purpose: Purpose) {
        let Some(found) = self.sources.get(source) else { return };
        self.last_call += 1;
        self.calls.insert(self.last_call, (source.clone(), what.is_persons(), purpose));
        let queued = Queued { call: self.last_call, source: source.clone(), what };
        self.lanes.entry(found.host.clone()).or_default().push(queued);
    }

    fn dispatch(&mut self, effects: &mut Effects) {
        for lane in self.lanes.values_mut() {
            while let Some(Queued { call, source, what }) = lane.pop() {
                effects.push(Effect::Call { call, source, what });
            }
        }
    }

    /// The source, or why nothing can be asked of it now.
    fn ready(&self, source: &SourceName, now: Time) -> Result<&Source> {
        let found = self.sources.get(source).ok_or_else(|| {
            Failure::new(Class::NotFound, format!("there is no source called {source}"))
                .hint("`juggler sources` lists the configured ones")
        })?;
        if let Some(failure) = &found.unusable {
            return Err(failure.clone());
        }
        if let Some(until) = found.schedule.blocked_until(now) {
            let local = until.with_timezone(&chrono::Local).format("%H:%M:%S");
            return Err(Failure::new(Class::Refused, format!("{source} asked to be left alone until {local}"))
                .why("too many requests")
                .hint("try again then; nothing was sent"));
        }
        Ok(found)
    }

    fn view_of(&self, id: &AssignmentId, now: Time) -> Result<AssignmentView> {
        let assignment = self.assignment(id)?;
        Ok(rows::assignment_view(&self.book, assignment, now))
    }

    fn assignment(&self, id: &AssignmentId) -> Result<&crate::domain::Assignment> {
        self.book.assignments.get(id).ok_or_else(|| {
            Failure::new(Class::NotFound, format!("there is no assignment {id}")).hint("`juggler hand` lists what is yours")
        })
    }
}
