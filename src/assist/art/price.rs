//! What a picture may cost, before it is painted.

use crate::assist::provider::tokens;
use crate::config::AssistantConfig;
use crate::domain::Money;
use crate::domain::art::{Order, Size};
use crate::domain::spend::{Cost, Tokens, Usage};

/// Tokens of a picture of GPT Image's 1024 × 1536, by quality, as its price list has them.
const LOW: u64 = 410;
const MEDIUM: u64 = 1_590;
const HIGH: u64 = 6_250;
/// Of qualities above those that were ever listed.
const BEYOND: u64 = 25_000;
const LISTED: u64 = 1024 * 1536;

/// Tokens that an order may use at the most, reckoned.
pub fn usage(order: &Order) -> Usage {
    let each = match order.quality.as_str() {
        "low" => LOW,
        "medium" | "standard" => MEDIUM,
        "xhigh" | "max" => BEYOND,
        _ => HIGH,
    };
    let pixels = order.size.map_or(LISTED, Size::pixels).max(LISTED);
    let output = (each.saturating_mul(pixels) / LISTED).saturating_mul(order.count.max(1).into());
    let pictures = u64::from(order.original.is_some()) + u64::from(!order.areas.is_empty());
    let input = tokens::reckon(order.prompt.as_str()) + pictures * HIGH;
    Usage { input: Tokens::estimated(input), cached: 0, output: Tokens::estimated(output) }
}

/// The most that an order may cost; `None` where no price is known.
pub fn most(config: &AssistantConfig, order: &Order) -> Option<Cost> {
    match (price(config), &config.tariff) {
        (Some(each), _) => Some(pictures(each, order.count.max(1).into())),
        (None, Some(tariff)) => Some(tariff.cost(&usage(order))),
        (None, None) => None,
    }
}

/// What so many pictures cost by the piece.
pub fn pictures(each: Money, count: u32) -> Cost {
    let minor = each.minor.saturating_mul(count.into());
    Cost { money: Money::new(minor, each.asset), estimated: false }
}

/// The price of a picture, where that is how the provider counts.
pub fn price(config: &AssistantConfig) -> Option<Money> {
    config.paints.as_ref().and_then(|paints| paints.price_image)
}
