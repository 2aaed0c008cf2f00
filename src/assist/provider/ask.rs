//! A question to a model.

use serde_json::Value;

use super::{fence, tokens};
use crate::domain::Text;
use crate::domain::draft::FileItem;

/// A text of somebody else's that goes along as data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// What it is, in our word: `brief`, `draft`, `source`.
    pub label: &'static str,
    /// The text, scrubbed.
    pub text: Text,
}

/// A question. There is no place in it for keys, other jobs, earnings, names or paths; whoever makes one puts in what is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ask {
    /// Who the model is to be, and the rules: our own words.
    pub system: String,
    /// What to do: our own words or the person's.
    pub task: Text,
    /// What to do it with: others' words, as data.
    pub data: Vec<Quote>,
    /// Most tokens of the answer, where that is less than the assistant's own.
    pub max_output: Option<u32>,
    /// How far from the likeliest words, where that is not the assistant's own.
    pub temperature: Option<f64>,
    /// The JSON that the answer is to be; a wish, since not every server knows how to hold a model to it.
    pub schema: Option<Value>,
    /// Files of the draft; only a program gets to see them.
    pub files: Vec<FileItem>,
    /// A program is kept in a sandbox.
    pub sandboxed: bool,
}

/// A question as it is sent.
pub(super) struct Sheet {
    pub system: String,
    pub user: String,
    pub temperature: Option<f64>,
    pub schema: Option<Value>,
}

impl Ask {
    /// As it is sent: the quoted texts between fences first, then the task, so that the last word is not theirs.
    pub(super) fn sheet(&self) -> Sheet {
        let Some(tag) = fence::tag(&self.data) else {
            return self.sheet_of(self.system.clone(), self.task.to_string());
        };
        let mut user: String = self.data.iter().map(|quote| fence::around(quote, &tag)).collect();
        user.push_str(self.task.as_str());
        let system = format!("{}\n\n{}", self.system, fence::rule(&tag)).trim_start().to_owned();
        self.sheet_of(system, user)
    }

    fn sheet_of(&self, system: String, user: String) -> Sheet {
        Sheet { system, user, temperature: self.temperature, schema: self.schema.clone() }
    }
}

/// Tokens that every question has beside its words: roles, separators.
const FRAME: u64 = 10;

impl Ask {
    /// Tokens of all that is sent, reckoned.
    pub fn reckoned(&self) -> u64 {
        let sheet = self.sheet();
        let schema = sheet.schema.as_ref().map_or(0, |schema| tokens::reckon(&schema.to_string()));
        tokens::reckon(&sheet.system) + tokens::reckon(&sheet.user) + schema + FRAME
    }
}
