//! What front ends say to the engine, and what it says back. All serde: the same types cross the socket as JSON Lines.

use serde::{Deserialize, Serialize};

use crate::domain::ai::AiRule;
use crate::domain::check::Finding;
use crate::domain::draft::{Cause, FileItem};
use crate::domain::job::JobStatus;
use crate::domain::ledger::Figures;
use crate::domain::listing::Costs;
use crate::domain::rate::Expected;
use crate::domain::submission::SubmissionState;
use crate::domain::triage::{Marks, Verdict};
use crate::domain::work::Span;
use crate::domain::{
    Assignment, AssignmentId, AssignmentState, Bundle, Draft, Job, JobKey, Money, Payment, SourceName, Submission, SubmissionId,
    Text, Time,
};
use crate::domain::{Block, Listing, NamedView, Query, View};
use crate::error::Failure;
use crate::feed::Anchor;
use crate::platforms::{Abilities, Budget};

/// Version of these types on the socket; both ends must agree.
pub const VERSION: u32 = 2;

/// A wish.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Request {
    /// Who is there? → `Reply::Hello`
    Hello { version: u32 },
    /// Rows of a view to draw → `Reply::Window`
    Window { view: View, anchor: Anchor, height: usize, margin: usize },
    /// Rows of a view from the top → `Reply::Jobs`
    Jobs { view: View, limit: usize },
    /// One job, whole; fetched from the platform when only its listing is known → `Reply::Job`
    Job { key: JobKey },
    /// One job as it is known here, with what it is worth and why; nothing is asked of the platform → `Reply::Peek`
    Peek { key: JobKey },
    /// The named views with their live counts → `Reply::Views`
    Views,
    /// Gives a view a name, or a named one another query, in the config file too → `Reply::Views` once it is written
    SaveView { view: NamedView },
    /// Forgets a named view, in the config file too; without any, those of the program are back → `Reply::Views` once it is written
    DropView { name: Text },
    /// The words that occur in the feed, for completions → `Reply::Known`
    Known,
    /// The identical jobs that one row of a grouped view stands for → `Reply::Keys`
    Group { view: View, key: JobKey },
    /// Keys of everything a view shows, for marking all → `Reply::Keys`
    Keys { view: View },
    /// Changes marks → `Reply::Triaged`
    Triage { keys: Vec<JobKey>, verdict: Verdict },
    /// Hides everything that fits, now and as it arrives → `Reply::Triaged`
    Block { block: Block },
    /// Takes a block away → `Reply::Triaged`
    Unblock { id: u64 },
    /// The blocks that stand → `Reply::Blocks`
    Blocks,
    /// Jobs that appeared and vanished, latest first → `Reply::Sightings`
    Sightings { limit: usize },
    /// The rules and how often they fired → `Reply::Rules`
    Rules,
    /// What a rule (by name, or any query) would have done with the jobs of the last `since` seconds → `Reply::Trial`
    TryRule { rule: Text, since: u64 },
    /// A key was pressed: rules may claim for a while → `Reply::Done`
    Present,
    /// The alerts on the screen were seen → `Reply::Done`
    AlertsSeen,
    /// Takes the latest act of triage back → `Reply::Triaged`
    Undo,
    /// Does the latest undone act again → `Reply::Triaged`
    Redo,
    /// What claiming would mean → `Reply::Terms`
    ClaimTerms { key: JobKey },
    /// Claims on those terms; refused when they changed since → `Reply::Assignment`
    Claim { key: JobKey, agreed: String },
    /// Gives a job back → `Reply::Assignment`
    Release { assignment: AssignmentId },
    /// What is being juggled, tightest first → `Reply::Hand`
    Hand,
    /// Assignments in every state, latest first → `Reply::Assignments`
    Assignments,
    /// Assignments that wait for somebody else, and those decided within the last day, latest first → `Reply::Assignments`
    Waiting,
    /// One assignment with its draft, checks, submission and payments → `Reply::Assignment`
    Assignment { id: AssignmentId },
    /// The text of an attachment; fetched on the first call → `Reply::Job` with the text filled in
    Attachment { assignment: AssignmentId, name: Text },
    /// Makes a draft durable → `Reply::Saved`
    SaveDraft { assignment: AssignmentId, text: Text, files: Vec<FileItem>, cause: Cause },
    /// Copies a file into the draft → `Reply::Saved`
    AddFile { assignment: AssignmentId, path: std::path::PathBuf },
    /// Lays a draft out without a model; nothing is saved → `Reply::Scaffold`
    Scaffold { assignment: AssignmentId },
    /// Checks the saved draft → `Reply::Checked`
    Check { assignment: AssignmentId },
    /// What submitting would mean → `Reply::Terms`
    SubmitTerms { assignment: AssignmentId },
    /// Submits the saved draft on those terms; refused when they changed since → `Reply::Assignment` once it is in the outbox
    Submit { assignment: AssignmentId, agreed: String },
    /// Decides about a submission that got no answer → `Reply::Assignment`
    Resolve { submission: SubmissionId, decision: Decision },
    /// Every submission not yet acknowledged → `Reply::Outbox`
    Outbox,
    /// The figures → `Reply::Earnings`
    Earnings,
    /// Health of every source → `Reply::Sources`
    Sources,
    /// Polls now, all sources or one; answered when done → `Reply::Sources`
    Poll { source: Option<SourceName> },
    /// What happened lately → `Reply::Events`
    Events { limit: usize },
    /// Time was spent → `Reply::Done`
    Spent { spans: Vec<Span> },
    /// Where and how the store is → `Reply::Store`
    Store,
    /// Checks the journal and the store against each other → `Reply::Verified`
    Verify,
    /// Writes a backup while running → `Reply::Done`
    Backup { to: std::path::PathBuf },
}

