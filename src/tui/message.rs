//! What reaches the terminal program beside keys, and what it wants done.

use crossterm::event::KeyEvent;

use crate::domain::ai::Wish;
use crate::domain::draft::{Cause, Draft, FileItem};
use crate::domain::{AssignmentId, Bundle, JobKey, Origins, Text};
use crate::engine::api::{Decision, Event, Reply, Request, Terms};
use crate::error::{Failure, Result};
use crate::tui::picture::{Key, Ready, Told, Want};

/// Why something was asked, kept until the answer comes.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// Rows for the feed; `place` says where the cursor goes, `epoch` which local changes it may know of.
    Window { place: Place, epoch: u64 },
    /// The whole of a job, for the brief.
    Brief(JobKey),
    /// A job at a glance, for the peek.
    Peek,
    /// An act of triage, by its number; on failure the feed is asked anew.
    Triage(u64),
    /// The jobs that the row under an act stands for.
    Group { act: u64, key: JobKey },
    /// The jobs that a marked row stands for.
    GroupMark(JobKey),
    /// Keys of a whole view, to mark them.
    Keys(Marking),
    /// The named views.
    Views,
    /// A view was named, changed or forgotten; said so in these words.
    Named(String),
    /// Words of the feed, for completions.
    Known,
    /// A new block.
    Block,
    /// A block lifted.
    Unblock,
    /// The list of blocks.
    Blocks,
    /// How much a block would hide; the text it was asked for.
    Hides(Text),
    /// What came and went.
    Sightings,
    /// The rules.
    Rules,
    /// A job with the reasons for its figures.
    Why(JobKey),
    /// A job, to copy a part of it.
    Copy(Part, JobKey),
    /// A key was pressed.
    Present,
    /// The alerts were seen.
    AlertsSeen,
    /// A job was looked at: marked seen without a word.
    Seen,
    /// What waits for others.
    Waiting,
    /// Undo or redo; the cursor goes to what came back.
    Undo,
    /// Terms of a claim.
    ClaimTerms(JobKey),
    /// A claim.
    Claim { key: JobKey, title: Text },
    /// The hand.
    Hand,
    /// One assignment.
    Assignment(AssignmentId),
    /// A proposal of the scaffold.
    Scaffold(AssignmentId),
    /// A file for a draft.
    AddFile(AssignmentId),
    /// The files of a draft are saved after an edit, or put back.
    PictureFiles(AssignmentId),
    /// A picture of a draft is edited; the line that said how, and the file it was.
    Picture { assignment: AssignmentId, file: Text, said: Text },
    /// An attachment is fetched.
    Attachment(AssignmentId),
    /// What is known of attachments.
    Attachments(AssignmentId),
    /// The texts with the pairs to be judged; those that were fetched for it.
    Grade { assignment: AssignmentId, fetched: Vec<Text> },
    /// One of them.
    GradeFetch { assignment: AssignmentId, fetched: Vec<Text> },
    /// A check of the saved draft.
    Check(AssignmentId),
    /// What assistants may and can do.
    AssistDesk(AssignmentId),
    /// A question to an assistant.
    Assist { assignment: AssignmentId, wish: Box<Wish> },
    /// What it says; `first`: nothing was shown yet.
    AssistText { column: Text, first: bool },
    /// It is stopped.
    AssistStop,
    /// What assistants may do was decided.
    DecideAi(AssignmentId),
    /// Terms of a submission.
    SubmitTerms(AssignmentId),
    /// A submission.
    Submit(AssignmentId),
    /// Giving back.
    Release(AssignmentId),
    /// A decision about a silence.
    Resolve(Decision),
    /// How the store is.
    Store,
    /// Submissions on their way.
    Outbox,
    /// The figures.
    Earnings,
    /// Health of the sources.
    Sources,
    /// A poll the person asked for.
    Poll,
    /// Worked time was told.
    Spent,
    /// What the last terminal showed.
    Session,
    /// What this one shows is kept.
    KeepSession,
    /// The config file is read again.
    Reload,
    /// The whole job, for a command of the person's own.
    Own(usize),
}

