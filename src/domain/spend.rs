//! What a call to a model costs: tokens, prices a million tokens, and the money that comes of them. All of it integers.
//!
//! A call costs fractions of a cent, so its money is counted in billionths of the currency: `USD` becomes the asset `USD:9`, of which
//! any number of calls add up exactly. Prices as fine as a billionth for a million tokens are kept as written.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::money::{MoneyError, half_even};
use super::{Asset, Money, Text};

/// Decimal places that money for models is counted with.
const FINE: u8 = 9;
/// Prices are for so many tokens.
const PER: i128 = 1_000_000;

/// A number of tokens, and whether it was told or reckoned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// How many.
    pub n: u64,
    /// Nobody told: reckoned from the text.
    #[serde(default)]
    pub estimated: bool,
}

impl Tokens {
    /// As the provider told.
    pub fn told(n: u64) -> Tokens {
        Tokens { n, estimated: false }
    }

    /// As reckoned.
    pub fn estimated(n: u64) -> Tokens {
        Tokens { n, estimated: true }
    }
}

impl fmt::Display for Tokens {
    /// `42`, or `~42` where it was reckoned.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}{}", if self.estimated { "~" } else { "" }, self.n))
    }
}

/// Tokens of one call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Read by the model, those it remembered included.
    pub input: Tokens,
    /// Of these, remembered from an earlier call and mostly cheaper.
    #[serde(default)]
    pub cached: u64,
    /// Written by the model, its thinking included.
    pub output: Tokens,
}

impl Usage {
    /// Some of it was reckoned.
    pub fn is_estimated(&self) -> bool {
        self.input.estimated || self.output.estimated
    }
}

/// Prices of a model for a million tokens, in the fine asset of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tariff {
    /// Read.
    pub input: Money,
    /// Read and remembered from before.
    pub cached: Money,
    /// Written.
    pub output: Money,
}

/// What a call cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// In the fine asset of its currency.
    pub money: Money,
    /// Some of its tokens were reckoned.
    pub estimated: bool,
}

/// What was spent on one call: to be kept with it, prices included, since prices change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spent {
    /// The assistant's name in the config.
    pub assistant: String,
    /// The model that answered, or that was asked for.
    pub model: Text,
    /// Tokens.
    pub usage: Usage,
    /// Prices at that time.
    pub tariff: Option<Tariff>,
    /// The money; `None` where no price is known.
    pub cost: Option<Cost>,
}

/// A price as written: an amount and a currency, as fine as a billionth.
///
/// # Errors
/// What is wrong with it.
pub fn price(amount: &str, asset: Asset) -> Result<Money, MoneyError> {
    Money::parse(amount, Asset::new(asset.code(), Some(FINE))?)
}

impl Tariff {
    /// What this usage costs, rounded once, half to even.
    pub fn cost(&self, usage: &Usage) -> Cost {
        let of = |tokens: u64, price: Money| i128::from(tokens) * i128::from(price.minor);
        let cached = usage.cached.min(usage.input.n);
        let all = of(usage.input.n - cached, self.input) + of(cached, self.cached) + of(usage.output.n, self.output);
        Cost { money: Money::new(half_even(all, PER), self.input.asset), estimated: usage.is_estimated() }
    }
}

/// An amount of fine money for people: the usual places of its currency, and more only as far as they are not zero.
pub fn short(money: Money) -> String {
    let usual = Asset::new(money.asset.code(), None).map_or(0, |asset| asset.exponent());
    let mut coarse = money;
    while coarse.asset.exponent() > usual && coarse.minor % 10 == 0 {
        let Ok(asset) = Asset::new(money.asset.code(), Some(coarse.asset.exponent() - 1)) else { break };
        coarse = Money::new(coarse.minor / 10, asset);
    }
    coarse.to_string()
}

impl fmt::Display for Cost {
    /// `$0.00045`, or `~$0.00045` where it was reckoned.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}{}", if self.estimated { "~" } else { "" }, short(self.money)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tariff(input: &str, cached: &str, output: &str) -> Tariff {
        let price = |written| price(written, Asset::USD).unwrap();
        Tariff { input: price(input), cached: price(cached), output: price(output) }
    }

    fn usage(input: u64, cached: u64, output: u64) -> Usage {
        Usage { input: Tokens::told(input), cached, output: Tokens::told(output) }
    }

    #[test]
    fn a_call_costs_what_its_tokens_do() {
        let tariff = tariff("2.50", "1.25", "10");
        assert_eq!(tariff.cost(&usage(1_000_000, 0, 0)).to_string(), "$2.50");
        assert_eq!(tariff.cost(&usage(20, 0, 40)).to_string(), "$0.00045");
        assert_eq!(tariff.cost(&usage(1_000, 800, 0)).money.minor, 1_500_000);
        let mut reckoned = usage(20, 0, 40);
        reckoned.output.estimated = true;
        assert_eq!(tariff.cost(&reckoned).to_string(), "~$0.00045");
        // More remembered than read is a server's mistake.
        assert_eq!(tariff.cost(&usage(10, 99, 0)).money.minor, 12_500);
        let cheap = super::tests::tariff("0.075", "0.01875", "0.3");
        assert_eq!(cheap.cost(&usage(1, 0, 1)).money.minor, 375);
        assert_eq!(short(cheap.input), "$0.075");
        assert_eq!(short(price("80", "JPY".parse().unwrap()).unwrap()), "80 JPY");
        assert!(price("0.0000000001", Asset::USD).is_err());
        assert_eq!(tariff.cost(&usage(u64::MAX, 0, u64::MAX)).money.minor, i64::MAX);
    }

    #[test]
    fn it_is_kept_and_read_again() {
        let cost = tariff("2.50", "1.25", "10").cost(&usage(20, 0, 40));
        let json = serde_json::to_value(cost).unwrap();
        assert_eq!(json, serde_json::json!({ "money": { "minor": 450_000, "asset": "USD:9" }, "estimated": false }));
        assert_eq!(serde_json::from_value::<Cost>(json).unwrap(), cost);
    }

    proptest! {
        /// The sum of calls is what all their tokens cost, but for the one rounding of each.
        #[test]
        fn calls_add_up(calls in prop::collection::vec((0_u64..200_000, 0_u64..8_000), 1..50)) {
            let tariff = tariff("0.15", "0.075", "0.60");
            let sum = calls.iter().try_fold(Money::zero(tariff.input.asset), |sum, (input, output)| {
                sum.plus(tariff.cost(&usage(*input, 0, *output)).money)
            }).unwrap();
            let (input, output) = calls.iter().fold((0, 0), |all, call| (all.0 + call.0, all.1 + call.1));
            // These prices are whole billionths a token, so that nothing is rounded at all.
            prop_assert_eq!(sum, tariff.cost(&usage(input, 0, output)).money);
        }
    }
}
