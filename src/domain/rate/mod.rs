//! What an hour of a job is expected to bring, before it is claimed (EARNINGS 3.3, formula 2).
//!
//! Where a lock or an application decides first:
//! `E[rate] = p_win · (p_appr · N − E[c]) / (p_win · E[w] + t)`; in a race or contest the work is always spent:
//! `(p_win · p_appr · N − E[c]) / (E[w] + t)`, with N the pay after the platform's cut, c costs of one's own, w the work and t
//! the search for each claim tried.
//!
//! Chances and times are measured with doubt and are floats; money is whole minor units from end to end.

mod chance;
mod posted;
mod print;
mod why;
mod work;

use serde::{Deserialize, Serialize};

pub use chance::{Approval, Claim};
pub use posted::{Basis, Posted, posted};
pub use why::Why;
pub use work::{Work, WorkFrom};

use super::history::History;
use super::history::part::is_race;
use super::money::half_even;
use super::{Listing, Money};

/// Half the width of an 80 % interval of the normal distribution, in standard deviations.
const Z80: f64 = 1.281_551_565_545;
/// Cases under which the print says "few data" (EARNINGS 3.3, formula 3).
pub const FEW: u32 = 10;

/// An expected hourly rate with its doubt.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expected {
    /// The lower end of the 80 % interval.
    pub low: Money,
    /// The middle: from median time and mean chances.
    pub mid: Money,
    /// The upper end.
    pub high: Money,
    /// What the time rests on.
    pub basis: WorkFrom,
    /// What to hold against the figure.
    pub doubts: Doubts,
}

/// What to hold against a figure, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubts(pub u8);

impl Doubts {
    /// Fewer than [`FEW`] own jobs of the kind, here.
    pub const FEW_DATA: Doubts = Doubts(1);
    /// The time is somebody's estimate.
    pub const ESTIMATED_TIME: Doubts = Doubts(2);
    /// It takes something from the worker first, which is not in the figure.
    pub const COSTS: Doubts = Doubts(4);
    /// The worst of it is a loss.
    pub const MAY_LOSE: Doubts = Doubts(8);
    /// Own costs are in another asset and are not in the figure.
    pub const OTHER_ASSET: Doubts = Doubts(16);

    /// Whether all of `other` are among these.
    pub fn has(self, other: Doubts) -> bool {
        self.0 & other.0 == other.0
    }

    fn with(self, other: Doubts, when: bool) -> Doubts {
        if when { Doubts(self.0 | other.0) } else { self }
    }

    /// One phrase for each.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        let all = [
            (Doubts::FEW_DATA, "few data"),
            (Doubts::ESTIMATED_TIME, "the time is an estimate"),
            (Doubts::COSTS, "what it takes from you first is not in it"),
            (Doubts::MAY_LOSE, "it may cost more than it brings"),
            (Doubts::OTHER_ASSET, "your own cost is in another asset and is not in it"),
        ];
        all.into_iter().filter(move |(doubt, _)| self.has(*doubt)).map(|(_, words)| words)
    }
}

/// Everything that goes into the formula for one job.
#[derive(Clone, Copy, Debug)]
struct Parts {
    net: Money,
    approval: Approval,
    claim: Claim,
    work: Work,
    overhead: u32,
    cost: Option<Money>,
    race: bool,
}

impl Parts {
    fn of(listing: &Listing, history: &History, cost: Option<Money>) -> Option<Parts> {
        let net = listing.net?;
        let work = Work::of(listing, history)?;
        Some(Parts {
            net,
            approval: Approval::of(listing, history),
            claim: Claim::of(listing, history),
            work,
            overhead: history.overhead(),
            cost: cost.filter(|cost| cost.asset == net.asset),
            race: is_race(listing.claim_mode),
        })
    }

    /// The formula, for work of so many milliseconds. Chances count in millionths, times in milliseconds; no product of the largest
    /// amount, the largest chances and an hour reaches the end of an `i128` (9.3e18 · 1e12 · 3.6e6 = 3.4e37).
    fn rate(&self, work_ms: i64) -> Money {
        let (win, approved) = (millionths(self.claim.chance), millionths(self.approval.chance));
        let cost = i128::from(self.cost.map_or(0, |cost| cost.minor));
        let (net, work, search) = (i128::from(self.net.minor), i128::from(work_ms.max(1)), i128::from(self.overhead) * 1000);
        let (gain, time) = if self.race {
            (win * approved * net - cost * MILLION * MILLION, (work + search) * MILLION)
        } else {
            (win * (approved * net - cost * MILLION), win * work + search * MILLION)
        };
        Money { minor: half_even(gain * HOUR_MS, time.max(1) * MILLION), ..self.net }
    }

    fn mid(&self) -> Money {
        self.rate(i64::from(self.work.seconds) * 1000)
    }

    /// Spread of the logarithm of the rate: that of the time, and what is not known about the chances.
    fn spread(&self) -> f64 {
        (self.work.spread.powi(2) + self.approval.doubt() + self.claim.doubt()).sqrt()
    }
}

const MILLION: i128 = 1_000_000;
const HOUR_MS: i128 = 3_600_000;

fn millionths(chance: f64) -> i128 {
    (chance.clamp(0.0, 1.0) * 1e6).round() as i128
}

/// The middle of the interval only: what orders, filters and rules go by. `None` without pay or time.
pub fn hourly(listing: &Listing, history: &History, cost: Option<Money>) -> Option<Money> {
    Some(Parts::of(listing, history, cost)?.mid())
}

/// The interval, for jobs on the screen. `cost` is what one job costs the person on average (assistant, materials). `None` without
/// pay or time.
pub fn expected(listing: &Listing, history: &History, cost: Option<Money>) -> Option<Expected> {
    let parts = Parts::of(listing, history, cost)?;
    let mid = parts.mid();
    let reach = (Z80 * parts.spread()).exp();
    // Floats of seconds below 2^32 times e^6 at most: no more than 2e15 ms.
    let work = |factor: f64| parts.rate((f64::from(parts.work.seconds) * 1000.0 * factor).round() as i64);
    let (slow, fast) = (work(reach), work(1.0 / reach));
    let of = |pick: fn(i64, i64) -> i64| Money { minor: pick(pick(slow.minor, fast.minor), mid.minor), ..mid };
    let (low, high) = (of(i64::min), of(i64::max));
    let doubts = Doubts::default()
        .with(Doubts::FEW_DATA, parts.work.cases.min(parts.approval.own_cases()) < FEW)
        .with(Doubts::ESTIMATED_TIME, parts.work.from == WorkFrom::Estimate)
        .with(Doubts::COSTS, !listing.costs.none())
        .with(Doubts::MAY_LOSE, low.minor < 0)
        .with(Doubts::OTHER_ASSET, cost.is_some_and(|cost| cost.asset != mid.asset));
    Some(Expected { low, mid, high, basis: parts.work.from, doubts })
}

/// Every number that went into the figure and where it comes from, in the order of the formula.
pub fn why(listing: &Listing, history: &History, cost: Option<Money>) -> Vec<Why> {
    why::why(listing, history, cost)
}

#[cfg(test)]
mod tests;
