//! A hash table of rows in many small tables, so that none of them takes long to grow.

use hashbrown::HashTable;

const SHARDS: usize = 512;

/// Rows by the hash of something they hold. What is compared stays in the columns.
pub(super) struct Shards {
    tables: Vec<HashTable<u32>>,
}

impl Default for Shards {
    fn default() -> Self {
        Shards { tables: (0..SHARDS).map(|_| HashTable::new()).collect() }
    }
}

/// The table's own hash uses the low and the top bits; the shard those between.
fn shard(hash: u64) -> usize {
    (hash >> 40) as usize % SHARDS
}

impl Shards {
    pub(super) fn find(&self, hash: u64, is: impl Fn(u32) -> bool) -> Option<u32> {
        self.tables[shard(hash)].find(hash, |row| is(*row)).copied()
    }

    pub(super) fn insert(&mut self, hash: u64, row: u32, hash_of: impl Fn(u32) -> u64) {
        self.tables[shard(hash)].insert_unique(hash, row, |row| hash_of(*row));
    }

    /// Puts `new` in the place of the entry that is `old`.
    pub(super) fn replace(&mut self, hash: u64, old: u32, new: u32) {
        if let Some(entry) = self.tables[shard(hash)].find_mut(hash, |row| *row == old) {
            *entry = new;
        }
    }

    pub(super) fn remove(&mut self, hash: u64, row: u32) {
        if let Ok(entry) = self.tables[shard(hash)].find_entry(hash, |r| *r == row) {
            entry.remove();
        }
    }

    /// Room for `rows` more, so that filling it from an image does not grow it step by step.
    pub(super) fn reserve(&mut self, rows: usize, hash_of: impl Fn(u32) -> u64) {
        for table in &mut self.tables {
            table.reserve(rows / SHARDS + rows / SHARDS / 10, |row| hash_of(*row));
        }
    }

    /// Bytes allocated.
    pub(super) fn weight(&self) -> usize {
        self.tables.iter().map(|table| table.allocation_size() + size_of::<HashTable<u32>>()).sum()
    }
}
