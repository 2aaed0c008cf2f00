//! Reads the fields of one item as the recipe says.

use std::borrow::Cow;
use std::cell::Cell;

use serde::de::value::{Error as Unread, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde_json::Value;

use super::super::recipe::{AssetFrom, Field, Fields, From, Given, Read, Recipe, Word};
use super::slots::Holds;
use crate::domain::decimal::millionths;
use crate::domain::text::Cap;
use crate::domain::{Asset, Money, SourceName, Text, Time, instant};

/// Most words in one list, most attachments and requirements of one job.
pub const MOST: usize = 100;

/// What a map needs beside the item.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// The recipe.
    pub recipe: &'a Recipe,
    /// The source.
    pub source: &'a SourceName,
    /// What the request knew.
    pub given: Given<'a>,
    /// Fields that this call's answer has elsewhere.
    pub over: Option<&'a Fields>,
    /// Now.
    pub now: Time,
}

/// A field that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Field, path, what was found.
    pub sentence: String,
}

/// Reads one item.
pub struct Reader<'a> {
    around: Around<'a>,
    fields: &'a Fields,
    item: &'a Value,
    suspicious: Cell<bool>,
}

impl<'a> Reader<'a> {
    /// A reader of `item` by `fields`.
    pub fn new(around: Around<'a>, fields: &'a Fields, item: &'a Value) -> Reader<'a> {
        Reader { around, fields, item, suspicious: Cell::new(false) }
    }

    /// A text of the item tried something.
    pub fn is_suspicious(&self) -> bool {
        self.suspicious.get()
    }

    fn field(&self, name: &str) -> Option<&'a Field> {
        let over = self.around.over.filter(|over| !over.is_empty());
        over.and_then(|over| over.get(name)).or_else(|| self.fields.get(name))
    }

