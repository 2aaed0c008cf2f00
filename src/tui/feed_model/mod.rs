//! The rows at hand and the cursor among them: how new rows are let in without moving what the person looks at.

mod act;
mod cursor;
mod range;
mod tabs;
mod window;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use crate::domain::query::Highlighter;
use crate::domain::triage::Verdict;
use crate::domain::view::Level;
use crate::domain::{JobKey, Text, Time, View};
use crate::engine::api::{JobRow, Peek, Rows, ViewCount};
use crate::error::Failure;
use crate::feed::Anchor;

use super::message::Place;
use super::model::LastWindow;
pub use range::Range;

/// The feed as shown.
#[derive(Debug, Default)]
pub struct FeedModel {
    /// The named views with their counts; empty until the engine told, then the built-in ones are shown.
    pub tabs: Vec<ViewCount>,
    /// The tab in use.
    pub tab: usize,
    /// The one before it.
    pub last_tab: usize,
    /// The tab of the last session, until the named views are told.
    wanted: Option<Text>,
    /// Orders chosen here, by the name of the view.
    pub orders: BTreeMap<Text, Vec<Level>>,
    /// Views whose grouping was turned over here.
    pub turned: BTreeSet<Text>,
    /// Where the cursor was in the views that were left.
    pub places: BTreeMap<Text, JobKey>,
    /// What was typed to narrow it.
    pub filter: Text,
    /// It is still being typed: its last value counts as a beginning.
    pub typing: bool,
    /// The words of the filter, to be lit in the rows.
    pub lit: Highlighter,
    /// What the engine is asked for: the tab's view, narrowed by the filter.
    pub view: View,
    /// Rows shown or ready to be shown, in order, without gaps (but for those held back).
    pub rows: Vec<JobRow>,
    /// Rows of the view before the first of `rows`.
    pub start: usize,
    /// Rows in the view, as last told.
    pub total: usize,
    /// `total` still grows: so much of the feed was looked at, in percent.
    pub counting: Option<u8>,
    /// Nothing has all the words; the rows have their letters.
    pub fuzzy: bool,
    /// Some row told how well it fits.
    pub judged: bool,
    /// Some row told two ends of its expected rate.
    pub ends: bool,
    /// Starred jobs, in all, as last told.
    pub starred: usize,
    /// Hidden or snoozed, in all.
    pub away: usize,
    /// Open jobs that were not looked at.
    pub unseen: usize,
    /// The job under the cursor.
    pub cursor: Option<JobKey>,
    /// Where it was last found among the rows.
    index: usize,
    /// Rows that came put the cursor on another job, and no frame has shown that yet.
    pub jumped: bool,
    /// Rows were asked for to jump to; so many rows further were moved meanwhile.
    pub ahead: Option<i64>,
    /// That job left the view by itself; it stays until the cursor moves.
    pub gone: bool,
    /// Index into `rows` of the first one on the screen.
    pub top: usize,
    /// Rows that fit the screen, as last drawn.
    pub height: usize,
    /// The cursor leaving the screen turns half a page instead of scrolling a line.
    pub paged: bool,
    /// Marked jobs.
    pub marked: BTreeSet<JobKey>,
    /// A stretch being marked: from where it began to the cursor.
    pub range: Option<Range>,
    /// Identical jobs of the rows that stand for several, as far as they were asked for.
    pub groups: HashMap<JobKey, Vec<JobKey>>,
    /// Jobs that arrived and wait to be let in.
    pub fresh: u32,
    /// Rows of the latest window that are held back.
    pub held: usize,
    /// Newest version of the feed told by an event.
    pub newest: u64,
    /// Version of the rows at hand.
    pub shown: u64,
    /// A window was asked for and not answered.
    pub asking: bool,
    /// Ask again when the answer came.
    pub again: bool,
    /// What to ask for then, if not the same as before.
    pub wish: Option<(Anchor, Place)>,
    /// Counts local changes; answers asked before the latest are not shown.
    pub epoch: u64,
    /// Rows came at least once.
    pub loaded: bool,
    /// The rows at hand are out of date: asked for anew after the next frame.
    pub stale: bool,
    /// When a count that still grows is asked for again.
    pub recount_at: Option<Time>,
    /// Acts of triage that the engine has not confirmed; they count for rows that come meanwhile.
    pub local: VecDeque<LocalAct>,
    /// Acts so far; names the next one.
    pub acts: u64,
    /// Where the cursor and the screen were when more rows were last asked for: not asked for twice from one place.
    pub filled: Option<(Option<JobKey>, usize, u64)>,
    /// The job under the cursor as known, once the cursor rested on it.
    pub peeked: Option<Box<Peek>>,
    /// Why the last question failed.
    pub failure: Option<Failure>,
}

