//! What leaves the feed: jobs that are gone and nobody's, after some days; and above the cap on rows the oldest that nobody marked.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::State;
use crate::domain::{Book, JobKey, Listing, Time};
use crate::engine::effect::{Effect, Effects};

/// The feed is gone through this often.
const EVERY: TimeDelta = TimeDelta::hours(1);
/// For the first time so long after the start, when there is time.
const FIRST: TimeDelta = TimeDelta::minutes(2);
/// Above the cap by a twentieth, the next look comes this soon.
const HURRY: TimeDelta = TimeDelta::seconds(10);
/// Under this name the figures wait for the next session, beside the lists' cursors.
pub(crate) const LEFT: &str = "feed/left";

/// What left the feed so far, over all sessions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Gone for longer than they are kept.
    #[serde(default)]
    pub gone: u64,
    /// Still there, but the oldest of too many.
    #[serde(default)]
    pub crowded: u64,
}

/// How much of the feed is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Rows in memory.
    pub resident: usize,
    /// Rows that left because they were gone for long.
    pub left: u64,
    /// Rows that left because there were too many.
    pub crowded: u64,
}

/// What is looked for.
enum Look {
    /// Jobs that are gone; above the cap the others are counted on the way, by the minute in which they were first seen.
    Gone { ages: Option<BTreeMap<i64, usize>> },
    /// The oldest: all of before this minute, and so many of it.
    Oldest { before: i64, of_it: usize },
}

/// Where the sweep of the feed stands.
pub(super) struct Retiring {
    at: Option<(usize, Look)>,
    due: Time,
    left: Left,
    told: Left,
}

impl Retiring {
    pub fn from(left: Left, now: Time) -> Retiring {
        Retiring { at: None, due: now + FIRST, left, told: left }
    }

    /// When the feed is gone through next.
    pub fn due(&self) -> Option<Time> {
        self.at.is_none().then_some(self.due)
    }
}

impl State {
    /// The feed is being gone through, or is to be.
    pub(super) fn is_retiring(&self, now: Time) -> bool {
        self.retiring.at.is_some() || self.retiring.due <= now
    }

    /// How much is kept, and what left.
    pub fn kept(&self) -> Kept {
        let Left { gone, crowded } = self.retiring.left;
        Kept { resident: self.feed.len(), left: gone, crowded }
    }

    /// More came: far above the cap nobody waits for the hour.
    pub(super) fn hurry_retiring(&mut self, now: Time) {
        let most = self.config.retention.max_jobs;
        if self.feed.len() > most.saturating_add(most / 20) {
            self.retiring.due = self.retiring.due.min(now + HURRY);
        }
    }

    /// Other limits hold: the feed is gone through soon.
    pub(super) fn retire_soon(&mut self, now: Time) {
        self.retiring.due = self.retiring.due.min(now + HURRY);
    }

    /// Forgets some of what nobody needs any more; `false` when that was all.
    pub(super) fn retire_some(&mut self, now: Time, effects: &mut Effects) -> bool {
        if !self.is_retiring(now) {
            return false;
        }
        let most = self.config.retention.max_jobs;
        let begin = || (0, Look::Gone { ages: (self.feed.len() > most).then(BTreeMap::new) });
        let (stretch, mut look) = self.retiring.at.take().unwrap_or_else(begin);
        let out = match &mut look {
            Look::Gone { ages } => self.gone_of(stretch, ages.as_mut(), now),
            Look::Oldest { before, of_it } => self.oldest_of(stretch, *before, of_it),
        };
        for key in &out {
            self.feed.remove(key.as_str());
            self.wholes.forget(key);
        }
        match look {
            Look::Gone { .. } => self.retiring.left.gone += out.len() as u64,
            Look::Oldest { .. } => self.retiring.left.crowded += out.len() as u64,
        }
        self.retiring.at = if stretch + 1 < self.feed.stretches() {
            Some((stretch + 1, look))
        } else {
            let too_many = self.feed.len().saturating_sub(most);
            let ages = if let Look::Gone { ages } = look { ages } else { None };
            ages.and_then(|ages| cut(&ages, too_many)).map(|look| (0, look))
        };
        if self.retiring.at.is_none() {
            self.retiring.due = now + EVERY;
            let left = self.retiring.left;
            if std::mem::replace(&mut self.retiring.told, left) != left
                && let Ok(cursor) = serde_json::to_value(left)
            {
                effects.push(Effect::PutCursor { name: LEFT.to_owned(), cursor });
            }
        }
        if !out.is_empty() {
            self.changed_rows += out.len();
            self.feed_changed(0, 0, u32::try_from(out.len()).unwrap_or(u32::MAX), now, effects);
            effects.push(Effect::DropJobs(out));
        }
        true
    }

    fn gone_of(&self, stretch: usize, ages: Option<&mut BTreeMap<i64, usize>>, now: Time) -> Vec<JobKey> {
        let policy = &self.config.retention;
        // Too many: what is gone need not have been gone for days.
        let after = if ages.is_some() { TimeDelta::zero() } else { TimeDelta::from_std(policy.after).unwrap_or(TimeDelta::MAX) };
        let before = now.checked_sub_signed(after).unwrap_or(Time::MIN_UTC);
        let book = &self.book;
        let out = self.feed.outdated(stretch, before, |key| is_mine(book, &JobKey::new(key)));
        if let Some(ages) = ages {
            let leaves: std::collections::HashSet<&str> = out.iter().map(JobKey::as_str).collect();
            for listing in self.feed.stretch(stretch).filter(|listing| !leaves.contains(listing.key)) {
                if is_anybodys(book, &listing) {
                    *ages.entry(minute(&listing)).or_default() += 1;
                }
            }
        }
        out
    }

    fn oldest_of(&self, stretch: usize, before: i64, of_it: &mut usize) -> Vec<JobKey> {
        let mut leaves = |listing: &Listing<'_>| {
            let seen = minute(listing);
            let leaves = seen < before || seen == before && *of_it > 0;
            leaves && is_anybodys(&self.book, listing) && {
                *of_it -= usize::from(seen == before);
                true
            }
        };
        self.feed.stretch(stretch).filter(|listing| leaves(listing)).map(|listing| JobKey::new(listing.key)).collect()
    }
}

/// Which are the oldest `too_many`; `None` when there are not too many, or none that may go.
fn cut(ages: &BTreeMap<i64, usize>, too_many: usize) -> Option<Look> {
    let mut left = too_many;
    let mut look = None;
    for (minute, count) in ages {
        if left == 0 {
            break;
        }
        look = Some(Look::Oldest { before: *minute, of_it: left.min(*count) });
        left -= left.min(*count);
    }
    look
}

fn minute(listing: &Listing<'_>) -> i64 {
    listing.first_seen.timestamp().div_euclid(60)
}

fn is_mine(book: &Book, key: &JobKey) -> bool {
    book.assignment_of(key).is_some() || book.claims.contains_key(key)
}

/// Neither mine nor marked to be kept. What was hidden or only looked at may go.
fn is_anybodys(book: &Book, listing: &Listing<'_>) -> bool {
    let marks = &listing.marks;
    let dear = marks.starred || marks.pinned || marks.snoozed_until.is_some() || marks.wakes.is_some();
    !dear && listing.mine.is_none() && !is_mine(book, &JobKey::new(listing.key))
}
