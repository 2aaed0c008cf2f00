//! What the beginning of a value means while the rest of it is still being typed: never less than the value will mean.

use super::ast::{Number, NumberField, Pattern};
use super::matcher::Place;
use super::number as numbers;
use super::regex::compile;
use super::words::Word;

/// Characters taken off the end of a number or a regex before it is given up.
const TRIES: usize = 24;

/// Every value that begins so. Prose is looked through for the letters wherever they stand, as it is for a plain word.
pub(super) fn pattern(pattern: Pattern, place: Place) -> Pattern {
    match pattern {
        Pattern::Exact(text) if place == Place::Prose => Pattern::Plain(text),
        Pattern::Wild(text) => Pattern::Wild(text + "*"),
        // A star that means itself cannot stand beside one that does not: such a value counts once it is whole.
        Pattern::Plain(text) | Pattern::Exact(text) if place != Place::Prose && !text.contains('*') => Pattern::Wild(text + "*"),
        pattern => pattern,
    }
}

/// The values of a list that have a word beginning so.
pub(super) fn words<T: Copy + PartialEq>(list: &'static [Word<T>], typed: &str) -> Vec<T> {
    let begins = |name: &str| name.get(..typed.len()).is_some_and(|head| head.eq_ignore_ascii_case(typed));
    let begun = |word: &&Word<T>| begins(word.word) || word.others.iter().any(|other| begins(other));
    list.iter().filter(begun).map(|word| word.value).collect()
}

/// The longest beginning of it that is a number: `12` of `12/`, `1h` of `1h3`.
pub(super) fn number(field: NumberField, raw: &str, at: usize) -> Option<Number> {
    shorter(raw).find_map(|part| numbers::read(field, part, at).ok())
}

/// The longest beginning of it that is a regex: `ab` of `ab[c`.
pub(super) fn regex(raw: &str) -> Option<Pattern> {
    shorter(raw).find(|part| compile(part).is_ok()).map(|part| Pattern::Regex(part.to_owned()))
}

/// The text without its last character, without its last two, and so on, while something is left of it.
fn shorter(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().rev().map(|(at, _)| &text[..at]).filter(|part| !part.is_empty()).take(TRIES)
}
