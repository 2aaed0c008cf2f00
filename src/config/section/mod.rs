//! The sections of the file that say how jobs are shown, judged, watched and kept: raw keys and what they resolve to, one file each.

pub mod alert;
pub mod assistant;
pub mod claiming;
pub mod command;
pub(super) mod key;
pub mod profile;
mod program;
pub mod retention;
pub mod rule;
pub mod view;

use std::time::Duration;

use super::file::Spots;
use super::problem::{Problem, nearest};
use super::span;
use crate::domain::{Asset, Hours, Money, Query};

/// One section while it is read: names the place of whatever is wrong.
pub(super) struct Section<'a> {
    path: String,
    spots: &'a Spots,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Section<'a> {
    pub fn new(path: impl Into<String>, spots: &'a Spots, problems: &'a mut Vec<Problem>) -> Section<'a> {
        Section { path: path.into(), spots, problems }
    }

    fn key(&self, key: &str) -> String {
        if key.is_empty() { self.path.clone() } else { format!("{}.{key}", self.path) }
    }

    /// The value of `key` is wrong; an empty key is the section itself.
    pub fn wrong(&mut self, key: &str, what: impl Into<String>, hint: impl Into<String>) {
        self.problems.push(self.spots.problem(&self.key(key), what, hint));
    }

    /// Whether anything was wrong since `before` problems were known.
    pub fn count(&self) -> usize {
        self.problems.len()
    }

    /// A length of time; the default where it is not told or wrong.
    pub fn span(&mut self, key: &str, written: Option<String>, default: Duration) -> Duration {
        let Some(written) = written else { return default };
        span::parse(&written).unwrap_or_else(|what| {
            self.wrong(key, what, "");
            default
        })
    }

    /// Hours of the week; the empty text is none.
    pub fn hours(&mut self, key: &str, written: Option<String>) -> Hours {
        let Some(written) = written.filter(|written| !written.trim().is_empty()) else { return Hours::default() };
        written.parse().unwrap_or_else(|what: String| {
            self.wrong(key, what, "");
            Hours::default()
        })
    }

    /// An amount above nothing, such as `12.00 USD`.
    pub fn money(&mut self, key: &str, written: &str) -> Option<Money> {
        match amount(written) {
            Ok(money) if money.minor > 0 => Some(money),
            Ok(_) => {
                self.wrong(key, format!("\"{written}\" is not more than nothing"), "write it like \"12.00 USD\"");
                None
            }
            Err(what) => {
                self.wrong(key, what, "write an amount and a currency: \"12.00 USD\"");
                None
            }
        }
    }

    /// A query; an error points at the character inside the string.
    pub fn query(&mut self, key: &str, written: &str) -> Option<Query> {
        match Query::parse(written) {
            Ok(query) => Some(query),
            Err(error) => {
                self.problems.push(self.spots.problem_inside(&self.key(key), error.at, error.what, error.hint));
                None
            }
        }
    }

    /// One of some words.
    pub fn one_of<T: Copy>(&mut self, key: &str, written: &str, all: &[T], word: fn(T) -> &'static str) -> Option<T> {
        let found = all.iter().copied().find(|one| word(*one).eq_ignore_ascii_case(written));
        if found.is_none() {
            let words: Vec<&str> = all.iter().map(|one| word(*one)).collect();
            let hint =
                nearest(written, words.iter().copied()).map_or(String::new(), |meant| format!("did you mean \"{meant}\"?"));
            self.wrong(key, format!("\"{written}\" is none of {}", words.join(", ")), hint);
        }
        found
    }
}

/// An amount with its currency: `0.50 USD`.
///
/// # Errors
/// A sentence about what is wrong with it.
pub fn amount(written: &str) -> Result<Money, String> {
    let mut parts = written.split_whitespace();
    let (Some(amount), Some(asset), None) = (parts.next(), parts.next(), parts.next()) else {
        return Err(format!("\"{written}\" is not an amount with a currency"));
    };
    let asset: Asset = asset.parse().map_err(|error: crate::domain::money::MoneyError| error.to_string())?;
    Money::parse(amount, asset).map_err(|error| error.to_string())
}

/// A string or a list of strings.
#[derive(Debug, Default)]
pub(super) struct OneOrMany(pub Vec<String>);

impl<'de> serde::Deserialize<'de> for OneOrMany {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> serde::de::Visitor<'de> for Visit {
            type Value = OneOrMany;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a string or a list of strings")
            }

            fn visit_str<E>(self, text: &str) -> Result<OneOrMany, E> {
                Ok(OneOrMany(vec![text.to_owned()]))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<OneOrMany, A::Error> {
                let mut all = Vec::new();
                while let Some(text) = seq.next_element()? {
                    all.push(text);
                }
                Ok(OneOrMany(all))
            }
        }
        d.deserialize_any(Visit)
    }
}
