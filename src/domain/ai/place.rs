//! Where the words of an answer belong.

use serde::{Deserialize, Serialize};

/// A place in a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// They are the draft.
    Whole,
    /// They take the place of these bytes of it.
    Range(usize, usize),
    /// They come behind it.
    End,
    /// Nowhere: they are to be read.
    Nowhere,
}

impl Place {
    /// The same place in a draft that changed meanwhile; `None` where the part is not there any more, or in several places.
    pub fn moved(self, before: &str, now: &str) -> Option<Place> {
        let Place::Range(from, to) = self else { return Some(self) };
        let part = before.get(from..to)?;
        if now.get(from..to) == Some(part) {
            return Some(self);
        }
        let mut found = now.match_indices(part);
        let (at, _) = found.next()?;
        found.next().is_none().then_some(Place::Range(at, at + part.len()))
    }

    /// The draft with an answer in its place; `None` where it has none, or where the draft is another one by now.
    pub fn put(self, draft: &str, answer: &str) -> Option<String> {
        match self {
            Place::Whole => Some(answer.to_owned()),
            Place::Range(from, to) => {
                Some(format!("{}{answer}{}", draft.get(..from)?, draft.get(from..to).and(draft.get(to..))?))
            }
            Place::End => Some(format!("{draft}{}{answer}", joint(draft, answer))),
            Place::Nowhere => None,
        }
    }
}

/// What stands between a draft and what goes on behind it.
fn joint(draft: &str, answer: &str) -> &'static str {
    match draft.chars().next_back() {
        None => "",
        Some(last) if last.is_whitespace() || answer.starts_with([' ', ',', '.', ';', ':', '!', '?']) => "",
        Some('.' | '!' | '?' | ':' | '"' | '”' | '}' | ']') => "\n",
        Some(_) => " ",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_where_they_belong() {
        assert_eq!(Place::Whole.put("old", "new").as_deref(), Some("new"));
        assert_eq!(Place::Range(4, 7).put("one two three", "2").as_deref(), Some("one 2 three"));
        assert_eq!(Place::Range(4, 70).put("one two three", "2"), None);
        assert_eq!(Place::End.put("One.", "Two.").as_deref(), Some("One.\nTwo."));
        assert_eq!(Place::End.put("and so", "on").as_deref(), Some("and so on"));
        assert_eq!(Place::End.put("", "on").as_deref(), Some("on"));
        assert_eq!(Place::Nowhere.put("a", "b"), None);
        assert_eq!(Place::Range(4, 7).moved("one two three", "and one two three"), Some(Place::Range(8, 11)));
        assert_eq!(Place::Range(4, 7).moved("one two three", "one three"), None);
    }
}
