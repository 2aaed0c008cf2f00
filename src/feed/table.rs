//! The rows: blocks, the way from a key to its row, and what does not fit a column.

use std::collections::HashMap;

use super::block::{BEYOND, BEYOND16, Block, Cells, NONE, NONE8, NONE16, flag};
use super::cells;
use super::digest;
use super::mask::ROWS;
use super::names::{Named, Names};
use super::said::Said;
use super::shards::Shards;
use super::verdict::Judged;
use crate::domain::listing::{Costs, Listing, Worth};
use crate::domain::rate::Basis;
use crate::domain::triage::{Marks, Wake};
use crate::domain::{Job, Money, Signs, Time};

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

/// Which numbers of the dictionaries are new or name something new: what has prepared itself for a dictionary looks at them.
#[derive(Clone, Copy)]
pub(super) struct Fresh {
    pub(super) source: Named,
    pub(super) kind: Named,
    pub(super) language: Named,
    pub(super) asset: Named,
    pub(super) asker: Named,
    pub(super) tags: Named,
    pub(super) needs: Named,
}

impl Fresh {
    /// A source was named, and nothing else.
    pub(super) fn source(source: Named) -> Fresh {
        let old = Named { id: 0, new: false };
        Fresh { source, kind: old, language: old, asset: old, asker: old, tags: old, needs: old }
    }

    pub(super) fn any(&self) -> bool {
        [self.source, self.kind, self.language, self.asset, self.asker, self.tags, self.needs].iter().any(|named| named.new)
    }
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

    /// What a listing says, as numbers, with its names counted. What was seen here (first seen, count, marks, poll round) is not in
    /// it yet.
    pub(super) fn encode(&mut self, job: &Job, said: &Said) -> (Cells, Large, Fresh) {
        let listing = job.listing(Marks::default(), None, Worth::default());
        let money = listing.net.or(listing.pay);
        let names = &mut self.names;
        let fresh = Fresh {
            source: names.sources.name_text(listing.source),
            kind: names.kinds.name_text(listing.kind),
            language: names.languages.name_text(listing.language),
            asset: match money {
                Some(money) => names.asset(money.asset),
                None => names.asset(crate::domain::Asset::USD),
            },
            asker: names.asker(&job.requester),
            tags: names.tag_set(&job.tags),
            needs: names.need_set(&job.requirements),
        };
        let mut large = Large::default();
        let cells = Cells {
            said: said.listing,
            body: said.body,
            stamp: said.stamp,
            arrival: 0,
            asker: fresh.asker.id,
            tags: fresh.tags.id,
            needs: fresh.needs.id,
            pay: NONE,
            net: NONE,
            hourly: NONE,
            seconds: number_of(listing.seconds),
            since: cells::past(listing.since),
            first_seen: cells::past(job.first_seen),
            last_seen: cells::past(job.last_seen),
            expires: job.expires_at.map_or(NONE, cells::until),
            ttl: cells::number(job.claim_ttl),
            kind: fresh.kind.id as u16,
            source: fresh.source.id as u16,
            language: fresh.language.id as u16,
            asset: fresh.asset.id as u16,
            slots: cells::short(job.slots_left),
            rivals: cells::short(job.competitors),
            count: job.seen_count.min(u32::from(u16::MAX)) as u16,
            flags: (if job.suspicious { flag::SUSPICIOUS } else { 0 })
                | (if job.detailed { flag::DETAILED } else { 0 })
                | (if listing.per_delivery { flag::PER_DELIVERY } else { 0 })
                | (if matches!(listing.seconds, Some((_, Basis::Observed))) { flag::OBSERVED } else { 0 }),
            ai: job.ai.rule as u8,
            mode: job.claim_mode as u8,
            status: job.status as u8,
            mine: 0,
            fit: NONE8,
            costs: listing.costs.0,
            signs: listing.signs.0,
            round: 0,
        };
        let mut cells = cells;
        let asset = *names.assets.get(fresh.asset.id);
        (cells.pay, large.pay) = amount(listing.pay, asset);
        (cells.net, large.net) = amount(listing.net, asset);
        if cells.slots == BEYOND16 {
            large.slots = job.slots_left;
        }
        if cells.rivals == BEYOND16 {
            large.rivals = job.competitors;
        }
        (cells, large, fresh)
    }

    /// Puts what the person's side says of a job into its cells. The row's `beside` is written at once.
    pub(super) fn judge(&mut self, row: u32, cells: &mut Cells, large: &mut Large, judged: &Judged) {
        self.mark(row, cells, judged.marks);
        cells.mine = cells::mine(judged.mine);
        set(&mut cells.flags, flag::BLOCKED, judged.blocked);
        self.value(cells, large, &judged.worth);
        self.keep_large(row, cells, *large);
    }

    pub(super) fn value(&mut self, cells: &mut Cells, large: &mut Large, worth: &Worth) {
        let asset = *self.names.assets.get(u32::from(cells.asset));
        (cells.hourly, large.hourly) = amount(worth.hourly, asset);
        cells.fit = worth.fit.unwrap_or(NONE8);
        set(&mut cells.flags, flag::BARRED, worth.barred);
        set(&mut cells.flags, flag::TOO_GOOD, worth.too_good);
    }

