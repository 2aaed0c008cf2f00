//! One kind of error for everything a person can be told: what happened, why, what to do next, and the exit code.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::Text;

/// Classes of failure; each has one exit code, listed in `juggler --help`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// A bug or an unexpected condition: exit 1.
    Internal,
    /// The command line or a request was wrong: exit 2.
    Usage,
    /// The configuration or a recipe is wrong: exit 3.
    Config,
    /// No such job, assignment, source: exit 4.
    NotFound,
    /// The platform or the state of things says no: exit 5.
    Refused,
    /// The platform cannot be reached or answers nonsense: exit 6.
    Platform,
    /// The person must sign in or renew a key: exit 7.
    SignIn,
    /// The disk or the store failed: exit 8.
    Store,
    /// Somebody else holds the store: exit 9.
    Busy,
    /// Sent, and nobody answered: look before sending again: exit 10.
    Unknown,
    /// It needs a yes: exit 11.
    Confirm,
    /// Checks fail: exit 12.
    Checks,
}

impl Class {
    /// The process exit code.
    pub fn exit_code(self) -> u8 {
        match self {
            Class::Internal => 1,
            Class::Usage => 2,
            Class::Config => 3,
            Class::NotFound => 4,
            Class::Refused => 5,
            Class::Platform => 6,
            Class::SignIn => 7,
            Class::Store => 8,
            Class::Busy => 9,
            Class::Unknown => 10,
            Class::Confirm => 11,
            Class::Checks => 12,
        }
    }
}

/// What a person is told. Servers' and files' words find their way into all three texts, so they are scrubbed where they are put in
/// and where they are read back: no way out of the program has to remember it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub struct Failure {
    /// The class.
    pub class: Class,
    /// What happened, one sentence without the full stop.
    #[serde(deserialize_with = "clean")]
    pub what: String,
    /// Why; may be empty.
    #[serde(default, deserialize_with = "clean")]
    pub why: String,
    /// What to press or type next; may be empty.
    #[serde(default, deserialize_with = "clean")]
    pub hint: String,
}

impl Failure {
    /// What happened.
    pub fn new(class: Class, what: impl Into<String>) -> Failure {
        Failure { class, what: scrubbed(&what.into()), why: String::new(), hint: String::new() }
    }

    /// Adds why.
    #[must_use]
    pub fn why(mut self, why: impl fmt::Display) -> Failure {
        self.why = scrubbed(&why.to_string());
        self
    }

    /// The reason alone where there is one, for where room is short.
    pub fn cause(&self) -> &str {
        if self.why.is_empty() { &self.what } else { &self.why }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hint = scrubbed(&hint.into());
        self
    }
}

fn scrubbed(words: &str) -> String {
    Text::body(words).as_str().to_owned()
}

fn clean<'de, D: serde::Deserializer<'de>>(from: D) -> std::result::Result<String, D::Error> {
    String::deserialize(from).map(|words| scrubbed(&words))
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if !self.why.is_empty() {
            write!(f, ": {}", self.why)?;
        }
        Ok(())
    }
}

/// Result with a [`Failure`].
pub type Result<T, E = Failure> = std::result::Result<T, E>;
