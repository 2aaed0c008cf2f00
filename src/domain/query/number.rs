//! Numbers, amounts and lengths of time as they are written in a query.

use std::fmt::Write as _;
use std::str::FromStr;

use chrono::TimeDelta;
use rust_decimal::Decimal;

use super::ast::{Number, NumberField};
use super::error::{Fault, nearest, quoted};
use super::field::{Field, Unit};
use crate::domain::Asset;

/// Tokens that are no currencies of ISO 4217 and yet need no exponent written behind them.
const TOKENS: &[(&str, u8)] =
    &[("USDC", 6), ("USDT", 6), ("PYUSD", 6), ("EURC", 6), ("DAI", 6), ("SOL", 9), ("ETH", 9), ("LTC", 8), ("XNO", 9)];
/// For guesses at what was meant.
const CODES: &[&str] = &["USD", "EUR", "GBP", "JPY", "INR", "CAD", "AUD", "CHF", "SAT", "SATS", "BTC", "USDC", "USDT"];
const SIGNS: &[(char, &str)] = &[('$', "USD"), ('€', "EUR"), ('£', "GBP")];
const UNITS: &[(&str, i64)] = &[
    ("s", 1),
    ("sec", 1),
    ("m", 60),
    ("min", 60),
    ("mins", 60),
    ("h", 3600),
    ("hr", 3600),
    ("d", 86_400),
    ("day", 86_400),
    ("days", 86_400),
    ("w", 604_800),
];
/// Longest time that can be asked for: a hundred years.
const MOST_SECONDS: i64 = 100 * 365 * 86_400;
/// Most characters a number may have, so that none is too large to be counted with.
const MOST_DIGITS: usize = 18;

/// Reads `raw`, which stands at `at` and is not empty.
pub(super) fn read(field: NumberField, raw: &str, at: usize) -> Result<Number, Fault> {
    let unit = field.unit();
    let fault = |what: &str| wrong(field, raw, at, what);
    if raw.contains(',') {
        return Err(fault("has a comma in it; a decimal point is `.`"));
    }
    match unit {
        Unit::Count => {
            let digits = if field == NumberField::Fit { raw.strip_suffix('%').unwrap_or(raw) } else { raw };
            decimal(digits).map(Number::Plain).ok_or_else(|| fault("is not a number"))
        }
        Unit::Minutes => match decimal(raw) {
            Some(plain) => Ok(Number::Plain(plain)),
            None => span(raw).map(Number::Span).ok_or_else(|| fault("is neither a number of minutes nor a length of time")),
        },
        Unit::Span => match (span(raw), decimal(raw)) {
            (Some(span), _) => Ok(Number::Span(span)),
            (None, Some(_)) => {
                let hint = format!("write {0}m for minutes, {0}h for hours, {0}d for days", raw.trim_end_matches('.'));
                Err(Fault::at(at + raw.len(), format!("{} has no unit", quoted(raw)), hint))
            }
            _ => Err(fault("is not a length of time")),
        },
        Unit::Amount => amount(raw, at).unwrap_or_else(|| Err(fault("is not an amount"))),
        Unit::Rate => {
            let lower = raw.to_ascii_lowercase();
            let cut = ["/hour", "/hr", "/h"].into_iter().find(|end| lower.ends_with(end)).map_or(0, str::len);
            amount(&raw[..raw.len() - cut], at).unwrap_or_else(|| Err(fault("is not an amount an hour")))
        }
    }
}

/// Whether more letters may make a number of it.
pub(super) fn may_become_one(raw: &str) -> bool {
    let rest = raw.strip_prefix('-').unwrap_or(raw);
    let rest = rest.trim_start_matches(['$', '€', '£']);
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == 's' || c == 'm' || c == 'h' || c == 'd');
    let (unit, per) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (code, places) = unit.split_once(':').unwrap_or((unit, ""));
    let begun = code.len() <= 11 && code.bytes().all(|b| b.is_ascii_alphanumeric()) && places.bytes().all(|b| b.is_ascii_digit());
    begun && "/hour".starts_with(per) && (unit.is_empty() || raw.bytes().any(|b| b.is_ascii_digit()))
}

