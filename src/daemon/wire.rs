//! What crosses the socket: one JSON object a line.

use serde::{Deserialize, Serialize};
use tokio_util::codec::LinesCodec;

use crate::engine::api::{Event, Reply, Request};
use crate::error::Failure;

/// A line is at most this long; drafts are capped well below.
const LINE_CAP: usize = 64 << 20;

/// From a front end.
#[derive(Debug, Serialize, Deserialize)]
pub struct Asked {
    /// Returned with the answer.
    pub id: u64,
    /// The wish.
    pub request: Request,
}

/// From the engine.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// The answer to a request.
    Answer { id: u64, reply: Box<Result<Reply, Failure>> },
    /// Something happened.
    Event(Box<Event>),
    /// The reader was too slow and missed so many events: ask afresh.
    Missed(u64),
}

/// Lines with a cap.
pub fn codec() -> LinesCodec {
    LinesCodec::new_with_max_length(LINE_CAP)
}
