//! What assistants cost so far, and how much they may.

use serde::{Deserialize, Serialize};

use super::Call;
use crate::domain::spend::{Cost, Spent, Tariff, Tokens, Usage};
use crate::domain::{Asset, AssignmentId, Money, Time};

/// Money for models by currency, each exact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// One for each currency.
    pub costs: Vec<Cost>,
    /// Calls in it.
    pub calls: u32,
    /// Calls without a price.
    pub unpriced: u32,
}

impl Sum {
    /// Adds a call.
    pub fn add(&mut self, call: &Call) {
        self.add_spent(&call.spent);
    }

    /// Adds what was spent on one.
    pub fn add_spent(&mut self, spent: &Spent) {
        self.calls += 1;
        let Some(cost) = spent.cost else {
            // What was free or never priced is not counted as nothing.
            self.unpriced += 1;
            return;
        };
        match self.costs.iter_mut().find(|sum| sum.money.asset == cost.money.asset) {
            Some(sum) => {
                sum.money = sum.money.plus(cost.money).unwrap_or(Money::new(i64::MAX, sum.money.asset));
                sum.estimated |= cost.estimated;
            }
            None => self.costs.push(cost),
        }
    }

    /// The sum in a currency.
    pub fn of(&self, asset: Asset) -> Option<Cost> {
        self.costs.iter().find(|cost| cost.money.asset.code() == asset.code()).copied()
    }

    /// In words: `$0.0123`, `~$0.02`, `$0.01 and 3 JPY`; empty where nothing was paid.
    pub fn words(&self) -> String {
        self.costs.iter().filter(|cost| cost.money.minor != 0).map(Cost::to_string).collect::<Vec<_>>().join(" and ")
    }
}

/// The sum of some calls.
pub fn cost_of<'a>(spent: impl Iterator<Item = &'a Spent>) -> Sum {
    let mut sum = Sum::default();
    spent.for_each(|spent| sum.add_spent(spent));
    sum
}

/// What was spent, where caps look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spending {
    /// On one job.
    pub job: Sum,
    /// On the person's day.
    pub day: Sum,
    /// In their month.
    pub month: Sum,
}

impl Spending {
    /// The sums for an assignment, at a time whose day and month began then.
    pub fn of<'a>(calls: impl Iterator<Item = &'a Call>, job: &AssignmentId, day: Time, month: Time) -> Spending {
        let mut all = Spending::default();
        for call in calls {
            if call.assignment == *job {
                all.job.add(call);
            }
            if call.at >= day {
                all.day.add(call);
            }
            if call.at >= month {
                all.month.add(call);
            }
        }
        all
    }
}

/// The most that may be spent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caps {
    /// On one job.
    pub job: Option<Money>,
    /// In a day.
    pub day: Option<Money>,
    /// In a month.
    pub month: Option<Money>,
}

/// What a question may be too large by: reckoned tokens are not the model's own.
const MARGIN: (u64, u64) = (5, 4);
/// An answer of fewer tokens is of no use.
const LEAST: u32 = 64;

impl Caps {
    /// The most tokens of an answer, at most `wanted`, so that not even the dearest answer goes over a cap.
    ///
    /// # Errors
    /// The sentence that says which cap is in the way.
    pub fn room(&self, spending: &Spending, tariff: Option<&Tariff>, input: u64, wanted: u32) -> Result<u32, String> {
        // What has no price costs nothing that could be capped.
        let Some(tariff) = tariff else { return Ok(wanted) };
        let input = input.saturating_mul(MARGIN.0) / MARGIN.1;
        let cost = |output: u32| {
            let usage = Usage { input: Tokens::estimated(input), cached: 0, output: Tokens::estimated(output.into()) };
            tariff.cost(&usage).money
        };
        let sums = [
            (self.job, &spending.job, "this job"),
            (self.day, &spending.day, "today"),
            (self.month, &spending.month, "this month"),
        ];
        let mut room = wanted;
        for (cap, sum, what) in sums {
            let Some(cap) = cap else { continue };
            let fine = tariff.input.asset;
            let Some(cap_fine) = rescaled(cap, fine) else { continue };
            let spent = sum.of(fine).and_then(|cost| rescaled(cost.money, fine)).unwrap_or(Money::zero(fine));
            let left = cap_fine.minor.saturating_sub(spent.minor);
            while room > LEAST && cost(room).minor > left {
                room = room * 3 / 4;
            }
            if cost(room).minor > left {
                return Err(format!(
                    "{} of the {cap} for {what} are spent, and asking could cost {}",
                    crate::domain::spend::short(spent),
                    crate::domain::spend::short(cost(wanted))
                ));
            }
        }
        Ok(room)
    }
}

