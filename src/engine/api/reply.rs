//! What the engine answers.

use serde::{Deserialize, Serialize};

use super::{
    ArtPrompt, Asking, AssignmentView, AssistDesk, AttachmentView, BlockView, Earnings, Event, HandView, JobRow, Known, Painting,
    Peek, Rows, RuleView, Said, Scaffolded, Sighting, SourceHealth, StoreView, Studio, Terms, TriageDone, Trial, ViewCount,
    WorkView,
};
use crate::domain::check::Finding;
use crate::domain::draft::FileItem;
use crate::domain::triage::Marks;
use crate::domain::{Draft, Job, JobKey, Submission, Text};

/// An answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
pub enum Reply {
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
    /// Attachments of an assignment, with their texts.
    Attachments { items: Vec<AttachmentView> },
    /// A version was made durable.
    Saved { version: u32, draft: Box<Draft> },
    /// Versions of a draft, the latest last.
    Versions { versions: Vec<Draft> },
    /// A proposal.
    Scaffold(Scaffolded),
    /// A picture that was edited, and what is to be known of it: what was guessed, what could not be carried.
    Picture { file: Box<FileItem>, told: Vec<Text> },
    /// Findings.
    Checked { findings: Vec<Finding>, passes: bool },
    /// What assistants may and can do.
    AssistDesk(Box<AssistDesk>),
    /// Assistants were asked.
    Asking(Asking),
    /// What one of them says.
    Said(Box<Said>),
    /// What painters may and can do, and did.
    Studio(Box<Studio>),
    /// Orders to painters.
    Works { works: Vec<WorkView> },
    /// An order is in the queue.
    Painting(Painting),
    /// A prompt.
    ArtPrompt(Box<ArtPrompt>),
    /// Submissions.
    Outbox { submissions: Vec<Submission> },
    /// Figures.
    Earnings(Earnings),
    /// Sources.
    Sources { sources: Vec<SourceHealth> },
    /// Events.
    Events { events: Vec<Event> },
    /// What a terminal showed last; its own business, but for the time in it.
    Session { session: Option<serde_json::Value> },
    /// The store.
    Store(StoreView),
    /// The findings of a verification; empty when all agrees.
    Verified { findings: Vec<Text>, records: u64 },
    /// The config file was read: what changed, and what will only be taken in by the next start.
    Reloaded { changed: Vec<Text>, later: Vec<Text> },
    /// Done.
    Done,
}
