//! What deliveries of one kind paid in one asset: the best one in a hundred, exact under adding and removing.

use crate::domain::{Asset, Money};

/// Gross sums of approved deliveries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pays {
    asset: Asset,
    /// Minor units.
    sorted: Vec<i64>,
}

impl Pays {
    pub(super) fn new(asset: Asset) -> Pays {
        Pays { asset, sorted: Vec::new() }
    }

    pub(super) fn asset(&self) -> Asset {
        self.asset
    }

    pub(super) fn count(&mut self, minor: i64, add: bool) {
        let at = self.sorted.partition_point(|known| *known < minor);
        if add {
            self.sorted.insert(at, minor);
        } else if self.sorted.get(at) == Some(&minor) {
            self.sorted.remove(at);
        }
    }

    /// How many.
    pub fn len(&self) -> u32 {
        u32::try_from(self.sorted.len()).unwrap_or(u32::MAX)
    }

    /// None.
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// What 99 of 100 paid at most (nearest rank); with fewer than a hundred, the most of all.
    pub fn most(&self) -> Option<Money> {
        let rank = (self.sorted.len() * 99).div_ceil(100);
        Some(Money::new(*self.sorted.get(rank.checked_sub(1)?)?, self.asset))
    }
}
