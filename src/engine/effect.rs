//! What comes in and what goes out of one step: data, carried out by the actor.

use std::path::PathBuf;
use std::sync::Arc;

use super::api::{AttachmentView, Event, Reply, Request};
use super::attachments::{Attached, Sourced};
use super::checking::{Checking, Ground};
use super::commission::{Commission, Commissioned, Desk};
use super::connect::Connected;
use super::drawing::{Drawing, Drawn};
use super::painting::{Bringing, News, Seen};
use super::run::Polling;
use crate::assist::art::Sketch;
use crate::assist::provider::{Ask, Piece};
use crate::config::{AssistantConfig, Config, SourceConfig};
use crate::domain::draft::FileItem;
use crate::domain::picture::Edit;
use crate::domain::triage::Marks;
use crate::domain::{Assignment, AssignmentId, Entry, Job, JobKey, NamedView, Payment, SourceName, Submission, Text, Time};
use crate::error::{Failure, Result};
use crate::platforms::{Answer, Cursor, Grant, Listed, Page, Receipt};
pub use crate::store::PutJob;

/// Names a request until it is answered.
pub type Asker = u64;

/// One thing that happened.
#[derive(Debug, strum::IntoStaticStr)]
pub enum Input {
    /// A front end wishes something.
    Asked { asker: Asker, request: Request },
    /// A call to a platform ended.
    Called { call: u64, ended: Ended },
    /// A batch is on disk.
    Committed { batch: u64 },
    /// A batch is not on disk.
    CommitFailed { batch: u64, failure: Failure },
    /// A platform's stream said that something changed.
    Poked { source: SourceName },
    /// A platform's stream began or ended.
    Streaming { source: SourceName, on: bool },
    /// A file was copied into the data folder, or could not be.
    FileKept { asker: Asker, assignment: AssignmentId, file: Result<FileItem> },
    /// Texts of the attachments of what is in hand, by name.
    TextsRead { assignment: AssignmentId, texts: Vec<(Text, Text)> },
    /// A draft was judged.
    Checked { id: AssignmentId, ground: Ground, findings: Vec<crate::domain::check::Finding> },
    /// The store read a job, or has none of that key.
    JobRead { key: JobKey, job: Option<Box<Job>> },
    /// The next piece of work that is nobody's hurry, or somebody's view.
    Work,
    /// So much changed that a new image of the columns is due.
    ImageWanted,
    /// The image may be begun: everything put before is in it.
    ImageStamp { stamp: crate::store::ImageStamp },
    /// The image can take another section.
    ImageMore,
    /// The image is durable, or never will be.
    ImageDone { written: bool },
    /// Briefs were searched: what was found in this piece, and how far it is.
    BriefsFound { search: u64, keys: Vec<JobKey>, done: u64, total: u64, over: bool },
    /// The oldest change of the named views is in the config file (`true`: it was not so before), or cannot be.
    ViewKept { kept: Result<bool> },
    /// The config file was read again: because it changed, or somebody asked.
    ConfigRead { asker: Option<Asker>, read: Result<Box<Config>> },
    /// Sources of a changed config were connected; then somebody has an answer.
    Connected { made: Vec<Connected>, then: Option<(Asker, Box<Reply>)> },
    /// A program or a webhook was told of alerts, or could not be.
    AlertSent { failure: Option<Failure> },
    /// The machine's clock was set forward by so much, or (with nothing) the machine slept.
    ClockChanged { stepped: chrono::TimeDelta },
    /// Questions to models were put together, or could not be.
    Composed { asker: Asker, commission: Box<Commission>, made: Result<Commissioned> },
    /// What a model says, in a few pieces.
    Said { call: Text, pieces: Vec<Piece> },
    /// A wish for a picture was put together, or could not be.
    DrawnUp { asker: Asker, drawing: Box<Drawing>, made: Result<Drawn> },
    /// What is heard of an order to a painter.
    Painted { call: Text, news: News },
    /// A picture that a person made elsewhere is kept, or cannot be; `None`: it turned up in the watched folder.
    Brought { asker: Option<Asker>, assignment: AssignmentId, tool: Text, path: PathBuf, file: Result<Box<FileItem>> },
    /// What lies in the watched folder.
    FolderSeen { files: Vec<Seen> },
    /// The asked-for instant came.
    Timer,
}

