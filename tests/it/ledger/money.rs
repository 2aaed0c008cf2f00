//! Amounts: exact, or an error.

use juggler::domain::money::MoneyError;
use juggler::domain::{Asset, Money};
use proptest::prelude::*;

fn any_asset() -> impl Strategy<Value = Asset> {
    prop::sample::select(vec!["USD", "JPY", "KWD", "EUR", "SAT", "BTC", "USDC:6", "GWEI:9"]).prop_map(|a| a.parse().unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn printing_and_reading_are_each_other_back(minor in any::<i64>(), asset in any_asset()) {
        let money = Money::new(minor, asset);
        prop_assert_eq!(Money::parse(&money.decimal(), asset), Ok(money));
        let json = serde_json::to_string(&money).unwrap();
        prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
    }

    #[test]
    fn reading_never_panics_and_never_guesses(text in "[-+0-9.,eE ]{0,24}", asset in any_asset()) {
        if let Ok(money) = Money::parse(&text, asset) {
            // Whatever was taken says the same number: only zeros may be dropped.
            let digits = |s: &str| s.trim().trim_start_matches('-').trim_start_matches('0').to_owned();
            let plain = money.decimal();
            let trim = |s: String| if s.contains('.') { s.trim_end_matches('0').trim_end_matches('.').to_owned() } else { s };
            prop_assert_eq!(trim(digits(&plain)), trim(digits(&text)));
        }
    }

    #[test]
    fn a_share_and_the_rest_are_the_whole(minor in -1_000_000_000_000i64..1_000_000_000_000, ppm in 0u32..=1_000_000) {
        let whole = Money::new(minor, Asset::USD);
        let share = whole.share(ppm);
        prop_assert_eq!(share.plus(whole.minus(share).unwrap()).unwrap(), whole);
        // Within half a unit of the exact share, and even when it is exactly between.
        let twice = (i128::from(share.minor) * 1_000_000 - i128::from(minor) * i128::from(ppm)) * 2;
        prop_assert!(twice.abs() <= 1_000_000);
        prop_assert!(twice.abs() < 1_000_000 || share.minor % 2 == 0);
    }

    #[test]
    fn sums_are_exact_or_refused(a in any::<i64>(), b in any::<i64>()) {
        let (x, y) = (Money::new(a, Asset::USD), Money::new(b, Asset::USD));
        prop_assert_eq!(x.plus(y).ok().map(|m| m.minor), a.checked_add(b));
        if b != i64::MIN {
            prop_assert_eq!(x.minus(y).ok().map(|m| m.minor), a.checked_sub(b));
        }
        let other = Money::new(b, "JPY".parse().unwrap());
        prop_assert_eq!(x.plus(other), Err(MoneyError::Mixed(Asset::USD, other.asset)));
    }
}

#[test]
fn amounts_read_as_people_write_them() {
    let usd = |s| Money::parse(s, Asset::USD).map(|m| m.minor);
    assert_eq!(usd("12.5"), Ok(1_250));
    assert_eq!(usd(" -0.40 "), Ok(-40));
    assert_eq!(usd("1.2300"), Ok(123));
    assert!(matches!(usd("1.234"), Err(MoneyError::TooFine(..))));
    assert!(matches!(usd("1,50"), Err(MoneyError::Amount(_))));
    assert!(matches!(usd(""), Err(MoneyError::Amount(_))));
    assert!(matches!(usd("99999999999999999999"), Err(MoneyError::Overflow)));
    assert_eq!(usd("-92233720368547758.08"), Ok(i64::MIN));
    assert_eq!(Money::parse("1200", "JPY".parse().unwrap()).unwrap().to_string(), "1200 JPY");
    assert_eq!(Money::new(-40, Asset::USD).to_string(), "-$0.40");
}

#[test]
fn an_hour_is_worked_out_half_to_even() {
    let usd = |minor| Money::new(minor, Asset::USD);
    assert_eq!(usd(1).per_hour(7_200), Some(usd(0)));
    assert_eq!(usd(3).per_hour(7_200), Some(usd(2)));
    assert_eq!(usd(180).per_hour(360), Some(usd(1_800)));
    assert_eq!(usd(180).per_hour(0), None);
    assert_eq!(usd(i64::MAX).per_hour(1), Some(usd(i64::MAX)));
    assert_eq!(usd(i64::MIN).per_hour(1), Some(usd(i64::MIN)));
}
