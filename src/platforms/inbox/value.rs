//! From a raw value to one of ours, or a sentence about what was there instead.

use std::borrow::Cow;
use std::cell::Cell;

use super::scan::{Raw, elements, inside, members};
use crate::domain::decimal::millionths;
use crate::domain::text::Cap;
use crate::domain::{Asset, Money, Text, Time, instant};

/// Most words in a list, most requirements and attachments of one job.
pub const MOST: usize = 100;

/// Reads the values of one line and notices whether a text of it tried something.
#[derive(Debug, Default)]
pub struct Values {
    suspicious: Cell<bool>,
}

/// A value, or what is wrong with it.
pub type Read<T> = Result<T, String>;

/// What was there, short and scrubbed.
pub fn shown(raw: Raw<'_>) -> Text {
    let words = match raw {
        Raw::Null => "null",
        Raw::Flag(true) => "true",
        Raw::Flag(false) => "false",
        Raw::List(_) => "a list",
        Raw::Record(_) => "an object",
        Raw::Number(text) | Raw::Plain(text) | Raw::Escaped(text) => text,
    };
    Text::line(words, Cap { graphemes: 60, bytes: 400 })
}

/// A text or number as text; `None` when there is none.
pub fn plain(raw: Raw<'_>) -> Read<Option<Cow<'_, str>>> {
    match raw {
        Raw::Null => Ok(None),
        Raw::Plain(quoted) => Ok(Some(Cow::Borrowed(inside(quoted)))),
        Raw::Number(text) => Ok(Some(Cow::Borrowed(text))),
        Raw::Flag(flag) => Ok(Some(Cow::Borrowed(if flag { "true" } else { "false" }))),
        Raw::Escaped(quoted) => match serde_json::from_str(quoted) {
            Ok(text) => Ok(Some(Cow::Owned(text))),
            Err(_) => Err(format!("{} holds half a character", shown(raw))),
        },
        Raw::List(_) | Raw::Record(_) => Err(format!("{} is not text", shown(raw))),
    }
}

impl Values {
    /// A text that was read tried to smuggle something.
    pub fn is_suspicious(&self) -> bool {
        self.suspicious.get()
    }

    /// Looks at text that is not kept as [`Text`] by this reader.
    pub fn suspect(&self, raw: &str) {
        if Text::is_suspicious(raw) {
            self.suspicious.set(true);
        }
    }

    /// One line.
    pub fn line(&self, raw: Raw<'_>) -> Read<Option<Text>> {
        let Some(text) = plain(raw)? else { return Ok(None) };
        self.suspect(&text);
        Ok(Some(Text::title(&text)).filter(|line| !line.is_empty()))
    }

    /// Several lines; a list is one paragraph an element.
    pub fn body(&self, raw: Raw<'_>) -> Read<Option<Text>> {
        let text = match raw {
            Raw::List(list) => Cow::Owned(each(list, |part| Ok(plain(part)?.unwrap_or_default()))?.join("\n")),
            raw => match plain(raw)? {
                Some(text) => text,
                None => return Ok(None),
            },
        };
        self.suspect(&text);
        Ok(Some(Text::body(&text)).filter(|body| !body.is_empty()))
    }

    /// Words: a list, or one text with commas.
    pub fn words(&self, raw: Raw<'_>) -> Read<Vec<Text>> {
        let words = match raw {
            Raw::List(list) => each(list, |part| self.line(part))?,
            raw => {
                let Some(text) = plain(raw)? else { return Ok(Vec::new()) };
                self.suspect(&text);
                text.split(',').map(|part| Some(Text::title(part.trim()))).collect()
            }
        };
        Ok(words.into_iter().flatten().filter(|word| !word.is_empty()).take(MOST).collect())
    }
}

/// Reads the first elements of a list.
pub fn each<'a, T>(list: &'a str, mut read: impl FnMut(Raw<'a>) -> Read<T>) -> Read<Vec<T>> {
    let mut all = Vec::new();
    let mut wrong = None;
    let scanned = elements(list, |raw| {
        if all.len() < MOST && wrong.is_none() {
            match read(raw) {
                Ok(value) => all.push(value),
                Err(why) => wrong = Some(why),
            }
        }
    });
    match (wrong, scanned) {
        (Some(why), _) => Err(why),
        (None, Err(why)) => Err(why.what.to_owned()),
        (None, Ok(())) => Ok(all),
    }
}

/// A whole number; too large a one is the largest.
pub fn int(raw: Raw<'_>) -> Read<Option<u32>> {
    Ok(long(raw)?.map(|value| u32::try_from(value).unwrap_or(u32::MAX)))
}

/// A large whole number.
pub fn long(raw: Raw<'_>) -> Read<Option<u64>> {
    let Some(text) = plain(raw)? else { return Ok(None) };
    text.trim().parse().map(Some).map_err(|_| format!("{} is not a whole number", shown(raw)))
}

/// Yes or no.
pub fn flag(raw: Raw<'_>) -> Read<bool> {
    match (raw, &*plain(raw)?.unwrap_or_default()) {
        (Raw::Null, _) | (_, "false" | "no" | "0") => Ok(false),
        (_, "true" | "yes" | "1") => Ok(true),
        _ => Err(format!("{} is neither true nor false", shown(raw))),
    }
}

/// So many units of `unit` seconds each, in whole seconds.
pub fn span(raw: Raw<'_>, unit: i64) -> Read<Option<u32>> {
    let Some(text) = plain(raw)? else { return Ok(None) };
    let seconds = millionths(&text).filter(|n| *n >= 0).and_then(|n| n.checked_mul(unit)).map(|n| n / 1_000_000);
    let seconds = seconds.ok_or_else(|| format!("{} is not a duration", shown(raw)))?;
    Ok(Some(u32::try_from(seconds).unwrap_or(u32::MAX)))
}

/// A share in percent (`10`, `"10%"`), in millionths.
pub fn percent(raw: Raw<'_>) -> Read<Option<u32>> {
    let Some(text) = plain(raw)? else { return Ok(None) };
    let share = millionths(text.trim().trim_end_matches('%')).and_then(|n| u32::try_from(n / 100).ok());
    match share.filter(|share| *share <= 1_000_000) {
        Some(share) => Ok(Some(share)),
        None => Err(format!("{} is not a share between 0 and 100 percent", shown(raw))),
    }
}

/// An instant: RFC 3339, or a number of seconds or (from 10¹¹ on) milliseconds since 1970.
pub fn time(raw: Raw<'_>) -> Read<Option<Time>> {
    /// 10¹¹ seconds are the year 5138, 10¹¹ milliseconds are 1973.
    const MILLIS_FROM: i64 = 100_000_000_000;
    let at = match raw {
        Raw::Null => return Ok(None),
        Raw::Number(text) => text
            .parse()
            .ok()
            .and_then(|n: i64| if n >= MILLIS_FROM { Time::from_timestamp_millis(n) } else { Time::from_timestamp(n, 0) }),
        raw => plain(raw)?.and_then(|text| instant::parse(&text)),
    };
    at.map(Some).ok_or_else(|| format!("{} is not a time; one is written 2026-11-23T04:00:00Z", shown(raw)))
}

/// An amount: `"0.50 USD"`, `"$0.50"`, a number in `currency`, `{"amount": …, "currency": …}` or `{"minor": …, "currency": …}`.
pub fn money(raw: Raw<'_>, currency: Raw<'_>) -> Read<Option<Money>> {
    match raw {
        Raw::Null => Ok(None),
        Raw::Record(text) => in_record(text, raw, currency).map(Some),
        raw => written(&plain(raw)?.unwrap_or_default(), raw, currency).map(Some),
    }
}

fn in_record(record: &str, raw: Raw<'_>, outer: Raw<'_>) -> Read<Money> {
    let (mut amount, mut minor, mut currency) = (Raw::Null, Raw::Null, Raw::Null);
    let scanned = members(record, |key, value| match &*key {
        "amount" | "min" => amount = value,
        "minor" | "cents" => minor = value,
        "currency" | "asset" => currency = value,
        _ => {}
    });
    scanned.map_err(|wrong| wrong.what.to_owned())?;
    let currency = if currency == Raw::Null { outer } else { currency };
    match (amount, plain(minor)?) {
        (Raw::Null, Some(minor)) => {
            let asset = asset(currency)?.ok_or("its currency is missing")?;
            let minor = minor.trim().parse().map_err(|_| format!("{minor} is not a whole number of minor units"))?;
            Ok(Money::new(minor, asset))
        }
        (Raw::Null, None) => Err(format!("{} has neither amount nor minor", shown(raw))),
        (amount, _) => written(&plain(amount)?.unwrap_or_default(), amount, currency),
    }
}

fn asset(raw: Raw<'_>) -> Read<Option<Asset>> {
    plain(raw)?.map(|code| code.trim().parse::<Asset>().map_err(|error| error.to_string())).transpose()
}

fn written(text: &str, raw: Raw<'_>, currency: Raw<'_>) -> Read<Money> {
    let text = text.trim();
    for (sign, code) in [('$', "USD"), ('€', "EUR"), ('£', "GBP")] {
        if let Some(amount) = text.strip_prefix(sign) {
            let asset = Asset::new(code, None).map_err(|error| error.to_string())?;
            return Money::parse(amount, asset).map_err(|error| error.to_string());
        }
    }
    let (amount, code) = match text.split_once(' ') {
        // "USD 0.50" is as good as "0.50 USD".
        Some((code, amount)) if code.starts_with(|c: char| c.is_ascii_alphabetic()) => (amount, Some(code)),
        Some((amount, code)) => (amount, Some(code)),
        None => (text, None),
    };
    let asset = match code {
        Some(code) => code.trim().parse().map_err(|error: crate::domain::money::MoneyError| error.to_string())?,
        None => asset(currency)?.ok_or_else(|| format!("{} has no currency; write it like \"0.50 USD\"", shown(raw)))?,
    };
    Money::parse(amount, asset).map_err(|error| error.to_string())
}
