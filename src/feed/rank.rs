//! An order's levels, as one key that is compared as a number.

use super::block::{BEYOND, Block, NONE, NONE8, flag};
use super::closeness::Closeness;
use super::table::{Table, place};
use crate::domain::requester::PayRecord;
use crate::domain::view::{Level, SortKey};
use crate::domain::{Money, View};

/// Where a row stands: smaller comes first. No two rows have the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(pub(super) [u64; 4]);

impl Key {
    /// Before all others.
    pub(super) const FIRST: Key = Key([0; 4]);
}

/// Decimal places that amounts of different assets are compared with.
const PLACES: u8 = 9;
/// A pin, three levels of at most 64 bits, and the arrival: 225 bits.
const MOST_LEVELS: usize = 3;

#[derive(Clone, Debug, PartialEq, Eq)]
enum By {
    Level(Level),
    Close(Closeness),
}

/// An order, ready for the columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rank(Vec<By>);

/// Bits, the first ones first.
#[derive(Default)]
struct Packer {
    words: [u64; 4],
    used: usize,
}

impl Packer {
    fn push(&mut self, value: u64, bits: usize) {
        let (word, taken) = (self.used / 64, self.used % 64);
        let value = value << (64 - bits);
        self.words[word] |= value >> taken;
        if taken + bits > 64 {
            self.words[word + 1] |= value << (64 - taken);
        }
        self.used += bits;
    }

    fn push_level(&mut self, level: Level, table: &Table, block: &Block, row: u32, at: usize) {
        let (value, bits) = value(level.by, table, block, row, at);
        let all = u64::MAX >> (64 - bits);
        // What is not told comes last, whichever way round.
        self.push(value.map_or(all, |value| if level.reversed { !value & all } else { value }), bits);
    }
}

impl Rank {
    pub(super) fn of(view: &View) -> Rank {
        let newest = || By::Level(Level { by: SortKey::Newest, reversed: false });
        if view.sort.is_empty() {
            return Rank(vec![Closeness::of(&view.query).map_or_else(newest, By::Close)]);
        }
        Rank(view.sort.iter().take(MOST_LEVELS).map(|level| By::Level(*level)).collect())
    }

    /// Whether the row surely comes behind `bound`, by pin and first level alone.
    pub(super) fn is_behind(&self, table: &Table, row: u32, bound: &Key) -> bool {
        let Some(By::Level(level)) = self.0.first() else { return false };
        let (number, at) = place(row);
        let block = &table.blocks[number];
        let mut packer = Packer::default();
        packer.push(u64::from(block.numbers.flags[at] & flag::PINNED == 0), 1);
        packer.push_level(*level, table, block, row, at);
        // What was not packed is nought: compared is what was.
        let unpacked = 64_usize.saturating_sub(packer.used);
        packer.words[0] >> unpacked > bound.0[0] >> unpacked
    }

    pub(super) fn key(&self, table: &Table, row: u32) -> Key {
        let (number, at) = place(row);
        let block = &table.blocks[number];
        let n = &block.numbers;
        let mut packer = Packer::default();
        packer.push(u64::from(n.flags[at] & flag::PINNED == 0), 1);
        for by in &self.0 {
            match by {
                By::Close(closeness) => {
                    let mut buffer = String::new();
                    packer.push(u64::from(!closeness.of_title(block.fold_title(at, &mut buffer))), 16);
                }
                By::Level(level) => packer.push_level(*level, table, block, row, at),
            }
        }
        packer.push(u64::from(!n.arrival[at]), 32);
        Key(packer.words)
    }
}

/// The value of a level, smaller first, and how many bits it takes.
fn value(by: SortKey, table: &Table, block: &Block, row: u32, at: usize) -> (Option<u64>, usize) {
    let n = &block.numbers;
    let money = |cell: u32, hourly: bool| {
        let minor = match cell {
            NONE => return None,
            BEYOND => {
                let large = table.large(row, n.flags[at]);
                scaled(if hourly { large.hourly } else { large.pay }?)
            }
            minor => {
                let asset = table.names.assets.get(u32::from(n.asset[at]));
                i64::from(minor).saturating_mul(10_i64.pow(u32::from(PLACES - asset.exponent().min(PLACES))))
            }
        };
        // The very most would be the same as not told when it is turned round.
        Some(!(minor.min(i64::MAX - 1) as u64 ^ 1 << 63))
    };
    match by {
        SortKey::Newest => (Some(u64::from(!n.since[at])), 32),
        SortKey::Pay => (money(n.pay[at], false), 64),
        SortKey::Rate => (money(n.hourly[at], true), 64),
        SortKey::Expiring => ((n.expires[at] != NONE).then_some(u64::from(n.expires[at])), 32),
        SortKey::Fit => ((n.fit[at] != NONE8).then(|| u64::from(NONE8 - 1 - n.fit[at])), 8),
        SortKey::Requester => (Some(u64::from(!standing(&table.names.askers.get(n.asker[at]).record))), 16),
    }
}

fn scaled(money: Money) -> i64 {
    let wide = i128::from(money.minor) * 10_i128.pow(u32::from(PLACES - money.asset.exponent().min(PLACES)));
    wide.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}

/// How good a record is: the share of good endings, with one good and one bad one added, so that two of two says less than a hundred
/// of a hundred and an unknown requester stands in the middle. A late payment is half a bad ending.
pub(super) fn standing(record: &PayRecord) -> u16 {
    let told = |n: Option<u32>| u64::from(n.unwrap_or(0));
    let good = 2 * told(record.approved).max(told(record.paid));
    let bad = 2 * told(record.rejected) + 2 * told(record.unpaid) + told(record.late);
    (((good + 2) * u64::from(u16::MAX - 1)) / (good + bad + 4)) as u16
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn packed_bits_compare_as_their_values(a in any::<(bool, u64, u32, u8, u64, u32)>(), b in any::<(bool, u64, u32, u8, u64, u32)>()) {
            let pack = |v: (bool, u64, u32, u8, u64, u32)| {
                let mut packer = Packer::default();
                for (value, bits) in [(u64::from(v.0), 1), (v.1, 64), (u64::from(v.2), 32), (u64::from(v.3), 8), (v.4, 64), (u64::from(v.5), 32)] {
                    packer.push(value, bits);
                }
                Key(packer.words)
            };
            prop_assert_eq!(pack(a).cmp(&pack(b)), a.cmp(&b));
        }
    }

    #[test]
    fn records_stand_as_told() {
        let record = |approved, rejected| PayRecord { approved, rejected, ..PayRecord::default() };
        let unknown = standing(&PayRecord::default());
        assert!(standing(&record(Some(100), Some(0))) > standing(&record(Some(2), Some(0))));
        assert!(standing(&record(Some(2), Some(0))) > unknown);
        assert!(standing(&record(Some(1), Some(9))) < unknown);
    }
}