/// What a person decides about a submission without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Read the platform now.
    Read,
    /// Send the same bytes with the same key again. Only a person says this where the platform cannot tell.
    SendAgain,
    /// Call it off; the draft is editable again.
    Withdraw,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
pub enum Reply {
    /// The engine.
    Hello { version: u32, pid: u32 },
    /// Rows.
    Window(Rows),
    /// Jobs with their marks.
    Jobs { jobs: Vec<JobRow>, total: usize },
    /// A job.
    Job { job: Box<Job>, marks: Marks },
    /// A job as known, and its worth.
    Peek(Box<Peek>),
    /// Named views.
    Views { views: Vec<ViewCount> },
    /// Words of the feed.
    Known(Known),
    /// Keys.
    Keys { keys: Vec<JobKey>, total: usize },
    /// Blocks.
    Blocks { blocks: Vec<BlockView> },
    /// What came and went.
    Sightings { sightings: Vec<Sighting> },
    /// Rules.
    Rules { rules: Vec<RuleView> },
    /// What a rule would have done.
    Trial(Trial),
    /// What triage did.
    Triaged(TriageDone),
    /// Terms to agree to.
    Terms(Terms),
    /// An assignment.
    Assignment(Box<AssignmentView>),
    /// The hand.
    Hand(HandView),
    /// Assignments.
    Assignments { assignments: Vec<AssignmentView> },
    /// A version was made durable.
    Saved { version: u32, draft: Box<Draft> },
    /// A proposal.
    Scaffold(Scaffolded),
    /// Findings.
    Checked { findings: Vec<Finding>, passes: bool },
    /// Submissions.
    Outbox { submissions: Vec<Submission> },
    /// Figures.
    Earnings(Earnings),
    /// Sources.
    Sources { sources: Vec<SourceHealth> },
    /// Events.
    Events { events: Vec<Event> },
    /// The store.
    Store(StoreView),
    /// The findings of a verification; empty when all agrees.
    Verified { findings: Vec<Text>, records: u64 },
    /// Done.
    Done,
}

