//! What leaves the feed: jobs that are gone and nobody's, after some days; sooner where there are too many.

use chrono::TimeDelta;

use super::State;
use crate::domain::{JobKey, Time};
use crate::engine::effect::{Effect, Effects};

/// The feed is gone through this often.
const EVERY: TimeDelta = TimeDelta::hours(1);
/// For the first time so long after the start, when there is time.
const FIRST: TimeDelta = TimeDelta::minutes(2);

/// Where the sweep of the feed stands.
pub(super) struct Retiring {
    stretch: Option<usize>,
    due: Time,
}

impl Retiring {
    pub fn from(now: Time) -> Retiring {
        Retiring { stretch: None, due: now + FIRST }
    }

    /// When the feed is gone through next.
    pub fn due(&self) -> Option<Time> {
        self.stretch.is_none().then_some(self.due)
    }
}

impl State {
    /// The feed is being gone through, or is to be.
    pub(super) fn is_retiring(&self, now: Time) -> bool {
        self.retiring.stretch.is_some() || self.retiring.due <= now
    }

    /// Forgets some of what nobody needs any more; `false` when that was all.
    pub(super) fn retire_some(&mut self, now: Time, effects: &mut Effects) -> bool {
        if !self.is_retiring(now) {
            return false;
        }
        let stretch = self.retiring.stretch.unwrap_or_default();
        let policy = &self.config.retention;
        // Too many: what is gone need not have been gone for days.
        let after = if self.feed.len() > policy.max_jobs {
            TimeDelta::zero()
        } else {
            TimeDelta::from_std(policy.after).unwrap_or(TimeDelta::MAX)
        };
        let before = now.checked_sub_signed(after).unwrap_or(Time::MIN_UTC);
        let book = &self.book;
        let mine = |key: &str| {
            let key = JobKey::new(key);
            book.assignment_of(&key).is_some() || book.claims.contains_key(&key)
        };
        let gone = self.feed.outdated(stretch, before, mine);
        for key in &gone {
            self.feed.remove(key.as_str());
        }
        self.retiring.stretch = Some(stretch + 1).filter(|next| *next < self.feed.stretches());
        if self.retiring.stretch.is_none() {
            self.retiring.due = now + EVERY;
        }
        if !gone.is_empty() {
            self.changed_rows += gone.len();
            self.feed_changed(0, 0, u32::try_from(gone.len()).unwrap_or(u32::MAX), now, effects);
            effects.push(Effect::DropJobs(gone));
        }
        true
    }
}
