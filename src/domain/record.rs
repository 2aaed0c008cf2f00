//! What the journal holds: everything that cannot be fetched again.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Block;
use super::ai::{AiRule, Call, Ended, Scope};
use super::draft::{Cause, FileItem};
use super::origin::Origins;
use super::shield::Found;
use super::spend::Spent;
use super::submission::SubmissionState;
use super::triage::Change;
use super::work::Span;
use super::{
    Assignment, AssignmentId, Job, JobKey, KeptFile, Money, Move, Payment, SourceName, Submission, SubmissionId, Text, Time,
};

/// Which of the two files a record belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Book {
    /// Claims, submissions, payments: never compacted.
    Money,
    /// Drafts, triage, time: compacted by checkpoint.
    Work,
}

/// A fact. Recorded before anybody is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Record {
    /// A claim is about to be sent; without an answer, the platform's list of assignments decides.
    ClaimSent { job: Box<Job> },
    /// The job is mine.
    Claimed { assignment: Box<Assignment> },
    /// The claim was refused or lost.
    ClaimLost { job: JobKey, reason: Text },
    /// An assignment moved.
    Moved {
        assignment: AssignmentId,
        step: Move,
        #[serde(default)]
        native_state: Text,
        #[serde(default)]
        note: Text,
    },
    /// The platform changed the time allowed.
    Deadline { assignment: AssignmentId, deadline: Option<Time> },
    /// A submission entered the outbox: nothing was sent before this line.
    Queued { submission: Box<Submission> },
    /// A submission got further.
    Sent {
        submission: SubmissionId,
        state: SubmissionState,
        #[serde(default)]
        native_id: Text,
        #[serde(default)]
        note: Text,
    },
    /// A payment was reported, or a reported one changed.
    Paid { payment: Box<Payment> },
    /// Something the person entered by hand.
    Manual { id: Text, amount: Money, what: Text, on: Time },
    /// A draft was saved. `origins`: where each stretch of the text came from.
    Drafted {
        assignment: AssignmentId,
        version: u32,
        text: Text,
        files: Vec<FileItem>,
        cause: Cause,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        origins: Option<Origins>,
    },
    /// An attachment was fetched, and is kept: `file`. Journals of earlier versions hold its `text` instead. `found`: signs of a scam in it,
    /// by the rules of that day.
    Attached {
        assignment: AssignmentId,
        name: Text,
        #[serde(default, skip_serializing_if = "Text::is_empty")]
        text: Text,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<Box<KeptFile>>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        found: Vec<Found>,
    },
    /// Marks changed. Act 0 is not one to take back (a job was looked at). `undoes`: this takes back the act with that sequence number; `redoes`: it does it again.
    Triaged {
        act: u64,
        changes: Vec<Change>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        undoes: Option<u64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        redoes: Option<u64>,
    },
    /// Rules changed marks: an act of its own, that can be taken back by its number. Records of one act stand for one.
    RuleMarked { act: u64, rule: Text, changes: Vec<Change> },
    /// A block was made, or taken away. `undoes`, `redoes`: as with triage.
    Blocked {
        act: u64,
        block: Box<Block>,
        on: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        undoes: Option<u64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        redoes: Option<u64>,
    },
    /// A rule acted on jobs. `day` is the person's day, by which "n a day" is counted; `loud`: it alerted or claimed.
    Fired { rule: Text, day: NaiveDate, loud: bool, jobs: Vec<JobKey> },
    /// A rule is about to claim a job by itself: it stands before the claim's own line.
    AutoClaim { job: JobKey, rule: Text, requester: Text, day: NaiveDate },
    /// Time was spent.
    Worked { span: Span },
    /// A model is about to be asked: without a line of its end, what was reckoned counts as spent.
    Asked { call: Box<Call> },
    /// A call to a model is over: what it cost in the end.
    Answered {
        call: Text,
        spent: Box<Spent>,
        ended: Ended,
        #[serde(default, skip_serializing_if = "Text::is_empty")]
        note: Text,
    },
    /// The words that came of a call, as far as they came, and its files.
    Answer {
        call: Text,
        text: Text,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<FileItem>,
    },
    /// The person decided what an assistant may do; [`AiRule::Unknown`] takes it back.
    AiDecided { scope: Scope, rule: AiRule },
    /// The person agreed that texts of a source's jobs go to a model on another machine.
    AiAgreed { source: SourceName, host: Text },
    /// The person agreed that a program of theirs is started for assistants, with what it may do: its fingerprint.
    ProgramAgreed { program: Text },
    /// What a platform said word for word, kept for audit: JSON in printable ASCII, capped. `about` an assignment, or a source whose
    /// item could not be read.
    Raw { about: Text, text: Text },
}

impl Record {
    /// Which file it belongs to.
    pub fn book(&self) -> Book {
        match self {
            Record::Drafted { .. }
            | Record::Attached { .. }
            | Record::Triaged { .. }
            | Record::RuleMarked { .. }
            | Record::Blocked { .. }
            | Record::Fired { .. }
            | Record::Worked { .. }
            | Record::Answer { .. }
            | Record::AiDecided { .. }
            | Record::AiAgreed { .. }
            | Record::ProgramAgreed { .. }
            | Record::Raw { .. } => Book::Work,
            _ => Book::Money,
        }
    }
}

/// A record with its instant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// When it was recorded.
    pub at: Time,
    /// The fact.
    #[serde(flatten)]
    pub record: Record,
}
