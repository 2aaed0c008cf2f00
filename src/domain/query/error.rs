//! Why a text is no query, in words, with the place and what may have been meant.

use crate::domain::Text;
use crate::domain::text::Cap;

/// Why a text is not a query: where (a byte offset into it), what, and what may have been meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}{}{hint}", if hint.is_empty() { "" } else { "; " })]
pub struct QueryError {
    /// Byte offset of the character at fault, always at the start of a character or at the end of the text.
    pub at: usize,
    /// What is wrong.
    pub what: String,
    /// What to write instead; may be empty.
    pub hint: String,
}

impl QueryError {
    /// The query with a caret under the character at fault: two lines, the first at most 100 columns of the text around the place.
    pub fn pointed(&self, text: &str) -> String {
        let at = text.floor_char_boundary(self.at);
        let before = text.get(..at).unwrap_or_default();
        let lead: String = before.chars().rev().take(50).collect::<Vec<_>>().into_iter().rev().collect();
        let rest: String = text.get(at..).unwrap_or_default().chars().take(50).collect();
        // Scrubbed apart, so that the caret stands under what is drawn.
        let line = |part: &str| Text::line(part, Cap { graphemes: 400, bytes: 4096 });
        let (lead, rest) = (line(&lead), line(&rest));
        let indent = unicode_width::UnicodeWidthStr::width(lead.as_str());
        format!("{lead}{rest}\n{:indent$}^", "")
    }
}

/// An error on its way out of the parser.
pub(super) struct Fault {
    pub(super) error: QueryError,
    /// The text may become right when more of it is typed.
    pub(super) unfinished: bool,
}

impl Fault {
    pub(super) fn at(at: usize, what: impl Into<String>, hint: impl Into<String>) -> Fault {
        Fault { error: QueryError { at, what: what.into(), hint: hint.into() }, unfinished: false }
    }

    /// Forgiven while typing, if so.
    pub(super) fn unfinished_if(self, unfinished: bool) -> Fault {
        Fault { unfinished, ..self }
    }
}

/// What was typed, fit to stand in a sentence.
pub(super) fn quoted(raw: &str) -> String {
    format!("`{}`", Text::line(raw, Cap { graphemes: 40, bytes: 160 }))
}

/// The known word that was probably meant.
pub(super) fn nearest<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let length = typed.chars().count();
    // Long words are nobody's typing error, and comparing them costs.
    if length == 0 || length > 40 {
        return None;
    }
    let far = |name: &str| {
        let name = &*name.to_lowercase();
        if name.starts_with(typed.as_str()) || typed.starts_with(name) && name.len() > 2 {
            1
        } else {
            strsim::damerau_levenshtein(&typed, name)
        }
    };
    let most = ((length + 1) / 3).max(1);
    known.map(|name| (far(name), name)).filter(|(far, _)| *far <= most).min_by_key(|(far, _)| *far).map(|(_, name)| name)
}

/// `did you mean X?`, or all the words there are.
pub(super) fn suggestion<'a>(typed: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    match nearest(typed, known.clone()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("known are {}", known.collect::<Vec<_>>().join(", ")),
    }
}
