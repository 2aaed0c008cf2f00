//! What a check found: the verdict, where, and what to do about it.

use serde::{Deserialize, Serialize};

use crate::domain::Text;

/// Most further places that one finding names; a text that is wrong everywhere is one fault, not a thousand.
const PLACES: usize = 200;

/// How a draft stands to one demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As asked.
    Pass,
    /// Allowed, but look: a *should* that is not met, or a *must* that could not be judged.
    Warn,
    /// Not as asked: a *must* that is not met.
    Fail,
    /// For the person to judge.
    Advice,
}

/// Bytes of a line, from and to.
pub type Columns = (u32, u32);

/// Somewhere in the draft.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Zero-based line.
    pub line: u32,
    /// Where in it, when it can be known.
    #[serde(default)]
    pub columns: Option<Columns>,
}

impl Place {
    /// Somewhere in a line.
    pub fn line(line: u32) -> Place {
        Place { line, columns: None }
    }

    /// These bytes of a line.
    pub fn span(line: u32, from: usize, to: usize) -> Place {
        let short = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Place { line, columns: Some((short(from), short(to))) }
    }

    /// The bytes that `part` takes up in `line`, of which it is a piece; the whole line when it is none.
    pub fn piece(line: u32, whole: &str, part: &str) -> Place {
        let range = whole.as_bytes().as_ptr_range();
        let piece = part.as_bytes().as_ptr_range();
        if piece.start < range.start || piece.end > range.end {
            return Place::line(line);
        }
        let from = piece.start as usize - range.start as usize;
        Place::span(line, from, from + part.len())
    }
}

/// One thing that was looked for, and whether it is there: a key phrase, a claim and its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// What.
    pub what: Text,
    /// It is there.
    pub done: bool,
    /// On which page of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
}

/// One demand and how the draft stands to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The verdict.
    pub verdict: Verdict,
    /// The demand in words: "5 lines", "at most 60 characters each".
    pub label: Text,
    /// What is so: "4 of 5". Empty when it passes and there is nothing to say.
    pub detail: Text,
    /// What to do about it: "add 1 line". Empty when nothing is to be done.
    #[serde(default)]
    pub cure: Text,
    /// Name of the file it is about; empty when it is about the text.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub file: Text,
    /// Zero-based line of the draft it is about: that of the first fault.
    pub line: Option<u32>,
    /// Bytes of that line, when they can be known.
    #[serde(default)]
    pub columns: Option<Columns>,
    /// Where else the same is wrong.
    #[serde(default)]
    pub also: Vec<Place>,
    /// How often else, the places that are not told included.
    #[serde(default)]
    pub others: u32,
    /// What was looked for, one by one, where that is worth a list.
    #[serde(default)]
    pub ticks: Vec<Tick>,
}

/// What is wrong with a piece of a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    /// What is so.
    pub what: String,
    /// What to do.
    pub cure: String,
    /// Where in its line.
    pub columns: Option<Columns>,
}

impl Fault {
    /// What is so and what to do.
    pub fn new(what: impl Into<String>, cure: impl Into<String>) -> Fault {
        Fault { what: what.into(), cure: cure.into(), columns: None }
    }

    /// In these bytes of the line.
    pub fn at(mut self, from: usize, to: usize) -> Fault {
        self.columns = Place::span(0, from, to).columns;
        self
    }

    /// Where `part`, a piece of `whole`, stands.
    pub fn of(mut self, whole: &str, part: &str) -> Fault {
        self.columns = Place::piece(0, whole, part).columns;
        self
    }
}

impl Finding {
    /// As asked.
    pub fn pass(label: impl AsRef<str>) -> Finding {
        Finding {
            verdict: Verdict::Pass,
            label: Text::title(label.as_ref()),
            detail: Text::default(),
            cure: Text::default(),
            file: Text::default(),
            line: None,
            columns: None,
            also: Vec::new(),
            others: 0,
            ticks: Vec::new(),
        }
    }

    /// Not as asked: what is so, and what to do.
    pub fn fail(label: impl AsRef<str>, detail: impl AsRef<str>, cure: impl AsRef<str>) -> Finding {
        Finding {
            verdict: Verdict::Fail,
            detail: Text::title(detail.as_ref()),
            cure: Text::title(cure.as_ref()),
            ..Finding::pass(label)
        }
    }

    /// Could not be judged, or is worth a look.
    pub fn warn(label: impl AsRef<str>, detail: impl AsRef<str>, cure: impl AsRef<str>) -> Finding {
        Finding { verdict: Verdict::Warn, ..Finding::fail(label, detail, cure) }
    }

    /// A reminder.
    pub fn advice(label: Text) -> Finding {
        Finding { verdict: Verdict::Advice, label, ..Finding::pass("") }
    }

    /// Fails with the first fault and tells where the others are; passes without any.
    pub fn of(label: impl AsRef<str>, faults: impl IntoIterator<Item = (u32, Fault)>) -> Finding {
        let mut faults = faults.into_iter();
        let Some((line, first)) = faults.next() else { return Finding::pass(label) };
        let mut found = Finding::fail(label, first.what, first.cure).at(Place { line, columns: first.columns });
        for (line, fault) in faults {
            found = found.and(Place { line, columns: fault.columns });
        }
        found
    }

    /// At this place.
    pub fn at(mut self, place: Place) -> Finding {
        (self.line, self.columns) = (Some(place.line), place.columns);
        self
    }

    /// In this file.
    pub fn in_file(mut self, name: &Text) -> Finding {
        self.file = name.clone();
        self
    }

    /// On this line, if any.
    pub fn on(mut self, line: Option<u32>) -> Finding {
        self.line = line;
        self
    }

    /// The same once more, there.
    pub fn and(mut self, place: Place) -> Finding {
        self.others = self.others.saturating_add(1);
        if self.also.len() < PLACES {
            self.also.push(place);
        }
        self
    }

    /// As a *should*: what fails only warns.
    pub fn softened(mut self) -> Finding {
        if self.verdict == Verdict::Fail {
            self.verdict = Verdict::Warn;
        }
        self
    }

    /// Every place it is about, the first one first.
    pub fn places(&self) -> impl Iterator<Item = Place> + '_ {
        let first = self.line.map(|line| Place { line, columns: self.columns });
        first.into_iter().chain(self.also.iter().copied())
    }

    /// What is so and what to do, in one sentence: "line 2 has 3 words, at least 4 needed; add 1 word (and 2 more)".
    pub fn sentence(&self) -> String {
        let mut out = self.detail.as_str().to_owned();
        if !self.cure.is_empty() {
            if !out.is_empty() {
                out.push_str("; ");
            }
            out.push_str(self.cure.as_str());
        }
        if self.others > 0 {
            out.push_str(&format!(" (and {} more)", self.others));
        }
        out
    }

    /// It is about something to be mended or looked at.
    pub fn is_open(&self) -> bool {
        matches!(self.verdict, Verdict::Fail | Verdict::Warn)
    }
}

/// Nothing fails (warnings and advice do not count).
pub fn passes(findings: &[Finding]) -> bool {
    findings.iter().all(|f| f.verdict != Verdict::Fail)
}
