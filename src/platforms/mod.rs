//! Platforms behind one trait. An adapter turns calls into HTTP and answers into the words of `domain`; it decides nothing.

pub mod board;
pub mod connect;
pub mod inbox;
pub mod outcome;
mod printable;
pub mod probe;

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::domain::{
    Assignment, AssignmentId, AssignmentState, Job, JobKey, Payment, SourceName, Submission, SubmissionId, Text, Time,
};
use crate::net::Address;
pub use connect::{connect, connect_with, poll_every};
pub use outcome::{Answer, Budget, Meta, Outcome, Refusal};
pub use probe::{Probe, ProbeCall, probe};

/// What an adapter can do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Abilities {
    /// Jobs can be claimed here, not only linked to.
    pub claim: bool,
    /// A claim can be given back.
    pub release: bool,
    /// A submission carries an idempotency key that the platform honours.
    pub idempotent: bool,
    /// My assignments can be read, so that a silence can be resolved.
    pub assignments: bool,
    /// Payments can be read.
    pub payments: bool,
    /// Files can be delivered.
    pub uploads: bool,
    /// Changes are pushed.
    pub stream: bool,
}

/// Where a list was read up to; the adapter's own business, kept by the engine between polls and runs.
pub type Cursor = serde_json::Value;

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// What it holds, in the platform's order.
    pub items: Vec<T>,
    /// Items that could not be mapped: the rest still counts. One sentence each: field, path, what was found.
    pub unmapped: Vec<Text>,
    /// The first few of these items word for word: JSON in printable ASCII, capped.
    pub odd: Vec<Text>,
    /// Jobs that are listed and are what they were: for a `snapshot`, which says what is gone by what it does not hold.
    pub same: Vec<JobKey>,
    /// Jobs that the platform says are withdrawn.
    pub gone: Vec<JobKey>,
    /// To be handed in with the next call: the next page when `more`, else the start of the next poll.
    pub next: Cursor,
    /// Another page of the same walk follows.
    pub more: bool,
    /// The walk began from nothing, so what it does not list is gone.
    pub snapshot: bool,
}

/// An assignment as the platform lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Its id.
    pub id: AssignmentId,
    /// Whose job.
    pub job: JobKey,
    /// The neutral state.
    pub state: AssignmentState,
    /// The platform's own word.
    pub native_state: Text,
    /// When it was claimed.
    pub claimed_at: Option<Time>,
    /// When it is due.
    pub deadline: Option<Time>,
    /// The idempotency key of the submission the platform holds, when it tells.
    pub submission_key: Option<SubmissionId>,
    /// How many submissions the platform holds, when it tells.
    pub submissions: Option<u32>,
    /// The reviewer's words.
    pub feedback: Text,
}

/// A claim that was granted.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// The assignment, its job being the one that was asked for.
    pub assignment: Assignment,
    /// What the platform said about it and its job: JSON in printable ASCII, capped; empty when nothing is kept.
    pub raw: Text,
}

/// A submission that the platform took.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// The platform's id for it.
    pub native_id: Text,
    /// The neutral state it leads to.
    pub state: AssignmentState,
    /// The platform's own word for that state.
    pub native_state: Text,
}

/// An attachment's bytes, capped.
#[derive(Clone, Debug, PartialEq)]
pub struct Fetched {
    /// Media type told.
    pub mime: Text,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// One platform account. Every call ends as one of [`Outcome`]'s variants; none panics, none retries by itself.
pub trait Platform: Send + Sync {
    /// The configured name.
    fn source(&self) -> &SourceName;
    /// What it can do.
    fn abilities(&self) -> Abilities;
    /// `host:port`: the lane its requests share with other sources of the same host.
    fn host(&self) -> &str;
    /// Where it is asked; its scheme, host and port are its own, every other one is a stranger's. None where nothing is asked.
    fn base(&self) -> Option<&Address> {
        None
    }
    /// A page of jobs: from nothing with `Cursor::Null`, else from where `cursor` says. `Outcome::Same` when nothing changed.
    fn jobs<'a>(&'a self, cursor: &'a Cursor, now: Time) -> BoxFuture<'a, Answer<Page<Job>>>;
    /// The whole of one job.
    fn job<'a>(&'a self, key: &'a JobKey, now: Time) -> BoxFuture<'a, Answer<Job>>;
    /// Asks for a job.
    fn claim<'a>(&'a self, job: &'a Job, now: Time) -> BoxFuture<'a, Answer<Grant>>;
    /// Gives one back.
    fn release<'a>(&'a self, assignment: &'a Assignment, now: Time) -> BoxFuture<'a, Answer<()>>;
    /// Delivers, uploads included. The submission's id is the idempotency key.
    fn submit<'a>(&'a self, assignment: &'a Assignment, submission: &'a Submission, now: Time) -> BoxFuture<'a, Answer<Receipt>>;
    /// A page of my assignments.
    fn assignments<'a>(&'a self, cursor: &'a Cursor, now: Time) -> BoxFuture<'a, Answer<Page<Listed>>>;
    /// One of my assignments, read afresh: decides what became of a submission that got no answer.
    fn assignment<'a>(&'a self, id: &'a AssignmentId, now: Time) -> BoxFuture<'a, Answer<Listed>>;
    /// A page of payments.
    fn payments<'a>(&'a self, cursor: &'a Cursor, now: Time) -> BoxFuture<'a, Answer<Page<Payment>>>;
    /// An attachment of a job.
    fn attachment<'a>(&'a self, url: &'a Text, now: Time) -> BoxFuture<'a, Answer<Fetched>>;
    /// Waits on the platform's stream and calls `poke` at each change; returns when the stream ends or was never there.
    fn watch<'a>(&'a self, poke: &'a (dyn Fn() + Send + Sync)) -> BoxFuture<'a, Answer<()>>;
}
