//! Whatever a platform sends, maps end in a record or a sentence.

use juggler::domain::{Asset, Money};
use juggler::platforms::board::map::{self, Around};
use juggler::platforms::board::recipe::{Given, Recipe, load_recipe};
use proptest::prelude::*;

use super::*;

/// Any JSON, small but of every kind, with the texts that like to break things.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| serde_json::Number::from_f64(number).map_or(Value::Null, Value::Number)),
        ".{0,12}".prop_map(Value::from),
        "-?[0-9]{0,25}(\\.[0-9]{0,12})?".prop_map(Value::from),
        "[+-]?[0-9]{1,12}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z".prop_map(Value::from),
        Just(Value::from("\u{202e}\u{1b}[31m\u{200b}\u{0}")),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec(("[a-z_]{1,8}", inner), 0..5).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Puts `value` at one of the places of `item`.
fn spoil(item: &mut Value, mut at: usize, value: Value) {
    fn places<'a>(value: &'a mut Value, at: &mut usize) -> Option<&'a mut Value> {
        if *at == 0 {
            return Some(value);
        }
        *at -= 1;
        match value {
            Value::Array(parts) => parts.iter_mut().find_map(|part| places(part, at)),
            Value::Object(members) => members.values_mut().find_map(|member| places(member, at)),
            _ => None,
        }
    }
    if let Some(place) = places(item, &mut at) {
        *place = value;
    }
}

fn recipe() -> &'static Recipe {
    static RECIPE: std::sync::OnceLock<Recipe> = std::sync::OnceLock::new();
    RECIPE.get_or_init(|| load_recipe("practice", Path::new("/nonexistent")).unwrap())
}

proptest! {
    #[test]
    fn maps_never_panic_and_always_scrub(at in 0usize..60, value in any_json()) {
        let source = SourceName::new("demo");
        let around = Around { recipe: recipe(), source: &source, given: Given::default(), over: None, now: now() };
        let payment = json!({ "id": "p", "assignment_id": "a", "kind": "reward", "gross": "1.20", "fee": "0.12", "net": "1.08",
            "currency": "USD", "status": "paid", "created_at": "2026-11-23T04:00:00Z", "paid_at": null, "reference": "r" });
        for mut item in [summary("j1"), assignment_json("active"), payment] {
            spoil(&mut item, at, value.clone());
            let sentences = [
                map::job(around, &item, true).map(|job| format!("{job:?}")),
                map::assignment(around, &item).map(|listed| format!("{listed:?}")),
                map::claimed(around, &item).map(|_| String::new()),
                map::receipt(around, &item).map(|_| String::new()),
                map::payment(around, &item).map(|payment| {
                    assert_eq!(payment.gross.minus(payment.fee).unwrap(), payment.net);
                    format!("{payment:?}")
                }),
            ];
            for said in sentences {
                let said = said.unwrap_or_else(|misfit| misfit.sentence);
                prop_assert!(!said.contains(['\u{202e}', '\u{1b}', '\u{200b}', '\u{0}']), "{:?}", said);
            }
        }
    }

    #[test]
    fn decimal_amounts_arrive_to_the_minor_unit(minor in 0i64..1_000_000_000_000) {
        let source = SourceName::new("demo");
        let around = Around { recipe: recipe(), source: &source, given: Given::default(), over: None, now: now() };
        let pay = Money::new(minor, Asset::USD);
        let mut item = summary("j1");
        item["reward"]["amount"] = json!(pay.decimal());
        prop_assert_eq!(map::job(around, &item, true).unwrap().reward.min, Some(pay));
    }
}
