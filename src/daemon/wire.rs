//! What crosses the socket: one JSON object a line.
//!
//! A connection begins with [`Control::Hello`], which names the version of the api and who is there; a mismatch is answered with a
//! sentence and nothing else is understood. What the engine is asked goes as `request`, what its host is asked as `control`.

use serde::{Deserialize, Serialize};
use tokio_util::codec::LinesCodec;

use super::front::Front;
use crate::domain::Time;
use crate::engine::api::{Event, Reply, Request};
use crate::error::Failure;

/// A line is at most this long; drafts are capped well below.
const LINE_CAP: usize = 64 << 20;

/// From a front end: one of the two.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Returned with the answer.
    pub id: u64,
    /// A wish to the engine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Request>,
    /// A wish to the process that runs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<Control>,
}

/// A wish to the process that runs the engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Control {
    /// Who is there? → `Controlled::Hello`
    Hello { version: u32, front: Front },
    /// Are you there? → `Controlled::Done`
    Ping,
    /// Who is attached? → `Controlled::Host`
    Status,
    /// Every terminal leaves, and the engine goes on without one → `Controlled::Host` of before
    Detach,
    /// The engine ends; terminals leave unless another engine follows → `Controlled::Done` once it will end
    Stop { follows: bool },
}

/// An answer of the process that runs the engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "done", rename_all = "snake_case")]
pub enum Controlled {
    /// It understands this version; so it is, and so late is it there.
    Hello { version: u32, host: Host, now: Time },
    /// It, and who is attached.
    Host { host: Host, fronts: Vec<Front> },
    /// Done.
    Done,
}

/// The process that runs an engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Its process id.
    pub pid: u32,
    /// What kind of program it is.
    pub role: Role,
    /// The version of the program.
    pub program: String,
    /// Since when.
    pub since: Time,
}

/// Why an engine runs in a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// To run without a terminal.
    Daemon,
    /// A terminal is open in it.
    Terminal,
    /// For one command.
    Command,
}

/// Why a front end is told to leave, or that its engine does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leave {
    /// Somebody detached every terminal.
    Detached,
    /// Somebody stopped the engine.
    Stopped,
    /// Stay: another engine follows this one in a moment.
    Follows,
}

/// From the engine and its host.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// The answer to a request.
    Answer { id: u64, reply: Box<Result<Reply, Failure>> },
    /// The answer to a control.
    Control { id: u64, reply: Result<Controlled, Failure> },
    /// Something happened.
    Event(Box<Event>),
    /// The reader was too slow and missed so many events: ask afresh.
    Missed(u64),
    /// The front end is to leave, or the engine does.
    Leave(Leave),
}

/// Lines with a cap.
pub fn codec() -> LinesCodec {
    LinesCodec::new_with_max_length(LINE_CAP)
}
