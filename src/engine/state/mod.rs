//! The engine's state and its one step. Synchronous and without a runtime, so that every transition can be tested.

mod alarms;
mod art;
mod assist;
mod attachments;
mod beginning;
mod blocks;
mod briefs;
mod calls;
mod claims;
mod clocks;
mod decide;
mod disclosure;
mod drafts;
mod findings;
mod imaging;
mod ingest;
mod judging;
mod looking;
mod outbox;
mod peek;
mod polls;
mod reload;
mod requests;
mod retention;
mod rows;
mod rules;
mod saving;
mod sightings;
mod source;
mod terms;
mod triage;
mod verdicts;
mod views;
mod wholes;
mod windows;
mod work;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use rand_chacha::ChaCha8Rng;

use super::api::{AssignmentView, Event, What};
use super::effect::{Asker, Effects, Input};
use super::lane::Lane;
use super::run::Polling;
use crate::alert::Alarms;
use crate::config::Config;
use crate::domain::Judge;
use crate::domain::{AssignmentId, Book, JobKey, SourceName, SubmissionId, Text, Time};
use crate::error::{Class, Failure, Result};
use crate::feed::Columns;
pub use beginning::{Beginning, Past};
use calls::Purpose;
pub(super) use looking::LEFT_AT;
pub(super) use retention::LEFT;
pub use retention::{Kept, Left};
use saving::{Batch, Then};
pub(super) use sightings::KEPT;
pub use source::Source;

/// Events kept for those who ask what happened lately.
const LOG_KEPT: usize = 1000;
/// Jobs that one step lets run out or wake.
const TICKED: usize = 2_000;

/// Everything the engine owns.
pub struct State {
    config: Arc<Config>,
    polling: Polling,
    book: Book,
    feed: Columns,
    /// Whole jobs at hand.
    wholes: wholes::Wholes,
    /// Pages on their way into the feed.
    ingests: VecDeque<ingest::Ingest>,
    /// Walks that ended: what they left out is looked for.
    sweeps: VecDeque<(SourceName, crate::feed::Round)>,
    /// Questions about views that are being worked out.
    parked: Vec<windows::Parked>,
    /// A view is to be counted or ordered.
    counting: bool,
    /// More of the feed runs out or wakes than one step takes.
    ticking: bool,
    turns: u32,
    /// What came and went.
    sightings: sightings::Sightings,
    judge: Judge,
    /// What the checks say of the drafts in hand.
    findings: findings::Findings,
    /// Texts of the attachments of what is in hand.
    texts: attachments::Texts,
    /// Models that are being asked.
    assisting: assist::Assisting,
    /// Painters at work.
    atelier: art::Atelier,
    /// The person's blocks, made ready.
    blocks: crate::domain::Blocks,
    judging: judging::Judging,
    looking: looking::Looking,
    imaging: imaging::Imaging,
    alarms: Alarms,
    /// Alerts told that nobody read yet.
    unread: usize,
    /// The latest search of briefs.
    briefs: Option<briefs::Briefs>,
    searches: u64,
    rules: crate::domain::rule::RuleBook,
    rehearsals: VecDeque<rules::Rehearsal>,
    /// When a key was last pressed, as front ends tell.
    last_key: Option<Time>,
    /// When the feed was last left: what was listed since is new.
    left_at: Time,
    retiring: retention::Retiring,
    look_at_hand: bool,
    /// Rows changed since the latest image of the columns.
    changed_rows: usize,
    /// Views that are kept counted.
    watched: Vec<crate::domain::View>,
    /// Named views, in the order of their tabs.
    views: Vec<crate::domain::NamedView>,
    /// Changes of them that are not in the config file yet; the first is on its way there.
    view_changes: VecDeque<(Asker, super::effect::ViewChange)>,
    /// The config file cannot be used; what it said before goes on.
    config_trouble: Option<Failure>,
    /// The file is to be read once no change of the views is on its way into it, for whoever asked.
    config_asked: Vec<Option<Asker>>,
    version: u64,
    sources: BTreeMap<SourceName, Source>,
    lanes: HashMap<String, Lane>,
    calls: HashMap<u64, calls::Out>,
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
    /// Submissions whose job was over before their bytes could leave.
    too_late: Vec<SubmissionId>,
    /// What platforms said while acts were on their way to the disk.
    news: VecDeque<Input>,
    /// Answers that wait until everything up to a batch is durable.
    waiting: Vec<(u64, Asker, AssignmentId)>,
    /// Cursors that wait until what was read before them is durable.
    cursors: Vec<(u64, String, crate::platforms::Cursor)>,
    /// The latest call at the time an act changed an assignment on its platform: lists asked for earlier may be older than that.
    acted_at: HashMap<AssignmentId, u64>,
    /// When a submission without an answer is looked up next, and how often it was.
    settle_at: BTreeMap<SubmissionId, (Time, u32)>,
    /// Requests that wait for marks to be durable.
    after_marks: VecDeque<(Asker, super::api::Request)>,
    marks_pending: BTreeSet<u64>,
    issued_act: u64,
    /// The latest act of rules: when it began, which they are, its number.
    rule_act: Option<(Time, Text)>,
    rule_act_number: u64,
    issued_block: u64,
    issued_versions: HashMap<AssignmentId, u32>,
    feed_due: Option<Time>,
    late: HashSet<AssignmentId>,
    /// Ids that the platform now uses for another job: nothing is delivered under them.
    reused: HashSet<AssignmentId>,
    log: VecDeque<Event>,
    seq: u64,
    dice: ChaCha8Rng,
    mended: Vec<Text>,
    store_path: std::path::PathBuf,
}

