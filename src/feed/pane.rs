//! Windows: the part of a view that a front end draws.

use super::columns::Columns;
use super::mask::ROWS;
use super::{Anchor, Window};
use crate::domain::query::{Expr, Pattern, Query, Term};
use crate::domain::{JobKey, View};

/// A window, or how far the view is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WindowState {
    /// The window.
    Ready(Window),
    /// The view is still being counted or ordered: [`Columns::work`] goes on with it.
    Counting {
        /// Jobs looked at.
        scanned: usize,
        /// Jobs to look at.
        of: usize,
        /// Of those, found so far.
        matched: usize,
    },
}

/// So many jobs are looked at at once when a view is asked for the first time: a small feed never shows that it counts.
const AT_ONCE: usize = 8 * ROWS;

impl Columns {
    /// `height` rows of `view` around `anchor`, with `margin` more on both sides. A view that was not shown yet is begun, and is ready
    /// at once in a small feed.
    pub fn window(&mut self, view: &View, anchor: &Anchor, height: usize, margin: usize) -> WindowState {
        if self.lives.find(view).is_none_or(|live| live.shown.is_none()) {
            self.lives.show(view, &self.table);
            // Twice: once to count, once to order.
            if !self.work(AT_ONCE).done {
                self.work(AT_ONCE);
            }
        }
        match self.ready(view, anchor, height, margin) {
            Some(window) => WindowState::Ready(window),
            None => {
                let of = self.table.len();
                let (unscanned, matched) = self.lives.find(view).map_or((0, 0), |live| (live.unscanned * ROWS, live.counts.jobs));
                WindowState::Counting { scanned: of - unscanned.min(of), of, matched }
            }
        }
    }

    fn ready(&mut self, view: &View, anchor: &Anchor, height: usize, margin: usize) -> Option<Window> {
        let table = &self.table;
        let live = self.lives.show(view, table);
        let (counted, members) = (live.is_counted(), live.counts.jobs);
        let shown = live.shown.as_mut().filter(|_| counted)?;
        let total = shown.total(members)?;
        let at = match anchor {
            Anchor::Top => 0,
            Anchor::Bottom => total.saturating_sub(1),
            Anchor::Job(key) => {
                let known = table.find(key.as_str()).map(|row| {
                    let (_, stands) = shown.group(table, row);
                    shown.rank.key(table, stands)
                });
                let left = shown.anchor.as_ref().filter(|(last, _)| last == key).map(|(_, place)| *place);
                match known.or(left) {
                    Some(place) => {
                        shown.anchor = Some((key.clone(), place));
                        shown.position(table, &place)?
                    }
                    None => 0,
                }
            }
        }
        .min(total.saturating_sub(1));
        let length = height + 2 * margin;
        let start = at.saturating_sub(height / 2 + margin).min(total.saturating_sub(length));
        let rows = shown.slice(table, start, length, total)?;
        let groups = if view.group { rows.iter().map(|row| shown.group(table, *row).0).collect() } else { Vec::new() };
        let keys = rows.iter().map(|row| JobKey::again(table.key(*row))).collect();
        Some(Window { start, keys, total, anchor: at, groups })
    }

    /// Keys of `view` in order, `limit` from the `start`-th on; `None` while it is not ready.
    pub fn keys(&mut self, view: &View, start: usize, limit: usize) -> Option<Vec<JobKey>> {
        self.lives.find(view)?.shown.as_ref()?;
        let table = &self.table;
        let live = self.lives.show(view, table);
        let (counted, members) = (live.is_counted(), live.counts.jobs);
        let shown = live.shown.as_mut().filter(|_| counted)?;
        let total = shown.total(members)?;
        let rows = shown.slice(table, start, limit, total)?;
        Some(rows.into_iter().map(|row| JobKey::again(table.key(row))).collect())
    }

    /// Members of a watched or shown view in one stretch (see [`Columns::stretches`]), in no order: for acts on all of it, in pieces.
    pub fn members(&self, view: &View, stretch: usize) -> Vec<JobKey> {
        let Some(live) = self.lives.find(view) else { return Vec::new() };
        live.members(stretch).rows().map(|at| JobKey::again(self.table.key((stretch * ROWS + at) as u32))).collect()
    }

    /// Whether the job is in a view that is watched or shown; `None` while that is not known.
    pub fn is_member(&self, view: &View, key: &str) -> Option<bool> {
        let live = self.lives.find(view).filter(|live| live.is_counted())?;
        Some(self.table.find(key).is_some_and(|row| live.has(row)))
    }

    /// Row of the job in a view that is shown and ready; for a job in a group the row of the group.
    pub fn position(&mut self, view: &View, key: &JobKey) -> Option<usize> {
        if !self.is_member(view, key.as_str())? {
            return None;
        }
        let table = &self.table;
        let row = table.find(key.as_str())?;
        let live = self.lives.show(view, table);
        let shown = live.shown.as_mut()?;
        let (_, stands) = shown.group(table, row);
        let place = shown.rank.key(table, stands);
        shown.position(table, &place)
    }

    /// The jobs that the row of `key` stands for in a grouped view, in order; itself alone in any other.
    pub fn group_keys(&mut self, view: &View, key: &JobKey) -> Vec<JobKey> {
        let table = &self.table;
        let Some(row) = table.find(key.as_str()) else { return Vec::new() };
        if self.lives.find(view).is_none_or(|live| live.shown.is_none()) {
            return vec![key.clone()];
        }
        let rows = self.lives.show(view, table).shown.as_mut().map(|shown| shown.group_rows(table, row)).unwrap_or_default();
        rows.into_iter().map(|row| JobKey::again(table.key(row))).collect()
    }
}

/// The view with its plain words made fuzzy: for a filter that matches nothing. `None` where no word is plain.
pub fn fuzzy(view: &View) -> Option<View> {
    let mut changed = false;
    let expr = soften(&view.query.expr, &mut changed);
    changed.then(|| View { query: Query { expr }, ..view.clone() })
}

fn soften(expr: &Expr, changed: &mut bool) -> Expr {
    match expr {
        Expr::And(parts) => Expr::And(parts.iter().map(|part| soften(part, changed)).collect()),
        Expr::Or(parts) => Expr::Or(parts.iter().map(|part| soften(part, changed)).collect()),
        Expr::Term(Term::Word(Pattern::Plain(word))) => {
            *changed = true;
            Expr::Term(Term::Word(Pattern::Fuzzy(word.clone())))
        }
        other => other.clone(),
    }
}
