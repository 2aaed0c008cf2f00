//! What helps to type a query: completions with their meaning, the mistake and where it is, and what was typed before.

use crate::domain::query::{KnownLists, QueryError, complete};
use crate::domain::{Query, Text};
use crate::engine::api::Known;
use crate::tui::widget::field::Field;

/// Filters remembered.
const KEPT: usize = 100;

/// A way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What is put in.
    pub shown: String,
    /// What it means.
    pub about: String,
    /// The whole line with it.
    pub line: String,
    /// The cursor behind it.
    pub cursor: usize,
}

/// The help beside a line that is typed.
#[derive(Debug, Default)]
pub struct QueryLine {
    /// The line is a query; a name or a time has no completions.
    pub is_query: bool,
    /// Ways to go on.
    pub offers: Vec<Offer>,
    /// The one that was taken.
    pub at: Option<usize>,
    /// The line before it was taken.
    kept: Option<Field>,
    /// What makes no sense, and where.
    pub trouble: Option<QueryError>,
    /// The line before this one in the history is shown.
    recalled: Option<usize>,
    /// The line before the history was opened.
    draft: Field,
    /// Lines scrolled in the table of all fields, while it is open.
    pub help: Option<usize>,
}

impl QueryLine {
    /// Help for a query, or none for another line.
    pub fn new(is_query: bool) -> QueryLine {
        QueryLine { is_query, ..QueryLine::default() }
    }

    /// The line changed by hand.
    pub fn typed(&mut self, field: &Field, known: Option<&Known>) {
        self.recalled = None;
        self.kept = None;
        self.at = None;
        self.look(field);
        self.offers = if self.is_query { offers(field, known) } else { Vec::new() };
    }

    fn look(&mut self, field: &Field) {
        self.trouble = if self.is_query { Query::parse_typing(field.text()).1 } else { None };
    }

    /// Takes the next or previous completion into the line; behind the last comes the line as it was typed.
    pub fn turn(&mut self, field: &mut Field, forward: bool) -> bool {
        if self.offers.is_empty() {
            return false;
        }
        let kept = self.kept.get_or_insert_with(|| field.clone()).clone();
        let last = self.offers.len() - 1;
        self.at = match (self.at, forward) {
            (None, true) => Some(0),
            (None, false) => Some(last),
            (Some(at), true) => (at < last).then_some(at + 1),
            (Some(at), false) => at.checked_sub(1),
        };
        *field = match self.at.and_then(|at| self.offers.get(at)) {
            Some(offer) => Field::at(&offer.line, offer.cursor),
            None => kept,
        };
        self.look(field);
        true
    }

    /// A line typed before this one, or back towards it.
    pub fn recall(&mut self, field: &mut Field, lines: &[String], older: bool) -> bool {
        let at = match (self.recalled, older) {
            (None, true) => lines.len().checked_sub(1),
            (None, false) => return false,
            (Some(at), true) => Some(at.saturating_sub(1)),
            (Some(at), false) => Some(at + 1),
        };
        let Some(at) = at else { return false };
        if self.recalled.is_none() {
            self.draft = field.clone();
        }
        match lines.get(at) {
            Some(line) => {
                *field = Field::with(line);
                self.recalled = Some(at);
            }
            None => {
                *field = self.draft.clone();
                self.recalled = None;
            }
        }
        self.offers.clear();
        self.at = None;
        self.kept = None;
        self.look(field);
        true
    }

    /// A line of the history is shown.
    pub fn is_recalling(&self) -> bool {
        self.recalled.is_some()
    }
}

/// The words of a filter as Enter keeps them: what was shown while they were typed. A last value that is none of those known goes
/// on counting as a beginning, and says so: `kind:ta` is kept as `kind:ta*`. What is wrong or unfinished stays as it is.
pub fn as_shown(text: &str, known: Option<&Known>) -> String {
    let Ok(exact) = Query::parse(text) else { return text.to_owned() };
    let (shown, _) = Query::parse_typing(text);
    let last = text.rsplit([' ', ':', ',', '"']).next().unwrap_or_default();
    let is_last = |word: &Text| word.as_str().eq_ignore_ascii_case(last);
    let is_known = known.is_some_and(|known| {
        [&known.kinds, &known.sources, &known.requesters, &known.tags, &known.languages].into_iter().flatten().any(is_last)
    });
    if exact == shown || is_known { text.to_owned() } else { shown.to_string() }
}

/// Remembers a line, the latest last, each once.
pub fn remember(lines: &mut Vec<String>, line: &str) {
    let line = line.trim();
    if line.is_empty() {
        return;
    }
    lines.retain(|known| known != line);
    lines.push(line.to_owned());
    if lines.len() > KEPT {
        lines.remove(0);
    }
}

/// Ways to go on at the cursor.
fn offers(field: &Field, known: Option<&Known>) -> Vec<Offer> {
    let nothing = Known::default();
    let known = known.unwrap_or(&nothing);
    let words = |list: &'_ [Text]| -> Vec<String> { list.iter().map(ToString::to_string).collect() };
    let lists = [&known.kinds, &known.sources, &known.requesters, &known.tags, &known.languages].map(|list| words(list));
    let [kinds, sources, requesters, tags, languages] =
        lists.each_ref().map(|list| list.iter().map(String::as_str).collect::<Vec<_>>());
    let known = KnownLists { kinds: &kinds, sources: &sources, requesters: &requesters, tags: &tags, languages: &languages };
    let text = field.text();
    let found = complete(text, field.cursor(), &known);
    found
        .into_iter()
        .filter_map(|found| {
            let (before, after) = (text.get(..found.replace.start)?, text.get(found.replace.end..)?);
            let line = format!("{before}{}{after}", found.with);
            let cursor = before.len() + found.with.len();
            Some(Offer { shown: found.with, about: found.about.to_owned(), line, cursor })
        })
        .collect()
}
