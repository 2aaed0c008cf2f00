//! How a request ended, as far as bytes tell.

use std::time::Duration;

use reqwest::header::HeaderMap;

use crate::domain::Time;
use crate::error::Failure;

/// A whole answer.
#[derive(Clone)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    pub(super) headers: HeaderMap,
    /// The decoded body.
    pub body: Vec<u8>,
}

impl Reply {
    /// A header's value when it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The server's clock, from `Date`.
    pub fn date(&self) -> Option<Time> {
        self.header("date").and_then(|raw| httpdate::parse_http_date(raw.trim()).ok()).map(Time::from)
    }

    /// The media type, lower case, without parameters.
    pub fn mime(&self) -> Option<String> {
        self.header("content-type").map(|raw| raw.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reply({}, {} bytes)", self.status, self.body.len())
    }
}

/// The four ways a request ends.
#[derive(Clone, Debug)]
pub enum End {
    /// A whole answer, of whatever status.
    Answered(Box<Reply>),
    /// Not one byte of the request reached the server (name, connection, TLS, or the request could not be made).
    Unreachable(Failure),
    /// Bytes were sent and no whole answer came back: it may have happened.
    Unanswered(Failure),
    /// An answer came that must not be used: too large, or pointing elsewhere. It may have happened.
    Broken(Failure),
}

/// The end and how long it took.
#[derive(Clone, Debug)]
pub struct Sent {
    /// From the start of the request to the last byte.
    pub latency: Duration,
    /// How it ended.
    pub end: End,
}