impl Input {
    /// What it is, for the log: its own name, or that of the wish.
    pub fn name(&self) -> &'static str {
        match self {
            Input::Asked { request, .. } => request.into(),
            other => other.into(),
        }
    }
}

/// A change of the named views, on its way to the config file.
#[derive(Clone, Debug, PartialEq)]
pub enum ViewChange {
    Save(NamedView),
    Drop(Text),
}

/// A call to a platform.
#[derive(Clone, Debug, PartialEq)]
pub enum Call {
    Jobs { cursor: Cursor },
    Job { key: JobKey },
    Claim { job: Box<Job> },
    Release { assignment: Box<Assignment> },
    Submit { assignment: Box<Assignment>, submission: Box<Submission> },
    Assignments { cursor: Cursor },
    Assignment { id: AssignmentId },
    Payments { cursor: Cursor },
    Attachment { assignment: AssignmentId, name: Text, url: Text },
}

impl Call {
    /// How it ends when nothing can be said about it.
    pub fn unanswered(&self) -> fn(Failure) -> Ended {
        fn end<T>(failure: Failure) -> Answer<T> {
            Answer { outcome: crate::platforms::Outcome::Unanswered(failure), meta: crate::platforms::Meta::default() }
        }
        match self {
            Call::Jobs { .. } => |failure| Ended::Jobs(end(failure)),
            Call::Job { .. } => |failure| Ended::Job(Box::new(end(failure))),
            Call::Claim { .. } => |failure| Ended::Claim(Box::new(end(failure))),
            Call::Release { .. } => |failure| Ended::Release(end(failure)),
            Call::Submit { .. } => |failure| Ended::Submit(end(failure)),
            Call::Assignments { .. } => |failure| Ended::Assignments(end(failure)),
            Call::Assignment { .. } => |failure| Ended::Assignment(Box::new(end(failure))),
            Call::Payments { .. } => |failure| Ended::Payments(end(failure)),
            Call::Attachment { .. } => |failure| Ended::Attachment(end(failure)),
        }
    }

    /// The person waits for it, so it goes before polls.
    pub fn is_persons(&self) -> bool {
        !matches!(self, Call::Jobs { .. } | Call::Assignments { .. } | Call::Payments { .. })
    }
}

/// What texts of attachments are read for.
#[derive(Debug)]
pub enum TextsFor {
    /// Checks of what is in hand: `Input::TextsRead`.
    Checks,
    /// Somebody is shown the attachments.
    Views { asker: Asker, items: Vec<AttachmentView> },
    /// Somebody wants the whole job.
    Job { asker: Asker, marks: Marks },
}

/// How a call ended.
#[derive(Debug)]
pub enum Ended {
    Jobs(Answer<Page<Job>>),
    Job(Box<Answer<Job>>),
    Claim(Box<Answer<Grant>>),
    Release(Answer<()>),
    Submit(Answer<Receipt>),
    Assignments(Answer<Page<Listed>>),
    Assignment(Box<Answer<Listed>>),
    Payments(Answer<Page<Payment>>),
    Attachment(Answer<Attached>),
}

