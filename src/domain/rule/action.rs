//! What a rule does.

use std::fmt;
use std::time::Duration;

use chrono::{NaiveDateTime, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};

use crate::domain::triage::{Verdict, Wake};
use crate::domain::{Money, Time};

/// One action, as the person wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Tells the person.
    Alert,
    /// Keeps it in sight.
    Star,
    /// Puts it out of sight.
    Hide,
    /// Puts it before all others.
    Pin,
    /// Puts it out of sight for so long.
    Snooze(Duration),
    /// Puts it out of sight until this local time of day.
    SnoozeUntil(NaiveTime),
    /// Puts it out of sight until it was full or gone and comes back.
    SnoozeReopens,
    /// Puts it out of sight until it pays more than this.
    SnoozePays(Money),
    /// Claims it, under every cap there is.
    Claim,
}

/// One action on one job, as the engine carries it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Tell the person.
    Alert,
    /// Change its marks.
    Mark(Verdict),
    /// Claim it.
    Claim,
}

impl Action {
    /// Reaches for the person or the platform: keeps quiet hours and cooldown.
    pub fn is_loud(self) -> bool {
        matches!(self, Action::Alert | Action::Claim)
    }

    /// Its first word.
    pub fn word(self) -> &'static str {
        match self {
            Action::Alert => "alert",
            Action::Star => "star",
            Action::Hide => "hide",
            Action::Pin => "pin",
            Action::Claim => "claim",
            _ => "snooze",
        }
    }

    /// What to do at `now`, which is `local` for the person.
    pub fn at(self, now: Time, local: NaiveDateTime) -> Act {
        let until = |span: TimeDelta| {
            let until = now.checked_add_signed(span).unwrap_or(Time::MAX_UTC);
            Act::Mark(Verdict::Snooze { until: Some(until) })
        };
        match self {
            Action::Alert => Act::Alert,
            Action::Claim => Act::Claim,
            Action::Star => Act::Mark(Verdict::Star { on: true }),
            Action::Hide => Act::Mark(Verdict::Hide { on: true }),
            Action::Pin => Act::Mark(Verdict::Pin { on: true }),
            Action::Snooze(span) => until(TimeDelta::from_std(span).unwrap_or(TimeDelta::MAX)),
            Action::SnoozeUntil(time) => {
                let left = time - local.time();
                until(if left > TimeDelta::zero() { left } else { left + TimeDelta::days(1) })
            }
            Action::SnoozeReopens => Act::Mark(Verdict::SnoozeUntil { wake: Wake::Reopens }),
            Action::SnoozePays(pay) => Act::Mark(Verdict::SnoozeUntil { wake: Wake::PaysOver(pay) }),
        }
    }
}

impl fmt::Display for Action {
    /// As it is written in the file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Action::Snooze(span) => {
                let seconds = span.as_secs();
                let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")];
                let text: String = parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n}{unit}")).collect();
                write!(f, "snooze {}", if text.is_empty() { "0s" } else { &text })
            }
            Action::SnoozeUntil(time) => write!(f, "snooze until {}", time.format("%H:%M")),
            Action::SnoozeReopens => f.write_str("snooze until reopens"),
            Action::SnoozePays(pay) => write!(f, "snooze until pays {} {}", pay.decimal(), pay.asset),
            other => f.write_str(other.word()),
        }
    }
}
