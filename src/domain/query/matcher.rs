//! A pattern made ready to be compared with texts.

use std::ops::Range;

use regex::Regex;

use super::ast::{Pattern, TextField};
use super::fold::{Folded, fold};
use super::regex::compile;

/// How a text is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Words in it: titles, requirements, whatever bare words look at.
    Prose,
    /// The whole value.
    Whole,
    /// A language tag: the whole value or what stands before a `-`.
    Language,
}

impl TextField {
    /// How its values are looked at. [`TextField::Needs`] also looks at the text of a requirement, as prose.
    pub fn place(self) -> Place {
        match self {
            TextField::Title => Place::Prose,
            TextField::Language => Place::Language,
            _ => Place::Whole,
        }
    }
}

/// A pattern ready for use. What the comparisons mean is told at [`Pattern`].
#[derive(Clone, Debug)]
pub struct Matcher(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Anywhere(String),
    Phrase(String),
    Whole(String),
    Language(String),
    /// The parts between the stars; whether a star goes past white space.
    WildPhrase(Vec<String>, bool),
    WildWhole(Vec<String>),
    Fuzzy(String),
    Regex(Regex),
    /// A regex that cannot be; the parser lets none through.
    Never,
}

impl Matcher {
    /// Makes `pattern` ready.
    pub fn new(pattern: &Pattern, place: Place) -> Matcher {
        let whole = |text: &str| match place {
            Place::Language => Kind::Language(fold(text).into_owned()),
            _ => Kind::Whole(fold(text).into_owned()),
        };
        let prose = place == Place::Prose;
        Matcher(match pattern {
            Pattern::Plain(text) if prose => Kind::Anywhere(fold(text).into_owned()),
            Pattern::Wild(text) if text.contains('*') => {
                let parts = fold(text).split('*').map(str::to_owned).collect();
                if prose { Kind::WildPhrase(parts, text.contains(char::is_whitespace)) } else { Kind::WildWhole(parts) }
            }
            Pattern::Exact(text) | Pattern::Wild(text) if prose => Kind::Phrase(fold(text).into_owned()),
            Pattern::Plain(text) | Pattern::Exact(text) | Pattern::Wild(text) => whole(text),
            Pattern::Fuzzy(text) => Kind::Fuzzy(fold(text).into_owned()),
            Pattern::Regex(text) => compile(text).map_or(Kind::Never, Kind::Regex),
        })
    }

    /// Whether `text` fits.
    pub fn fits(&self, text: &str) -> bool {
        self.fits_both(text, &fold(text))
    }

