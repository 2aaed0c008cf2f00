//! What is wrong with a config file, where, and which key was meant.

use std::path::Path;

use serde::Serialize;

use crate::error::{Class, Failure};

/// One thing wrong with the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Line, from 1; 0 when it is about no line.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The key: `general.goal_day`, `source[0].name`.
    pub path: String,
    /// What is wrong.
    pub what: String,
    /// What to write instead; may be empty.
    pub hint: String,
}

impl Problem {
    /// As a failure about `file`; `others` more were found.
    pub fn failure(&self, file: &Path, others: usize) -> Failure {
        let place = if self.line == 0 { String::new() } else { format!(":{}:{}", self.line, self.column) };
        let key = if self.path.is_empty() { String::new() } else { format!(" in `{}`", self.path) };
        let more = match others {
            0 => String::new(),
            1 => "; one more problem was found".to_owned(),
            n => format!("; {n} more problems were found"),
        };
        let hint = match (self.hint.as_str(), others) {
            ("", 0) => "correct it there; juggler config check tells whether all is well".to_owned(),
            (hint, 0) => hint.to_owned(),
            ("", _) => "juggler config check lists them all".to_owned(),
            (hint, _) => format!("{hint}; juggler config check lists them all"),
        };
        Failure::new(Class::Config, format!("{}{place}{key}", file.display())).why(format!("{}{more}", self.what)).hint(hint)
    }
}

/// The known name that was probably meant.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&written.to_lowercase(), name), name))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// Line and column (in characters, both from 1) of a byte offset.
pub(super) fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(offset.min(text.len()))];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}
