//! Acts of triage shown before the engine has confirmed them.

use std::collections::HashSet;

use super::{FeedModel, LocalAct};
use crate::domain::query::{Context, Sieve};
use crate::domain::triage::Marks;
use crate::domain::{AssignmentState, JobKey, Time};
use crate::engine::api::JobRow;

impl FeedModel {
    /// An assignment moved: its row says so before the next window comes, also one that left the view by it.
    pub fn own(&mut self, job: &JobKey, state: AssignmentState) {
        for row in self.rows.iter_mut().filter(|row| row.key == *job) {
            row.mine = Some(state);
        }
    }

    /// A number for the next act.
    pub fn next_act(&mut self) -> u64 {
        self.acts += 1;
        self.acts
    }

    /// Shows an act of triage at once: marks change, rows that leave the view go, the cursor moves on.
    pub fn mark_locally(&mut self, act: LocalAct, now: Time, advance: bool) {
        self.epoch += 1;
        let verdict = act.verdict;
        let keys: HashSet<JobKey> = act.keys.iter().cloned().collect();
        let sieve = self.view.query.sieve();
        let mut leaving = HashSet::new();
        for row in self.rows.iter_mut().filter(|row| keys.contains(&row.key)) {
            row.marks = verdict.apply(row.marks);
            if leaves_view(row, &sieve, now) {
                leaving.insert(row.key.clone());
            }
        }
        let leaves = |row: &JobRow| leaving.contains(&row.key);
        if let Some(at) = self.at() {
            if self.rows.get(at).is_some_and(leaves) {
                let next = self.rows[at..].iter().position(|row| !leaves(row)).map(|i| at + i);
                let next = next.or_else(|| self.rows[..at].iter().rposition(|row| !leaves(row)));
                self.cursor = next.and_then(|i| self.rows.get(i)).map(|row| row.key.clone());
                self.gone = false;
            } else if advance && self.rows.get(at).is_some_and(|row| keys.contains(&row.key)) {
                self.point(at + 1);
            }
        }
        let before = self.rows.len();
        self.rows.retain(|row| !leaves(row));
        self.total = self.total.saturating_sub(before - self.rows.len());
        self.local.push_back(act);
        self.find();
        self.scroll();
    }

    /// An act was answered.
    pub fn settled(&mut self, id: u64) -> Option<LocalAct> {
        let at = self.local.iter().position(|act| act.id == id)?;
        self.local.remove(at)
    }

    /// Applies what the engine has not confirmed yet to rows that came; returns how many left by it.
    pub(super) fn apply_unconfirmed(&self, rows: &mut Vec<JobRow>, now: Time) -> usize {
        if self.local.is_empty() {
            return 0;
        }
        let before = rows.len();
        let sieve = self.view.query.sieve();
        for act in &self.local {
            let keys: HashSet<&JobKey> = act.keys.iter().collect();
            for row in rows.iter_mut().filter(|row| keys.contains(&row.key)) {
                row.marks = act.verdict.apply(row.marks);
            }
            rows.retain(|row| !(keys.contains(&row.key) && leaves_view(row, &sieve, now)));
        }
        before - rows.len()
    }
}

/// Whether its marks take a row out of a view. What a row does not tell (tags, requirements) is taken to fit.
fn leaves_view(row: &JobRow, sieve: &Sieve, now: Time) -> bool {
    let context = Context { now, new_since: now };
    let mut listing = row.listing();
    let mut with = |marks: Marks| {
        listing.marks = marks;
        sieve.admits(&listing, &context)
    };
    let starred = Marks { starred: true, ..Default::default() };
    if with(row.marks) {
        return false;
    }
    with(Marks::default()) || with(starred) || with(Marks { hidden: true, ..starred })
}
