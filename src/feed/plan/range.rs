//! What a number term says, as ranges of whole units.

use rust_decimal::Decimal;

use crate::domain::Asset;
use crate::domain::query::{Number, Op};

/// From and to, both included; empty when they cross.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    from: i64,
    to: i64,
}

impl Range {
    pub(super) const EMPTY: Range = Range { from: 1, to: 0 };

    pub(super) fn has(self, value: i64) -> bool {
        self.from <= value && value <= self.to
    }

    /// The whole numbers that stand in `op` to `bound` × 10^`exponent`.
    pub(super) fn of(op: Op, bound: Decimal, exponent: u8) -> Range {
        // At most 96 bits and nine more places: it fits.
        let (digits, scale, places) = (bound.mantissa(), bound.scale(), u32::from(exponent));
        let (floor, exact) = if places >= scale {
            (digits * 10_i128.pow(places - scale), true)
        } else {
            let by = 10_i128.pow(scale - places);
            (digits.div_euclid(by), digits.rem_euclid(by) == 0)
        };
        let ceil = if exact { floor } else { floor + 1 };
        let (from, to) = match op {
            Op::Lt => (i128::MIN, ceil - 1),
            Op::Le => (i128::MIN, floor),
            Op::Eq if exact => (floor, floor),
            Op::Eq => return Range::EMPTY,
            Op::Ge => (ceil, i128::MAX),
            Op::Gt => (floor + 1, i128::MAX),
        };
        let (least, most) = (i128::from(i64::MIN), i128::from(i64::MAX));
        if from > most || to < least {
            return Range::EMPTY;
        }
        Range { from: from.clamp(least, most) as i64, to: to.clamp(least, most) as i64 }
    }

    /// Counts: only a plain number is compared with one.
    pub(super) fn count(op: Op, number: &Number) -> Range {
        match number {
            Number::Plain(plain) => Range::of(op, *plain, 0),
            _ => Range::EMPTY,
        }
    }

    /// Seconds: only a length of time is compared with one.
    pub(super) fn span(op: Op, number: &Number) -> Range {
        match number {
            Number::Span(span) => Range::of(op, Decimal::from(span.num_seconds()), 0),
            _ => Range::EMPTY,
        }
    }

    /// Seconds that may be given as minutes.
    pub(super) fn minutes(op: Op, number: &Number) -> Range {
        match number {
            Number::Plain(minutes) => Range::of(op, minutes.checked_mul(Decimal::from(60)).unwrap_or(*minutes), 0),
            other => Range::span(op, other),
        }
    }

    /// Minor units of `asset`.
    pub(super) fn amount(op: Op, number: &Number, asset: &Asset) -> Range {
        match number {
            Number::Plain(plain) => Range::of(op, *plain, asset.exponent()),
            Number::Amount(plain, asked) if asked.code() == asset.code() => Range::of(op, *plain, asset.exponent()),
            _ => Range::EMPTY,
        }
    }

    /// Where values enter or leave it as they grow: the first that is in, and the first that is out again.
    pub(super) fn edges(self) -> impl Iterator<Item = i64> {
        let some = self.from <= self.to;
        [(self.from, self.from > i64::MIN), (self.to.saturating_add(1), self.to < i64::MAX)]
            .into_iter()
            .filter_map(move |(edge, inside)| (some && inside).then_some(edge))
    }
}