/// One row of the feed: what panes and tables show without another question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobRow {
    pub key: JobKey,
    pub title: Text,
    pub requester: Text,
    pub source: SourceName,
    pub kind: Text,
    /// Gross pay.
    pub pay: Option<Money>,
    /// After the platform's cut.
    pub net: Option<Money>,
    /// Expected rate.
    pub rate: Option<Expected>,
    /// Expected seconds.
    pub seconds: Option<u32>,
    pub ai: AiRule,
    pub status: JobStatus,
    pub marks: Marks,
    pub slots_left: Option<u32>,
    /// When it was posted, or first seen here.
    pub since: Time,
    pub expires_at: Option<Time>,
    pub claim_ttl: Option<u32>,
    pub suspicious: bool,
    /// What it takes from the worker first.
    pub costs: Costs,
    /// It was gone or full and came back.
    pub reopened: bool,
    /// My assignment of it.
    pub mine: Option<AssignmentState>,
    /// 0 (not for you) to 100 (made for you).
    pub fit: Option<u8>,
    /// A requirement is not met, or the profile refuses it.
    pub barred: bool,
    /// One of the blocks hides it.
    #[serde(default)]
    pub blocked: bool,
    /// Identical jobs that this row stands for, itself among them; 1 in a view that does not group.
    #[serde(default = "one")]
    pub alike: u32,
}

fn one() -> u32 {
    1
}

impl JobRow {
    /// The row as a listing, as far as it tells.
    pub fn listing(&self) -> Listing<'_> {
        Listing {
            key: self.key.as_str(),
            source: self.source.as_str(),
            title: self.title.as_str(),
            requester: self.requester.as_str(),
            record: Default::default(),
            kind: self.kind.as_str(),
            tags: &[],
            requirements: &[],
            language: "",
            pay: self.pay,
            net: self.net,
            seconds: self.seconds.map(|seconds| (seconds, crate::domain::rate::Basis::Estimate)),
            slots_left: self.slots_left,
            competitors: None,
            since: self.since,
            first_seen: self.since,
            last_seen: self.since,
            expires_at: self.expires_at,
            reopened_at: self.reopened.then_some(self.since),
            seen_count: 1,
            claim_ttl: self.claim_ttl,
            claim_mode: Default::default(),
            status: self.status,
            ai: self.ai,
            costs: self.costs,
            suspicious: self.suspicious,
            marks: self.marks,
            blocked: self.blocked,
            mine: self.mine,
            worth: crate::domain::Worth { hourly: self.rate.map(|rate| rate.mid), fit: self.fit, barred: self.barred },
        }
    }
}

/// A job as it is known here, for the peek and the question why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Peek {
    /// The row.
    pub row: JobRow,
    /// The whole job as far as it was fetched; `None` when the store does not have it (any more).
    pub job: Option<Job>,
    /// Every number behind the expected rate, and where it comes from.
    pub rate_why: Vec<(Text, Text)>,
    /// Requirements met, unmet and unknown, likes and dislikes: label, verdict, reason.
    pub fit_why: Vec<FitLine>,
    /// Why it cannot or should not be taken.
    pub barred: Option<Text>,
    /// First and last seen, how often, vanished and reopened, in words.
    pub history: Vec<(Text, Text)>,
}

/// One line of a job's fit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FitLine {
    /// What is asked for or liked.
    pub what: Text,
    /// Whether it is met.
    pub met: crate::domain::job::Met,
    /// How that is known.
    pub why: Text,
}

/// A named view and how much is in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ViewCount {
    #[serde(flatten)]
    pub named: NamedView,
    /// Rows.
    pub total: usize,
    /// Of those, unseen and listed since the feed was last left.
    pub fresh: usize,
    /// The count is still being made.
    pub counting: bool,
    /// It came with the program and is as it came; else the person made or changed it.
    pub builtin: bool,
}

/// Words that occur in the feed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Known {
    pub kinds: Vec<Text>,
    pub sources: Vec<Text>,
    pub requesters: Vec<Text>,
    pub tags: Vec<Text>,
    pub languages: Vec<Text>,
}

/// A block and what it hides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlockView {
    pub block: Block,
    /// Jobs of the feed it hides now.
    pub hides: usize,
}

