//! Identical jobs of one requester as one row: the first of them in the order stands for all.

use super::block::BEYOND;
use super::digest::Digest;
use super::names::asset_hash;
use super::order::Order;
use super::rank::Key;
use super::shards::Shards;
use super::table::{Table, place};

/// An entry of the index: a row that is alone, or (with this bit) the number of a group.
const MANY: u32 = 1 << 31;

struct Many {
    hash: u64,
    rows: Order,
}

/// Who stands for whom.
#[derive(Default)]
pub(super) struct Groups {
    index: Shards,
    many: Vec<Option<Many>>,
    free: Vec<u32>,
}

/// The same for jobs that are alike: requester, title, kind and pay.
pub(super) fn likeness(table: &Table, row: u32) -> u64 {
    let (block, at) = place(row);
    let block = &table.blocks[block];
    let n = &block.numbers;
    let asker = table.names.askers.get(n.asker[at]);
    let mut digest = Digest::new(5);
    digest.text(asker.id.as_str());
    digest.text(asker.name.as_str());
    digest.text(block.titles.get(at));
    digest.number(u64::from(n.kind[at]) << 48 | u64::from(n.asset[at]) << 32 | u64::from(n.pay[at]));
    if n.pay[at] == BEYOND
        && let Some(pay) = table.large(row, n.flags[at]).pay
    {
        digest.number(pay.minor as u64);
        digest.number(asset_hash(&pay.asset));
    }
    // Two sources may know the same requester.
    digest.number(u64::from(n.source[at]));
    digest.end()
}

/// What changes in the order of those that stand for a group.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Handover {
    pub(super) out: Option<(u32, Key)>,
    pub(super) into: Option<(u32, Key)>,
}

impl Groups {
    fn find(&self, hash: u64, table: &Table) -> Option<u32> {
        self.index.find(hash, |entry| self.hash_of(entry, table) == hash)
    }

    fn hash_of(&self, entry: u32, table: &Table) -> u64 {
        if entry & MANY == 0 { likeness(table, entry) } else { self.group(entry).map_or(0, |many| many.hash) }
    }

    fn group(&self, entry: u32) -> Option<&Many> {
        self.many.get((entry & !MANY) as usize)?.as_ref()
    }

    pub(super) fn insert(&mut self, row: u32, key: Key, hash: u64, table: &Table, key_of: impl Fn(u32) -> Key) -> Handover {
        match self.find(hash, table) {
            None => {
                let many = &self.many;
                self.index.insert(hash, row, |entry| {
                    if entry & MANY == 0 {
                        likeness(table, entry)
                    } else {
                        many[(entry & !MANY) as usize].as_ref().map_or(0, |many| many.hash)
                    }
                });
                Handover { out: None, into: Some((row, key)) }
            }
            Some(other) if other & MANY == 0 => {
                let mut rows = Order::default();
                let first = key_of(other);
                rows.insert(other, first, &key_of);
                rows.insert(row, key, &key_of);
                let number = self.free.pop().unwrap_or(self.many.len() as u32);
                let many = Some(Many { hash, rows });
                match self.many.get_mut(number as usize) {
                    Some(place) => *place = many,
                    None => self.many.push(many),
                }
                self.index.replace(hash, other, number | MANY);
                if key < first { Handover { out: Some((other, first)), into: Some((row, key)) } } else { Handover::default() }
            }
            Some(entry) => {
                let Some(many) = self.many.get_mut((entry & !MANY) as usize).and_then(Option::as_mut) else {
                    return Handover::default();
                };
                let first = many.rows.first(&key_of);
                many.rows.insert(row, key, &key_of);
                match first.map(|first| (first, key_of(first))) {
                    Some((first, first_key)) if key < first_key => {
                        Handover { out: Some((first, first_key)), into: Some((row, key)) }
                    }
                    _ => Handover::default(),
                }
            }
        }
    }

    /// Takes a row out that went in under `key` and `hash`; neither need be its own any more.
    pub(super) fn remove(&mut self, row: u32, key: Key, hash: u64, key_of: impl Fn(u32) -> Key) -> Handover {
        let alone = self.index.find(hash, |entry| entry == row);
        if alone.is_some() {
            self.index.remove(hash, row);
            return Handover { out: Some((row, key)), into: None };
        }
        let is = |entry: u32| entry & MANY != 0 && self.group(entry).is_some_and(|many| many.hash == hash);
        let Some(entry) = self.index.find(hash, is) else { return Handover::default() };
        let number = (entry & !MANY) as usize;
        let Some(many) = self.many.get_mut(number).and_then(Option::as_mut) else { return Handover::default() };
        if !many.rows.remove(row, &key) {
            return Handover::default();
        }
        let first = many.rows.first(&key_of);
        if many.rows.len() == 1 {
            self.many[number] = None;
            self.free.push(number as u32);
            if let Some(last) = first {
                self.index.replace(hash, entry, last);
            }
        }
        match first.map(|first| (first, key_of(first))) {
            Some((first, first_key)) if key < first_key => Handover { out: Some((row, key)), into: Some((first, first_key)) },
            _ => Handover::default(),
        }
    }

    /// How many stand together, and which of them stands for all.
    pub(super) fn of(&mut self, hash: u64, row: u32, table: &Table, key_of: impl Fn(u32) -> Key) -> (u32, u32) {
        match self.find(hash, table) {
            Some(entry) if entry & MANY != 0 => match self.many.get_mut((entry & !MANY) as usize).and_then(Option::as_mut) {
                Some(many) => (many.rows.len() as u32, many.rows.first(key_of).unwrap_or(row)),
                None => (1, row),
            },
            Some(alone) => (1, alone),
            None => (0, row),
        }
    }

    /// Rows that stand together, in order.
    pub(super) fn rows(&mut self, hash: u64, table: &Table, key_of: impl Fn(u32) -> Key) -> Vec<u32> {
        match self.find(hash, table) {
            Some(entry) if entry & MANY != 0 => match self.many.get_mut((entry & !MANY) as usize).and_then(Option::as_mut) {
                Some(many) => many.rows.slice(0, many.rows.len(), key_of),
                None => Vec::new(),
            },
            Some(alone) => vec![alone],
            None => Vec::new(),
        }
    }
}
