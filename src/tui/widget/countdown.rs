//! Time in few cells: ages, countdowns, clock times, and when what is shown becomes untrue.

use chrono::{Local, TimeDelta};

use crate::domain::Time;

/// How old: `now`, `3m`, `2h`, `5d`.
pub fn age(since: Time, now: Time) -> String {
    let seconds = (now - since).num_seconds().max(0);
    match seconds {
        0..60 => "now".to_owned(),
        60..3_600 => format!("{}m", seconds / 60),
        3_600..86_400 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", (seconds / 86_400).min(999)),
    }
}

/// A length of time: `45s`, `12m`, `1h05`, `3d4h`.
pub fn span(seconds: i64) -> String {
    let seconds = seconds.max(0);
    match seconds {
        0..120 => format!("{seconds}s"),
        120..3_600 => format!("{}m", seconds / 60),
        3_600..86_400 => format!("{}h{:02}", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{}d{}h", (seconds / 86_400).min(999), seconds % 86_400 / 3_600),
    }
}

/// Time to a deadline: as [`span`], or `late 3m`.
pub fn left(deadline: Time, now: Time) -> String {
    let seconds = (deadline - now).num_seconds();
    if seconds < 0 { format!("late {}", span(-seconds)) } else { span(seconds) }
}

/// `HH:MM:SS` on the person's clock.
pub fn clock(at: Time) -> String {
    at.with_timezone(&Local).format("%H:%M:%S").to_string()
}

/// `HH:MM` on the person's clock.
pub fn minute(at: Time) -> String {
    at.with_timezone(&Local).format("%H:%M").to_string()
}

/// When [`left`] next says something else: each second under two minutes, else each minute.
pub fn changes(deadline: Time, now: Time) -> Time {
    let seconds = (deadline - now).num_seconds();
    if seconds.abs() < 120 {
        return now + TimeDelta::milliseconds(1000 - i64::from(now.timestamp_subsec_millis() % 1000));
    }
    let rest = if seconds > 0 { seconds % 60 + 1 } else { 60 - (-seconds) % 60 };
    now + TimeDelta::seconds(rest)
}

/// Until when [`age`] is near enough: ages under an hour are looked at each full minute, all at once, older ones by the hour.
pub fn age_holds(since: Time, now: Time) -> Time {
    let seconds = (now - since).num_seconds();
    if seconds < 3_600 { next_minute(now) } else { now + TimeDelta::seconds(3_600 - seconds % 3_600) }
}

/// The next full minute.
pub fn next_minute(now: Time) -> Time {
    now + TimeDelta::milliseconds(60_000 - now.timestamp_millis().rem_euclid(60_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_timestamp(1_800_000_000 + seconds, 0).unwrap_or_default()
    }

    #[test]
    fn words_for_time() {
        assert_eq!(age(at(0), at(59)), "now");
        assert_eq!(age(at(0), at(3_599)), "59m");
        assert_eq!(span(119), "119s");
        assert_eq!(span(3_900), "1h05");
        assert_eq!(left(at(-180), at(0)), "late 3m");
        assert_eq!(left(at(600), at(0)), "10m");
    }

    #[test]
    fn a_countdown_changes_when_it_says_so() {
        for seconds in [-4_000, -150, -5, 0, 1, 119, 121, 125, 180, 3_599, 3_661] {
            let (deadline, now) = (at(seconds), at(0));
            let next = changes(deadline, now);
            assert!(next > now);
            assert_ne!(left(deadline, next), left(deadline, now), "{seconds}");
        }
    }
}