/// A job came or went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sighting {
    pub at: Time,
    pub key: JobKey,
    pub title: Text,
    pub what: Seen,
}

/// How it came or went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    Appeared,
    Reopened,
    Full,
    Expired,
    Vanished,
}

/// A rule and what it did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleView {
    pub name: Text,
    pub query: Query,
    /// In words: "alert, star".
    pub actions: Text,
    /// How often it fired today, and when last.
    pub fired_today: u32,
    pub last_fired: Option<Time>,
    /// Why it does nothing at present: expired, quiet hours, cooling down, used up for today.
    pub resting: Option<Text>,
}

/// What a rule would have done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    pub rule: Text,
    pub query: Query,
    /// Jobs looked at: first seen in the time asked for.
    pub looked_at: usize,
    /// Those that match, latest first (the first 200).
    pub matches: Vec<TrialMatch>,
    /// All that match.
    pub matched: usize,
}

/// A job a rule would have acted on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrialMatch {
    pub row: JobRow,
    /// What it would have done: "alert", "claim".
    pub would: Vec<Text>,
    /// What it would not have done, and why.
    pub not: Vec<(Text, Text)>,
}

/// A window with its rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rows {
    /// Rows of the view before the first.
    pub start: usize,
    /// Rows in the view.
    pub total: usize,
    /// Row number of the anchor.
    pub anchor: usize,
    /// The rows.
    pub rows: Vec<JobRow>,
    /// Version of the feed this window shows; events carry newer ones.
    pub version: u64,
    /// Jobs that are hidden or snoozed, in all.
    pub away: usize,
    /// Starred jobs, in all.
    pub starred: usize,
    /// Rows of the ordinary feed that nobody looked at yet.
    #[serde(default)]
    pub unseen: usize,
    /// `total` still grows: this much of the feed was looked at, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counting: Option<u8>,
    /// Nothing had all the words, so these rows have their letters in order: best first.
    #[serde(default)]
    pub fuzzy: bool,
}

/// What an act of triage did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TriageDone {
    /// What was done, in words: "hid 1 job", "undid: hid 1 job".
    pub text: Text,
    /// Jobs changed.
    pub changed: Vec<JobKey>,
    /// Jobs that could not be changed, and why; they stay marked.
    #[serde(default)]
    pub failed: Vec<(JobKey, Text)>,
}

/// Exactly what a paid or irreversible act means; shown before it, and agreed to by its digest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// "Claim this job?"
    pub question: Text,
    /// Label and value: platform, pay, fee, deadline, …
    pub lines: Vec<(Text, Text)>,
    /// What speaks against it; may be empty.
    pub warnings: Vec<Text>,
    /// Hand this back as `agreed`.
    pub digest: String,
}

/// An assignment as front ends show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssignmentView {
    pub assignment: Assignment,
    pub draft: Option<Draft>,
    pub findings: Vec<Finding>,
    pub submission: Option<Submission>,
    pub payments: Vec<Payment>,
    /// Seconds worked so far.
    pub worked: i64,
    /// Seconds of work still expected.
    pub work_left: i64,
    /// Deadline less work left, seconds; negative means late.
    pub slack: Option<i64>,
}

/// The hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandView {
    /// Tightest first.
    pub items: Vec<AssignmentView>,
    /// Seconds by which the worst deadline will be missed at this pace.
    pub overcommitted: Option<i64>,
}

/// A proposal of the built-in scaffold; nobody's model wrote it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scaffolded {
    /// The text laid out.
    pub text: Text,
    /// Files it made (a plain picture of the asked size), already in the data folder.
    pub files: Vec<FileItem>,
    /// What it is, in one sentence.
    pub label: Text,
}

/// The earnings pane.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Earnings {
    /// Per asset.
    pub figures: Vec<Figures>,
    /// The day's goal.
    pub goal: Option<Money>,
    /// Claims that were lost to others, in all.
    pub claims_lost: u32,
    /// Assignments by state.
    pub states: Vec<(AssignmentState, u32)>,
}