fn wrong(field: NumberField, raw: &str, at: usize, what: &str) -> Fault {
    let examples = field.unit().examples();
    let word = Field::Number(field).word();
    Fault::at(at, format!("{} {what}", quoted(raw)), format!("`{word}` takes {} and the like", examples.join(", ")))
}

fn decimal(raw: &str) -> Option<Decimal> {
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if raw.len() > MOST_DIGITS || whole.is_empty() && fraction.is_empty() || !all(whole) || !all(fraction) || fraction.is_empty()
    {
        return None;
    }
    let number = Decimal::from_str(raw).ok()?;
    // A zero without its sign, so that it prints as it is read.
    Some(if number.is_zero() { number.abs() } else { number })
}

/// `None` when it does not begin like an amount at all.
fn amount(raw: &str, at: usize) -> Option<Result<Number, Fault>> {
    let sign = |c: Option<char>| SIGNS.iter().find(|(sign, _)| c == Some(*sign));
    if let Some((c, code)) = sign(raw.chars().next()) {
        return Some(Ok(Number::Amount(decimal(&raw[c.len_utf8()..])?, asset(code)?)));
    }
    if let Some((c, code)) = sign(raw.chars().next_back()) {
        return Some(Ok(Number::Amount(decimal(&raw[..raw.len() - c.len_utf8()])?, asset(code)?)));
    }
    let split = raw.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(raw.len());
    let (digits, code) = raw.split_at(split);
    let number = decimal(digits)?;
    if code.is_empty() {
        return Some(Ok(Number::Plain(number)));
    }
    Some(asset(code).map(|asset| Number::Amount(number, asset)).ok_or_else(|| {
        let hint = match nearest(code, CODES.iter().copied()) {
            Some(near) if !near.eq_ignore_ascii_case(code) => format!("did you mean {near}?"),
            _ => "write a code such as USD, or TOKEN:PLACES such as USDC:6".to_owned(),
        };
        Fault::at(at + split, format!("{} is no currency", quoted(code)), hint)
    }))
}

fn asset(code: &str) -> Option<Asset> {
    let token = TOKENS.iter().find(|(token, _)| token.eq_ignore_ascii_case(code));
    match token {
        Some((token, places)) => Asset::new(token, Some(*places)).ok(),
        None => code.parse().ok(),
    }
}

/// `90s`, `10m`, `1h30m`, `1.5h`; the parts are summed.
fn span(raw: &str) -> Option<TimeDelta> {
    if raw == "0" {
        return Some(TimeDelta::zero());
    }
    let mut rest = raw;
    let mut total = Decimal::ZERO;
    while !rest.is_empty() {
        let split = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let (digits, tail) = rest.split_at(split);
        let end = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(end);
        let (_, seconds) = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit))?;
        let part = decimal(digits).filter(|part| !part.is_sign_negative())?;
        total = total.checked_add(part.checked_mul(Decimal::from(*seconds))?)?;
        rest = tail;
    }
    let seconds = i64::try_from(total.trunc()).ok().filter(|seconds| !raw.is_empty() && *seconds <= MOST_SECONDS)?;
    TimeDelta::try_seconds(seconds)
}

/// Writes a number so that [`read`] reads it again.
pub(super) fn write(field: NumberField, number: &Number) -> String {
    let per = if field == NumberField::Rate { "/h" } else { "" };
    match number {
        Number::Plain(plain) => format!("{plain}{per}"),
        Number::Amount(plain, of) => match asset(of.code()) {
            Some(known) if known == *of => format!("{plain}{of}{per}"),
            _ => format!("{plain}{of}:{}{per}", of.exponent()),
        },
        Number::Span(span) => write_span(*span),
    }
}

/// `1h30m`; whole weeks as `2w`.
pub(super) fn write_span(span: TimeDelta) -> String {
    let mut rest = span.num_seconds().max(0);
    if rest == 0 {
        return "0s".to_owned();
    }
    if rest % 604_800 == 0 {
        return format!("{}w", rest / 604_800);
    }
    let mut out = String::new();
    for (unit, seconds) in [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)] {
        if rest >= seconds {
            let _ = write!(out, "{}{unit}", rest / seconds);
            rest %= seconds;
        }
    }
    out
}
