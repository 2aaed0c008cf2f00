//! Acts of triage as a person means them: what a key or a repeat makes of the jobs it is for.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::when;
use crate::domain::triage::{Marks, Verdict, Wake};
use crate::domain::{JobKey, Money, Time};
use crate::tui::command::Command;

/// An act that can be repeated on other jobs.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Marks as they are.
    Verdict(Verdict),
    /// Out of sight for so long from the moment of the act.
    SnoozeFor(TimeDelta),
    /// Out of sight until tomorrow at eight.
    SnoozeTomorrow,
    /// Out of sight until a time as it was typed.
    SnoozeAt(String),
    /// Out of sight until it pays more than it does.
    SnoozePays,
    /// Something with money in it: named, never repeated.
    Paid(&'static str),
}

impl Act {
    /// The act of a key, for jobs the first of which has these marks; `None` for keys that mean something else.
    pub fn of(command: Command, marks: Marks) -> Option<Act> {
        use Command as C;
        Some(match command {
            C::Star => Act::Verdict(Verdict::Star { on: !marks.starred }),
            C::Seen => Act::Verdict(Verdict::Seen { on: !marks.seen }),
            C::Pin => Act::Verdict(Verdict::Pin { on: !marks.pinned }),
            C::Hide => Act::Verdict(Verdict::Hide { on: !marks.hidden }),
            C::SnoozeHour => Act::SnoozeFor(TimeDelta::hours(1)),
            C::SnoozeTomorrow => Act::SnoozeTomorrow,
            C::SnoozeWeek => Act::SnoozeFor(TimeDelta::days(7)),
            C::SnoozePays => Act::SnoozePays,
            C::SnoozeOpens => Act::Verdict(Verdict::SnoozeUntil { wake: Wake::Reopens }),
            C::Wake if marks.hidden => Act::Verdict(Verdict::Hide { on: false }),
            C::Wake => Act::Verdict(Verdict::Snooze { until: None }),
            _ => return None,
        })
    }

    /// The verdict, where it is the same for every job.
    ///
    /// # Errors
    /// Why there is none, in words.
    pub fn verdict(&self, now: Time) -> Result<Option<Verdict>, String> {
        let snooze = |until| Ok(Some(Verdict::Snooze { until: Some(until) }));
        match self {
            Act::Verdict(verdict) => Ok(Some(*verdict)),
            Act::SnoozeFor(span) => snooze(now + *span),
            Act::SnoozeTomorrow => snooze(when::tomorrow_at_eight(now)),
            Act::SnoozeAt(text) => when::parse(text, now).map(|until| Some(Verdict::Snooze { until: Some(until) })),
            Act::SnoozePays => Ok(None),
            Act::Paid(what) => Err(format!("{what} is never repeated by a key")),
        }
    }
}

/// An act whose rows stand for several jobs each, until it is known for which.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// Its number.
    pub id: u64,
    /// What was decided.
    pub verdict: Verdict,
    /// The jobs known so far.
    pub keys: BTreeSet<JobKey>,
    /// Rows that were not answered for.
    pub missing: usize,
}

/// Jobs by what they pay, for "until it pays more"; those that do not tell come last, apart.
pub fn by_pay(jobs: impl Iterator<Item = (JobKey, Option<Money>)>) -> (Vec<(Money, Vec<JobKey>)>, Vec<JobKey>) {
    let mut paid: BTreeMap<(String, i64), (Money, Vec<JobKey>)> = BTreeMap::new();
    let mut untold = Vec::new();
    for (key, pay) in jobs {
        match pay {
            Some(pay) => paid.entry((pay.asset.code().to_owned(), pay.minor)).or_insert_with(|| (pay, Vec::new())).1.push(key),
            None => untold.push(key),
        }
    }
    (paid.into_values().collect(), untold)
}