/// How a source is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    /// Not polled yet.
    #[default]
    New,
    /// The latest poll was answered.
    Ok,
    /// Asked to wait.
    Limited,
    /// Cannot be reached or answers nonsense; tried again at `retry_at`.
    Down,
    /// Needs a key.
    SignIn,
    /// Switched off in the config.
    Off,
}

/// One source's health, always in sight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceHealth {
    pub name: SourceName,
    /// The platform's name and host.
    pub platform: Text,
    pub host: Text,
    pub state: SourceState,
    pub abilities: Abilities,
    pub last_ok: Option<Time>,
    pub next_poll: Option<Time>,
    pub retry_at: Option<Time>,
    /// Failures in a row.
    pub failures: u32,
    /// Too many failures: one probe at a time until one succeeds.
    pub breaker_open: bool,
    pub error: Option<Failure>,
    pub latency_ms: Option<u64>,
    /// Server's clock less ours.
    pub skew_ms: Option<i64>,
    pub budget: Budget,
    /// The stream of changes is connected.
    pub streaming: bool,
    /// Jobs of it that can be claimed now.
    pub open_jobs: usize,
}

/// Where and how the store is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StoreView {
    pub path: std::path::PathBuf,
    pub jobs: u64,
    /// Last sequence number of the money journal.
    pub money_seq: u64,
    /// Last sequence number of the work journal.
    pub work_seq: u64,
    pub bytes: u64,
    /// Writing fails at present: nothing is lost, nothing new is promised.
    pub failing: Option<Failure>,
    /// What opening had to mend.
    pub mended: Vec<Text>,
    /// Generation of the cache's folder.
    #[serde(default)]
    pub generation: u64,
    /// Rows removed from this generation, whose space it keeps.
    #[serde(default)]
    pub dead: u64,
    /// Bytes of the cache.
    #[serde(default)]
    pub cache_bytes: u64,
    /// Bytes the cache may have before it is written anew; 0: any.
    #[serde(default)]
    pub cap: u64,
    /// Bytes of the images of the columns.
    #[serde(default)]
    pub image_bytes: u64,
    /// Rows changed since the latest image, as far as they are written down.
    #[serde(default)]
    pub changes: u64,
    /// Bytes of everything in the store's folder.
    #[serde(default)]
    pub disk_bytes: u64,
    /// Rows of the feed in memory.
    #[serde(default)]
    pub resident: u64,
    /// Rows that left because they had been gone for long, over all sessions.
    #[serde(default)]
    pub left: u64,
    /// Rows that left because there were too many.
    #[serde(default)]
    pub crowded: u64,
}

/// Something happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Counts up in one run of the engine.
    pub seq: u64,
    pub at: Time,
    #[serde(flatten)]
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum What {
    /// The feed changed; windows of an older version are stale.
    Feed { version: u64, arrived: u32, changed: u32, gone: u32 },
    /// Marks changed.
    Marked { jobs: Vec<JobKey> },
    /// An assignment came or moved.
    Assignment { id: AssignmentId, title: Text, state: AssignmentState, note: Text },
    /// A claim did not succeed.
    ClaimLost { job: JobKey, title: Text, reason: Text },
    /// A submission got further.
    Submission { id: SubmissionId, assignment: AssignmentId, state: SubmissionState, note: Text },
    /// A payment was reported.
    Payment { payment: Payment },
    /// A draft was saved, by whichever front end.
    Draft { assignment: AssignmentId, version: u32 },
    /// A source's health changed.
    Source { health: Box<SourceHealth> },
    /// Saving fails (or works again, with `None`).
    Saving { failing: Option<Failure> },
    /// A word to the person.
    Notice { text: Text, hint: Text },
    /// Alerts that go out now: a terminal rings and notifies. Programs and webhooks are told by the engine itself.
    Alert { bundle: Bundle },
    /// The store is open: what was shown until now was the last window.
    Ready,
    /// Named views changed.
    Views,
}
