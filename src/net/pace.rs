//! What servers say about their pace: `Retry-After` and rate headers.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::Reply;
use crate::domain::Time;

/// No server can send us away for longer (SAFETY 1.2: absurd values are clamped).
pub const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);

/// How long `Retry-After` asks to wait: seconds or an HTTP date. Nonsense is `None`; the past is no wait; at most 24 hours.
pub fn retry_after(raw: &str, now: Time) -> Option<Duration> {
    let raw = raw.trim();
    if !raw.is_empty() && raw.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than fit are an absurd wait, not nonsense.
        return Some(raw.parse().map_or(LONGEST_WAIT, Duration::from_secs).min(LONGEST_WAIT));
    }
    let at = httpdate::parse_http_date(raw).ok()?;
    Some(at.duration_since(SystemTime::from(now)).unwrap_or(Duration::ZERO).min(LONGEST_WAIT))
}

/// How the reset header counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResetAs {
    /// By size: over 10^12 milliseconds since 1970, over 10^9 seconds since 1970, else seconds left.
    #[default]
    Auto,
    /// Seconds since 1970.
    Epoch,
    /// Seconds left.
    Seconds,
}

/// Names of the rate headers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RateNames {
    /// Requests per window.
    pub limit: Option<String>,
    /// Requests left.
    pub remaining: Option<String>,
    /// When the window begins anew.
    pub reset: Option<String>,
    /// How `reset` counts.
    pub reset_as: ResetAs,
}

/// Requests per window, requests left, begin of the next window (not before `now`, not after 24 hours).
pub fn budget_of(reply: &Reply, names: &RateNames, now: Time) -> (Option<u32>, Option<u32>, Option<Time>) {
    let number = |name: &Option<String>| {
        let raw = reply.header(name.as_deref()?)?;
        // The IETF draft allows parameters behind the number: `100;w=60`.
        raw.split([';', ',']).next()?.trim().split('.').next()?.parse::<u64>().ok()
    };
    let count = |value: Option<u64>| value.map(|value| u32::try_from(value).unwrap_or(u32::MAX));
    (
        count(number(&names.limit)),
        count(number(&names.remaining)),
        number(&names.reset).map(|value| reset_at(value, names.reset_as, now)),
    )
}

fn reset_at(value: u64, how: ResetAs, now: Time) -> Time {
    let seconds_now = now.timestamp().max(0).unsigned_abs();
    let left = match how {
        ResetAs::Seconds => value,
        ResetAs::Epoch => value.saturating_sub(seconds_now),
        ResetAs::Auto if value > 1_000_000_000_000 => (value / 1000).saturating_sub(seconds_now),
        ResetAs::Auto if value > 1_000_000_000 => value.saturating_sub(seconds_now),
        ResetAs::Auto => value,
    };
    now + Duration::from_secs(left).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Time {
        "2026-11-23T04:00:00Z".parse().unwrap()
    }

    #[test]
    fn retry_after_in_every_dress() {
        let seconds = |raw: &str| retry_after(raw, now()).map(|wait| wait.as_secs());
        assert_eq!(seconds("7"), Some(7));
        assert_eq!(seconds(" 0 "), Some(0));
        assert_eq!(seconds("Mon, 23 Nov 2026 04:02:00 GMT"), Some(120));
        assert_eq!(seconds("Sun, 22 Nov 2026 04:02:00 GMT"), Some(0));
        assert_eq!(seconds("Sun, 23 Nov 2036 04:02:00 GMT"), Some(86_400));
        assert_eq!(seconds("99999999999999999999999999"), Some(86_400));
        for nonsense in ["", "soon", "-5", "1.5", "１２"] {
            assert_eq!(seconds(nonsense), None, "{nonsense:?}");
        }
    }

    #[test]
    fn resets_count_either_way() {
        let epoch = now().timestamp().unsigned_abs();
        assert_eq!(reset_at(epoch + 30, ResetAs::Auto, now()), now() + Duration::from_secs(30));
        assert_eq!(reset_at((epoch + 30) * 1000, ResetAs::Auto, now()), now() + Duration::from_secs(30));
        assert_eq!(reset_at(30, ResetAs::Auto, now()), now() + Duration::from_secs(30));
        assert_eq!(reset_at(5, ResetAs::Epoch, now()), now());
        assert_eq!(reset_at(u64::MAX, ResetAs::Seconds, now()), now() + LONGEST_WAIT);
    }
}
