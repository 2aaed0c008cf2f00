//! A view that is kept up as jobs come, change and go: who is in it, how many, how many new; in order where it is shown.

use super::block::{NONE, flag};
use super::mask::{Mask, ROWS};
use super::plan::{Moment, Plan, Scratch};
use super::shown::{Held, Shown};
use super::table::{Table, place};
use crate::domain::View;

/// How many jobs a view holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// In it.
    pub jobs: usize,
    /// First listed after the feed was last left, and not seen.
    pub new: usize,
    /// Not seen.
    pub unseen: usize,
}

impl Counts {
    fn add(&mut self, glance: Glance, by: isize) {
        self.jobs = self.jobs.wrapping_add_signed(by);
        self.new = self.new.wrapping_add_signed(if glance.new { by } else { 0 });
        self.unseen = self.unseen.wrapping_add_signed(if glance.unseen { by } else { 0 });
    }
}

/// What counts see of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Glance {
    new: bool,
    unseen: bool,
}

impl Glance {
    pub(super) fn at(table: &Table, row: u32, left: u32) -> Glance {
        let (block, at) = place(row);
        let n = &table.blocks[block].numbers;
        let unseen = n.flags[at] & flag::SEEN == 0;
        Glance { new: unseen && n.first_seen[at] > left, unseen }
    }
}

/// One view.
pub(super) struct Live {
    /// Never given twice.
    pub(super) id: u64,
    pub(super) view: View,
    pub(super) plan: Plan,
    /// Members, block by block.
    bits: Vec<Mask>,
    /// Blocks before this one were not looked at yet.
    pub(super) unscanned: usize,
    /// Only members of this view need be looked at.
    pub(super) within: Option<u64>,
    pub(super) counts: Counts,
    /// For each block when the clock may next move a row; empty where it never does.
    flips: Vec<u32>,
    /// Kept until it is let go (a tab, a rule's scope), shown or not.
    pub(super) watched: bool,
    pub(super) shown: Option<Shown>,
}

impl Live {
    pub(super) fn new(id: u64, view: &View, table: &Table) -> Live {
        let blocks = table.blocks.len();
        let plan = Plan::new(&view.query, &table.names);
        Live {
            id,
            view: view.clone(),
            flips: if plan.has_flips() { vec![NONE; blocks] } else { Vec::new() },
            plan,
            bits: vec![Mask::default(); blocks],
            unscanned: blocks,
            within: None,
            counts: Counts::default(),
            watched: false,
            shown: None,
        }
    }

    /// Begins again.
    pub(super) fn restart(&mut self, table: &Table) {
        let shown = self.shown.as_ref().map(|_| Shown::new(&self.view, table.blocks.len()));
        let fresh = Live::new(self.id, &self.view, table);
        *self = Live { watched: self.watched, shown, ..fresh };
    }

    pub(super) fn is_counted(&self) -> bool {
        self.unscanned == 0
    }

    pub(super) fn is_done(&self) -> bool {
        self.is_counted() && self.shown.as_ref().is_none_or(Shown::is_done)
    }

    pub(super) fn has(&self, row: u32) -> bool {
        let (block, at) = place(row);
        self.bits.get(block).is_some_and(|mask| mask.has(at))
    }

    pub(super) fn members(&self, block: usize) -> Mask {
        self.bits.get(block).copied().unwrap_or_default()
    }

    /// Where the row stands now, if it is in and somebody wants to know.
    pub(super) fn hold(&self, table: &Table, row: u32) -> Option<Held> {
        self.shown.as_ref().filter(|_| self.has(row)).map(|shown| shown.hold(table, row))
    }

