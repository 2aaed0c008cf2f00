//! The best rows seen so far: what the first window shows before the whole order stands.

use super::rank::Key;

/// So many rows are kept at least, if there are as many.
const KEPT: usize = 512;

/// Every row before `bound`, and none behind it.
#[derive(Default)]
pub(super) struct Top {
    rows: Vec<(Key, u32)>,
    bound: Option<Key>,
    sorted: bool,
}

impl Top {
    pub(super) fn add(&mut self, key: Key, row: u32) {
        if self.bound.is_some_and(|bound| key >= bound) {
            return;
        }
        self.rows.push((key, row));
        self.sorted = false;
        if self.rows.len() >= 2 * KEPT {
            let (_, first_out, _) = self.rows.select_nth_unstable(KEPT);
            self.bound = Some(first_out.0);
            self.rows.truncate(KEPT);
        }
    }

    /// Every row before it is in the list.
    pub(super) fn bound(&self) -> Option<&Key> {
        self.bound.as_ref()
    }

    pub(super) fn remove(&mut self, row: u32) {
        if let Some(at) = self.rows.iter().position(|(_, other)| *other == row) {
            self.rows.swap_remove(at);
            self.sorted = false;
        }
    }

    fn sort(&mut self) {
        if !self.sorted {
            self.rows.sort_unstable();
            self.sorted = true;
        }
    }

    /// How many rows come before `key`; `None` when that is not known.
    pub(super) fn position(&mut self, key: &Key) -> Option<usize> {
        self.sort();
        let at = self.rows.partition_point(|(other, _)| other < key);
        (at < self.rows.len() || self.bound.is_none()).then_some(at)
    }

    /// `len` rows from the `start`-th on, or as many as there are of `total`; `None` when not all of them are known.
    pub(super) fn slice(&mut self, start: usize, len: usize, total: usize) -> Option<Vec<u32>> {
        self.sort();
        let end = (start + len).min(total);
        (end <= self.rows.len()).then(|| self.rows.get(start..end).unwrap_or_default().iter().map(|(_, row)| *row).collect())
    }
}