impl Asked {
    /// Its answer may take as long as somebody else likes.
    pub fn listens(&self) -> bool {
        matches!(self, Asked::AssistText { .. })
    }
}

/// What the keys of a whole view are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marking {
    /// All become marked.
    All,
    /// The marked ones become unmarked and the others marked.
    Invert,
    /// Those between the ends of the stretch are in it.
    Range,
}

/// A part of a job, to be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Its key.
    Key,
    /// Its title.
    Title,
    /// Its page, checked.
    Url,
    /// Its brief.
    Brief,
    /// The address of its page, only to be looked at.
    Link,
}

/// Where the cursor goes when rows come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// It stays on its job.
    Keep,
    /// To the first row.
    First,
    /// To the last row.
    Last,
    /// To this job, if it is there, else to where it would be.
    Job(JobKey),
    /// It stays on this job, if it is there, else it goes to the first row: the list is being narrowed.
    Stay(JobKey),
}

/// Something that happened outside.
#[derive(Debug)]
pub enum Message {
    /// An answer of the engine.
    Reply(Asked, Box<Result<Reply>>),
    /// The engine tells something.
    Event(Box<Event>),
    /// Events were missed: everything is asked anew.
    Lagged,
    /// The keeper saved a draft, or could not.
    Kept { assignment: AssignmentId, text: Text, result: Box<Result<Draft>> },
    /// Everything typed so far is durable, or why not.
    Flushed(Result<()>),
    /// The pace of reading is in the config file, or why not.
    PaceKept { pace: u32, kept: Result<()> },
    /// A text was judged away from the keys.
    Judged { assignment: AssignmentId, edits: u64, findings: Vec<crate::domain::check::Finding> },
    /// `$EDITOR` ended; `None` means that nothing changed.
    Edited { assignment: AssignmentId, result: Result<Option<String>> },
    /// The screen's config file was read again, since it changed or somebody asked.
    Config(Box<Result<crate::config::Config>>),
    /// A command of the person's own ended.
    OwnEnded { own: Box<crate::config::OwnCommand>, assignment: Option<AssignmentId>, result: Result<Text> },
    /// News of the engine's whereabouts.
    Outside(Outside),
    /// The terminal said what it can show.
    Terminal(Told),
    /// A picture was made ready, or cannot be; with nothing: nobody waits for it.
    Picture { key: Box<Key>, loaded: Option<Result<Box<Ready>, Text>> },
}

/// What is told of the engine as a whole, by whoever looks for it.
#[derive(Clone, Debug)]
pub enum Outside {
    /// It is there, in this process (`own`) or in another one, where the clock is so far ahead of ours.
    Engine { own: bool, ahead: chrono::TimeDelta },
    /// It went, and is looked for.
    Away(Failure),
    /// A bug ended the one of this process, and another one is begun: where the report is.
    Broke(Text),
    /// Bugs ended it too often: none is begun any more.
    GaveUp(Failure),
    /// There is none, and there will be none: the session ends with the reason.
    Never(Failure),
    /// Somebody detached this terminal.
    Detached,
    /// Somebody stopped the engine.
    Stopped,
}

impl Message {
    /// It can change what is on the screen: not a mere receipt.
    pub fn shows(&self) -> bool {
        match self {
            Message::Reply(Asked::Spent | Asked::Seen | Asked::Present, result) => result.is_err(),
            Message::Reply(Asked::KeepSession, _) => false,
            _ => true,
        }
    }