    /// The raw value: constant, request, match, default, in this order. `null` and missing are the same.
    fn raw(&self, field: &'a Field) -> Option<Cow<'a, Value>> {
        if let Some(value) = &field.constant {
            return Some(Cow::Borrowed(value));
        }
        let given = match field.from {
            Some(From::Job) => self.around.given.job,
            Some(From::Assignment) => self.around.given.assignment,
            None => None,
        };
        if let Some(given) = given {
            return Some(Cow::Owned(Value::String(given.to_owned())));
        }
        let found = field.paths.iter().map(|path| path.first(self.item).filter(|value| !value.is_null()));
        let value = match &field.join {
            None => found.flatten().next().map(Cow::Borrowed),
            // A part that is missing or is no text makes the whole missing: half an id is none.
            Some(between) => {
                let parts: Option<Vec<Cow<'_, str>>> = found.map(|value| plain(value?).ok()).collect();
                parts.map(|parts| Cow::Owned(Value::String(parts.join(between))))
            }
        };
        value.or(field.default.as_ref().map(Cow::Borrowed))
    }

    fn optional<T>(&self, name: &str, read: impl FnOnce(&Value, &'a Field) -> Result<T, String>) -> Result<Option<T>, Misfit> {
        let Some(field) = self.field(name) else { return Ok(None) };
        let Some(value) = self.raw(field) else { return Ok(None) };
        read(&value, field).map(Some).map_err(|why| Misfit { sentence: format!("field `{name}`{}: {why}", whence(field)) })
    }

    /// For a required field: what to say when there is nothing.
    pub fn missing(&self, name: &str) -> Misfit {
        let found = match self.item {
            Value::Object(members) => {
                let names: Vec<&str> = members.keys().take(12).map(String::as_str).collect();
                format!("there is {}", if names.is_empty() { "nothing".into() } else { names.join(", ") })
            }
            other => format!("there is {}", shown(other)),
        };
        let sentence = match self.field(name) {
            None => format!("field `{name}` is required and the recipe does not say where it is"),
            Some(field) => format!("field `{name}`{} matches nothing; {found}", whence(field)),
        };
        Misfit { sentence }
    }

    fn clean(&self, raw: &str, cap: Cap, lines: bool) -> Text {
        if Text::is_suspicious(raw) {
            self.suspicious.set(true);
        }
        if lines { Text::body(raw) } else { Text::line(raw, cap) }
    }

    /// One line; numbers are written out.
    pub fn line(&self, name: &str) -> Result<Option<Text>, Misfit> {
        let line = self.optional(name, |value, _| Ok(self.clean(&plain(value)?, Cap::TITLE, false)))?;
        Ok(line.filter(|line| !line.is_empty()))
    }

    /// One line that must be there.
    pub fn must_line(&self, name: &str) -> Result<Text, Misfit> {
        self.line(name)?.ok_or_else(|| self.missing(name))
    }

    /// The raw text of an id; length is the id's own business.
    pub fn id(&self, name: &str) -> Result<Option<String>, Misfit> {
        Ok(self.optional(name, |value, _| plain(value).map(Cow::into_owned))?.filter(|id| !id.is_empty()))
    }

    /// An id that must be there.
    pub fn must_id(&self, name: &str) -> Result<String, Misfit> {
        self.id(name)?.ok_or_else(|| self.missing(name))
    }

    /// Several lines.
    pub fn body(&self, name: &str) -> Result<Option<Text>, Misfit> {
        let body = self.optional(name, |value, _| match value {
            // Some platforms send paragraphs as a list.
            Value::Array(parts) => {
                let lines: Vec<Cow<'_, str>> = parts.iter().take(MOST).map(plain).collect::<Result<_, _>>()?;
                Ok(self.clean(&lines.join("\n"), Cap::BODY, true))
            }
            other => Ok(self.clean(&plain(other)?, Cap::BODY, true)),
        })?;
        Ok(body.filter(|body| !body.is_empty()))
    }

    /// A whole number.
    pub fn int(&self, name: &str) -> Result<Option<u32>, Misfit> {
        Ok(self.long(name)?.map(|value| u32::try_from(value).unwrap_or(u32::MAX)))
    }

    /// A large whole number.
    pub fn long(&self, name: &str) -> Result<Option<u64>, Misfit> {
        self.optional(name, |value, _| {
            let read = match value {
                Value::Number(number) => number.as_u64(),
                Value::String(text) => text.trim().parse().ok(),
                _ => None,
            };
            read.ok_or_else(|| format!("{} is not a whole number", shown(value)))
        })
    }

    /// Yes or no.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Misfit> {
        self.optional(name, |value, _| match value {
            Value::Bool(flag) => Ok(*flag),
            Value::String(text) if ["true", "yes", "1"].contains(&text.as_str()) => Ok(true),
            Value::String(text) if ["false", "no", "0"].contains(&text.as_str()) => Ok(false),
            Value::Number(number) if number.as_u64() == Some(1) => Ok(true),
            Value::Number(number) if number.as_u64() == Some(0) => Ok(false),
            other => Err(format!("{} is neither true nor false", shown(other))),
        })
    }

    /// Money in the asset that the field names.
    pub fn money(&self, name: &str) -> Result<Option<Money>, Misfit> {
        self.optional(name, |value, field| {
            let asset = self.asset(field)?;
            match how(field, Holds::Money) {
                Read::Minor | Read::Cents => {
                    let minor = match value {
                        Value::Number(number) => number.as_i64(),
                        Value::String(text) => text.trim().parse().ok(),
                        _ => None,
                    };
                    minor
                        .map(|minor| Money::new(minor, asset))
                        .ok_or_else(|| format!("{} is not a whole number of minor units", shown(value)))
                }
                _ => match value {
                    Value::Number(_) | Value::String(_) => Money::parse(&plain(value)?, asset).map_err(|error| error.to_string()),
                    other => Err(format!("{} is not an amount", shown(other))),
                },
            }
        })
    }

    fn asset(&self, field: &Field) -> Result<Asset, String> {
        let code = match &field.asset {
            None => return Err("the recipe does not say in which asset the amount is (asset = …)".into()),
            Some(AssetFrom::Fixed(code)) => code,
            Some(AssetFrom::Told(path)) => match path.first(self.item) {
                Some(Value::String(code)) => code,
                Some(other) => return Err(format!("its asset at {} is {}", path.source(), shown(other))),
                None => return Err(format!("its asset at {} matches nothing", path.source())),
            },
        };
        super::super::recipe::asset(code, &self.around.recipe.assets)
    }

    /// An instant.
    pub fn time(&self, name: &str) -> Result<Option<Time>, Misfit> {
        self.optional(name, |value, field| {
            let bad = || format!("{} is not a time", shown(value));
            let number = || match value {
                Value::Number(number) => number.as_i64().ok_or_else(bad),
                Value::String(text) => text.trim().parse().map_err(|_| bad()),
                _ => Err(bad()),
            };
            match how(field, Holds::Time) {
                Read::Epoch => Time::from_timestamp(number()?, 0).ok_or_else(bad),
                Read::EpochMillis => Time::from_timestamp_millis(number()?).ok_or_else(bad),
                Read::SecondsLeft => {
                    let left = chrono::TimeDelta::try_seconds(number()?).ok_or_else(bad)?;
                    self.around.now.checked_add_signed(left).ok_or_else(bad)
                }
                _ => match value {
                    Value::String(text) => instant::parse(text).ok_or_else(bad),
                    _ => Err(bad()),
                },
            }
        })
    }

    /// A duration in whole seconds.
    pub fn span(&self, name: &str) -> Result<Option<u32>, Misfit> {
        self.optional(name, |value, field| {
            let scale = match how(field, Holds::Span) {
                Read::Minutes => (60, 1),
                Read::Hours => (3600, 1),
                Read::Millis => (1, 1000),
                _ => (1, 1),
            };
            let bad = || format!("{} is not a duration", shown(value));
            let millionths = millionths(&plain(value)?).filter(|n| *n >= 0).ok_or_else(bad)?;
            let seconds = millionths.checked_mul(scale.0).ok_or_else(bad)? / 1_000_000 / scale.1;
            Ok(u32::try_from(seconds).unwrap_or(u32::MAX))
        })
    }

    /// A share in millionths, at most everything.
    pub fn share(&self, name: &str) -> Result<Option<u32>, Misfit> {
        self.optional(name, |value, field| {
            let bad = || format!("{} is not a share between nothing and everything", shown(value));
            let millionths = millionths(&plain(value)?).ok_or_else(bad)?;
            let share = match how(field, Holds::Share) {
                Read::Fraction => millionths,
                Read::Ppm => millionths / 1_000_000,
                _ => millionths / 100,
            };
            u32::try_from(share).ok().filter(|share| *share <= 1_000_000).ok_or_else(bad)
        })
    }

    /// Words, as a list or with commas.
    pub fn words(&self, name: &str) -> Result<Vec<Text>, Misfit> {
        let words = self.optional(name, |value, field| {
            let parts: Vec<Cow<'_, str>> = match (how(field, Holds::Words), value) {
                (_, Value::Array(parts)) => parts.iter().take(MOST).map(plain).collect::<Result<_, _>>()?,
                (Read::Commas, Value::String(text)) => text.split(',').take(MOST).map(|part| part.trim().into()).collect(),
                (_, Value::String(text)) => vec![text.into()],
                (_, other) => return Err(format!("{} is not a list of words", shown(other))),
            };
            Ok(parts.iter().map(|part| self.clean(part, Cap::TITLE, false)).filter(|part| !part.is_empty()).collect())
        })?;
        Ok(words.unwrap_or_default())
    }

