//! The rows at hand and the cursor among them: how new rows are let in without moving what the person looks at.

use std::collections::{BTreeSet, HashSet, VecDeque};

use crate::domain::query::Context;
use crate::domain::triage::Verdict;
use crate::domain::{AssignmentState, JobKey, Time};
use crate::domain::{NamedView, Query, Text, View, view};
use crate::engine::api::{JobRow, Peek, Rows};
use crate::error::Failure;
use crate::feed::Anchor;

use super::message::Place;

/// The feed as shown.
#[derive(Debug, Default)]
pub struct FeedModel {
    /// The named views, as tabs; the built-in ones until the engine told.
    pub tabs: Vec<NamedView>,
    /// The tab in use.
    pub tab: usize,
    /// What was typed to narrow it.
    pub filter: Text,
    /// What the engine is asked for: the tab's view, narrowed by the filter.
    pub view: View,
    /// Rows shown or ready to be shown, in order, without gaps (but for those held back).
    pub rows: Vec<JobRow>,
    /// Rows of the view before the first of `rows`.
    pub start: usize,
    /// Rows in the view, as last told.
    pub total: usize,
    /// Starred jobs, in all, as last told.
    pub starred: usize,
    /// Hidden or snoozed, in all.
    pub away: usize,
    /// Open jobs that were not looked at.
    pub unseen: usize,
    /// The job under the cursor.
    pub cursor: Option<JobKey>,
    /// That job left the view by itself; it stays until the cursor moves.
    pub gone: bool,
    /// Index into `rows` of the first one on the screen.
    pub top: usize,
    /// Rows that fit the screen, as last drawn.
    pub height: usize,
    /// Marked jobs.
    pub marked: BTreeSet<JobKey>,
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
    /// Acts of triage that the engine has not confirmed; they count for rows that come meanwhile.
    pub local: VecDeque<(Vec<JobKey>, Verdict)>,
    /// Where the cursor and the screen were when more rows were last asked for: not asked for twice from one place.
    pub filled: Option<(Option<JobKey>, usize, u64)>,
    /// The job under the cursor as known, once the cursor rested on it.
    pub peeked: Option<Box<Peek>>,
    /// Why the last question failed.
    pub failure: Option<Failure>,
}

impl FeedModel {
    /// The named views there are.
    pub fn tabs(&self) -> Vec<NamedView> {
        if self.tabs.is_empty() { view::builtin() } else { self.tabs.clone() }
    }

    /// Puts tab and filter together to the view that is asked for. A filter that makes no sense leaves it as it is.
    pub fn compose(&mut self) {
        let Some(tab) = self.tabs().into_iter().nth(self.tab) else { return };
        let Ok(typed) = Query::parse(self.filter.as_str()) else { return };
        let sort = std::mem::take(&mut self.view.sort);
        self.view = View {
            query: tab.view.query.and(&typed),
            sort: if sort.is_empty() { tab.view.sort } else { sort },
            group: tab.view.group,
        };
    }

    /// The brief of a row as far as it is known here.
    pub fn peek(&self, row: &JobRow) -> &str {
        let peeked = self.peeked.as_ref().filter(|peek| peek.row.key == row.key);
        peeked.and_then(|peek| peek.job.as_ref()).map_or("", |job| job.brief.as_str())
    }

    /// Nothing narrows the ordinary feed.
    pub fn is_whole(&self) -> bool {
        self.view.query.is_all()
    }

    /// Index into `rows` of the cursor.
    pub fn at(&self) -> Option<usize> {
        let key = self.cursor.as_ref()?;
        self.rows.iter().position(|row| row.key == *key)
    }

    /// The row under the cursor.
    pub fn row(&self) -> Option<&JobRow> {
        self.at().and_then(|at| self.rows.get(at))
    }

    /// The cursor is on the first row of the view (or nowhere), so arrivals may come in.
    pub fn at_top(&self) -> bool {
        self.start == 0 && self.at().is_none_or(|at| at == 0)
    }