/// An act of triage on its way to the engine.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalAct {
    /// Its number.
    pub id: u64,
    /// What it is for.
    pub keys: Vec<JobKey>,
    /// What was decided.
    pub verdict: Verdict,
}

/// What the feed looked like, to be put back as it was.
#[derive(Debug)]
pub struct Before {
    filter: Text,
    view: View,
    window: Rows,
    cursor: Option<JobKey>,
    top: usize,
    marked: BTreeSet<JobKey>,
    range: Option<Range>,
    loaded: bool,
}

impl Before {
    /// The job that was under the cursor.
    pub fn cursor(&self) -> Option<&JobKey> {
        self.cursor.as_ref()
    }

    /// It was this view.
    pub fn is_of(&self, view: &View) -> bool {
        self.view == *view
    }
}

impl FeedModel {
    /// The rows of the last session, until there are others.
    pub fn open_with(&mut self, last: LastWindow) {
        self.tab = self.tabs().iter().position(|tab| tab.name == last.tab).unwrap_or(0);
        if !last.view.sort.is_empty() {
            self.orders.insert(last.tab.clone(), last.view.sort.clone());
        }
        self.wanted = Some(last.tab);
        self.filter = last.filter;
        self.light();
        self.view = last.view;
        self.tell(&last.rows);
        self.rows = last.rows.rows;
        self.notice();
        self.cursor = last.cursor.or_else(|| self.rows.first().map(|row| row.key.clone()));
        self.loaded = true;
        self.find();
        if self.at().is_none() {
            self.set(0);
        }
    }

    /// The rows at hand around the screen, as the next session shows them first.
    pub fn last_window(&self, at: Time) -> LastWindow {
        let from = self.top.saturating_sub(self.height);
        let to = (self.top + 2 * self.height).min(self.rows.len());
        let rows = self.rows.get(from..to).unwrap_or_default().to_vec();
        let window = Rows { start: self.start + from, rows, ..self.remember_window() };
        let (tab, filter) = (self.tab_name(), self.filter.clone());
        LastWindow { tab, filter, view: self.view.clone(), rows: window, cursor: self.cursor.clone(), at }
    }

    fn remember_window(&self) -> Rows {
        Rows {
            start: self.start,
            total: self.total,
            anchor: 0,
            rows: Vec::new(),
            version: self.shown,
            away: self.away,
            starred: self.starred,
            unseen: self.unseen,
            counting: self.counting,
            fuzzy: self.fuzzy,
        }
    }

    /// The brief of a row as far as it is known here.
    pub fn peek(&self, row: &JobRow) -> &str {
        self.known(&row.key).and_then(|peek| peek.job.as_ref()).map_or("", |job| job.brief.as_str())
    }

    /// What is known of a job beyond its row, if it is the one that was asked for last.
    pub fn known(&self, key: &JobKey) -> Option<&Peek> {
        self.peeked.as_deref().filter(|peek| peek.row.key == *key)
    }

    /// Nothing narrows the ordinary feed.
    pub fn is_whole(&self) -> bool {
        self.view.query.is_all()
    }

    /// What it looks like now, for [`FeedModel::restore`].
    pub fn remember(&self) -> Before {
        Before {
            filter: self.filter.clone(),
            view: self.view.clone(),
            window: Rows { rows: self.rows.clone(), ..self.remember_window() },
            cursor: self.cursor.clone(),
            top: self.top,
            marked: self.marked.clone(),
            range: self.range.clone(),
            loaded: self.loaded,
        }
    }

    /// Puts back what was shown before; the rows are asked for anew with the next frame.
    pub fn restore(&mut self, before: Before) {
        self.epoch += 1;
        self.filter = before.filter;
        self.typing = false;
        self.light();
        self.view = before.view;
        self.tell(&before.window);
        self.rows = before.window.rows;
        self.loaded = before.loaded;
        self.cursor = before.cursor;
        self.marked = before.marked;
        self.range = before.range;
        self.top = before.top;
        self.gone = false;
        self.failure = None;
        self.wish = None;
        self.stale = true;
        self.find();
    }
}
