//! Money: integer minor units of a named asset. Never a float, never added across assets.

use std::fmt;
use std::str::FromStr;

use iso_currency::Currency;
use serde::{Deserialize, Serialize};

use super::text::{Cap, Text};

/// A currency (ISO 4217) or token, with how many decimal places its minor unit has.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Asset {
    code: [u8; 11],
    exponent: u8,
}

/// Why an asset or an amount could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not 2–11 ASCII letters or digits, or an unknown code without an exponent.
    #[error("\"{0}\" is not a currency; write an ISO 4217 code such as USD, or TOKEN:EXPONENT such as USDC:6")]
    Asset(String),
    /// Not a decimal number.
    #[error("\"{0}\" is not an amount; write digits with a point, such as 1.25")]
    Amount(String),
    /// More decimal places than the asset has.
    #[error("\"{0}\" has more decimal places than {1} ({2})")]
    TooFine(String, Asset, u8),
    /// Over 9.2 × 10^18 minor units.
    #[error("the amount is too large to be counted")]
    Overflow,
    /// Different assets in one sum.
    #[error("{0} and {1} cannot be added without a dated rate")]
    Mixed(Asset, Asset),
}

/// What was read, fit to be shown: it may come from a platform.
fn quoted(raw: &str) -> String {
    Text::line(raw, Cap { graphemes: 40, bytes: 200 }).to_string()
}

impl Asset {
    /// US dollars, two places.
    pub const USD: Asset = Asset { code: *b"USD\0\0\0\0\0\0\0\0", exponent: 2 };

    /// An asset by code; ISO 4217 codes know their exponent, others need one (at most 9).
    pub fn new(code: &str, exponent: Option<u8>) -> Result<Asset, MoneyError> {
        // The most frequent one needs no looking up.
        if exponent.is_none() && code == "USD" {
            return Ok(Asset::USD);
        }
        let bad = || MoneyError::Asset(quoted(code));
        if !(2..=11).contains(&code.len()) || !code.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(bad());
        }
        let upper = code.to_ascii_uppercase();
        let known = Currency::from_code(&upper).and_then(|c| c.exponent()).map(|e| e as u8).or(match upper.as_str() {
            "SAT" | "SATS" | "MSAT" => Some(0),
            "BTC" => Some(8),
            _ => None,
        });
        let exponent = exponent.or(known).filter(|e| *e <= 9).ok_or_else(bad)?;
        let mut bytes = [0; 11];
        bytes[..upper.len()].copy_from_slice(upper.as_bytes());
        Ok(Asset { code: bytes, exponent })
    }

    /// The code, such as `USD`.
    pub fn code(&self) -> &str {
        let len = self.code.iter().position(|b| *b == 0).unwrap_or(self.code.len());
        std::str::from_utf8(&self.code[..len]).unwrap_or("?")
    }

    /// Decimal places of the minor unit.
    pub fn exponent(&self) -> u8 {
        self.exponent
    }
}

impl fmt::Display for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.code(), self.exponent)
    }
}

impl FromStr for Asset {
    type Err = MoneyError;

    /// `USD` or `TOKEN:EXPONENT`.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match s.split_once(':') {
            Some((code, exp)) => Asset::new(code, Some(exp.parse().map_err(|_| MoneyError::Asset(quoted(s)))?)),
            None => Asset::new(s, None),
        }
    }
}

impl Serialize for Asset {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if Asset::new(self.code(), None).is_ok_and(|known| known == *self) {
            s.serialize_str(self.code())
        } else {
            s.collect_str(&format_args!("{}:{}", self.code(), self.exponent))
        }
    }
}

impl<'de> Deserialize<'de> for Asset {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// An amount. `minor` counts the smallest unit (cents for USD); negative for fees and reversals.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units.
    pub minor: i64,
    /// What they are units of.
    pub asset: Asset,
}

impl Money {
    /// `minor` units of `asset`.
    pub fn new(minor: i64, asset: Asset) -> Money {
        Money { minor, asset }
    }

