//! `[claiming]`: what rules may claim.

use std::time::Duration;

use serde::Deserialize;

use super::Section;
use crate::domain::rule::Claiming;

/// As written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Raw {
    automatic: Option<bool>,
    per_day: Option<u32>,
    per_requester: Option<u32>,
    in_hand: Option<u32>,
    key_within: Option<String>,
}

/// Its keys.
pub const KEYS: [&str; 5] = ["automatic", "per_day", "per_requester", "in_hand", "key_within"];
/// Nobody is at the keyboard who pressed nothing for longer than this.
const LONGEST: Duration = Duration::from_secs(4 * 3600);

pub(in crate::config) fn take(raw: Raw, mut section: Section) -> Claiming {
    let default = Claiming::default();
    let claiming = Claiming {
        automatic: raw.automatic.unwrap_or(default.automatic),
        per_day: raw.per_day.unwrap_or(default.per_day),
        per_requester: raw.per_requester.unwrap_or(default.per_requester),
        in_hand: raw.in_hand.unwrap_or(default.in_hand),
        key_within: section.span("key_within", raw.key_within, default.key_within),
    };
    if claiming.key_within > LONGEST || claiming.key_within.is_zero() {
        section.wrong("key_within", "rules claim only while you are there", "write \"4h\" or less, and more than nothing");
    }
    for (key, count) in [("per_day", claiming.per_day), ("per_requester", claiming.per_requester), ("in_hand", claiming.in_hand)]
    {
        if count == 0 {
            section.wrong(key, "with 0 nothing is ever claimed", "write 1 or more, or automatic = false");
        }
    }
    claiming
}
