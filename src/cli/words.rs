//! How values read in tables and sentences.

use chrono::Local;

use crate::domain::rate::Expected;
use crate::domain::{Money, Text, Time};

/// A length of time in at most two units: "40s", "12m", "3h 5m", "2d 4h". A negative one has a sign.
pub fn span(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let s = seconds.unsigned_abs();
    let (major, minor) = match s {
        0..60 => ((s, "s"), (0, "")),
        60..3600 => ((s / 60, "m"), (if s < 600 { s % 60 } else { 0 }, "s")),
        3600..86400 => ((s / 3600, "h"), (s / 60 % 60, "m")),
        _ => ((s / 86400, "d"), (s / 3600 % 24, "h")),
    };
    let minor = if minor.0 > 0 { format!(" {}{}", minor.0, minor.1) } else { String::new() };
    format!("{sign}{}{}{minor}", major.0, major.1)
}

/// How long ago: "now", "40s", "3h 5m".
pub fn age(at: Time, now: Time) -> String {
    let seconds = (now - at).num_seconds();
    if seconds < 1 { "now".to_owned() } else { span(seconds) }
}

/// How far off: "in 12m", or "3m late".
pub fn until(at: Time, now: Time) -> String {
    let seconds = (at - now).num_seconds();
    if seconds >= 0 { format!("in {}", span(seconds)) } else { format!("{} late", span(-seconds)) }
}

/// The clock on the wall.
pub fn clock(at: Time) -> String {
    at.with_timezone(&Local).format("%H:%M:%S").to_string()
}

/// Money, or a dash.
pub fn money(money: Option<Money>) -> String {
    money.map_or_else(|| "–".to_owned(), |money| money.to_string())
}

/// An expected rate with its interval, or a dash.
pub fn rate(rate: Option<&Expected>) -> String {
    rate.map_or_else(|| "–".to_owned(), Expected::short)
}

/// A length of time, or a dash.
pub fn maybe_span(seconds: Option<i64>) -> String {
    seconds.map_or_else(|| "–".to_owned(), span)
}

/// "1 job", "2 jobs".
pub fn count(n: usize, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
}

/// What a change of the config file brought.
pub fn reloaded(changed: &[Text], later: &[Text]) -> String {
    let list = |words: &[Text]| words.iter().map(Text::to_string).collect::<Vec<_>>().join(", ");
    match (changed, later) {
        ([], []) => "nothing has changed in the config file".to_owned(),
        (changed, []) => format!("config: {}", list(changed)),
        ([], later) => format!("config: taken in at the next start: {}", list(later)),
        (changed, later) => format!("config: {}; taken in at the next start: {}", list(changed), list(later)),
    }
}

/// "340 bytes", "12 kB", "3.4 MB".
pub fn bytes(n: u64) -> String {
    match n {
        0..1_000 => format!("{n} bytes"),
        1_000..1_000_000 => format!("{} kB", n.div_ceil(1_000)),
        _ => format!("{:.1} MB", n as f64 / 1e6),
    }
}
