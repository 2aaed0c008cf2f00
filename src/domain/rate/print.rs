//! The interval in a few columns.

use std::fmt;

use super::{Doubts, Expected};
use crate::domain::Money;

impl Expected {
    /// `$4.10–7.30/h`, with ` ?` behind it when the data are few: for rows.
    pub fn short(&self) -> String {
        let mark = if self.doubts.has(Doubts::FEW_DATA) { " ?" } else { "" };
        format!("{self}{mark}")
    }

    /// The same with the doubts in words: for the peek.
    pub fn long(&self) -> String {
        let doubts: Vec<&str> = self.doubts.words().collect();
        if doubts.is_empty() { self.to_string() } else { format!("{self} · {}", doubts.join(" · ")) }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = (self.low.to_string(), self.high.decimal());
        if self.low == self.high {
            return f.pad(&format!("{low}/h"));
        }
        // "1200 SAT" has its unit behind: it is said once.
        let text = match low.strip_suffix(&format!(" {}", self.low.asset)) {
            Some(_) => format!("{}–{}/h", self.low.decimal(), self.high),
            None if self.high.minor < 0 => format!("{low} – {}/h", self.high),
            None => format!("{low}–{high}/h"),
        };
        f.pad(&text)
    }
}

/// An amount per hour: `$4.10/h`.
pub(super) fn per_hour(money: Money) -> String {
    format!("{money}/h")
}
