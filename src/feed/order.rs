//! Rows in order: a list of short stretches, so that a row is put in, taken out, found and counted to without moving the rest.
//!
//! A stretch is put in order when somebody looks into it; until then what comes is put behind what stands in order. So an order of a
//! million rows stands as soon as the rows are dealt out to the stretches, an arrival costs no comparison of rows, and a window pays
//! for the stretches it shows.

use super::rank::Key;

/// Longest stretch.
const LONG: usize = 1024;
/// So many rows that came since the last look are put in place one by one; more of them are sorted with the rest.
const FEW: usize = 24;

#[derive(Default)]
struct Stretch {
    rows: Vec<u32>,
    /// So many stand in order, the rest behind them.
    sorted: usize,
}

/// Rows in order. The keys are not kept: `key_of` tells the key of a row that lies in the order, and it must not have changed since.
pub(super) struct Order {
    /// The least key that belongs to each stretch; the first is [`Key::FIRST`].
    lows: Vec<Key>,
    stretches: Vec<Stretch>,
    len: usize,
}

impl Default for Order {
    fn default() -> Self {
        Order { lows: vec![Key::FIRST], stretches: vec![Stretch::default()], len: 0 }
    }
}

impl Order {
    /// An empty order whose stretches begin at these keys, as a sample of what will come tells.
    pub(super) fn with_stretches(mut sample: Vec<Key>, rows: usize) -> Order {
        sample.sort_unstable();
        let stretches = (rows / (LONG * 2 / 3)).min(sample.len()).max(1);
        let mut lows = vec![Key::FIRST];
        lows.extend((1..stretches).map(|n| sample[n * sample.len() / stretches]));
        lows.dedup();
        let stretches = lows.iter().map(|_| Stretch::default()).collect();
        Order { lows, stretches, len: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    fn stretch_of(&self, key: &Key) -> usize {
        self.lows.partition_point(|low| low <= key).saturating_sub(1)
    }

    pub(super) fn insert(&mut self, row: u32, key: Key, key_of: impl Fn(u32) -> Key) {
        let at = self.stretch_of(&key);
        let stretch = &mut self.stretches[at];
        stretch.rows.push(row);
        self.len += 1;
        if stretch.rows.len() > LONG {
            self.split(at, key_of);
        }
    }

    fn split(&mut self, at: usize, key_of: impl Fn(u32) -> Key) {
        let stretch = &mut self.stretches[at];
        let mut keyed: Vec<(Key, u32)> = stretch.rows.iter().map(|row| (key_of(*row), *row)).collect();
        // Half and half is enough: who looks puts them in order.
        let (before, middle, after) = keyed.select_nth_unstable(LONG / 2);
        let low = middle.0;
        let rest: Vec<u32> = std::iter::once(middle.1).chain(after.iter().map(|(_, row)| *row)).collect();
        stretch.rows = before.iter().map(|(_, row)| *row).collect();
        stretch.sorted = 0;
        self.lows.insert(at + 1, low);
        self.stretches.insert(at + 1, Stretch { rows: rest, sorted: 0 });
    }

    /// Takes a row out that lies in the order under `key`.
    pub(super) fn remove(&mut self, row: u32, key: &Key) -> bool {
        let at = self.stretch_of(key);
        let stretch = &mut self.stretches[at];
        let Some(place) = place_of(&stretch.rows, row) else { return false };
        if place < stretch.sorted {
            stretch.rows.remove(place);
            stretch.sorted -= 1;
        } else {
            stretch.rows.swap_remove(place);
        }
        self.len -= 1;
        if stretch.rows.is_empty() && self.stretches.len() > 1 {
            self.stretches.remove(at);
            self.lows.remove(at);
            self.lows[0] = Key::FIRST;
        }
        true
    }

    fn sort(&mut self, at: usize, key_of: impl Fn(u32) -> Key) {
        let stretch = &mut self.stretches[at];
        let new = stretch.rows.len() - stretch.sorted;
        if new > FEW {
            stretch.rows.sort_by_cached_key(|row| key_of(*row));
        } else {
            for at in stretch.sorted..stretch.rows.len() {
                let row = stretch.rows[at];
                let key = key_of(row);
                let place = stretch.rows[..at].partition_point(|other| key_of(*other) < key);
                stretch.rows[place..=at].rotate_right(1);
            }
        }
        stretch.sorted = stretch.rows.len();
    }

    /// How many rows come before `key`.
    pub(super) fn position(&mut self, key: &Key, key_of: impl Fn(u32) -> Key) -> usize {
        let at = self.stretch_of(key);
        self.sort(at, &key_of);
        let before: usize = self.stretches[..at].iter().map(|stretch| stretch.rows.len()).sum();
        before + self.stretches[at].rows.partition_point(|other| key_of(*other) < *key)
    }

    /// `len` rows from the `start`-th on.
    pub(super) fn slice(&mut self, start: usize, len: usize, key_of: impl Fn(u32) -> Key) -> Vec<u32> {
        let mut out = Vec::with_capacity(len.min(self.len));
        let mut skip = start;
        for at in 0..self.stretches.len() {
            let here = self.stretches[at].rows.len();
            if skip >= here {
                skip -= here;
                continue;
            }
            if out.len() >= len {
                break;
            }
            self.sort(at, &key_of);
            out.extend(self.stretches[at].rows.iter().skip(skip).take(len - out.len()));
            skip = 0;
        }
        out
    }

    /// The first row.
    pub(super) fn first(&mut self, key_of: impl Fn(u32) -> Key) -> Option<u32> {
        self.slice(0, 1, key_of).first().copied()
    }

    /// Bytes allocated.
    pub(super) fn weight(&self) -> usize {
        self.stretches.iter().map(|stretch| stretch.rows.capacity() * 4 + size_of::<Stretch>() + size_of::<Key>()).sum()
    }
}

/// Where `row` stands; groups of rows at a time, so that the comparison is done many at once.
fn place_of(rows: &[u32], row: u32) -> Option<usize> {
    let (groups, rest) = rows.as_chunks::<32>();
    let found = groups.iter().position(|group| group.iter().fold(false, |found, other| found | (*other == row)));
    match found {
        Some(group) => groups[group].iter().position(|other| *other == row).map(|at| group * 32 + at),
        None => rest.iter().position(|other| *other == row).map(|at| groups.len() * 32 + at),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(rank: u64, row: u32) -> Key {
        Key([rank, u64::from(row), 0, 0])
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_is_a_sorted_list(sampled in any::<bool>(), acts in prop::collection::vec((0u32..4000, 0u64..50, any::<bool>()), 1..3000)) {
            let mut ranks = std::collections::HashMap::new();
            let mut order = if sampled {
                Order::with_stretches((0..50).map(|rank| key(rank, 0)).collect(), 4000)
            } else {
                Order::default()
            };
            for (n, (row, rank, look)) in acts.into_iter().enumerate() {
                match ranks.remove(&row) {
                    Some(rank) => prop_assert!(order.remove(row, &key(rank, row))),
                    None => {
                        ranks.insert(row, rank);
                        order.insert(row, key(rank, row), |row| key(ranks[&row], row));
                    }
                }
                if look && n % 50 == 0 {
                    let mut model: Vec<(u64, u32)> = ranks.iter().map(|(row, rank)| (*rank, *row)).collect();
                    model.sort_unstable();
                    let model: Vec<u32> = model.into_iter().map(|(_, row)| row).collect();
                    let from = n % (model.len() + 1);
                    let key_of = |row: u32| key(ranks[&row], row);
                    let want: Vec<u32> = model.iter().copied().skip(from).take(40).collect();
                    prop_assert_eq!(order.slice(from, 40, key_of), want);
                    prop_assert_eq!(order.len(), model.len());
                    if let Some(row) = model.get(from) {
                        prop_assert_eq!(order.position(&key_of(*row), key_of), from);
                    }
                }
            }
        }
    }
}
