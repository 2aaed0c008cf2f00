//! Local verdicts on a job. Never sent to a platform.

use serde::{Deserialize, Serialize};

use super::{JobKey, Money, Time};

/// The marks a job carries here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Marks {
    /// The person looked at it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub seen: bool,
    /// Kept in sight.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub starred: bool,
    /// Out of sight.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    /// Out of sight until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<Time>,
    /// Out of sight until this comes about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wakes: Option<Wake>,
    /// Before all others in every order.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
}

/// What wakes a snoozed job, apart from the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wake {
    /// It pays more than this.
    PaysOver(Money),
    /// It was full or gone and comes back.
    Reopens,
}

impl Marks {
    /// Out of the ordinary views at `now`.
    pub fn is_away(&self, now: Time) -> bool {
        self.hidden || self.is_snoozed(now)
    }

    /// Asleep at `now`.
    pub fn is_snoozed(&self, now: Time) -> bool {
        self.wakes.is_some() || self.snoozed_until.is_some_and(|until| until > now)
    }
}

/// A change of marks asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// Looked at.
    Seen { on: bool },
    /// Keep in sight.
    Star { on: bool },
    /// Out of sight.
    Hide { on: bool },
    /// Out of sight for a while; `None` wakes it.
    Snooze { until: Option<Time> },
    /// Out of sight until this comes about.
    SnoozeUntil { wake: Wake },
    /// Before all others.
    Pin { on: bool },
}

impl Verdict {
    /// The marks after it.
    pub fn apply(self, mut marks: Marks) -> Marks {
        match self {
            Verdict::Seen { on } => marks.seen = on,
            Verdict::Star { on } => marks.starred = on,
            Verdict::Hide { on } => marks.hidden = on,
            Verdict::Snooze { until } => (marks.snoozed_until, marks.wakes) = (until, None),
            Verdict::SnoozeUntil { wake } => (marks.snoozed_until, marks.wakes) = (None, Some(wake)),
            Verdict::Pin { on } => marks.pinned = on,
        }
        marks
    }
}

/// One job's marks before and after an act; what undo needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Which job.
    pub job: JobKey,
    /// Marks before.
    pub before: Marks,
    /// Marks after.
    pub after: Marks,
}