    /// As [`Matcher::fits`], for who keeps texts folded ([`fold`]); `text` itself is only looked at by a regex.
    pub fn fits_both(&self, text: &str, folded: &str) -> bool {
        match &self.0 {
            Kind::Anywhere(part) => folded.contains(part.as_str()),
            Kind::Phrase(part) => find_phrase(folded, 0, part, true, true).is_some(),
            Kind::Whole(value) => folded == value,
            Kind::Language(value) => {
                folded.strip_prefix(value.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            }
            Kind::WildPhrase(parts, crosses) => pieces(folded, *crosses).any(|(_, piece)| wild_phrase(piece, parts).is_some()),
            Kind::WildWhole(parts) => wild_whole(folded, parts),
            Kind::Fuzzy(chars) => subsequence(folded, chars).is_some(),
            Kind::Regex(regex) => regex.is_match(text),
            Kind::Never => false,
        }
    }

    /// Where it fits in a text, for highlights.
    pub(super) fn find(&self, text: &Folded<'_>, out: &mut Vec<Range<usize>>) {
        let folded: &str = &text.folded;
        match &self.0 {
            Kind::Anywhere(part) if !part.is_empty() => {
                out.extend(folded.match_indices(part.as_str()).map(|(at, part)| text.back(at..at + part.len())));
            }
            Kind::Phrase(part) if !part.is_empty() => {
                let mut from = 0;
                while let Some(at) = find_phrase(folded, from, part, true, true) {
                    out.push(text.back(at..at + part.len()));
                    from = at + part.len();
                }
            }
            Kind::WildPhrase(parts, crosses) => {
                for (start, piece) in pieces(folded, *crosses) {
                    let found = wild_phrase(piece, parts).unwrap_or_default();
                    out.extend(found.into_iter().map(|r| text.back(r.start + start..r.end + start)));
                }
            }
            Kind::Fuzzy(chars) => {
                let found = subsequence(folded, chars).unwrap_or_default();
                out.extend(found.into_iter().map(|r| text.back(r)));
            }
            Kind::Regex(regex) => out.extend(regex.find_iter(text.text).map(|m| m.range()).filter(|r| !r.is_empty())),
            _ if self.fits_both(text.text, folded) => out.push(0..text.text.len()),
            _ => {}
        }
        out.retain(|r| !r.is_empty());
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether the place is a word boundary: not between two word characters.
fn is_boundary(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back().is_some_and(is_word);
    let after = text[at..].chars().next().is_some_and(is_word);
    !(before && after)
}

/// The first place of `part`, from `start` on, that begins (`left`) and ends (`right`) at a word boundary. What stands before
/// `start` stays in view, and tries overlap: `a a` is found in `xa a a`.
fn find_phrase(text: &str, start: usize, part: &str, left: bool, right: bool) -> Option<usize> {
    let mut from = start;
    while let Some(at) = text.get(from..)?.find(part).map(|at| at + from) {
        if (!left || is_boundary(text, at)) && (!right || is_boundary(text, at + part.len())) {
            return Some(at);
        }
        from = at + text[at..].chars().next().map_or(1, char::len_utf8);
    }
    None
}

/// What a bare pattern with stars is tried on: everything, or each stretch without white space.
fn pieces(text: &str, whole: bool) -> impl Iterator<Item = (usize, &str)> {
    let all = whole.then_some((0, text));
    let base = text.as_ptr() as usize;
    let split = (!whole).then(|| text.split_whitespace().map(move |piece| (piece.as_ptr() as usize - base, piece)));
    all.into_iter().chain(split.into_iter().flatten())
}

/// Where the parts stand, one after the other, the first from a word boundary on and the last up to one. Taking the first place
/// for each leaves the most room for the next, so nothing is missed.
fn wild_phrase(text: &str, parts: &[String]) -> Option<Vec<Range<usize>>> {
    let mut found = Vec::with_capacity(parts.len());
    let mut from = 0;
    for (n, part) in parts.iter().enumerate() {
        // An empty first or last part is a star that reaches the piece's edge, and that is a boundary.
        let (left, right) = (n == 0 && !part.is_empty(), n + 1 == parts.len() && !part.is_empty());
        let at = find_phrase(text, from, part, left, right)?;
        found.push(at..at + part.len());
        from = at + part.len();
    }
    Some(found)
}

fn wild_whole(text: &str, parts: &[String]) -> bool {
    let ([first, middle @ .., last], true) = (parts, parts.len() > 1) else { return false };
    let Some(rest) = text.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str())) else { return false };
    let mut rest = rest;
    for part in middle {
        let Some(at) = rest.find(part.as_str()) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

/// Where the characters stand in this order: the earliest end, and from there backwards the latest start.
fn subsequence(text: &str, chars: &str) -> Option<Vec<Range<usize>>> {
    let mut places = text.char_indices();
    let mut end = 0;
    for wanted in chars.chars() {
        let (at, c) = places.by_ref().find(|(_, c)| *c == wanted)?;
        end = at + c.len_utf8();
    }
    let mut back = text[..end].char_indices().rev();
    let mut found: Vec<Range<usize>> = Vec::new();
    for wanted in chars.chars().rev() {
        let (at, c) = back.by_ref().find(|(_, c)| *c == wanted)?;
        found.push(at..at + c.len_utf8());
    }
    found.reverse();
    Some(found)
}
