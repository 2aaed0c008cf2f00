//! The feed: a cursor that belongs to a job, and windows asked for ahead of it.

use chrono::TimeDelta;

use super::Update;
use crate::domain::JobKey;
use crate::domain::triage::Verdict;
use crate::engine::api::{Request, Rows};
use crate::feed::Anchor;
use crate::tui::command::Command;
use crate::tui::message::{Asked, Marking, Place};
use crate::tui::model::{BriefModel, Focus, Overlay, Prompt};
use crate::tui::widget::toast::Tone;

/// So long under the cursor, and a job was looked at.
const LOOK: TimeDelta = TimeDelta::milliseconds(1000);
/// So long under the cursor, and the peek follows.
const PEEK: TimeDelta = TimeDelta::milliseconds(150);

/// A count that still grows is asked for again after this.
const RECOUNT: TimeDelta = TimeDelta::milliseconds(100);

/// Rows asked for beyond the screen, on both sides, in screens; and the least and most.
const MARGIN_SCREENS: usize = 3;
const MARGIN: (usize, usize) = (40, 200);

impl Update<'_> {
    pub(super) fn request_rows(&mut self, anchor: Anchor, place: Place) {
        if self.model.opening.is_some() {
            // Everything is asked for once the store is open.
            return;
        }
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
        // Somebody who jumps waits for one screen; what is around it is asked for behind the frame, when it is come near.
        let jumps = place != Place::Keep;
        let margin = if jumps { height } else { (height * MARGIN_SCREENS).clamp(MARGIN.0, MARGIN.1) };
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
        let asked = self.model.peek_asked.as_ref();
        if here.is_none() || here.as_ref() == known || here.as_ref() == asked {
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
                self.model.peek_asked = Some(key.clone());
                self.ask(Asked::Peek, Request::Peek { key });
            } else {
                self.model.peeking = Some((key, at));
            }
        }
    }

    fn saw(&mut self, key: JobKey) {
        if self.model.opening.is_some() {
            return;
        }
        let Some(row) = self.model.feed.rows.iter_mut().find(|row| row.key == key && !row.marks.seen) else { return };
        row.marks.seen = true;
        self.model.feed.unseen = self.model.feed.unseen.saturating_sub(1);
        self.ask(Asked::Seen, Request::Triage { keys: vec![key], verdict: Verdict::Seen { on: true } });
    }

    /// Asks for the rows around the cursor anew.
    pub(super) fn refetch(&mut self) {
        if let Some(Overlay::Prompt { what: Prompt::Filter { before }, .. }) = &self.model.overlay {
            let home = before.cursor().cloned();
            return self.narrow(home);
        }
        let anchor = self.model.feed.cursor.clone().map_or(Anchor::Top, Anchor::Job);
        let place = if self.model.feed.cursor.is_some() { Place::Keep } else { Place::First };
        self.request_rows(anchor, place);
    }

    /// Asks for the rows of a list that is being narrowed: around this job, if it is in it.
    pub(super) fn narrow(&mut self, home: Option<JobKey>) {
        self.model.feed.failure = None;
        match home {
            Some(key) => self.request_rows(Anchor::Job(key.clone()), Place::Stay(key)),
            None => self.request_rows(Anchor::Top, Place::First),
        }
    }

    /// A count that still grew is asked for again.
    pub(super) fn recount(&mut self) {
        if self.model.feed.recount_at.is_some_and(|at| at <= self.now) && !self.model.feed.asking {
            self.model.feed.recount_at = None;
            self.refetch();
        }
    }

    /// After drawing: asks for rows when the screen shows or nears the end of those at hand.
    pub fn fill(&mut self) {
        let feed = &self.model.feed;
        if feed.asking || feed.height == 0 || self.model.opening.is_some() {
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
        if let Place::Stay(key) = &place
            && rows.start > 0
            && !rows.rows.iter().any(|row| row.key == *key)
        {
            // The job is not in the narrowed list: its beginning is shown, not where the job would be.
            return self.request_rows(Anchor::Top, Place::First);
        }
        let now = self.now;
        self.model.feed.recount_at = rows.counting.map(|_| now + RECOUNT);
        let jumped = matches!(place, Place::First | Place::Last);
        self.model.feed.accept(rows, &place, now);
        if let Some(ahead) = self.model.feed.ahead.take().filter(|ahead| jumped && *ahead != 0) {
            self.step(ahead);
            self.model.feed.jumped = true;
        }
        if self.model.feed.range.as_ref().is_some_and(|range| range.asking) {
            self.ask_keys(Marking::Range);
        }
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
        feed.groups.clear();
        self.model.views_stale = true;
    }

    /// Moves the cursor by key.
    pub(super) fn travel(&mut self, command: Command) {
        use Command as C;
        self.moved = !matches!(command, C::Top | C::Arrivals | C::Bottom);
        let page = i64::try_from(self.model.feed.height.max(1)).unwrap_or(1);
        match command {
            C::Down => self.step(1),
            C::Up => self.step(-1),
            C::HalfDown => self.step((page / 2).max(1)),
            C::HalfUp => self.step(-(page / 2).max(1)),
            C::PageDown => self.step((page - 1).max(1)),
            C::PageUp => self.step(-(page - 1).max(1)),
            // What is at hand is gone to at once: what is typed behind it counts from there.
            C::Top if self.model.feed.has_first() => self.point(0),
            C::Bottom if self.model.feed.has_last() => self.point(self.model.feed.rows.len() - 1),
            C::Top | C::Arrivals => self.jump(Anchor::Top, Place::First),
            C::Bottom => self.jump(Anchor::Bottom, Place::Last),
            _ => {}
        }
        if self.model.brief.is_some() {
            self.show_brief();
        }
    }

    /// To rows that are to be asked for first.
    pub(super) fn jump(&mut self, anchor: Anchor, place: Place) {
        self.model.feed.ahead = Some(0);
        self.request_rows(anchor, place);
    }

    /// Moves the cursor by so many rows, as far as rows are at hand; behind a jump whose rows are still to come, from there.
    pub(super) fn step(&mut self, delta: i64) {
        let feed = &mut self.model.feed;
        if feed.asking
            && let Some(ahead) = &mut feed.ahead
        {
            *ahead = ahead.saturating_add(delta);
            return;
        }
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

    pub(super) fn poll(&mut self) {
        self.model.polling += 1;
        self.ask(Asked::Poll, Request::Poll { source: None });
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
        if self.refuses_money("claiming") {
            return;
        }
        let Some(row) = self.model.feed.row() else { return self.plain("no job is under the cursor") };
        let (key, mine) = (row.key.clone(), row.mine);
        if let Some(state) = mine {
            let hint = format!("{} goes to your hand", self.key(Command::PaneHand));
            return self.say(Tone::Plain, format!("this job is yours already: {}", state.word()), hint);
        }
        self.ask(Asked::ClaimTerms(key.clone()), Request::ClaimTerms { key });
    }
}
