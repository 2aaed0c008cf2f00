//! What is known of a job beside its listing: marks, whether it is mine or blocked, and what it is worth to this person.

use chrono::TimeDelta;

use super::State;
use crate::domain::query::Context;
use crate::domain::{Blocks, Book, Job, JobKey, Judge, Time, Worth};
use crate::engine::effect::Effects;
use crate::feed::Judged;

/// Jobs are judged anew this often at most, however fast the person's history grows.
const EVERY: TimeDelta = TimeDelta::seconds(60);

/// The judging of all jobs anew, a stretch of the feed in each step.
#[derive(Default)]
pub(super) struct Judging {
    /// The next stretch; `None` when all are done.
    at: Option<usize>,
    /// The history that jobs were judged by.
    version: u64,
    /// Not again before.
    not_before: Option<Time>,
}

/// Everything local about a job that is about to be listed.
pub(super) fn judged(judge: &Judge, book: &Book, blocks: &Blocks, job: &Job, now: Time) -> Judged {
    let marks = book.marks(&job.key);
    let mine = book.assignment_of(&job.key).map(|mine| mine.state);
    let listing = job.listing(marks, mine, Worth::default());
    Judged {
        marks,
        mine,
        worth: judge.worth(&listing),
        blocked: blocks.hides(&listing, &Context { now, new_since: now }).is_some(),
    }
}

impl State {
    /// Marks changed, or the assignment did: the feed follows.
    pub(super) fn place(&mut self, key: &JobKey) {
        self.feed.set_marks(key.as_str(), self.book.marks(key));
        self.feed.set_mine(key.as_str(), self.book.assignment_of(key).map(|mine| mine.state));
    }

    /// A block came, went or ended: every job is looked at again.
    pub(super) fn judge_again(&mut self, now: Time) {
        self.blocks = Blocks::of(self.book.blocks.values(), now);
        self.judging.at = Some(0);
    }

    /// Every job is being judged again.
    pub(super) fn is_judging_all(&self) -> bool {
        self.judging.at.is_some()
    }

    /// Jobs wait to be judged again, or will.
    pub(super) fn is_judging(&self, now: Time) -> bool {
        self.judging.at.is_some()
            || (self.judging.version != self.judge.version() && self.judging.not_before.is_none_or(|at| at <= now))
    }

    /// Judges some jobs again; `false` when all are.
    pub(super) fn judge_some(&mut self, now: Time, effects: &mut Effects) -> bool {
        if !self.is_judging(now) {
            return false;
        }
        let stretch = self.judging.at.unwrap_or_default();
        if stretch == 0 {
            self.judging.version = self.judge.version();
            self.judging.not_before = Some(now + EVERY);
        }
        let (mut changed, context) = (Vec::new(), Context { now, new_since: now });
        for listing in self.feed.stretch(stretch) {
            let (worth, blocked) = (self.judge.worth(&listing), self.blocks.hides(&listing, &context).is_some());
            if worth != listing.worth || blocked != listing.blocked {
                changed.push((JobKey::new(listing.key), worth, blocked));
            }
        }
        for (key, worth, blocked) in &changed {
            self.feed.set_worth(key.as_str(), worth);
            self.feed.set_blocked(key.as_str(), *blocked);
        }
        self.judging.at = Some(stretch + 1).filter(|next| *next < self.feed.stretches());
        if self.judging.at.is_none() {
            self.answer_parked(now, effects);
        }
        if !changed.is_empty() {
            self.changed_rows += changed.len();
            self.feed_changed(0, u32::try_from(changed.len()).unwrap_or(u32::MAX), 0, now, effects);
        }
        true
    }

    /// When jobs are judged again for a history that has moved.
    pub(super) fn judging_due(&self) -> Option<Time> {
        self.judging.not_before.filter(|_| self.judging.version != self.judge.version())
    }
}
