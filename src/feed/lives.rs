//! All views that are kept up, and the work that is still to be done for them.

use super::coding::Fresh;
use super::live::{Counts, Glance, Live};
use super::plan::{Moment, Scratch};
use super::shown::{Held, Shown};
use super::table::Table;
use crate::domain::View;
use crate::domain::query::{Is, Term};

/// Views shown whose order is kept, the one used longest ago dropped first.
const SHOWN: usize = 4;
/// Blocks without a candidate that cost as much as one that is looked at.
const SKIPPED: usize = 64;

/// The views.
#[derive(Default)]
pub(super) struct Lives {
    all: Vec<Live>,
    pub(super) moment: Moment,
    scratch: Scratch,
    /// Of the row that is about to change: where it stood in each view, and what it looked like.
    held: Vec<Option<Held>>,
    was: Glance,
    ids: u64,
    uses: u64,
}

/// How far the views are counted and ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Nothing is left to do.
    pub done: bool,
    /// Jobs looked at for the view in work.
    pub scanned: usize,
    /// Jobs to look at.
    pub of: usize,
    /// Of those, found so far.
    pub matched: usize,
}

impl Lives {
    pub(super) fn find(&self, view: &View) -> Option<&Live> {
        self.all.iter().find(|live| live.view == *view)
    }

    fn at(&self, view: &View) -> Option<usize> {
        self.all.iter().position(|live| live.view == *view)
    }

    fn add(&mut self, view: &View, table: &Table) -> usize {
        self.ids += 1;
        let mut live = Live::new(self.ids, view, table);
        // The narrowest of the views that hold all of it: typing narrows what was shown a key ago.
        let wider = self.all.iter().filter(|other| other.is_counted() && view.query.refines(&other.view.query));
        live.within = wider.min_by_key(|other| other.counts.jobs).map(|other| other.id);
        self.all.push(live);
        self.all.len() - 1
    }

    pub(super) fn watch(&mut self, view: &View, table: &Table) {
        let at = self.at(view).unwrap_or_else(|| self.add(view, table));
        self.all[at].watched = true;
    }

    pub(super) fn unwatch(&mut self, view: &View) {
        if let Some(at) = self.at(view) {
            self.all[at].watched = false;
            if self.all[at].shown.is_none() {
                self.all.remove(at);
            }
        }
    }

    /// The view, in order or on the way there. A view shown for the first time drops those before it that are not counted: nobody looks
    /// at the filter of two keys ago.
    pub(super) fn show(&mut self, view: &View, table: &Table) -> &mut Live {
        let at = match self.at(view) {
            Some(at) => at,
            None => {
                let at = self.add(view, table);
                let (id, within) = (self.all[at].id, self.all[at].within);
                self.all.retain(|live| live.watched || live.is_counted() || live.id == id || within == Some(live.id));
                self.at(view).unwrap_or(at)
            }
        };
        let blocks = table.blocks.len();
        self.uses += 1;
        let uses = self.uses;
        let live = &mut self.all[at];
        let shown = live.shown.get_or_insert_with(|| Shown::new(view, blocks));
        shown.used = uses;
        let id = live.id;
        self.drop_stale();
        let at = self.all.iter().position(|live| live.id == id).unwrap_or(0);
        &mut self.all[at]
    }

    fn drop_stale(&mut self) {
        let shown = self.all.iter().filter(|live| live.shown.is_some()).count();
        if shown <= SHOWN {
            return;
        }
        let oldest = self.all.iter().enumerate().filter_map(|(at, live)| live.shown.as_ref().map(|shown| (shown.used, at))).min();
        if let Some((_, at)) = oldest {
            if self.all[at].watched {
                self.all[at].shown = None;
            } else {
                self.all.remove(at);
            }
        }
    }

    /// Remembers where the row stands, before it changes.
    pub(super) fn hold(&mut self, table: &Table, row: u32) {
        self.held.clear();
        self.held.extend(self.all.iter().map(|live| live.hold(table, row)));
        self.was = Glance::at(table, row, self.moment.left);
    }

    /// As [`Lives::hold`], for a row that did not exist.
    pub(super) fn hold_nothing(&mut self) {
        self.held.clear();
    }

    /// Puts the row where every view now wants it.
    pub(super) fn settle(&mut self, table: &Table, row: u32) {
        for (at, live) in self.all.iter_mut().enumerate() {
            let before = self.held.get(at).copied().flatten();
            live.settle(table, row, before, self.was, self.moment, &mut self.scratch);
        }
    }

    pub(super) fn learn(&mut self, fresh: &Fresh, table: &Table) {
        if fresh.any() {
            self.all.iter_mut().for_each(|live| live.plan.learn(fresh, &table.names));
        }
    }

    /// The feed was left: what is new begins anew.
    pub(super) fn leave(&mut self, table: &Table, left: u32) {
        self.moment.left = left;
        for live in &mut self.all {
            if live.view.query.expr.any_term(&mut |term| matches!(term, Term::Is(states) if states.contains(&Is::New))) {
                live.restart(table);
            } else {
                live.recount(table, left);
            }
        }
    }

    /// Looks at up to `blocks` blocks (at least one) for the view that waits longest to be seen.
    pub(super) fn work(&mut self, table: &Table, blocks: usize) -> Progress {
        let mut left = blocks.max(1) * SKIPPED;
        loop {
            let waiting = |live: &&mut Live| !live.is_done();
            let first = |live: &&mut Live| {
                let used = live.shown.as_ref().map(|shown| shown.used);
                (used.is_some(), used)
            };
            let Some(id) = self.all.iter_mut().filter(waiting).max_by_key(first).map(|live| live.id) else {
                return Progress { done: true, ..Progress::default() };
            };
            let at = self.all.iter().position(|live| live.id == id).unwrap_or(0);
            let cost = if self.all[at].is_counted() {
                self.all[at].order(table);
                SKIPPED
            } else {
                let among = self.among(at);
                let looked = self.all[at].scan(table, among, self.moment, &mut self.scratch);
                if looked { SKIPPED } else { 1 }
            };
            left = left.saturating_sub(cost);
            if left == 0 {
                let live = &self.all[at];
                let of = table.len();
                let scanned = of - (live.unscanned * super::mask::ROWS).min(of);
                let done = self.all.iter().all(Live::is_done);
                return Progress { done, scanned, of, matched: live.counts.jobs };
            }
        }
    }

    /// The rows of the next block that can be in at all.
    fn among(&self, at: usize) -> Option<super::mask::Mask> {
        let live = &self.all[at];
        let wider = self.all.iter().find(|other| Some(other.id) == live.within)?;
        let block = live.unscanned - 1;
        (wider.unscanned <= block).then(|| wider.members(block))
    }

    /// Moves what the clock moves, one block at a time. `None` when nothing is due.
    pub(super) fn flip(&mut self, table: &Table) -> Option<bool> {
        self.all.iter_mut().find_map(|live| live.flip(table, self.moment, &mut self.scratch))
    }

    pub(super) fn next_flip(&self) -> u32 {
        self.all.iter().map(Live::next_flip).min().unwrap_or(super::block::NONE)
    }

    pub(super) fn counts(&self, view: &View) -> Option<Counts> {
        self.find(view).filter(|live| live.is_counted()).map(|live| live.counts)
    }

    pub(super) fn weight(&self) -> usize {
        self.all.iter().map(Live::weight).sum()
    }
}
