//! What comes out of a provider.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::domain::Text;
use crate::domain::draft::FileItem;
use crate::error::Failure;

/// One thing that came.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// The provider took the question: from here on it costs.
    Began,
    /// The model that answers, where it says so; often a dated version of the one that was asked for.
    By(Text),
    /// It thinks, and sends thoughts that are no part of the answer.
    Thinking,
    /// The next words, scrubbed.
    Words(Text),
    /// What goes on, in a line that is no part of the answer; each takes the place of the one before.
    Aside(Text),
    /// What is to be known of the answer when it is over.
    Remark(Text),
    /// A file that it left, at a place of its own that is gone after the last piece.
    Left {
        /// What it is called.
        name: Text,
        /// Where it is until then.
        path: PathBuf,
    },
    /// The same, kept with the files of drafts.
    Kept(Box<FileItem>),
    /// Tokens, as far as the provider told; later ones complete or replace earlier ones.
    Told(Told),
    /// It is over.
    End(Why),
}

/// Tokens that a provider told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Read, those remembered included.
    pub input: Option<u64>,
    /// Read and remembered.
    pub cached: Option<u64>,
    /// Written.
    pub output: Option<u64>,
}

impl Told {
    /// Takes in what was told later.
    pub fn and(&mut self, later: Told) {
        self.input = later.input.or(self.input);
        self.cached = later.cached.or(self.cached);
        self.output = later.output.or(self.output);
    }

    /// Nothing was told.
    pub fn is_empty(&self) -> bool {
        *self == Told::default()
    }
}

/// Why an answer ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The model had said all.
    Done,
    /// It came to the most tokens of an answer.
    Length,
    /// The provider's filter, or the model, declined.
    Declined,
    /// The model wanted a tool, and has none.
    Tool,
    /// It wrote more than an answer may have, tokens or not.
    TooMuch,
    /// It was not done in the time allowed.
    Late,
    /// The person stopped it.
    Stopped,
    /// Something went wrong; what came before stays.
    Failed(Failure),
}

impl Why {
    /// For the person; empty when all is as it should be.
    pub fn sentence(&self) -> String {
        match self {
            Why::Done => String::new(),
            Why::Length => "cut short: it came to max_output tokens".to_owned(),
            Why::Declined => "the provider declined to say more".to_owned(),
            Why::Tool => "it wanted to use a tool, and has none".to_owned(),
            Why::TooMuch => "cut short: it wrote more than an answer may have".to_owned(),
            Why::Late => "cut short: its time (limit) was over".to_owned(),
            Why::Stopped => "stopped".to_owned(),
            Why::Failed(failure) => failure.to_string(),
        }
    }
}
