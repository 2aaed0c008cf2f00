//! `[[command]]`: programs of the person's own, on a key.

use std::time::Duration;

use serde::Deserialize;

use super::Section;
use crate::config::file::Spots;
use crate::config::problem::{Problem, nearest};

/// Most of them: each has a place of its own among the commands.
pub const MOST: usize = 9;
const LIMIT: Duration = Duration::from_secs(30);

/// As written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Raw {
    name: Option<String>,
    key: Option<String>,
    argv: Vec<String>,
    input: Option<String>,
    at: Option<Vec<String>>,
    output: Option<String>,
    limit: Option<String>,
    terminal: bool,
}

/// Its keys.
pub const KEYS: [&str; 8] = ["name", "key", "argv", "input", "at", "output", "limit", "terminal"];

/// What a program is handed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnInput {
    /// The whole job.
    Job,
    /// The assignment with its job, draft and findings.
    Assignment,
    /// The text of the draft with its assignment.
    Draft,
}

/// What becomes of what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnOutput {
    /// It is shown.
    Show,
    /// It is the draft from now on, as one step that can be undone.
    Draft,
    /// Nothing.
    None,
}

/// Where its key counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnPlace {
    /// On the feed.
    Feed,
    /// In a whole brief.
    Brief,
    /// In the hand.
    Hand,
}

/// One `[[command]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnCommand {
    /// Its name, in lists and after `juggler run`.
    pub name: String,
    /// Its key, as in `[keys]`.
    pub key: Option<String>,
    /// Program and arguments; no shell.
    pub argv: Vec<String>,
    /// What it is handed.
    pub input: OwnInput,
    /// Where it may be used.
    pub at: Vec<OwnPlace>,
    /// What becomes of what it says.
    pub output: OwnOutput,
    /// How long it may take.
    pub limit: Duration,
    /// It has the terminal while it runs.
    pub terminal: bool,
}

impl OwnPlace {
    /// The layer of keys.
    pub fn word(self) -> &'static str {
        match self {
            OwnPlace::Feed => "feed",
            OwnPlace::Brief => "brief",
            OwnPlace::Hand => "hand",
        }
    }
}

impl OwnInput {
    /// Its word in the file.
    pub fn word(self) -> &'static str {
        match self {
            OwnInput::Job => "job",
            OwnInput::Assignment => "assignment",
            OwnInput::Draft => "draft",
        }
    }
}

impl OwnOutput {
    /// Its word in the file.
    pub fn word(self) -> &'static str {
        match self {
            OwnOutput::Show => "show",
            OwnOutput::Draft => "draft",
            OwnOutput::None => "none",
        }
    }
}

pub(in crate::config) fn take(raw: Vec<Raw>, spots: &Spots, problems: &mut Vec<Problem>) -> Vec<OwnCommand> {
    let mut commands: Vec<OwnCommand> = Vec::new();
    for (n, raw) in raw.into_iter().enumerate() {
        let mut section = Section::new(format!("command[{n}]"), spots, problems);
        let before = section.count();
        let command = one(raw, &mut section);
        if commands.iter().any(|known| known.name == command.name) {
            section.wrong("name", format!("two commands are called \"{}\"", command.name), "give each a name of its own");
        }
        if n == MOST {
            section.wrong("", format!("these are more than {MOST} commands"), "let one program do several things");
        }
        if section.count() == before {
            commands.push(command);
        }
    }
    commands
}

fn one(raw: Raw, section: &mut Section) -> OwnCommand {
    let name = raw.name.unwrap_or_default();
    if name.is_empty() {
        section.wrong("", "a command needs a name", "add name = \"…\"");
    } else if name.len() > 30 || !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
        section.wrong("name", format!("\"{name}\" cannot name a command"), "use up to 30 letters, digits, - and _");
    }
    if raw.argv.first().is_none_or(String::is_empty) {
        section.wrong(
            if raw.argv.is_empty() { "" } else { "argv" },
            "no program is named",
            "write it like argv = [\"spell\", \"--json\"]",
        );
    }
    let input =
        word(section, "input", raw.input, OwnInput::Job, &[OwnInput::Job, OwnInput::Assignment, OwnInput::Draft], OwnInput::word);
    let fallback = if raw.terminal { OwnOutput::None } else { OwnOutput::Show };
    let output =
        word(section, "output", raw.output, fallback, &[OwnOutput::Show, OwnOutput::Draft, OwnOutput::None], OwnOutput::word);
    if output == OwnOutput::Draft && input == OwnInput::Job {
        section.wrong(
            "output",
            "what is handed a job says nothing for a draft",
            "write input = \"draft\" or input = \"assignment\"",
        );
    }
    if raw.terminal && output != OwnOutput::None {
        section.wrong("output", "what has the terminal says it there", "take output away, or terminal");
    }
    let known = [OwnPlace::Feed, OwnPlace::Brief, OwnPlace::Hand];
    let at = match raw.at {
        None if input == OwnInput::Job => known.to_vec(),
        None => vec![OwnPlace::Hand],
        Some(words) => {
            let all = words.into_iter().enumerate();
            all.map(|(n, place)| word(section, &format!("at[{n}]"), Some(place), OwnPlace::Hand, &known, OwnPlace::word))
                .collect()
        }
    };
    if input != OwnInput::Job && at.iter().any(|place| *place != OwnPlace::Hand) {
        section.wrong("at", "an assignment is under the cursor only in the hand", "write at = [\"hand\"]");
    }
    let limit = section.span("limit", raw.limit, LIMIT);
    OwnCommand { name, key: raw.key, argv: raw.argv, input, at, output, limit, terminal: raw.terminal }
}

fn word<T: Copy>(
    section: &mut Section,
    key: &str,
    written: Option<String>,
    fallback: T,
    all: &[T],
    word: fn(T) -> &'static str,
) -> T {
    let Some(written) = written else { return fallback };
    if let Some(found) = all.iter().find(|one| word(**one) == written) {
        return *found;
    }
    let words: Vec<&str> = all.iter().map(|one| word(*one)).collect();
    let hint = nearest(&written, words.iter().copied()).map_or(String::new(), |meant| format!("did you mean \"{meant}\"?"));
    section.wrong(key, format!("\"{written}\" is none of {}", words.join(", ")), hint);
    fallback
}