    /// One of our words, and the platform's own.
    pub fn word<T: DeserializeOwned>(&self, name: &str, word: Word) -> Result<Option<(T, Text)>, Misfit> {
        self.optional(name, |value, field| {
            let native = plain(value)?;
            let table = self.around.recipe.words.table(word);
            let ours = field.map.get(&*native).or_else(|| table.get(&*native)).map_or(&*native, String::as_str);
            let written: StrDeserializer<'_, Unread> = ours.into_deserializer();
            let read = T::deserialize(written).map_err(|_| {
                format!("the recipe has no word for \"{}\"; add it to [words.{}]", Text::title(&native), word.table())
            })?;
            Ok((read, self.clean(&native, Cap::TITLE, false)))
        })
    }

    /// A value in the form of one of `domain`'s types.
    pub fn whole<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Misfit> {
        self.optional(name, |value, _| T::deserialize(value).map_err(|error| error.to_string()))
    }

    /// Marks the item when a text inside a whole value tried something.
    pub fn suspect(&self, name: &str) {
        fn any(value: &Value) -> bool {
            match value {
                Value::String(text) => Text::is_suspicious(text),
                Value::Array(parts) => parts.iter().any(any),
                Value::Object(members) => members.values().any(any),
                _ => false,
            }
        }
        if self.field(name).and_then(|field| self.raw(field)).is_some_and(|value| any(&value)) {
            self.suspicious.set(true);
        }
    }
}

fn how(field: &Field, holds: Holds) -> Read {
    field.read.or_else(|| holds.reads().first().copied()).unwrap_or(Read::List)
}

/// ` (path $.a or $.b)`.
fn whence(field: &Field) -> String {
    if field.paths.is_empty() {
        return String::new();
    }
    let paths: Vec<&str> = field.paths.iter().map(|path| path.source()).collect();
    format!(" (path {})", paths.join(if field.join.is_some() { " and " } else { " or " }))
}

/// What was there, short and scrubbed.
pub fn shown(value: &Value) -> Text {
    let words = match value {
        Value::Null => "null".to_owned(),
        Value::Array(parts) => format!("a list of {}", parts.len()),
        Value::Object(members) => {
            let names: Vec<&str> = members.keys().take(6).map(String::as_str).collect();
            format!("an object with {}", names.join(", "))
        }
        Value::String(text) => format!("\"{}\"", text.chars().take(60).collect::<String>()),
        other => other.to_string(),
    };
    Text::title(&words)
}

/// Strings and numbers as text.
fn plain(value: &Value) -> Result<Cow<'_, str>, String> {
    match value {
        Value::String(text) => Ok(text.into()),
        Value::Number(number) => Ok(number.to_string().into()),
        Value::Bool(flag) => Ok(flag.to_string().into()),
        other => Err(format!("{} is not text", shown(other))),
    }
}
