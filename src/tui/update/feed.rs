//! The feed: a cursor that belongs to a job, windows asked for ahead of it, and triage that shows at once.

use chrono::{Days, Local, NaiveTime, TimeDelta, TimeZone};

use super::Update;
use crate::domain::query::{Expr, Is, Term};
use crate::domain::triage::Verdict;
use crate::domain::view::{Level, SortKey};
use crate::domain::{JobKey, Text, Time};
use crate::engine::api::{Request, Rows};
use crate::feed::Anchor;
use crate::tui::command::Command;
use crate::tui::message::{Asked, Place};
use crate::tui::model::{BriefModel, Focus, Overlay, Prompt};
use crate::tui::widget::field::Field;
use crate::tui::widget::toast::Tone;

/// So long under the cursor, and a job was looked at.
const LOOK: TimeDelta = TimeDelta::milliseconds(1000);
/// So long under the cursor, and the peek follows.
const PEEK: TimeDelta = TimeDelta::milliseconds(150);

/// Rows asked for beyond the screen, on both sides, in screens; and the least and most.
const MARGIN_SCREENS: usize = 3;
const MARGIN: (usize, usize) = (40, 200);

impl Update<'_> {
    fn request_rows(&mut self, anchor: Anchor, place: Place) {
        if self.model.feed.asking {
            // One question at a time: the latest wish wins, the engine is not flooded.
            self.model.feed.again = true;
            if place != Place::Keep {
                self.model.feed.epoch += 1;
                self.model.feed.wish = Some((anchor, place));
            }
            return;
        }
        let feed = &mut self.model.feed;
        feed.asking = true;
        let height = feed.height.max(1);
        let margin = (height * MARGIN_SCREENS).clamp(MARGIN.0, MARGIN.1);
        let asked = Asked::Window { place, epoch: feed.epoch };
        let view = feed.view.clone();
        self.ask(asked, Request::Window { view, anchor, height, margin });
    }

    /// After drawing: an unseen job that came under the cursor is looked at from now on.
    pub fn rest(&mut self) {
        let looking = self.model.focus == Focus::Feed && self.model.overlay.is_none() && !self.model.feed.gone;
        let row = self.model.feed.row().filter(|row| looking && !row.marks.seen && row.mine.is_none());
        let key = row.map(|row| row.key.clone());
        if key.as_ref() != self.model.resting.as_ref().map(|(key, _)| key) {
            self.model.resting = key.map(|key| (key, self.now + LOOK));
        }
        let here = self.model.feed.cursor.clone().filter(|_| self.model.focus == Focus::Feed && self.model.hits.peek);
        let known = self.model.feed.peeked.as_ref().map(|peek| &peek.row.key);
        if here.is_none() || here.as_ref() == known {
            self.model.peeking = None;
        } else if here.as_ref() != self.model.peeking.as_ref().map(|(key, _)| key) {
            self.model.peeking = here.map(|key| (key, self.now + PEEK));
        }
    }

    /// A job was looked at for long enough: it is marked as seen, quietly, and nothing else changes.
    pub(super) fn rested(&mut self) {
        if let Some((key, at)) = self.model.resting.take() {
            if at <= self.now { self.saw(key) } else { self.model.resting = Some((key, at)) }
        }
    }

    /// The cursor rested long enough for the peek.
    pub(super) fn peek(&mut self) {
        if let Some((key, at)) = self.model.peeking.take() {
            if at <= self.now {
                self.ask(Asked::Peek, Request::Peek { key });
            } else {
                self.model.peeking = Some((key, at));
            }
        }
    }

    fn saw(&mut self, key: JobKey) {
        let Some(row) = self.model.feed.rows.iter_mut().find(|row| row.key == key && !row.marks.seen) else { return };
        row.marks.seen = true;
        self.model.feed.unseen = self.model.feed.unseen.saturating_sub(1);
        self.ask(Asked::Seen, Request::Triage { keys: vec![key], verdict: Verdict::Seen { on: true } });
    }

    /// Asks for the rows around the cursor anew.
    pub(super) fn refetch(&mut self) {
        let anchor = self.model.feed.cursor.clone().map_or(Anchor::Top, Anchor::Job);
        let place = if self.model.feed.cursor.is_some() { Place::Keep } else { Place::First };
        self.request_rows(anchor, place);
    }

    /// After drawing: asks for rows when the screen shows or nears the end of those at hand.
    pub fn fill(&mut self) {
        let feed = &self.model.feed;
        if feed.asking || feed.height == 0 {
            return;
        }
        if !feed.loaded {
            if feed.failure.is_none() {
                self.request_rows(Anchor::Top, Place::First);
            }
            return;
        }
        if feed.stale {
            self.model.feed.stale = false;
            return self.refetch();
        }
        let near = feed.height;
        let above = feed.start > 0 && feed.top < near;
        let end = feed.start + feed.rows.len();
        let below = end + self.held() < feed.total && feed.rows.len().saturating_sub(feed.top + feed.height) < near;
        let place = Some((feed.cursor.clone(), feed.start + feed.top, feed.newest));
        if (above || below) && feed.filled != place {
            self.model.feed.filled = place;
            self.refetch();
        }
    }

    fn held(&self) -> usize {
        self.model.feed.held
    }

    /// Rows came.
    pub(super) fn rows(&mut self, rows: Rows, place: Place, epoch: u64) {
        self.model.feed.asking = false;
        let again = std::mem::take(&mut self.model.feed.again);
        if epoch != self.model.feed.epoch {
            return match self.model.feed.wish.take() {
                Some((anchor, place)) => self.request_rows(anchor, place),
                None => self.refetch(),
            };
        }
        let now = self.now;
        self.model.feed.accept(rows, &place, now);
        if again {
            match self.model.feed.wish.take() {
                Some((anchor, place)) => self.request_rows(anchor, place),
                None => self.refetch(),
            }
        }
    }

    /// The feed changed somewhere.
    pub(super) fn feed_changed(&mut self, version: u64, arrived: u32) {
        let feed = &mut self.model.feed;
        feed.newest = feed.newest.max(version);
        let everything = feed.is_whole();
        if everything && !feed.at_top() {
            feed.fresh = feed.fresh.saturating_add(arrived);
        }
        feed.stale = true;
    }

    /// Moves the cursor by key.
    pub(super) fn travel(&mut self, command: Command) {
        use Command as C;
        let page = i64::try_from(self.model.feed.height.max(1)).unwrap_or(1);
        match command {
            C::Down => self.step(1),
            C::Up => self.step(-1),
            C::HalfDown => self.step((page / 2).max(1)),
            C::HalfUp => self.step(-(page / 2).max(1)),
            C::PageDown => self.step((page - 1).max(1)),
            C::PageUp => self.step(-(page - 1).max(1)),
            C::Top | C::Arrivals => self.request_rows(Anchor::Top, Place::First),
            C::Bottom => self.request_rows(Anchor::Bottom, Place::Last),
            _ => {}
        }
        if self.model.brief.is_some() {
            self.show_brief();
        }
    }

    /// Moves the cursor by so many rows, as far as rows are at hand.
    pub(super) fn step(&mut self, delta: i64) {
        let feed = &mut self.model.feed;
        let Some(at) = feed.at() else { return };
        let last = feed.rows.len().saturating_sub(1);
        let to = i64::try_from(at).unwrap_or(0).saturating_add(delta).clamp(0, i64::try_from(last).unwrap_or(0));
        feed.point(usize::try_from(to).unwrap_or(0));
        self.after_move();
    }

    /// Puts the cursor on a row.
    pub(super) fn point(&mut self, at: usize) {
        if at < self.model.feed.rows.len() {
            self.model.feed.point(at);
            self.after_move();
        }
    }

    fn after_move(&mut self) {
        if self.model.feed.at_top() && self.model.feed.fresh > 0 {
            self.request_rows(Anchor::Top, Place::Keep);
        }
    }

    /// Star, hide, snooze: shown at once, told to the engine, taken back if it fails.
    pub(super) fn triage(&mut self, command: Command) {
        use Command as C;
        let keys = self.model.feed.targets();
        let Some(first) = keys.first().and_then(|key| self.model.feed.rows.iter().find(|row| row.key == *key)) else {
            return self.plain("no job is under the cursor");
        };
        let marks = first.marks;
        let verdict = match command {
            C::Star => Verdict::Star { on: !marks.starred },
            C::Seen => Verdict::Seen { on: !marks.seen },
            C::Hide if marks.hidden => Verdict::Hide { on: false },
            C::Hide => Verdict::Hide { on: true },
            C::SnoozeHour => Verdict::Snooze { until: Some(self.now + TimeDelta::hours(1)) },
            C::SnoozeTomorrow => Verdict::Snooze { until: Some(tomorrow_at_eight(self.now)) },
            C::SnoozeWeek => Verdict::Snooze { until: Some(self.now + TimeDelta::days(7)) },
            C::Wake if marks.hidden => Verdict::Hide { on: false },
            C::Wake => Verdict::Snooze { until: None },
            _ => return,
        };
        self.ask(Asked::Triage, Request::Triage { keys: keys.clone(), verdict });
        self.model.feed.mark_locally(&keys, verdict, self.now, self.config.auto_advance);
        self.model.feed.marked.clear();
        if self.model.brief.is_some() {
            self.show_brief();
        }
    }

    pub(super) fn ask_undo(&mut self, redo: bool) {
        self.model.feed.epoch += 1;
        self.ask(Asked::Undo, if redo { Request::Redo } else { Request::Undo });
    }

    /// An act of triage was taken back or done again: the cursor goes to what it was about.
    pub(super) fn undone(&mut self, text: &Text, changed: &[JobKey]) {
        self.plain(text.as_str());
        self.model.feed.epoch += 1;
        match changed.first() {
            Some(key) => self.request_rows(Anchor::Job(key.clone()), Place::Job(key.clone())),
            None => self.refetch(),
        }
    }

    pub(super) fn mark(&mut self) {
        let Some(key) = self.model.feed.cursor.clone() else { return };
        if !self.model.feed.marked.remove(&key) {
            self.model.feed.marked.insert(key);
        }
        self.step(1);
    }

    pub(super) fn unmark(&mut self) {
        if !self.model.feed.marked.is_empty() {
            self.model.feed.marked.clear();
        } else if !self.model.feed.filter.is_empty() {
            self.set_filter(Text::default());
        } else {
            self.model.hush(self.now);
        }
    }

    pub(super) fn poll(&mut self) {
        self.model.polling += 1;
        self.ask(Asked::Poll, Request::Poll { source: None });
    }

    pub(super) fn next_sort(&mut self) {
        let now = self.model.feed.view.sort.first().map_or(SortKey::Newest, |level| level.by);
        let at = SortKey::ALL.iter().position(|key| *key == now).unwrap_or(0);
        let by = SortKey::ALL[(at + 1) % SortKey::ALL.len()];
        self.model.feed.view.sort = vec![Level { by, reversed: false }];
        self.new_view();
    }

    pub(super) fn show_view(&mut self, command: Command) {
        self.go_feed();
        self.model.brief = None;
        let wanted = match command {
            Command::ViewStarred => Some(Is::Starred),
            Command::ViewAway => Some(Is::Away),
            Command::ViewAll => Some(Is::Any),
            _ => None,
        };
        let wanted = wanted.map_or_else(Expr::default, |state| Expr::Term(Term::Is(vec![state])));
        let tab = self.model.feed.tabs().iter().position(|tab| tab.view.query.expr == wanted);
        if let Some(tab) = tab.filter(|tab| *tab != self.model.feed.tab) {
            self.model.feed.tab = tab;
            self.model.feed.compose();
            self.new_view();
        }
    }

    fn new_view(&mut self) {
        self.model.feed.epoch += 1;
        self.model.feed.marked.clear();
        self.model.feed.failure = None;
        self.request_rows(Anchor::Top, Place::First);
    }

    pub(super) fn open_filter(&mut self) {
        self.go_feed();
        let before = self.model.feed.filter.clone();
        let field = Field::with(before.as_str());
        self.model.overlay = Some(Overlay::Prompt { what: Prompt::Filter { before }, field });
    }

    /// Each letter narrows the list at once.
    pub(super) fn filter_typed(&mut self) {
        if let Some(Overlay::Prompt { field, .. }) = &self.model.overlay {
            let words = Text::title(field.text());
            self.set_filter(words);
        }
    }

    pub(super) fn set_filter(&mut self, words: Text) {
        if self.model.feed.filter != words {
            self.model.feed.filter = words;
            self.model.feed.compose();
            self.new_view();
        }
    }

    pub(super) fn open_brief(&mut self) {
        self.go_feed();
        if self.model.feed.row().is_none() {
            return self.plain("no job is under the cursor");
        }
        self.show_brief();
    }

    /// The brief follows the cursor.
    pub(super) fn show_brief(&mut self) {
        let Some(row) = self.model.feed.row().cloned() else {
            self.model.brief = None;
            return;
        };
        if self.model.brief.as_ref().is_some_and(|brief| brief.key == row.key) {
            return;
        }
        let key = row.key.clone();
        self.saw(key.clone());
        self.model.brief =
            Some(BriefModel { key: key.clone(), row: Some(row), job: None, failure: None, scroll: 0, lines: 0, height: 0 });
        self.ask(Asked::Brief(key.clone()), Request::Job { key });
    }

    pub(super) fn ask_claim(&mut self) {
        let Some(row) = self.model.feed.row() else { return self.plain("no job is under the cursor") };
        let (key, mine) = (row.key.clone(), row.mine);
        if let Some(state) = mine {
            let hint = format!("{} goes to your hand", self.key(Command::PaneHand));
            return self.say(Tone::Plain, format!("this job is yours already: {}", state.word()), hint);
        }
        self.ask(Asked::ClaimTerms(key.clone()), Request::ClaimTerms { key });
    }
}

/// Eight o'clock of the next day on the person's clock; where that hour does not exist, the first one after it.
fn tomorrow_at_eight(now: Time) -> Time {
    let today = now.with_timezone(&Local).date_naive();
    let eight = NaiveTime::from_hms_opt(8, 0, 0).unwrap_or_default();
    let day = today.checked_add_days(Days::new(1)).unwrap_or(today);
    (0..4)
        .find_map(|hours| Local.from_local_datetime(&(day.and_time(eight) + TimeDelta::hours(hours))).earliest())
        .map_or(now + TimeDelta::hours(20), |at| at.to_utc())
}
