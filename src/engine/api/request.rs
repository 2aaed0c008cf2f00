//! What is asked of the engine.

use serde::{Deserialize, Serialize};

use super::Content;
use crate::domain::ai::{AiRule, Wish};
use crate::domain::draft::{Cause, FileItem};
use crate::domain::origin::Origins;
use crate::domain::picture::Edit;
use crate::domain::triage::Verdict;
use crate::domain::work::Span;
use crate::domain::{AssignmentId, Block, JobKey, NamedView, SourceName, SubmissionId, Text, View};
use crate::feed::Anchor;

/// A wish.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Request {
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
    /// The alerts were read: every front end stops counting them → `Reply::Done`
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
    /// What is known of an assignment's attachments, with the texts of those that are here; asks no platform → `Reply::Attachments`
    Attachments { assignment: AssignmentId },
    /// An attachment; fetched where it is not here, or `anew` → `Reply::Job` with every text filled in that is here
    Attachment {
        assignment: AssignmentId,
        name: Text,
        #[serde(default)]
        anew: bool,
    },
    /// Makes a draft durable → `Reply::Saved`. `origins`: where each stretch came from, as the front end saw it being written; what of
    /// that does not fit the text is external. Without, what differs from the saved version came the way that `cause` says.
    SaveDraft {
        assignment: AssignmentId,
        text: Text,
        files: Vec<FileItem>,
        cause: Cause,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        origins: Option<Origins>,
    },
    /// The versions of a draft that are kept, the latest last → `Reply::Versions`
    Versions { assignment: AssignmentId },
    /// Copies a file into the draft → `Reply::Saved`. With its content where the engine cannot open the path: on another machine
    AddFile {
        assignment: AssignmentId,
        path: std::path::PathBuf,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        content: Option<Content>,
    },
    /// Edits a picture of the draft without a model; the new file is kept, the old one untouched, and nothing is saved → `Reply::Picture`
    EditPicture {
        assignment: AssignmentId,
        /// Its name.
        file: Text,
        edits: Vec<Edit>,
    },
    /// Lays a draft out without a model; nothing is saved → `Reply::Scaffold`
    Scaffold { assignment: AssignmentId },
    /// Checks the saved draft → `Reply::Checked`
    Check { assignment: AssignmentId },
    /// What submitting would mean → `Reply::Terms`
    SubmitTerms { assignment: AssignmentId },
    /// Submits the saved draft on those terms; refused when they changed since, and when checks fail and `word` is not the one that
    /// the terms ask for → `Reply::Assignment` once it is in the outbox
    Submit {
        assignment: AssignmentId,
        agreed: String,
        #[serde(default)]
        word: Text,
    },
    /// Decides about a submission that got no answer → `Reply::Assignment`
    Resolve { submission: SubmissionId, decision: Decision },
    /// Every submission not yet acknowledged → `Reply::Outbox`
    Outbox,
    /// What an assistant may and can do for an assignment, and what it cost so far → `Reply::AssistDesk`
    AssistDesk { assignment: AssignmentId },
    /// Asks one assistant or several → `Reply::Asking`; `Reply::Terms` first where texts go to another machine for the first time or
    /// much could be spent, then the digest of the terms is handed back as `agreed`
    Assist {
        assignment: AssignmentId,
        wish: Wish,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agreed: Option<String>,
    },
    /// What an assistant says, beyond `seen` bytes of that edition of its text; waits until there is something → `Reply::Said`
    AssistText { column: Text, edition: u32, seen: usize },
    /// Stops an assistant; what came is kept → `Reply::Done`
    AssistStop { column: Text },
    /// What the person decides about assistants, on a job or on everything of its source that says nothing itself; `Unknown` takes a
    /// decision back → `Reply::Done` once it is kept
    DecideAi { job: JobKey, rule: AiRule, everywhere: bool },
    /// The figures → `Reply::Earnings`
    Earnings,
    /// Health of every source → `Reply::Sources`
    Sources,
    /// Polls now, all sources or one; answered when done → `Reply::Sources`
    Poll { source: Option<SourceName> },
    /// What happened lately → `Reply::Events`
    Events { limit: usize },
    /// What a terminal showed last; a terminal asks this first, and jobs listed since the last one left are new → `Reply::Session`
    Session,
    /// What a terminal shows now, for the next one → `Reply::Done`
    KeepSession { session: serde_json::Value },
    /// Time was spent → `Reply::Done`
    Spent { spans: Vec<Span> },
    /// Reads the config file again and takes in what changed → `Reply::Reloaded`, or what is wrong with it
    Reload,
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
