//! A view: which jobs are shown, and in what order.

use serde::{Deserialize, Serialize};

use crate::domain::{Book, Job, Text, Time, rate};

/// Which jobs by their marks and state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// Claimable and not put away; the ordinary feed.
    #[default]
    Open,
    /// Starred, whatever became of them.
    Starred,
    /// Hidden or snoozed.
    Away,
    /// Everything known.
    All,
}

/// What the order is by; ties fall to the job's key, so that the order is total.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Latest first.
    #[default]
    Newest,
    /// Best paid first.
    Pay,
    /// Best expected rate first.
    Rate,
    /// Soonest gone first.
    Expiring,
}

/// Words that must all occur in title, kind, requester, source or tags (case does not matter).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Filter {
    /// As typed.
    pub words: Text,
}

/// A filter with an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct View {
    /// By marks.
    pub shown: Shown,
    /// By words.
    pub filter: Filter,
    /// The order.
    pub sort: Sort,
}

impl Filter {
    /// Whether every word occurs.
    pub fn matches(&self, job: &Job) -> bool {
        self.words.as_str().split_whitespace().all(|word| {
            let word = word.to_lowercase();
            let has = |text: &Text| text.as_str().to_lowercase().contains(&word);
            has(&job.title)
                || has(&job.kind)
                || has(&job.requester.name)
                || job.key.as_str().to_lowercase().contains(&word)
                || job.tags.iter().any(has)
        })
    }
}

impl View {
    /// Whether `job` belongs to the view.
    pub fn admits(&self, job: &Job, book: &Book, now: Time) -> bool {
        let marks = book.marks(&job.key);
        let shown = match self.shown {
            Shown::Open => !marks.is_away(now) && (job.is_open(now) || marks.starred) && book.assignment_of(&job.key).is_none(),
            Shown::Starred => marks.starred,
            Shown::Away => marks.is_away(now),
            Shown::All => true,
        };
        shown && self.filter.matches(job)
    }

    /// The sort key: smaller comes first.
    pub(super) fn rank(&self, job: &Job) -> i64 {
        let descending = |value: Option<i64>| value.map_or(i64::MAX, |v| -v);
        match self.sort {
            Sort::Newest => descending(Some(job.posted_at.unwrap_or(job.first_seen).timestamp_millis())),
            Sort::Pay => descending(job.reward.net().map(|m| m.minor)),
            Sort::Rate => descending(rate::posted(job).map(|e| e.hourly.minor)),
            Sort::Expiring => job.expires_at.map_or(i64::MAX, |at| at.timestamp_millis()),
        }
    }
}
