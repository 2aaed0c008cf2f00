//! The rows: blocks, the way from a key to its row, and what does not fit a column. What their numbers say is in `coding`.

use std::collections::HashMap;

use super::block::{Block, Cells, NONE, flag};
use super::cells;
use super::digest;
use super::mask::ROWS;
use super::names::Names;
use super::shards::Shards;
use crate::domain::triage::Wake;
use crate::domain::{Job, Money, Time};

/// What few rows have.
#[derive(Default)]
pub(super) struct Beside {
    /// When a job wakes.
    pub(super) asleep: HashMap<u32, (Option<Time>, Option<Wake>)>,
    pub(super) reopened: HashMap<u32, Time>,
    /// Numbers too large for their column, or of another asset.
    pub(super) beyond: HashMap<u32, Large>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Large {
    pub(super) pay: Option<Money>,
    pub(super) net: Option<Money>,
    pub(super) hourly: Option<Money>,
    pub(super) slots: Option<u32>,
    pub(super) rivals: Option<u32>,
}

/// All rows.
pub(super) struct Table {
    pub(super) blocks: Vec<Block>,
    pub(super) names: Names,
    pub(super) beside: Beside,
    /// For each block the soonest expiry of a job that can be had or may be again, or [`NONE`]; at times too soon.
    pub(super) expiries: Vec<u32>,
    index: Shards,
    free: Vec<u32>,
    len: usize,
    pub(super) next_arrival: u32,
    /// Keys come from outside: nobody may choose them so that they all meet in one place of the index.
    seed: u64,
}

/// Whether the clock may take it away.
pub(super) fn may_expire(status: u8) -> bool {
    status == cells::OPEN || status == cells::FULL
}

/// Block and place in it.
pub(super) fn place(row: u32) -> (usize, usize) {
    (row as usize / ROWS, row as usize % ROWS)
}

impl Default for Table {
    fn default() -> Self {
        use std::hash::{BuildHasher, Hasher};
        Table {
            blocks: Vec::new(),
            names: Names::default(),
            beside: Beside::default(),
            expiries: Vec::new(),
            index: Shards::default(),
            free: Vec::new(),
            len: 0,
            next_arrival: 0,
            seed: std::hash::RandomState::new().build_hasher().finish(),
        }
    }
}

impl Table {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn find(&self, key: &str) -> Option<u32> {
        self.index.find(digest::of_text(self.seed, key), |row| self.key(row) == key)
    }

    pub(super) fn key(&self, row: u32) -> &str {
        let (block, at) = place(row);
        self.blocks[block].keys.get(at)
    }

    pub(super) fn title(&self, row: u32) -> &str {
        let (block, at) = place(row);
        self.blocks[block].titles.get(at)
    }

    /// Can be claimed at `now`, in seconds since 1970.
    pub(super) fn is_open(&self, row: u32, now: u32) -> bool {
        let (block, at) = place(row);
        let n = &self.blocks[block].numbers;
        n.status[at] == cells::OPEN && n.expires[at] > now && n.slots[at] != 0
    }

    pub(super) fn cells(&self, row: u32) -> Cells {
        let (block, at) = place(row);
        self.blocks[block].numbers.get(at)
    }

    pub(super) fn put(&mut self, row: u32, cells: &Cells) {
        let (block, at) = place(row);
        if may_expire(cells.status) {
            self.expiries[block] = self.expiries[block].min(cells.expires);
        }
        self.blocks[block].put(at, cells);
    }

    /// The row that the next new job gets.
    pub(super) fn next_row(&self) -> u32 {
        let behind = || match self.blocks.last() {
            Some(last) => (self.blocks.len() - 1) * ROWS + last.len(),
            None => 0,
        };
        self.free.last().copied().unwrap_or_else(|| behind() as u32)
    }

    /// Puts a job that has no row into [`Table::next_row`].
    pub(super) fn insert(&mut self, job: &Job, cells: &Cells) -> u32 {
        let (key, title) = (job.key.as_str(), job.title.as_str());
        let row = match self.free.pop() {
            Some(row) => {
                let (block, at) = place(row);
                self.blocks[block].fill(at, key, title, cells);
                row
            }
            None => {
                if self.blocks.last().is_none_or(Block::is_full) {
                    self.blocks.push(Block::new(self.blocks.last()));
                    self.expiries.push(NONE);
                }
                let block = self.blocks.len() - 1;
                let at = self.blocks[block].push(key, title, cells);
                (block * ROWS + at) as u32
            }
        };
        if may_expire(cells.status) {
            let (block, _) = place(row);
            self.expiries[block] = self.expiries[block].min(cells.expires);
        }
        self.index_row(row);
        self.len += 1;
        row
    }

