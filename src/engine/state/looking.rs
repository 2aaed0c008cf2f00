//! When the list was last looked at: what is listed later is new to the next session, also when this one ends without a word.

use chrono::TimeDelta;

use super::State;
use crate::domain::Time;
use crate::engine::effect::{Effect, Effects};

/// Under this name the instant waits for the next session, beside the lists' cursors.
pub(crate) const LEFT_AT: &str = "feed/left_at";
/// It is kept so long after the first look since it was kept last: with the pause after which the cache is flushed, a kill costs a
/// few seconds.
const WAIT: TimeDelta = TimeDelta::seconds(2);

/// Nobody looked for so long: everybody was away.
const AWAY: TimeDelta = TimeDelta::minutes(10);

/// The latest look, and when it is to be kept.
#[derive(Default)]
pub(super) struct Looking {
    at: Option<Time>,
    due: Option<Time>,
}

impl Looking {
    /// When the latest look is kept.
    pub fn due(&self) -> Option<Time> {
        self.due
    }
}

impl State {
    /// A front end shows the list. A single command looks at no list.
    pub(super) fn looked(&mut self, now: Time) {
        if self.polls_by_itself() {
            self.looking.at = Some(now);
            self.looking.due.get_or_insert(now + WAIT);
        }
    }

    /// A terminal comes. Where none looked for a while, what was listed since the latest look is new to it.
    pub(super) fn entered(&mut self, now: Time) {
        if let Some(at) = self.looking.at.filter(|at| *at > self.left_at && now - *at > AWAY) {
            self.left_at = at;
            self.feed.leave(at);
        }
    }

    /// Keeps the latest look, once it is time.
    pub(super) fn keep_look(&mut self, now: Time, effects: &mut Effects) {
        let Some(at) = self.looking.at.filter(|_| self.looking.due.is_some_and(|due| due <= now)) else { return };
        self.looking.due = None;
        if let Ok(cursor) = serde_json::to_value(at) {
            effects.push(Effect::PutCursor { name: LEFT_AT.to_owned(), cursor });
        }
    }
}