    /// The row came, went, changed, or a moment of its passed. `was` is what it looked like before.
    pub(super) fn settle(
        &mut self,
        table: &Table,
        row: u32,
        before: Option<Held>,
        was: Glance,
        moment: Moment,
        scratch: &mut Scratch,
    ) {
        let (block, at) = place(row);
        if block >= self.bits.len() {
            self.bits.resize(block + 1, Mask::default());
            if self.plan.has_flips() {
                self.flips.resize(block + 1, NONE);
            }
        }
        if block < self.unscanned {
            return;
        }
        let (was_in, is_in) = (self.bits[block].has(at), self.plan.row(table, row, moment, scratch));
        if !was_in && !is_in && self.flips.is_empty() {
            return;
        }
        if was_in {
            self.counts.add(was, -1);
        }
        if is_in {
            self.counts.add(Glance::at(table, row, moment.left), 1);
        }
        if was_in != is_in {
            self.bits[block].put(at, is_in);
        }
        if (was_in || is_in)
            && let Some(shown) = &mut self.shown
        {
            shown.settle(table, row, before, is_in);
        }
        if let Some(flip) = self.flips.get_mut(block) {
            let one = Mask::only(at);
            *flip = (*flip).min(self.plan.next_flip(&table.blocks[block], &one, moment.now));
        }
    }

    /// Looks at the next block; `among` are the rows that can be in at all. Returns whether any row had to be looked at.
    pub(super) fn scan(&mut self, table: &Table, among: Option<Mask>, moment: Moment, scratch: &mut Scratch) -> bool {
        let block = self.unscanned - 1;
        self.unscanned = block;
        let rows = &table.blocks[block];
        let among = among.unwrap_or(rows.live);
        if let Some(flip) = self.flips.get_mut(block) {
            *flip = self.plan.next_flip(rows, &rows.live, moment.now);
        }
        let found = if among.is_empty() { Mask::default() } else { self.plan.scan(table, block, &among, moment, scratch) };
        self.bits[block] = found;
        let n = &rows.numbers;
        let unseen = found.pick(|at| n.flags.get(at).is_some_and(|flags| flags & flag::SEEN == 0));
        let new = unseen.pick(|at| n.first_seen.get(at).is_some_and(|seen| *seen > moment.left));
        self.counts.jobs += found.count();
        self.counts.unseen += unseen.count();
        self.counts.new += new.count();
        if let Some(shown) = &mut self.shown
            && shown.untopped == block + 1
        {
            shown.top_block(table, block, &found);
        }
        !among.is_empty()
    }

    /// One more piece of the order. False when there is none to do.
    pub(super) fn order(&mut self, table: &Table) -> bool {
        let (bits, jobs) = (&self.bits, self.counts.jobs);
        self.shown.as_mut().is_some_and(|shown| shown.work(table, bits, jobs))
    }

    /// When the clock next may move a row.
    pub(super) fn next_flip(&self) -> u32 {
        self.flips.iter().skip(self.unscanned).copied().min().unwrap_or(NONE)
    }

    /// Moves what the clock moves in one block whose moment has come. `None` when there is none.
    pub(super) fn flip(&mut self, table: &Table, moment: Moment, scratch: &mut Scratch) -> Option<bool> {
        let unscanned = self.unscanned;
        let due = self.flips.iter().skip(unscanned).position(|flip| *flip <= moment.now)? + unscanned;
        let rows = &table.blocks[due];
        self.flips[due] = self.plan.next_flip(rows, &rows.live, moment.now);
        let (old, new) = (self.bits[due], self.plan.scan(table, due, &rows.live, moment, scratch));
        for at in old.without(&new).or(&new.without(&old)).rows() {
            let row = (due * ROWS + at) as u32;
            let is_in = new.has(at);
            let before = if is_in { None } else { self.hold(table, row) };
            self.counts.add(Glance::at(table, row, moment.left), if is_in { 1 } else { -1 });
            self.bits[due].put(at, is_in);
            if let Some(shown) = &mut self.shown {
                shown.settle(table, row, before, is_in);
            }
        }
        Some(old != new)
    }

    /// Counts again what is new: the feed was left.
    pub(super) fn recount(&mut self, table: &Table, left: u32) {
        self.counts.new = 0;
        for (block, mask) in self.bits.iter().enumerate().skip(self.unscanned) {
            let n = &table.blocks[block].numbers;
            let new = mask.pick(|at| {
                n.flags.get(at).zip(n.first_seen.get(at)).is_some_and(|(flags, seen)| flags & flag::SEEN == 0 && *seen > left)
            });
            self.counts.new += new.count();
        }
    }

    pub(super) fn weight(&self) -> usize {
        self.bits.capacity() * size_of::<Mask>() + self.flips.capacity() * 4 + self.shown.as_ref().map_or(0, Shown::weight)
    }
}
