//! Figures in few cells: never a cut one.

use crate::domain::Money;
use crate::domain::ai::AiRule;
use crate::tui::widget::text::{fit, width};

/// Money in few cells: whole units where the full figure has no room, never a cut one.
pub fn money(amount: Money, cells: usize) -> String {
    let full = amount.to_string();
    if width(&full) <= cells {
        return full;
    }
    let whole = whole(amount);
    let code = amount.asset.code().get(..1).unwrap_or_default();
    [whole.clone(), format!("{}{code}", whole.split(' ').next().unwrap_or_default())]
        .into_iter()
        .find(|text| width(text) <= cells)
        .unwrap_or_else(|| "big".to_owned())
}

/// The amount without its fraction, rounded half up.
fn whole(amount: Money) -> String {
    let unit = 10_i64.checked_pow(u32::from(amount.asset.exponent())).unwrap_or(1).max(1);
    let rounded = amount.minor.saturating_add(unit / 2).div_euclid(unit).saturating_mul(unit);
    let text = Money::new(rounded, amount.asset).to_string();
    match (text.split_once('.'), text.split_once(' ')) {
        (Some((digits, _)), Some((_, code))) => format!("{digits} {code}"),
        (Some((digits, _)), None) => digits.to_owned(),
        (None, _) => text,
    }
}

/// An hourly rate in few cells: tenths under ten, whole units from there.
pub fn rate(hourly: Money, cells: usize) -> String {
    let places = u32::from(hourly.asset.exponent());
    let unit = 10_i64.checked_pow(places).unwrap_or(1).max(1);
    let full = hourly.to_string();
    if places >= 1 && hourly.minor < unit.saturating_mul(10) && !full.contains(' ') {
        let tenth = (unit / 10).max(1);
        let rounded = hourly.minor.saturating_add(tenth / 2).div_euclid(tenth).saturating_mul(tenth);
        let text = Money::new(rounded, hourly.asset).to_string();
        let end = text.find('.').map_or(text.len(), |at| (at + 2).min(text.len()));
        return text.get(..end).unwrap_or(&text).to_owned();
    }
    let text = whole(hourly);
    if width(&text) <= cells { text } else { text.split(' ').next().map_or_else(String::new, |digits| fit(digits, cells)) }
}

/// Minutes in three cells.
pub fn minutes(seconds: u32) -> String {
    let minutes = seconds.div_ceil(60);
    match minutes {
        0..1_000 => minutes.to_string(),
        _ => format!("{}h", (minutes / 60).min(99)),
    }
}

/// An AI rule in six cells.
pub fn ai(rule: AiRule) -> &'static str {
    match rule {
        AiRule::Disclose => "tell",
        rule => rule.word(),
    }
}
