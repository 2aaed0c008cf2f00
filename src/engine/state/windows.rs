//! Windows of views. A view that was not looked at lately is worked out in chunks; whoever asked waits for the first screen, not for
//! the whole.

use chrono::TimeDelta;

use super::State;
use crate::domain::query::{Is, Query};
use crate::domain::{JobKey, Time, View};
use crate::engine::api::{Reply, Rows};
use crate::engine::effect::{Asker, Effects};
use crate::feed;
use crate::feed::{Anchor, Window, WindowState};

/// After this long the rows found so far are shown.
const PATIENCE: TimeDelta = TimeDelta::milliseconds(60);
/// Most rows in one answer.
const ROWS_CAP: usize = 1_000;

/// A question about a view that is still being worked out.
pub(super) struct Parked {
    asker: Asker,
    view: View,
    what: Wanted,
    since: Time,
}

/// What of the view is wanted.
enum Wanted {
    /// A window.
    Window { anchor: Anchor, height: usize, margin: usize },
    /// Rows from the top.
    Jobs { limit: usize },
    /// Keys from the top.
    Keys { limit: usize },
}

impl State {
    #[expect(clippy::too_many_arguments, reason = "one request's fields")]
    pub(super) fn ask_window(
        &mut self,
        asker: Asker,
        view: View,
        anchor: Anchor,
        height: usize,
        margin: usize,
        now: Time,
        effects: &mut Effects,
    ) {
        self.looked(now);
        // A front end asks for screens, not for the feed.
        let (height, margin) = (height.min(ROWS_CAP), margin.min(ROWS_CAP));
        if !view.query.names_brief() {
            self.end_search(effects);
        }
        self.park(Parked { asker, view, what: Wanted::Window { anchor, height, margin }, since: now }, now, effects);
    }

    pub(super) fn ask_jobs(&mut self, asker: Asker, view: View, limit: usize, now: Time, effects: &mut Effects) {
        self.park(Parked { asker, view, what: Wanted::Jobs { limit }, since: now }, now, effects);
    }

    pub(super) fn ask_keys(&mut self, asker: Asker, view: View, limit: usize, now: Time, effects: &mut Effects) {
        self.park(Parked { asker, view, what: Wanted::Keys { limit }, since: now }, now, effects);
    }

    fn park(&mut self, parked: Parked, now: Time, effects: &mut Effects) {
        if let Some(parked) = self.try_answer(parked, false, now, effects) {
            // What is asked now matters more than what was asked before: that gets what there is.
            for older in std::mem::take(&mut self.parked) {
                let shown = matches!(older.what, Wanted::Window { .. });
                let still = self.try_answer(older, shown, now, effects);
                self.parked.extend(still);
            }
            self.parked.push(parked);
        }
    }

    /// Answers those whose view is ready, and those who waited long enough with what there is.
    pub(super) fn answer_parked(&mut self, now: Time, effects: &mut Effects) {
        for parked in std::mem::take(&mut self.parked) {
            let impatient = matches!(parked.what, Wanted::Window { .. }) && now - parked.since >= PATIENCE;
            if let Some(parked) = self.try_answer(parked, impatient, now, effects) {
                self.parked.push(parked);
            }
        }
    }

    fn try_answer(&mut self, parked: Parked, anyhow: bool, now: Time, effects: &mut Effects) -> Option<Parked> {
        let (anchor, height, margin) = match &parked.what {
            Wanted::Window { anchor, height, margin } => (anchor.clone(), *height, *margin),
            Wanted::Jobs { limit } | Wanted::Keys { limit } => (Anchor::Top, *limit, 0),
        };
        if !matches!(parked.what, Wanted::Window { .. }) && self.is_judging_all() {
            // A command wants what is true, not what is shown first.
            return Some(parked);
        }
        if parked.view.query.names_brief() {
            return self.try_briefs(parked, &anchor, height + 2 * margin, now, effects);
        }
        let (mut window, mut counting) = match self.feed.window(&parked.view, &anchor, height, margin) {
            WindowState::Ready(window) => (window, None),
            WindowState::Counting { scanned, of, matched } if anyhow => {
                let percent = u8::try_from(scanned * 100 / of.max(1)).unwrap_or(100);
                (Window { total: matched, ..Window::default() }, Some(percent))
            }
            WindowState::Counting { .. } => {
                self.counting = true;
                return Some(parked);
            }
        };
        // Where no job has the words, those come nearest that have their letters.
        let mut fuzzy = false;
        if window.total == 0
            && counting.is_none()
            && let Some(softer) = feed::fuzzy(&parked.view)
        {
            match self.feed.window(&softer, &anchor, height, margin) {
                WindowState::Ready(found) => (window, fuzzy) = (found, true),
                WindowState::Counting { .. } if anyhow => counting = Some(0),
                WindowState::Counting { .. } => {
                    self.counting = true;
                    return Some(parked);
                }
            }
        }
        let total = window.total;
        let reply = match parked.what {
            Wanted::Window { .. } => Reply::Window(Rows { counting, fuzzy, ..self.rows(&window, now) }),
            Wanted::Jobs { .. } => Reply::Jobs { jobs: self.job_rows(&window, now), total },
            Wanted::Keys { .. } => Reply::Keys { keys: window.keys, total },
        };
        // A new view may have more to be worked out behind its first screen.
        self.counting = true;
        effects.reply(parked.asker, Ok(reply));
        None
    }

    /// Answers a question about briefs; those who want all of it wait for the end of the search.
    fn try_briefs(&mut self, parked: Parked, anchor: &Anchor, length: usize, now: Time, effects: &mut Effects) -> Option<Parked> {
        let found = match self.brief_window(&parked.view, anchor, length, effects) {
            Err(failure) => {
                effects.reply(parked.asker, Err(failure));
                return None;
            }
            Ok(found) => found,
        };
        let whole = !matches!(parked.what, Wanted::Window { .. });
        let Some((window, counting)) = found.filter(|(_, counting)| !whole || counting.is_none()) else { return Some(parked) };
        let total = window.total;
        let reply = match parked.what {
            Wanted::Window { .. } => Reply::Window(Rows { counting, ..self.rows(&window, now) }),
            Wanted::Jobs { .. } => Reply::Jobs { jobs: self.job_rows(&window, now), total },
            Wanted::Keys { .. } => Reply::Keys { keys: window.keys, total },
        };
        effects.reply(parked.asker, Ok(reply));
        None
    }

    pub(super) fn rows(&self, window: &Window, now: Time) -> Rows {
        let count = |state: Is| self.feed.counts(&View { query: Query::is(state), ..View::default() }).unwrap_or_default();
        Rows {
            start: window.start,
            total: window.total,
            anchor: window.anchor,
            rows: self.job_rows(window, now),
            version: self.version,
            away: count(Is::Away).jobs,
            starred: count(Is::Starred).jobs,
            unseen: self.feed.counts(&View::default()).unwrap_or_default().unseen,
            counting: None,
            fuzzy: false,
        }
    }

    fn job_rows(&self, window: &Window, now: Time) -> Vec<crate::engine::api::JobRow> {
        let alike = |at: usize| window.groups.get(at).copied().unwrap_or(1);
        let row = |(at, key): (usize, &JobKey)| self.row(key, alike(at), now);
        window.keys.iter().enumerate().filter_map(row).collect()
    }
}
