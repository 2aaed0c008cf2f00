//! What front ends say to the engine, and what it says back. All serde: the same types cross the socket as JSON Lines.

use serde::{Deserialize, Serialize};

use crate::domain::ai::AiRule;
use crate::domain::check::Finding;
use crate::domain::draft::{Cause, FileItem};
use crate::domain::job::JobStatus;
use crate::domain::ledger::Figures;
use crate::domain::rate::Posted;
use crate::domain::submission::SubmissionState;
use crate::domain::triage::{Marks, Verdict};
use crate::domain::work::Span;
use crate::domain::{
    Assignment, AssignmentId, AssignmentState, Draft, Job, JobKey, Money, Payment, SourceName, Submission, SubmissionId, Text,
    Time,
};
use crate::error::Failure;
use crate::feed::{Anchor, View};
use crate::platforms::{Abilities, Budget};

/// Version of these types on the socket; both ends must agree.
pub const VERSION: u32 = 1;

/// A wish.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Request {
    /// Who is there? → `Reply::Hello`
    Hello { version: u32 },
    /// Rows of a view to draw → `Reply::Window`
    Window { view: View, anchor: Anchor, height: usize, margin: usize },
    /// Jobs of a view, whole → `Reply::Jobs`
    Jobs { view: View, limit: usize },
    /// One job, whole; fetched from the platform when only its listing is known → `Reply::Job`
    Job { key: JobKey },
    /// Changes marks → `Reply::Triaged`
    Triage { keys: Vec<JobKey>, verdict: Verdict },
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
    pub rate: Option<Posted>,
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
    /// Costs the worker something first.
    pub costs: bool,
    /// It was gone or full and came back.
    pub reopened: bool,
    /// My assignment of it.
    pub mine: Option<AssignmentState>,
    /// The opening of the brief, for the peek.
    pub brief: Text,
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
    /// Open jobs that nobody looked at yet.
    #[serde(default)]
    pub unseen: usize,
}

/// What an act of triage did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TriageDone {
    /// What was done, in words: "hid 1 job", "undid: hid 1 job".
    pub text: Text,
    /// Jobs changed.
    pub changed: Vec<JobKey>,
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
}