impl State {
    /// Nothing is being written, and no call is on its way whose answer matters later.
    pub fn is_quiet(&self) -> bool {
        self.batches.is_empty() && self.view_changes.is_empty() && self.calls.values().all(|out| !out.persons)
    }

    /// What is mine, as known in memory: the fold of everything handed out to be written, acts once they are.
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// Sources are polled by the schedule.
    pub fn polls_by_itself(&self) -> bool {
        self.polling == Polling::Always
    }

    /// Takes one input in and says what is to be done about it.
    pub fn step(&mut self, input: Input, now: Time) -> Effects {
        let mut effects = Effects::default();
        // What platforms say enters the book at once, what the person does when it is durable. News waits for acts on their way,
        // so that the book takes entries in the journal's order.
        if matches!(input, Input::Called { .. }) && self.acts_on_their_way() {
            self.news.push_back(input);
        } else {
            self.take(input, now, &mut effects);
        }
        while !self.news.is_empty() && !self.acts_on_their_way() {
            if let Some(input) = self.news.pop_front() {
                self.take(input, now, &mut effects);
            }
        }
        self.turn(now, &mut effects);
        effects
    }

    fn acts_on_their_way(&self) -> bool {
        self.batches.values().any(|batch| !matches!(batch.then, Then::Facts(_) | Then::Nothing))
    }

    fn take(&mut self, input: Input, now: Time, effects: &mut Effects) {
        match input {
            Input::Asked { asker, request } => self.asked(asker, request, now, effects),
            Input::Called { call, ended } => self.called(call, ended, now, effects),
            Input::Committed { batch } => self.committed(batch, now, effects),
            Input::CommitFailed { batch, failure } => self.commit_failed(batch, failure, now, effects),
            Input::Poked { source } => {
                if let Some(source) = self.sources.get_mut(&source) {
                    source.schedule.poke(now);
                }
            }
            Input::Streaming { source, on } => self.streaming(&source, on, now, effects),
            Input::FileKept { asker, assignment, file } => self.file_kept(asker, &assignment, file, now, effects),
            Input::TextsRead { assignment, texts } => self.texts_read(assignment, texts, now, effects),
            Input::JobRead { key, job } => self.job_read(key, job.map(|job| *job), now, effects),
            Input::Checked { id, ground, findings } => self.checked(&id, ground, findings, now, effects),
            Input::Work => self.work(now, effects),
            Input::ImageWanted | Input::ImageMore | Input::ImageStamp { .. } | Input::ImageDone { .. } => {
                self.imaging(input, effects)
            }
            Input::ViewKept { kept } => {
                self.view_kept(kept, now, effects);
                self.read_config_again(effects);
            }
            Input::ConfigRead { asker, read } => self.config_read(asker, read, now, effects),
            Input::Connected { made, then } => self.connected(made, then, now, effects),
            Input::BriefsFound { search, keys, done, total, over } => {
                self.briefs_found(search, keys, (done, total, over), now, effects);
            }
            Input::AlertSent { failure } => {
                if let Some(failure) = failure {
                    let (text, hint) = (Text::title(&failure.to_string()), Text::title(&failure.hint));
                    self.publish(What::Notice { text, hint }, now, effects);
                }
            }
            Input::Composed { asker, commission, made } => self.composed(asker, *commission, made, now, effects),
            Input::Said { call, pieces } => self.said(&call, pieces, now, effects),
            Input::DrawnUp { asker, drawing, made } => self.drawn_up(asker, *drawing, made, now, effects),
            Input::Painted { call, news } => self.painted(&call, news, now, effects),
            Input::Brought { asker, assignment, tool, path, file } => {
                self.brought(asker, (&assignment, tool, path), file, now, effects);
            }
            Input::FolderSeen { files } => self.folder_seen(files, now, effects),
            Input::Timer => {}
            Input::ClockChanged { stepped } => self.clock_changed(stepped, now, effects),
        }
    }

