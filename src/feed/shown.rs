//! The ordered side of a view: what a front end that shows it needs beyond the count.

use super::groups::{Groups, likeness};
use super::mask::{Mask, ROWS};
use super::order::Order;
use super::rank::{Key, Rank};
use super::table::Table;
use super::top::Top;
use crate::domain::{JobKey, View};

/// Keys looked at for each stretch of an order that is begun.
const SAMPLES: usize = 4096;

/// A view's rows in order. Built in two passes over the members: first the best rows alone, so that the first window can be drawn,
/// then all of them. Blocks are taken from the last to the first: new jobs lie behind, and most orders have them before.
pub(super) struct Shown {
    pub(super) rank: Rank,
    order: Order,
    groups: Option<Groups>,
    top: Top,
    /// Blocks before this one are not in the top list yet.
    pub(super) untopped: usize,
    /// Blocks before this one are not in the order yet; `None` before dealing out began.
    unplaced: Option<usize>,
    /// The job that the last window was around, and where it stood: after it has left the feed.
    pub(super) anchor: Option<(JobKey, Key)>,
    /// Rises with every look.
    pub(super) used: u64,
}

/// Where a row stood before it changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Held {
    key: Key,
    likeness: u64,
}

impl Shown {
    pub(super) fn new(view: &View, blocks: usize) -> Shown {
        Shown {
            rank: Rank::of(view),
            order: Order::default(),
            groups: view.group.then(Groups::default),
            top: Top::default(),
            // Of a grouped view the best rows are not the first ones: it is shown when it stands.
            untopped: if view.group { 0 } else { blocks },
            unplaced: None,
            anchor: None,
            used: 0,
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.unplaced == Some(0)
    }

    /// Where the row stands, before it changes.
    pub(super) fn hold(&self, table: &Table, row: u32) -> Held {
        let likeness = if self.groups.is_some() { likeness(table, row) } else { 0 };
        Held { key: self.rank.key(table, row), likeness }
    }

    /// A row came, went or changed.
    pub(super) fn settle(&mut self, table: &Table, row: u32, before: Option<Held>, is_in: bool) {
        let after = is_in.then(|| self.hold(table, row));
        if before == after {
            return;
        }
        let block = row as usize / ROWS;
        if !self.is_done() && block >= self.untopped && self.groups.is_none() {
            if before.is_some() {
                self.top.remove(row);
            }
            if let Some(after) = after {
                self.top.add(after.key, row);
            }
        }
        if self.unplaced.is_some_and(|unplaced| block >= unplaced) {
            if let Some(before) = before {
                self.take(table, row, before);
            }
            if let Some(after) = after {
                self.place(table, row, after);
            }
        }
    }

    fn place(&mut self, table: &Table, row: u32, held: Held) {
        let rank = &self.rank;
        let key_of = |row: u32| rank.key(table, row);
        match &mut self.groups {
            None => self.order.insert(row, held.key, key_of),
            Some(groups) => {
                let change = groups.insert(row, held.key, held.likeness, table, key_of);
                if let Some((row, key)) = change.out {
                    self.order.remove(row, &key);
                }
                if let Some((row, key)) = change.into {
                    self.order.insert(row, key, key_of);
                }
            }
        }
    }

    fn take(&mut self, table: &Table, row: u32, held: Held) {
        let rank = &self.rank;
        let key_of = |row: u32| rank.key(table, row);
        match &mut self.groups {
            None => {
                self.order.remove(row, &held.key);
            }
            Some(groups) => {
                let change = groups.remove(row, held.key, held.likeness, key_of);
                if let Some((row, key)) = change.out {
                    self.order.remove(row, &key);
                }
                if let Some((row, key)) = change.into {
                    self.order.insert(row, key, key_of);
                }
            }
        }
    }

    /// Puts the members of the next block into the top list.
    pub(super) fn top_block(&mut self, table: &Table, block: usize, members: &Mask) {
        for at in members.rows() {
            let row = (block * ROWS + at) as u32;
            if self.top.bound().is_some_and(|bound| self.rank.is_behind(table, row, bound)) {
                continue;
            }
            self.top.add(self.rank.key(table, row), row);
        }
        self.untopped = block;
    }

    /// One more piece of the order; `bits` are the members. False when it stands.
    pub(super) fn work(&mut self, table: &Table, bits: &[Mask], members: usize) -> bool {
        if self.untopped > 0 {
            let block = self.untopped - 1;
            self.top_block(table, block, &bits[block]);
            return true;
        }
        match self.unplaced {
            None => {
                self.begin(table, bits, members);
                true
            }
            Some(0) => false,
            Some(unplaced) => {
                let block = unplaced - 1;
                for at in bits[block].rows() {
                    let row = (block * ROWS + at) as u32;
                    let held = self.hold(table, row);
                    self.place(table, row, held);
                }
                self.unplaced = Some(block);
                if block == 0 {
                    self.top = Top::default();
                }
                true
            }
        }
    }

    /// Looks at some of the members to see where the stretches of the order begin.
    fn begin(&mut self, table: &Table, bits: &[Mask], members: usize) {
        let step = (members / SAMPLES).max(1);
        let mut sample = Vec::with_capacity(members / step + 1);
        let mut seen = 0;
        let mut next = 0;
        for (block, mask) in bits.iter().enumerate() {
            let here = mask.count();
            while next < seen + here {
                if let Some(at) = mask.nth(next - seen) {
                    sample.push(self.rank.key(table, (block * ROWS + at) as u32));
                }
                next += step;
            }
            seen += here;
        }
        self.order = Order::with_stretches(sample, members);
        self.unplaced = Some(bits.len());
    }

    /// Rows in order, groups as one; `None` while that is not known.
    pub(super) fn total(&self, members: usize) -> Option<usize> {
        if self.groups.is_none() { Some(members) } else { self.is_done().then(|| self.order.len()) }
    }

    /// How many rows come before `key`; `None` while that is not known.
    pub(super) fn position(&mut self, table: &Table, key: &Key) -> Option<usize> {
        let rank = &self.rank;
        if self.unplaced == Some(0) {
            return Some(self.order.position(key, |row| rank.key(table, row)));
        }
        if self.untopped > 0 || self.groups.is_some() { None } else { self.top.position(key) }
    }

    /// `len` rows from the `start`-th on; `None` while they are not known.
    pub(super) fn slice(&mut self, table: &Table, start: usize, len: usize, total: usize) -> Option<Vec<u32>> {
        let rank = &self.rank;
        if self.unplaced == Some(0) {
            return Some(self.order.slice(start, len, |row| rank.key(table, row)));
        }
        if self.untopped > 0 || self.groups.is_some() { None } else { self.top.slice(start, len, total) }
    }

    /// Size of the row's group and the row that stands for it.
    pub(super) fn group(&mut self, table: &Table, row: u32) -> (u32, u32) {
        let rank = &self.rank;
        match &mut self.groups {
            None => (1, row),
            Some(groups) => groups.of(likeness(table, row), row, table, |row| rank.key(table, row)),
        }
    }

    /// All rows of the row's group, in order.
    pub(super) fn group_rows(&mut self, table: &Table, row: u32) -> Vec<u32> {
        let rank = &self.rank;
        match &mut self.groups {
            None => vec![row],
            Some(groups) => groups.rows(likeness(table, row), table, |row| rank.key(table, row)),
        }
    }

    pub(super) fn weight(&self) -> usize {
        self.order.weight()
    }
}
