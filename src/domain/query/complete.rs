//! Completions for a query that is being typed: fields, then the values that the feed knows.

use std::ops::Range;

use super::ast::{Pattern, TextField};
use super::error::nearest;
use super::field::{FIELDS, Field};
use super::lex::{Cursor, ends_term, is_op};
use super::print;
use super::words::{AI_RULES, COSTS, MODES, STATES, Word, YES_NO};

/// Most completions offered.
const MOST: usize = 12;

/// What may be put in, and for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Bytes of the text that give way.
    pub replace: Range<usize>,
    /// What stands there instead.
    pub with: String,
    /// What it means, in a few words.
    pub about: &'static str,
}

/// Who knows which values there are. The feed answers from its dictionaries, the most frequent first.
pub trait Known {
    /// Values of `field` that begin with `start` without regard to case, then such that have it inside; at most `most`.
    fn values(&self, field: TextField, start: &str, most: usize) -> Vec<String>;
}

/// Known values as plain lists, the best first.
#[derive(Clone, Copy, Debug, Default)]
pub struct KnownLists<'a> {
    /// Kinds of work.
    pub kinds: &'a [&'a str],
    /// Names of sources.
    pub sources: &'a [&'a str],
    /// Requesters.
    pub requesters: &'a [&'a str],
    /// Tags.
    pub tags: &'a [&'a str],
    /// Languages.
    pub languages: &'a [&'a str],
}

impl Known for KnownLists<'_> {
    fn values(&self, field: TextField, start: &str, most: usize) -> Vec<String> {
        let list = match field {
            TextField::Kind => self.kinds,
            TextField::Source => self.sources,
            TextField::Requester => self.requesters,
            TextField::Tag => self.tags,
            TextField::Language => self.languages,
            TextField::Title | TextField::Needs | TextField::Key => return Vec::new(),
        };
        let start = super::fold(start);
        let place = |value: &&&str| super::fold(value).find(&*start);
        let mut fit: Vec<(bool, &str)> = list.iter().filter_map(|value| Some((place(&value)? > 0, *value))).collect();
        fit.sort_by_key(|(inside, _)| *inside);
        fit.into_iter().take(most).map(|(_, value)| value.to_owned()).collect()
    }
}

/// What may be written at `cursor` (a byte offset; moved back to a character's start), best first, at most twelve.
pub fn complete(text: &str, cursor: usize, known: &dyn Known) -> Vec<Completion> {
    let at = text.floor_char_boundary(cursor);
    let spot = Spot::at(text, at);
    let typed = &text[spot.value.start..at];
    let mut offers = Offers { replace: spot.value.clone(), found: Vec::new() };
    match spot.wants {
        Wants::Value(field) => offers.values(field, typed, known),
        // Quotes, regexes and fuzzy words are the person's own.
        Wants::Word if typed.starts_with(['"', '/', '~']) => {}
        Wants::Word => offers.words(typed, known),
        Wants::Nothing => {}
    }
    offers.found.truncate(MOST);
    offers.found
}

/// What may stand where the cursor is.
#[derive(Clone, Copy, PartialEq)]
enum Wants {
    /// A word, or a field that begins so.
    Word,
    Value(Field),
    /// The value of a field that does not exist.
    Nothing,
}

/// Where the cursor stands.
struct Spot {
    wants: Wants,
    value: Range<usize>,
}

impl Spot {
    /// Walks over the terms up to the one that the cursor is in.
    fn at(text: &str, at: usize) -> Spot {
        let mut cursor = Cursor::new(text);
        loop {
            cursor.raw(|c| !ends_term(c));
            while cursor.pos < at && matches!(cursor.peek(), Some('-' | '!')) {
                cursor.bump();
            }
            let start = cursor.pos;
            if start >= at {
                // In white space, or right before a word, which stays as it is.
                return Spot { wants: Wants::Word, value: at..at };
            }
            let mut wants = Wants::Word;
            if !matches!(cursor.peek(), Some('"' | '/' | '~')) {
                cursor.bare(|c| ends_term(c) || is_op(c));
                if cursor.pos >= at {
                    return Spot { wants, value: start..cursor.pos };
                }
                if !cursor.peek().is_some_and(is_op) {
                    continue;
                }
                let name = text[start..cursor.pos].trim_end_matches('!');
                wants = Field::named(name).map_or(Wants::Nothing, Wants::Value);
                cursor.raw(|c| !is_op(c));
            }
            if let Some(value) = value_at(&mut cursor, at, wants != Wants::Word) {
                return Spot { wants, value };
            }
        }
    }
}

