//! Which rows of a block: one bit each.

/// Rows in a block. Small enough for a block's texts to fit a core's second-level cache, large enough for its overhead not to count.
pub(super) const ROWS: usize = 1024;
const WORDS: usize = ROWS / 64;

/// A set of rows of one block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mask(pub(super) [u64; WORDS]);

impl Mask {
    /// The first `rows`.
    pub(super) fn first(rows: usize) -> Mask {
        let mut mask = Mask::default();
        for (at, word) in mask.0.iter_mut().enumerate() {
            let bits = rows.saturating_sub(at * 64).min(64);
            *word = if bits == 64 { u64::MAX } else { (1 << bits) - 1 };
        }
        mask
    }

    /// One row.
    pub(super) fn only(at: usize) -> Mask {
        let mut mask = Mask::default();
        mask.put(at, true);
        mask
    }

    pub(super) fn has(&self, at: usize) -> bool {
        self.0[at / 64] >> (at % 64) & 1 == 1
    }

    pub(super) fn put(&mut self, at: usize, on: bool) {
        let bit = 1 << (at % 64);
        if on {
            self.0[at / 64] |= bit;
        } else {
            self.0[at / 64] &= !bit;
        }
    }

    pub(super) fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub(super) fn and(&self, other: &Mask) -> Mask {
        Mask(std::array::from_fn(|at| self.0[at] & other.0[at]))
    }

    pub(super) fn or(&self, other: &Mask) -> Mask {
        Mask(std::array::from_fn(|at| self.0[at] | other.0[at]))
    }

    pub(super) fn without(&self, other: &Mask) -> Mask {
        Mask(std::array::from_fn(|at| self.0[at] & !other.0[at]))
    }

    /// The `n`-th row in it.
    pub(super) fn nth(&self, n: usize) -> Option<usize> {
        let mut skip = n;
        for (at, word) in self.0.iter().enumerate() {
            let here = word.count_ones() as usize;
            if skip < here {
                let rest = (0..skip).fold(*word, |rest, _| rest & (rest - 1));
                return Some(at * 64 + rest.trailing_zeros() as usize);
            }
            skip -= here;
        }
        None
    }

    /// Rows in it, ascending.
    pub(super) fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = rest.trailing_zeros() as usize;
                (rest != 0).then(|| {
                    rest &= rest - 1;
                    at * 64 + bit
                })
            })
        })
    }

    /// Those of these rows that pass `test`. Whole words of rows are tested without a branch, so that a test of one column vectorises.
    pub(super) fn pick(&self, mut test: impl FnMut(usize) -> bool) -> Mask {
        let mut out = Mask::default();
        for (at, word) in self.0.iter().enumerate() {
            let mut rest = *word;
            if rest.count_ones() > 24 {
                let mut bits = 0;
                for bit in 0..64 {
                    bits |= u64::from(test(at * 64 + bit)) << bit;
                }
                out.0[at] = bits & *word;
                continue;
            }
            while rest != 0 {
                let bit = rest.trailing_zeros();
                rest &= rest - 1;
                out.0[at] |= u64::from(test(at * 64 + bit as usize)) << bit;
            }
        }
        out
    }
}
