//! Every way a call to a platform can end.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::{Text, Time};
use crate::error::Failure;

/// A named no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Somebody else has it.
    Taken,
    /// No slot is left.
    Full,
    /// A requirement is not met.
    NotQualified,
    /// It is not there any more.
    Gone,
    /// I hold as many as I may.
    HandFull,
    /// The claim ran out.
    TimedOut,
    /// The delivery does not have the shape asked for.
    Invalid,
    /// The same idempotency key came with another body.
    KeyReused,
    /// Anything else, in the platform's words.
    Other,
}

impl Refusal {
    /// The reason in words.
    pub fn sentence(self) -> &'static str {
        match self {
            Refusal::Taken => "somebody else took it first",
            Refusal::Full => "no slot is left",
            Refusal::NotQualified => "the platform says you do not qualify",
            Refusal::Gone => "it is not there any more",
            Refusal::HandFull => "you already hold as many jobs as this platform allows",
            Refusal::TimedOut => "its time ran out",
            Refusal::Invalid => "the platform did not accept the delivery's shape",
            Refusal::KeyReused => "the platform has another delivery under the same key",
            Refusal::Other => "the platform refused",
        }
    }
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome<T> {
    /// As asked.
    Done(T),
    /// Nothing changed since the cursor.
    Same,
    /// The platform understood and said no; nothing happened there.
    Refused { reason: Refusal, message: Text },
    /// 401 or 403: the key is missing, wrong or worn out.
    SignIn(Failure),
    /// Too many requests; nothing happened. `until` when the platform told.
    Limited { until: Option<Time>, message: Text },
    /// Not one byte reached the platform.
    Unreachable(Failure),
    /// Bytes were sent and no whole answer came (time-out, reset, 5xx): it may have happened.
    Unanswered(Failure),
    /// An answer came that makes no sense (not JSON, a path that matches nothing, too large): it may have happened.
    Broken(Failure),
    /// The adapter has no such call.
    Unsupported,
}

impl<T> Outcome<T> {
    /// For a call that changes something: it may have happened though nobody said so.
    pub fn is_unclear(&self) -> bool {
        matches!(self, Outcome::Unanswered(_) | Outcome::Broken(_))
    }

    /// Changes the value of `Done`.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Outcome<U> {
        match self.otherwise() {
            Ok(value) => Outcome::Done(with(value)),
            Err(outcome) => outcome,
        }
    }

    /// The same, with what was done carried on to another end.
    pub async fn then<U, F: Future<Output = Outcome<U>>>(self, with: impl FnOnce(T) -> F) -> Outcome<U> {
        match self.otherwise() {
            Ok(value) => with(value).await,
            Err(outcome) => outcome,
        }
    }

    /// What was done, or how it ended otherwise.
    fn otherwise<U>(self) -> Result<T, Outcome<U>> {
        Err(match self {
            Outcome::Done(value) => return Ok(value),
            Outcome::Same => Outcome::Same,
            Outcome::Refused { reason, message } => Outcome::Refused { reason, message },
            Outcome::SignIn(failure) => Outcome::SignIn(failure),
            Outcome::Limited { until, message } => Outcome::Limited { until, message },
            Outcome::Unreachable(failure) => Outcome::Unreachable(failure),
            Outcome::Unanswered(failure) => Outcome::Unanswered(failure),
            Outcome::Broken(failure) => Outcome::Broken(failure),
            Outcome::Unsupported => Outcome::Unsupported,
        })
    }
}

/// What the platform said about its rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Requests per window.
    pub limit: Option<u32>,
    /// Requests left.
    pub remaining: Option<u32>,
    /// When the window begins anew.
    pub reset: Option<Time>,
}

/// What is known of a call beside its outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// From the first byte sent to the last received, over all requests of the call.
    pub latency: Duration,
    /// The server's clock, from `Date`.
    pub server_time: Option<Time>,
    /// Its rate headers.
    pub budget: Budget,
}

/// Outcome and circumstances.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer<T> {
    /// How it ended.
    pub outcome: Outcome<T>,
    /// The circumstances.
    pub meta: Meta,
}
