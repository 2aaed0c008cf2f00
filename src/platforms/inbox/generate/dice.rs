//! Numbers that depend on a seed and a place alone.

use super::Span;

/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators"): a new state costs nothing, so every job has its
/// own.
pub struct Dice {
    state: u64,
}

impl Dice {
    /// The dice of place `at` in `stream`.
    pub fn new(seed: u64, at: u64, stream: u64) -> Dice {
        let mut mixed = Dice { state: seed ^ stream.wrapping_mul(0xd1b5_4a32_d192_ed03) };
        Dice { state: mixed.next() ^ at.wrapping_mul(0x9e6c_63d0_876a_68ee) }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to one less than `limit`; 0 for no limit at all.
    pub fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(limit)) >> 64) as u64
    }

    /// Happens once in `n`.
    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// A number of the range.
    pub fn within(&mut self, span: &Span) -> u64 {
        span.start + self.below(span.end - span.start)
    }

    /// One of several; the lists of the words are never empty.
    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len() as u64) as usize]
    }
}