    pub(super) fn mark(&mut self, row: u32, cells: &mut Cells, marks: Marks) {
        let asleep = marks.snoozed_until.is_some() || marks.wakes.is_some();
        if asleep {
            self.beside.asleep.insert(row, (marks.snoozed_until, marks.wakes));
        } else if cells.flags & flag::ASLEEP != 0 {
            self.beside.asleep.remove(&row);
        }
        for (bit, on) in [
            (flag::SEEN, marks.seen),
            (flag::STARRED, marks.starred),
            (flag::HIDDEN, marks.hidden),
            (flag::PINNED, marks.pinned),
            (flag::ASLEEP, asleep),
        ] {
            set(&mut cells.flags, bit, on);
        }
    }

    /// Keeps what does not fit the columns, if anything.
    pub(super) fn keep_large(&mut self, row: u32, cells: &mut Cells, large: Large) {
        if large != Large::default() {
            self.beside.beyond.insert(row, large);
        } else if cells.flags & flag::BEYOND != 0 {
            self.beside.beyond.remove(&row);
        }
        set(&mut cells.flags, flag::BEYOND, large != Large::default());
    }

    pub(super) fn large(&self, row: u32, flags: u16) -> Large {
        if flags & flag::BEYOND == 0 {
            return Large::default();
        }
        self.beside.beyond.get(&row).copied().unwrap_or_default()
    }

    pub(super) fn marks(&self, row: u32, flags: u16) -> Marks {
        let (snoozed_until, wakes) =
            if flags & flag::ASLEEP == 0 { (None, None) } else { self.beside.asleep.get(&row).copied().unwrap_or_default() };
        Marks {
            seen: flags & flag::SEEN != 0,
            starred: flags & flag::STARRED != 0,
            hidden: flags & flag::HIDDEN != 0,
            pinned: flags & flag::PINNED != 0,
            snoozed_until,
            wakes,
        }
    }

    /// An amount that stands in a column or beside it.
    pub(super) fn money(&self, cell: u32, asset: u16, beside: impl Fn() -> Option<Money>) -> Option<Money> {
        match cell {
            NONE => None,
            BEYOND => beside(),
            minor => Some(Money::new(i64::from(minor), *self.names.assets.get(u32::from(asset)))),
        }
    }

    /// The job in short.
    pub(super) fn listing(&self, row: u32) -> Listing<'_> {
        let cells = self.cells(row);
        let flags = cells.flags;
        let large = self.large(row, flags);
        let names = &self.names;
        let asker = names.askers.get(cells.asker);
        let short = |cell: u16, large: Option<u32>| match cell {
            NONE16 => None,
            BEYOND16 => large,
            number => Some(u32::from(number)),
        };
        let basis = if flags & flag::OBSERVED != 0 { Basis::Observed } else { Basis::Estimate };
        Listing {
            key: self.key(row),
            source: names.sources.get(u32::from(cells.source)).as_str(),
            title: self.title(row),
            requester: asker.shown(),
            record: asker.record,
            kind: names.kinds.get(u32::from(cells.kind)).as_str(),
            tags: names.tags.get(cells.tags),
            requirements: names.needs.get(cells.needs),
            language: names.languages.get(u32::from(cells.language)).as_str(),
            pay: self.money(cells.pay, cells.asset, || large.pay),
            per_delivery: flags & flag::PER_DELIVERY != 0,
            net: self.money(cells.net, cells.asset, || large.net),
            seconds: cells::numbered(cells.seconds).map(|seconds| (seconds, basis)),
            slots_left: short(cells.slots, large.slots),
            competitors: short(cells.rivals, large.rivals),
            since: cells::instant(cells.since),
            first_seen: cells::instant(cells.first_seen),
            last_seen: cells::instant(cells.last_seen),
            expires_at: cells::told(cells.expires),
            reopened_at: if flags & flag::REOPENED != 0 { self.beside.reopened.get(&row).copied() } else { None },
            seen_count: u32::from(cells.count),
            claim_ttl: cells::numbered(cells.ttl),
            claim_mode: cells::MODES[usize::from(cells.mode)],
            status: cells::STATUSES[usize::from(cells.status)],
            ai: cells::RULES[usize::from(cells.ai)],
            costs: Costs(cells.costs),
            suspicious: flags & flag::SUSPICIOUS != 0,
            signs: Signs(cells.signs),
            marks: self.marks(row, flags),
            blocked: flags & flag::BLOCKED != 0,
            mine: cells::my_state(cells.mine),
            worth: Worth {
                hourly: self.money(cells.hourly, cells.asset, || large.hourly),
                fit: (cells.fit != NONE8).then_some(cells.fit),
                barred: flags & flag::BARRED != 0,
                too_good: flags & flag::TOO_GOOD != 0,
            },
        }
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

fn number_of(seconds: Option<(u32, Basis)>) -> u32 {
    cells::number(seconds.map(|(seconds, _)| seconds))
}

pub(super) fn set(flags: &mut u16, bit: u16, on: bool) {
    if on {
        *flags |= bit;
    } else {
        *flags &= !bit;
    }
}

/// Minor units in the row's asset, or the amount for the place beside the columns.
fn amount(money: Option<Money>, asset: crate::domain::Asset) -> (u32, Option<Money>) {
    match money {
        None => (NONE, None),
        Some(money) => match u32::try_from(money.minor) {
            Ok(minor) if minor < BEYOND && money.asset == asset => (minor, None),
            _ => (BEYOND, Some(money)),
        },
    }
}