    /// The jobs an act is for: the marked ones, else the one under the cursor.
    pub fn targets(&self) -> Vec<JobKey> {
        if self.marked.is_empty() { self.cursor.clone().into_iter().collect() } else { self.marked.iter().cloned().collect() }
    }

    /// Puts the cursor on a row; a job that is gone is let go.
    pub fn point(&mut self, at: usize) {
        let mut at = at.min(self.rows.len().saturating_sub(1));
        if self.gone
            && let Some(here) = self.at()
            && here != at
        {
            self.rows.remove(here);
            self.gone = false;
            if at > here {
                at -= 1;
            }
        }
        self.cursor = self.rows.get(at).map(|row| row.key.clone());
        self.scroll();
    }

    /// An assignment moved: its row says so before the next window comes, also one that left the view by it.
    pub fn own(&mut self, job: &JobKey, state: AssignmentState) {
        for row in self.rows.iter_mut().filter(|row| row.key == *job) {
            row.mine = Some(state);
        }
    }

    /// Brings the cursor into sight, with two rows around it where there is room.
    pub fn scroll(&mut self) {
        let height = self.height.max(1);
        let Some(at) = self.at() else {
            self.top = 0;
            return;
        };
        let around = 2.min(height.saturating_sub(1) / 2);
        let lowest = (at + around + 1).saturating_sub(height);
        self.top = self.top.clamp(lowest, at.saturating_sub(around).max(lowest));
        self.top = self.top.min(self.rows.len().saturating_sub(height));
    }

    /// Takes a window in.
    ///
    /// The cursor stays on its job and on its line of the screen. Unless it is at the top, or the person asked for another
    /// place, jobs that were not there before stay outside until they are let in.
    pub fn accept(&mut self, mut window: Rows, place: &Place, now: Time) {
        let unconfirmed = self.apply_unconfirmed(&mut window.rows, now);
        window.total = window.total.saturating_sub(unconfirmed);
        let line = self.at().map_or(0, |at| at.saturating_sub(self.top));
        let old = self.row().cloned();
        let keep = *place == Place::Keep && self.loaded;
        let open = !keep || self.at_top();
        let mut rows = window.rows;
        self.held = 0;
        if !open {
            self.hold_back(&mut rows, window.start);
        }
        if open {
            self.fresh = 0;
        }
        let kept = keep && old.as_ref().is_some_and(|old| rows.iter().any(|row| row.key == old.key));
        self.gone = false;
        if keep
            && !kept
            && let Some(old) = old
        {
            // Its job left by itself: it stays where it was, and says so.
            let at = window.anchor.saturating_sub(window.start + self.held.min(window.anchor)).min(rows.len());
            let at = self.neighbour(&rows).unwrap_or(at);
            rows.insert(at, old);
            self.gone = true;
        }
        self.start = window.start;
        self.total = window.total;
        self.starred = window.starred;
        self.away = window.away;
        self.unseen = window.unseen;
        self.shown = window.version;
        self.rows = rows;
        self.loaded = true;
        self.failure = None;
        let last = self.rows.len().saturating_sub(1);
        match place {
            Place::Keep => {
                if self.at().is_none() {
                    self.cursor = self.rows.first().map(|row| row.key.clone());
                }
                if open && self.start == 0 && self.top == 0 {
                    self.top = 0;
                } else {
                    self.top = self.at().map_or(0, |at| at.saturating_sub(line));
                }
            }
            Place::First => {
                self.cursor = self.rows.first().map(|row| row.key.clone());
                self.top = 0;
            }
            Place::Last => {
                self.cursor = self.rows.get(last).map(|row| row.key.clone());
            }
            Place::Job(key) => {
                let at = self.rows.iter().position(|row| row.key == *key);
                let at = at.or_else(|| self.at()).unwrap_or_else(|| window.anchor.saturating_sub(window.start).min(last));
                self.cursor = self.rows.get(at).map(|row| row.key.clone());
            }
        }
        self.scroll();
    }

