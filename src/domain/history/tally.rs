//! So many of so many.

/// Good outcomes among all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The good ones.
    pub good: u32,
    /// All.
    pub of: u32,
    /// Those among the bad ones that were counted by another list and not one by one.
    pub(super) lost: u32,
}

impl Tally {
    /// `good` of `of`.
    pub fn new(good: u32, of: u32) -> Tally {
        Tally { good: good.min(of), of, lost: 0 }
    }

    pub(super) fn count(&mut self, good: bool, add: bool) {
        let step = |n: u32| if add { n.saturating_add(1) } else { n.saturating_sub(1) };
        self.of = step(self.of);
        if good {
            self.good = step(self.good);
        }
    }

    /// The share of good ones, drawn towards `prior` as if `weight` more had been seen: `(a + k·p0) / (n + k)`.
    pub fn towards(self, prior: f64, weight: f64) -> f64 {
        (f64::from(self.good) + weight * prior) / (f64::from(self.of) + weight)
    }

    /// The same evidence with at most `most` cases.
    #[must_use]
    pub fn at_most(self, most: u32) -> Tally {
        if self.of <= most {
            return self;
        }
        // Rounded to nearest; a tally is small evidence, not money.
        let good = (u64::from(self.good) * u64::from(most) * 2 + u64::from(self.of)) / (u64::from(self.of) * 2);
        Tally { good: u32::try_from(good).unwrap_or(most).min(most), of: most, lost: 0 }
    }
}