/// One thing to do.
#[derive(Debug)]
pub enum Effect {
    /// Answer a request.
    Reply { asker: Asker, reply: Box<Result<Reply>> },
    /// Tell everybody.
    Publish(Event),
    /// Make entries durable.
    Commit { batch: u64, entries: Vec<Entry> },
    /// Cache jobs as they now are.
    PutJobs(Vec<PutJob>),
    /// Drop jobs from the cache.
    DropJobs(Vec<JobKey>),
    /// Read a whole job.
    ReadJob { key: JobKey },
    /// Begin an image of the columns; `Input::ImageMore` asks for each section.
    BeginImage,
    /// A section of it.
    ImageSection { tag: u32, bytes: Vec<u8> },
    /// That was all of it.
    FinishImage,
    /// Search briefs, among these jobs or all.
    SearchBriefs { search: u64, query: crate::domain::Query, keys: Option<Vec<JobKey>> },
    /// Nobody waits for it any more.
    EndSearch,
    /// Send alerts out by program and webhook.
    Alert(Box<crate::alert::Parcel>),
    /// Keep what came and went for the next session.
    Log(Vec<super::api::Sighting>),
    /// Keep a cursor.
    PutCursor { name: String, cursor: Cursor },
    /// Call a platform.
    Call { call: u64, source: SourceName, what: Call },
    /// Write a change of the named views into the config file.
    KeepView { config: Arc<Config>, change: ViewChange },
    /// Read the config file again.
    ReadConfig { config: Arc<Config>, asker: Option<Asker> },
    /// Connect sources of a changed config, then answer.
    Connect { config: Arc<Config>, sources: Vec<SourceConfig>, polling: Polling, then: Option<(Asker, Box<Reply>)> },
    /// A source is not in the config any more.
    Disconnect { source: SourceName },
    /// Alerts go out in other ways.
    Outlets { config: Arc<Config> },
    /// Copy a file into the data folder.
    KeepFile { asker: Asker, assignment: AssignmentId, path: PathBuf, content: Option<super::api::Content> },
    /// Edit a picture by a process of its own, and keep what comes out.
    EditPicture { asker: Asker, file: FileItem, edits: Vec<Edit> },
    /// Judge a draft; slow enough for a thread of its own.
    Check(Checking),
    /// Lay a draft out; slow enough for a thread of its own.
    LayOut { asker: Asker, sourced: Sourced },
    /// Read texts of attachments.
    ReadTexts { sourced: Sourced, wanted: TextsFor },
    /// Put questions to models together; slow enough for a thread of its own.
    Compose { asker: Asker, commission: Box<Commission> },
    /// What assistants can do: the templates are files.
    Desk { asker: Asker, desk: Box<Desk> },
    /// Ask a model.
    AskModel { call: Text, assistant: Box<AssistantConfig>, ask: Arc<Ask> },
    /// Nobody listens to it any more.
    HangUp { call: Text },
    /// Put an order to a painter together; slow enough for a thread of its own.
    DrawUp { asker: Asker, drawing: Box<Drawing> },
    /// Hand an order to its painter.
    Paint { call: Text, painter: Box<AssistantConfig>, sketch: Arc<Sketch> },
    /// Ask what became of one.
    LookForArt { call: Text, painter: Box<AssistantConfig>, native: Text },
    /// Close its line and tell its server.
    StopArt { call: Text, painter: Box<AssistantConfig>, native: Text },
    /// Keep a picture that the person made elsewhere.
    BringArt(Bringing),
    /// Look into the watched folder.
    LookInFolder { folder: PathBuf },
    /// Remove kept files that nothing names any more, by their hashes.
    ForgetFiles { hashes: Vec<String> },
    /// Read what a terminal showed last.
    Session { asker: Asker },
    /// Keep what a terminal shows.
    KeepSession { asker: Asker, session: serde_json::Value },
    /// Ask the store how it is.
    Store { asker: Asker, failing: Option<Failure> },
    /// Compare journal and store.
    Verify { asker: Asker },
    /// Write a backup.
    Backup { asker: Asker, to: PathBuf },
}

/// What one step wants done, in order, and when to wake next.
#[must_use]
#[derive(Debug, Default)]
pub struct Effects {
    list: Vec<Effect>,
    /// Wake with `Input::Timer` then; `None` sleeps until something happens.
    pub wake: Option<Time>,
    /// There is work to be done when nothing else is: `Input::Work`.
    pub more: bool,
}

impl Effects {
    /// Adds one.
    pub fn push(&mut self, effect: Effect) {
        self.list.push(effect);
    }

    /// Adds one, if there is one.
    pub fn extend(&mut self, effect: Option<Effect>) {
        self.list.extend(effect);
    }

    /// Answers a request.
    pub fn reply(&mut self, asker: Asker, reply: Result<Reply>) {
        self.push(Effect::Reply { asker, reply: Box::new(reply) });
    }

    /// Tells everybody.
    pub fn publish(&mut self, event: Event) {
        self.push(Effect::Publish(event));
    }
}

impl IntoIterator for Effects {
    type Item = Effect;
    type IntoIter = std::vec::IntoIter<Effect>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}