    /// What the clock alone brings about, and when to look again.
    fn turn(&mut self, now: Time, effects: &mut Effects) {
        if self.feed_due.is_some_and(|at| at <= now) {
            let ticked = self.feed.tick(now, TICKED);
            self.ticking = ticked.more;
            for key in &ticked.expired {
                self.wholes.amend(key, |job| job.status = crate::domain::job::JobStatus::Expired);
                self.went(key, super::api::Seen::Expired, now);
            }
            if ticked.moved {
                self.feed_changed(0, 0, u32::try_from(ticked.expired.len()).unwrap_or(u32::MAX), now, effects);
            }
        }
        // What is due by now and was not done goes on with the next piece of work.
        self.feed_due = self.feed.next_tick();
        if self.blocks.next_end().is_some_and(|at| at <= now) {
            self.judge_again(now);
        }
        self.ring(now, effects);
        self.log_sightings(now, effects);
        self.keep_look(now, effects);
        self.watch_deadlines(now, effects);
        self.retry_unwritten(now, effects);
        self.call_off_too_late(now, effects);
        self.settle_due(now, effects);
        self.send_queued(now, effects);
        self.start_rounds(now, effects);
        self.dispatch(effects);
        self.keep_texts(effects);
        self.answer_waiting(now, effects);
        self.forget_findings(now, effects);
        self.start_checks(effects);
        self.start_works(now, effects);
        self.look_in_folder(now, effects);
        effects.wake = self.next_wake(now);
        effects.more = self.has_work(now);
    }

    fn next_wake(&self, now: Time) -> Option<Time> {
        // Only what would then be done may wake: anything else would wake again at once, for ever.
        let waiting = self.sources.values().filter(|s| s.round.is_none() && s.unusable.is_none());
        // Where no further round may begin, the end of one looks again.
        let full = self.polls_are_full();
        let polls = waiting.filter_map(|s| s.schedule.next(now)).filter(|_| !full);
        let retry = self.retry_commit.filter(|_| self.batches.is_empty());
        let deadlines = self.book.assignments.values().filter(|a| a.state.is_in_hand() && !self.late.contains(&a.id));
        let queued = self.queued_submissions().filter_map(|(source, _)| self.sources.get(&source)?.schedule.blocked_until(now));
        polls
            .chain(self.feed_due.filter(|_| !self.ticking))
            .chain(self.alarms.next_due())
            .chain(self.sightings.due())
            .chain(self.looking.due())
            .chain(self.judging_due().filter(|at| *at > now))
            .chain(self.blocks.next_end())
            .chain(self.retiring.due().filter(|at| *at > now))
            .chain(retry)
            .chain(self.settle_at.values().map(|(at, _)| *at))
            .chain(self.atelier.due())
            .chain(deadlines.filter_map(|a| self.book.deadline(a)))
            .chain(queued)
            .min()
            .map(|at| at.max(now))
    }

    /// Numbers an event, keeps it for a while and tells everybody.
    fn publish(&mut self, what: What, now: Time, effects: &mut Effects) {
        self.seq += 1;
        self.alarm(&what, now);
        let event = Event { seq: self.seq, at: now, what };
        // Feed, health and save marks come many times a minute and say nothing once they are past.
        if !matches!(
            event.what,
            What::Feed { .. }
                | What::Source { .. }
                | What::Draft { .. }
                | What::Checked { .. }
                | What::AlertsSeen
                | What::Art { .. }
        ) {
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

    fn view_of(&self, id: &AssignmentId, now: Time) -> Result<AssignmentView> {
        let assignment = self.assignment(id)?;
        Ok(self.assignment_view(assignment, now))
    }

    fn assignment(&self, id: &AssignmentId) -> Result<&crate::domain::Assignment> {
        self.book.assignments.get(id).ok_or_else(|| {
            Failure::new(Class::NotFound, format!("there is no assignment {id}")).hint("`juggler hand` lists what is yours")
        })
    }
}