    /// Nothing, in `asset`.
    pub fn zero(asset: Asset) -> Money {
        Money { minor: 0, asset }
    }

    /// Reads a decimal string ("12.50"). More places than the asset has are an error unless they are zeros.
    pub fn parse(decimal: &str, asset: Asset) -> Result<Money, MoneyError> {
        let bad = || MoneyError::Amount(quoted(decimal));
        let digits = decimal.trim();
        let (negative, digits) = match digits.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, digits),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && fraction.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
            return Err(bad());
        }
        let places = usize::from(asset.exponent);
        let (kept, cut) = fraction.split_at(fraction.len().min(places));
        if cut.bytes().any(|b| b != b'0') {
            return Err(MoneyError::TooFine(quoted(decimal), asset, asset.exponent));
        }
        let zeros = std::iter::repeat_n(b'0', places - kept.len());
        // Counted downwards: the lowest amount is one further from zero than the highest.
        let below = whole
            .bytes()
            .chain(kept.bytes())
            .chain(zeros)
            .try_fold(0_i64, |sum, digit| sum.checked_mul(10)?.checked_sub(i64::from(digit - b'0')));
        let minor = if negative { below } else { below.and_then(i64::checked_neg) };
        Ok(Money { minor: minor.ok_or(MoneyError::Overflow)?, asset })
    }

    /// Sum; an error across assets or past the range.
    pub fn plus(self, other: Money) -> Result<Money, MoneyError> {
        if self.asset != other.asset {
            return Err(MoneyError::Mixed(self.asset, other.asset));
        }
        self.minor.checked_add(other.minor).map(|minor| Money { minor, ..self }).ok_or(MoneyError::Overflow)
    }

    /// Difference; as [`Money::plus`].
    pub fn minus(self, other: Money) -> Result<Money, MoneyError> {
        self.plus(Money { minor: other.minor.checked_neg().ok_or(MoneyError::Overflow)?, ..other })
    }

    /// `parts_per_million` of the amount, rounded half to even (a fee of 10 % is 100 000).
    pub fn share(self, parts_per_million: u32) -> Money {
        let product = i128::from(self.minor) * i128::from(parts_per_million);
        Money { minor: half_even(product, 1_000_000), ..self }
    }

    /// Amount per hour, given that it took `seconds`; `None` for no time.
    pub fn per_hour(self, seconds: i64) -> Option<Money> {
        (seconds > 0).then(|| Money { minor: half_even(i128::from(self.minor) * 3600, i128::from(seconds)), ..self })
    }

    /// The plain decimal, without the code: "12.50".
    pub fn decimal(&self) -> String {
        let places = usize::from(self.asset.exponent);
        let digits = format!("{:0>width$}", self.minor.unsigned_abs(), width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        let sign = if self.minor < 0 { "-" } else { "" };
        if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }
}

/// `value / by`, half to even, clamped to the range of an amount.
pub(super) fn half_even(value: i128, by: i128) -> i64 {
    let (quotient, rest) = (value.div_euclid(by), value.rem_euclid(by));
    let up = match (rest * 2).cmp(&by) {
        std::cmp::Ordering::Greater => 1,
        std::cmp::Ordering::Equal => quotient & 1,
        std::cmp::Ordering::Less => 0,
    };
    i64::try_from(quotient + up).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

impl fmt::Display for Money {
    /// "$12.50", "€3.00", "-$0.40", "1200 SAT".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimal = self.decimal();
        let symbol = match self.asset.code() {
            "USD" => "$",
            "EUR" => "€",
            "GBP" => "£",
            _ => "",
        };
        if symbol.is_empty() {
            f.pad(&format!("{decimal} {}", self.asset.code()))
        } else if let Some(digits) = decimal.strip_prefix('-') {
            f.pad(&format!("-{symbol}{digits}"))
        } else {
            f.pad(&format!("{symbol}{decimal}"))
        }
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.decimal(), self.asset.code())
    }
}