impl Caps {
    /// Whether a call that costs this at the most stays within every cap.
    ///
    /// # Errors
    /// The sentence that says which cap is in the way.
    pub fn allow(&self, spending: &Spending, most: Money) -> Result<(), String> {
        let sums = [
            (self.job, &spending.job, "this job"),
            (self.day, &spending.day, "today"),
            (self.month, &spending.month, "this month"),
        ];
        for (cap, sum, what) in sums {
            let Some((cap, cap_fine)) = cap.and_then(|cap| Some((cap, rescaled(cap, most.asset)?))) else { continue };
            let spent = sum.of(most.asset).and_then(|cost| rescaled(cost.money, most.asset)).unwrap_or(Money::zero(most.asset));
            if most.minor > cap_fine.minor.saturating_sub(spent.minor) {
                return Err(format!(
                    "{} of the {cap} for {what} are spent, and this could cost {}",
                    crate::domain::spend::short(spent),
                    crate::domain::spend::short(most)
                ));
            }
        }
        Ok(())
    }
}

/// The same amount in another number of places of the same currency; `None` for another currency, or where it does not fit.
pub fn rescaled(money: Money, asset: Asset) -> Option<Money> {
    if money.asset.code() != asset.code() {
        return None;
    }
    let (from, to) = (money.asset.exponent(), asset.exponent());
    let minor = if to >= from {
        money.minor.checked_mul(10_i64.checked_pow(u32::from(to - from))?)?
    } else {
        money.minor / 10_i64.checked_pow(u32::from(from - to))?
    };
    Some(Money::new(minor, asset))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::spend::price;

    fn tariff() -> Tariff {
        let price = |written| price(written, Asset::USD).unwrap();
        Tariff { input: price("2.50"), cached: price("2.50"), output: price("10") }
    }

    fn spent(minor: i64) -> Spending {
        let cost = Cost { money: Money::new(minor, tariff().input.asset), estimated: false };
        let sum = Sum { costs: vec![cost], calls: 1, unpriced: 0 };
        Spending { job: sum.clone(), day: sum.clone(), month: sum }
    }

    #[test]
    fn a_cap_shortens_answers_and_then_closes() {
        let caps = Caps { day: Some(price("0.05", Asset::USD).unwrap()), ..Caps::default() };
        assert_eq!(caps.room(&Spending::default(), Some(&tariff()), 1_000, 4_096), Ok(4_096));
        let room = caps.room(&spent(30_000_000), Some(&tariff()), 1_000, 4_096).unwrap();
        assert!((64..4_096).contains(&room), "{room}");
        let full = caps.room(&spent(50_000_000), Some(&tariff()), 1_000, 4_096).unwrap_err();
        assert!(full.contains("$0.05 of the $0.05") && full.contains("today"), "{full}");
        // What costs nothing is not capped, and another currency's cap says nothing.
        assert_eq!(caps.room(&spent(50_000_000), None, 1_000, 4_096), Ok(4_096));
        let euros = Caps { day: Some(price("0.01", "EUR".parse().unwrap()).unwrap()), ..Caps::default() };
        assert_eq!(euros.room(&spent(50_000_000), Some(&tariff()), 1_000, 4_096), Ok(4_096));
    }

    #[test]
    fn a_known_price_is_allowed_or_not() {
        let caps = Caps { day: Some(price("0.05", Asset::USD).unwrap()), ..Caps::default() };
        assert_eq!(caps.allow(&spent(30_000_000), price("0.02", Asset::USD).unwrap()), Ok(()));
        let over = caps.allow(&spent(30_000_000), price("0.021", Asset::USD).unwrap()).unwrap_err();
        assert!(over.contains("$0.03 of the $0.05") && over.contains("$0.021"), "{over}");
        assert_eq!(caps.allow(&spent(50_000_000), price("3", "EUR".parse().unwrap()).unwrap()), Ok(()));
    }

    proptest! {
        /// Whatever was spent and is asked, the dearest answer that is allowed stays within the cap.
        #[test]
        fn never_above_the_cap(before in 0_i64..80_000_000, input in 0_u64..50_000, wanted in 16_u32..20_000, cents in 1_i64..9) {
            let caps = Caps { job: Some(price(&format!("0.0{cents}"), Asset::USD).unwrap()), ..Caps::default() };
            if let Ok(room) = caps.room(&spent(before), Some(&tariff()), input, wanted) {
                let usage = Usage { input: Tokens::told(input), cached: 0, output: Tokens::told(room.into()) };
                prop_assert!(before + tariff().cost(&usage).money.minor <= cents * 10_000_000);
            }
        }
    }
}