/// The value that the cursor is in, or `None` when the values end before it.
fn value_at(cursor: &mut Cursor<'_>, at: usize, list: bool) -> Option<Range<usize>> {
    loop {
        let start = cursor.pos;
        cursor.eat('~');
        match cursor.peek() {
            Some('"') => drop(cursor.quotes()),
            Some('/') => drop(cursor.slashes()),
            _ => drop(cursor.bare(|c| ends_term(c) || list && c == ',')),
        }
        if cursor.pos >= at {
            // Between the two characters of a `>=` there is no value yet.
            return Some(if start > at { at..at } else { start..cursor.pos });
        }
        let goes_on = list && matches!(cursor.peek(), Some(',' | '|'));
        if !goes_on {
            // What stands too close to a quote is passed over with it.
            cursor.raw(ends_term);
            return (cursor.pos >= at).then_some(at..at);
        }
        cursor.bump();
    }
}

struct Offers {
    replace: Range<usize>,
    found: Vec<Completion>,
}

impl Offers {
    fn push(&mut self, with: String, about: &'static str) {
        if self.found.len() < MOST && !self.found.iter().any(|offer| offer.with == with) {
            self.found.push(Completion { replace: self.replace.clone(), with, about });
        }
    }

    fn values(&mut self, field: Field, typed: &str, known: &dyn Known) {
        match field {
            Field::Is => self.list(STATES, typed, ""),
            Field::Ai => self.list(AI_RULES, typed, ""),
            Field::Mode => self.list(MODES, typed, ""),
            Field::Costs => self.list(COSTS, typed, ""),
            Field::Seen => self.list(YES_NO, typed, ""),
            Field::Number(number) => {
                for example in number.unit().examples().iter().filter(|example| example.starts_with(typed)) {
                    self.push((*example).to_owned(), field.help().about);
                }
            }
            Field::Text(text) => {
                for value in known.values(text, typed.trim_start_matches('"'), MOST) {
                    self.push(print::value(&written(value)), field.help().about);
                }
            }
            Field::Brief => {}
        }
    }

    fn list<T>(&mut self, list: &'static [Word<T>], typed: &str, before: &str) {
        let typed = typed.to_ascii_lowercase();
        let begins = |word: &&Word<T>| word.word.starts_with(&typed) || word.others.iter().any(|other| other.starts_with(&typed));
        let fit: Vec<_> = list.iter().filter(begins).collect();
        if fit.is_empty() && before.is_empty() {
            let near = nearest(&typed, list.iter().map(|word| word.word));
            list.iter().filter(|word| Some(word.word) == near).for_each(|word| self.push(word.word.to_owned(), word.about));
        }
        fit.into_iter().for_each(|word| self.push(format!("{before}{}", word.word), word.about));
    }

    /// A word may become a field, or be meant as a value of one.
    fn words(&mut self, typed: &str, known: &dyn Known) {
        let lower = typed.to_ascii_lowercase();
        let fields = |fits: &dyn Fn(&str) -> bool, offers: &mut Offers| {
            for row in FIELDS.iter().filter(|row| fits(row.word) || !typed.is_empty() && row.others.iter().any(|o| fits(o))) {
                offers.push(format!("{}{}", row.word, opening(row.field)), row.about);
            }
        };
        fields(&|name| name.starts_with(&lower), self);
        if typed.is_empty() {
            return;
        }
        if typed.len() > 1 {
            self.list(STATES, typed, "is:");
            for field in [TextField::Kind, TextField::Tag, TextField::Source, TextField::Requester] {
                let field_help = Field::Text(field).help();
                let folded = super::fold(typed).into_owned();
                let values = known.values(field, typed, 3).into_iter();
                for value in values.filter(|value| super::fold(value).starts_with(&folded)) {
                    self.push(format!("{}:{}", field_help.word, print::value(&written(value))), field_help.about);
                }
            }
        }
        if self.found.is_empty() {
            let near = nearest(typed, FIELDS.iter().map(|row| row.word));
            fields(&|name| Some(name) == near, self);
        }
    }
}

/// A value as one would type it: quoted where a space or a sign stands in it.
fn written(value: String) -> Pattern {
    let simple = value.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':'));
    if simple && !value.is_empty() { Pattern::Plain(value) } else { Pattern::Exact(value) }
}

/// What is most often written behind a field.
fn opening(field: Field) -> &'static str {
    match field {
        Field::Number(_) => {
            let example = field.help().example;
            let from = example.find(is_op).unwrap_or(0);
            let length = example[from..].find(|c| !is_op(c)).unwrap_or(1);
            &example[from..from + length]
        }
        _ => ":",
    }
}