    /// Where a row that left belongs: before the first later row that is still there.
    fn neighbour(&self, rows: &[JobRow]) -> Option<usize> {
        let at = self.at()?;
        self.rows[at + 1..].iter().find_map(|later| rows.iter().position(|row| row.key == later.key))
    }

    /// Takes out of a new window what was not there before, as far as it lies among (or before the top of) what was.
    fn hold_back(&mut self, rows: &mut Vec<JobRow>, start: usize) {
        let known: HashSet<&JobKey> = self.rows.iter().map(|row| &row.key).collect();
        let first = rows.iter().position(|row| known.contains(&row.key));
        let last = rows.iter().rposition(|row| known.contains(&row.key));
        let (Some(first), Some(last)) = (first, last) else { return };
        // Above the rows at hand lies what was never shown: arrivals when those rows were the beginning of the view.
        let from = if self.start == 0 { 0 } else { first };
        let to = if self.start + self.rows.len() >= self.total && start + rows.len() > last + 1 && self.total > 0 {
            rows.len() - 1
        } else {
            last
        };
        let before = rows.len();
        let mut at = 0;
        rows.retain(|row| {
            let hold = at >= from && at <= to && !known.contains(&row.key);
            at += 1;
            !hold
        });
        self.held = before - rows.len();
        self.fresh = self.fresh.max(u32::try_from(self.held).unwrap_or(u32::MAX));
    }

    /// Shows an act of triage at once: marks change, rows that leave the view go, the cursor moves on.
    pub fn mark_locally(&mut self, keys: &[JobKey], verdict: Verdict, now: Time, advance: bool) {
        self.epoch += 1;
        self.local.push_back((keys.to_vec(), verdict));
        for row in self.rows.iter_mut().filter(|row| keys.contains(&row.key)) {
            row.marks = verdict.apply(row.marks);
        }
        let query = self.view.query.clone();
        let leaves = |row: &JobRow| keys.contains(&row.key) && leaves_view(row, &query, now);
        let Some(at) = self.at() else { return };
        if self.rows.get(at).is_some_and(leaves) {
            let next = self.rows[at..].iter().position(|row| !leaves(row)).map(|i| at + i);
            let next = next.or_else(|| self.rows[..at].iter().rposition(|row| !leaves(row)));
            self.cursor = next.and_then(|i| self.rows.get(i)).map(|row| row.key.clone());
            self.gone = false;
        } else if advance && self.rows.get(at).is_some_and(|row| keys.contains(&row.key)) {
            self.point(at + 1);
        }
        let before = self.rows.len();
        self.rows.retain(|row| !leaves(row));
        self.total = self.total.saturating_sub(before - self.rows.len());
        self.scroll();
    }

    /// Applies what the engine has not confirmed yet to rows that came; returns how many left by it.
    fn apply_unconfirmed(&self, rows: &mut Vec<JobRow>, now: Time) -> usize {
        let before = rows.len();
        for (keys, verdict) in &self.local {
            for row in rows.iter_mut().filter(|row| keys.contains(&row.key)) {
                row.marks = verdict.apply(row.marks);
            }
            rows.retain(|row| !(keys.contains(&row.key) && leaves_view(row, &self.view.query, now)));
        }
        before - rows.len()
    }
}

/// Whether its marks take a row out of a view. What a row does not tell (tags, requirements) is taken to fit.
fn leaves_view(row: &JobRow, query: &Query, now: Time) -> bool {
    let context = Context { now, new_since: now };
    let with = |marks| query.admits(&JobRow { marks, ..row.clone() }.listing(), &context);
    let starred = crate::domain::triage::Marks { starred: true, ..Default::default() };
    let anyhow = with(Default::default()) || with(starred) || with(crate::domain::triage::Marks { hidden: true, ..starred });
    anyhow && !with(row.marks)
}