    fn index_row(&mut self, row: u32) {
        let (blocks, seed) = (&self.blocks, self.seed);
        let hash_of = |row: u32| {
            let (block, at) = place(row);
            digest::of_text(seed, blocks[block].keys.get(at))
        };
        self.index.insert(hash_of(row), row, hash_of);
    }

    /// Another title for a row whose cells were put.
    pub(super) fn retitle(&mut self, row: u32, title: &str) {
        let (block, at) = place(row);
        self.blocks[block].retitle(at, title);
    }

    pub(super) fn remove(&mut self, row: u32) {
        let cells = self.cells(row);
        self.index.remove(digest::of_text(self.seed, self.key(row)), row);
        self.forget(row, cells.flags);
        self.release(&cells);
        let (block, at) = place(row);
        self.blocks[block].clear(at);
        self.free.push(row);
        self.len -= 1;
    }

    fn forget(&mut self, row: u32, flags: u16) {
        if flags & flag::ASLEEP != 0 {
            self.beside.asleep.remove(&row);
        }
        if flags & flag::REOPENED != 0 {
            self.beside.reopened.remove(&row);
        }
        if flags & flag::BEYOND != 0 {
            self.beside.beyond.remove(&row);
        }
    }

    /// The names of a row are used by one row fewer.
    pub(super) fn release(&mut self, cells: &Cells) {
        let names = &mut self.names;
        names.sources.release(u32::from(cells.source));
        names.kinds.release(u32::from(cells.kind));
        names.languages.release(u32::from(cells.language));
        names.assets.release(u32::from(cells.asset));
        names.askers.release(cells.asker);
        names.tags.release(cells.tags);
        names.needs.release(cells.needs);
    }

    /// Takes the blocks and names of an image, and finds its way about them again. A key that stands twice (a block written before the
    /// job moved, and one after) is kept where it arrived later.
    pub(super) fn adopt(&mut self, live: usize) {
        let (blocks, seed) = (&self.blocks, self.seed);
        let hash_of = |row: u32| {
            let (block, at) = place(row);
            digest::of_text(seed, blocks[block].keys.get(at))
        };
        self.expiries = blocks.iter().map(next_expiry).collect();
        self.index.reserve(live, hash_of);
        let mut twice = Vec::new();
        for (block, rows) in self.blocks.iter().enumerate() {
            for at in 0..rows.len() {
                let row = (block * ROWS + at) as u32;
                if !rows.live.has(at) {
                    self.free.push(row);
                    continue;
                }
                let key = rows.keys.get(at);
                let hash = digest::of_text(seed, key);
                self.next_arrival = self.next_arrival.max(rows.numbers.arrival[at].saturating_add(1));
                let is = |other: u32| blocks[place(other).0].keys.get(place(other).1) == key;
                match self.index.find(hash, is) {
                    None => self.index.insert(hash, row, hash_of),
                    Some(other) => {
                        let (block, place) = place(other);
                        if blocks[block].numbers.arrival[place] < rows.numbers.arrival[at] {
                            self.index.replace(hash, other, row);
                            twice.push(other);
                        } else {
                            twice.push(row);
                        }
                    }
                }
                self.len += 1;
            }
        }
        for row in twice {
            let (block, at) = place(row);
            let cells = self.cells(row);
            self.forget(row, cells.flags);
            self.release(&cells);
            self.blocks[block].clear(at);
            self.free.push(row);
            self.len -= 1;
        }
    }

    /// Bytes allocated, roughly.
    pub(super) fn weight(&self) -> usize {
        let names = &self.names;
        let text = |text: &crate::domain::Text| text.as_str().len() + 16;
        let tags: usize = names.tags.values().iter().map(|set| set.len() * 16 + set.iter().map(text).sum::<usize>()).sum();
        let askers: usize = names.askers.values().iter().map(|who| text(&who.id) + text(&who.name)).sum();
        self.blocks.iter().map(Block::weight).sum::<usize>()
            + self.index.weight()
            + self.free.capacity() * 4
            + names.askers.weight()
            + names.tags.weight()
            + names.kinds.weight()
            + names.needs.weight()
            + tags
            + askers
            + self.beside.asleep.capacity() * 64
            + self.beside.beyond.capacity() * size_of::<Large>()
            + self.beside.reopened.capacity() * 20
    }
}

/// The soonest expiry in a block.
pub(super) fn next_expiry(block: &Block) -> u32 {
    let n = &block.numbers;
    n.status.iter().zip(&n.expires).map(|(status, at)| if may_expire(*status) { *at } else { NONE }).min().unwrap_or(NONE)
}