    /// The person waits for it: the answer to a key, not mere news.
    pub fn is_for_a_person(&self) -> bool {
        match self {
            // Its end may be what a key asked for.
            Message::Reply(Asked::AssistText { .. }, reply) if matches!(&**reply, Ok(Reply::Said(said)) if said.ended.is_some()) => {
                true
            }
            Message::Reply(asked, _) => !matches!(
                asked,
                Asked::Window { place: Place::Keep, .. }
                    | Asked::Hand
                    | Asked::Seen
                    | Asked::Peek
                    | Asked::Views
                    | Asked::Known
                    | Asked::Present
                    | Asked::AlertsSeen
                    | Asked::Waiting
                    | Asked::Assignment(_)
                    | Asked::Outbox
                    | Asked::Store
                    | Asked::Earnings
                    | Asked::Sources
                    | Asked::Spent
                    | Asked::KeepSession
                    | Asked::AssistText { first: false, .. }
            ),
            Message::Flushed(_)
            | Message::PaceKept { .. }
            | Message::Judged { .. }
            | Message::OwnEnded { .. }
            | Message::Edited { .. }
            | Message::Outside(_)
            | Message::Terminal(_)
            | Message::Picture { .. } => true,
            Message::Event(_) | Message::Config(_) | Message::Lagged | Message::Kept { .. } => false,
        }
    }
}

/// Something to be done outside of the model.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask the engine.
    Ask(Asked, Request),
    /// Keep this text, which came from there.
    Keep { assignment: AssignmentId, text: Text, origins: Origins, cause: Cause },
    /// The files that belong to a draft changed.
    Files { assignment: AssignmentId, files: Vec<FileItem> },
    /// Wait with saving while the engine changes the files.
    Hold { assignment: AssignmentId, on: bool },
    /// Send a file of this machine to an engine on another one.
    Upload { assignment: AssignmentId, path: std::path::PathBuf },
    /// Keep the pace of reading in the config file; [`Message::PaceKept`] tells.
    KeepPace(u32),
    /// Judge a text away from the keys; [`Message::Judged`] tells.
    Judge(Box<crate::tui::pane::editor::Judging>),
    /// Keep everything at once; [`Message::Flushed`] tells when it is durable.
    Flush,
    /// Hand the terminal to `$EDITOR`.
    External { assignment: AssignmentId, text: String, extension: &'static str },
    /// Run a command of the person's own, in the background or on the terminal.
    Own { own: Box<crate::config::OwnCommand>, assignment: Option<AssignmentId>, input: String },
    /// Read the screen's config file again.
    ReadConfig,
    /// Send this to the terminal's clipboard, and say so.
    Clipboard(String),
    /// Tell the terminal of these alerts.
    Notify(Bundle),
    /// Write so many unread alerts into the terminal's title.
    Title(usize),
    /// Write these bytes to the terminal, between two frames.
    Terminal(Vec<u8>),
    /// Send a picture to the terminal, before the frame that shows it.
    Graphics(std::sync::Arc<[u8]>),
    /// Make a picture ready; [`Message::Picture`] tells.
    LoadPicture(Box<Want>),
    /// Draw everything anew.
    Repaint,
    /// To the shell.
    Suspend,
    /// Leave.
    Quit,
}

/// What a confirmed dialog does.
#[derive(Clone, Debug, PartialEq)]
pub enum Agreed {
    /// Claims on these terms.
    Claim { key: JobKey, title: Text, terms: Terms },
    /// Claims although the hand is full.
    ClaimAnyway { key: JobKey, title: Text, digest: String },
    /// Submits on these terms.
    Submit { assignment: AssignmentId, digest: String },
    /// Asks for the word that submits although checks fail.
    Override { assignment: AssignmentId, digest: String, word: Text },
    /// Asks an assistant on these terms.
    Assist { assignment: AssignmentId, wish: Box<Wish>, digest: String },
    /// Gives back.
    Release(AssignmentId),
    /// Replaces the text by the scaffold's, and adds its files.
    Scaffold { assignment: AssignmentId, text: Text, files: Vec<FileItem> },
    /// Leaves although something waits.
    Quit,
}

/// A person's input, freed of terminal details.
#[derive(Clone, Debug)]
pub enum Input {
    /// A key.
    Key(KeyEvent),
    /// Pasted text: never a command.
    Paste(String),
    /// The mouse.
    Mouse(crossterm::event::MouseEvent),
    /// A new size.
    Resize(u16, u16),
}
