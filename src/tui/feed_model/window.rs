//! How rows that come are taken in.

use std::collections::HashSet;

use super::FeedModel;
use crate::domain::{JobKey, Time};
use crate::engine::api::{JobRow, Rows};
use crate::tui::message::Place;

impl FeedModel {
    /// Takes over what a window tells beside its rows.
    pub(super) fn tell(&mut self, window: &Rows) {
        self.start = window.start;
        self.total = window.total;
        self.starred = window.starred;
        self.away = window.away;
        self.unseen = window.unseen;
        self.shown = window.version;
        self.counting = window.counting;
        if self.fuzzy != window.fuzzy {
            self.fuzzy = window.fuzzy;
            self.light();
        }
    }

    /// Takes a window in.
    ///
    /// The cursor stays on its job and on its line of the screen. Unless it is at the top, or the person asked for another
    /// place, jobs that were not there before stay outside until they are let in.
    pub fn accept(&mut self, mut window: Rows, place: &Place, now: Time) {
        let cursor = self.cursor.clone();
        let unconfirmed = self.apply_unconfirmed(&mut window.rows, now);
        window.total = window.total.saturating_sub(unconfirmed);
        let line = self.at().map_or(0, |at| at.saturating_sub(self.top));
        let old = self.row().cloned();
        let keep = *place == Place::Keep && self.loaded;
        // While matches are still being found, every one of them is expected.
        let open = !keep || self.at_top() || self.counting.is_some();
        let mut rows = std::mem::take(&mut window.rows);
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
        let left = if self.range.is_some() { self.left(&rows, &window) } else { Vec::new() };
        self.tell(&window);
        self.rows = rows;
        self.notice();
        self.loaded = true;
        self.failure = None;
        self.find();
        let last = self.rows.len().saturating_sub(1);
        match place {
            Place::Keep => {
                if self.at().is_none() {
                    self.set(0);
                }
                if open && self.start == 0 && self.top == 0 {
                    self.top = 0;
                } else {
                    self.top = self.at().map_or(0, |at| at.saturating_sub(line));
                }
            }
            Place::First => {
                self.set(0);
                self.top = 0;
            }
            Place::Last => self.set(last),
            Place::Stay(key) => {
                let at = self.rows.iter().position(|row| row.key == *key);
                self.set(at.unwrap_or(0));
                self.top = at.map_or(0, |at| at.saturating_sub(line));
            }
            Place::Job(key) => {
                let at = self.rows.iter().position(|row| row.key == *key);
                let at = at.or_else(|| self.at()).unwrap_or_else(|| window.anchor.saturating_sub(window.start).min(last));
                self.set(at);
            }
        }
        self.mend_range(&left);
        self.scroll();
        self.jumped |= self.cursor != cursor;
    }

    /// Notes what the rows have to show. Once seen it stays, so that columns do not come and go while one scrolls.
    pub(super) fn notice(&mut self) {
        self.judged |= self.rows.iter().any(|row| row.fit.is_some());
        self.ends |= self.rows.iter().any(crate::tui::pane::feed::has_ends);
    }

    /// Where a row that left belongs: before the first later row that is still there.
    fn neighbour(&self, rows: &[JobRow]) -> Option<usize> {
        let at = self.at()?;
        self.rows[at + 1..].iter().find_map(|later| rows.iter().position(|row| row.key == later.key))
    }

    /// Jobs of the rows at hand that left the view: not among the new ones, though these reach beyond where they were.
    fn left(&self, rows: &[JobRow], window: &Rows) -> Vec<JobKey> {
        let here: HashSet<&JobKey> = rows.iter().map(|row| &row.key).collect();
        let stays = |row: &JobRow| here.contains(&row.key);
        let first = if window.start == 0 { Some(0) } else { self.rows.iter().position(stays) };
        let whole = window.start + rows.len() >= window.total;
        let last = if whole { self.rows.len().checked_sub(1) } else { self.rows.iter().rposition(stays) };
        let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
        let between = self.rows.get(first..=last).unwrap_or_default();
        between.iter().filter(|row| !stays(row)).map(|row| row.key.clone()).collect()
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
}
