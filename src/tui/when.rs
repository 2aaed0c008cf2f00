//! A time as a person types it: `3h`, `1d12h`, `18:30`, `mon 9:00`, `tomorrow`, `2026-03-04 10:00`. On the person's clock.

use chrono::{DateTime, Datelike, Days, Local, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};

use crate::domain::{Time, instant};

/// What can be typed, for hints.
pub const FORMS: &str = "3h, 90m, 2d, 18:30, mon 9:00, tomorrow, 2026-03-04 10:00";

/// Nobody sleeps longer than this.
const LONGEST: TimeDelta = TimeDelta::days(400);
/// When a day is meant and no hour.
const MORNING: (u32, u32) = (8, 0);

/// The time that `text` means, always after `now`.
///
/// # Errors
/// What it should look like, in words.
pub fn parse(text: &str, now: Time) -> Result<Time, String> {
    let text = text.trim().to_lowercase();
    let unknown = || format!("\"{text}\" is not a time; write one such as {FORMS}");
    if text.is_empty() {
        return Err(format!("no time is typed; write one such as {FORMS}"));
    }
    let at = match span(&text) {
        Some(span) => now.checked_add_signed(span).ok_or_else(unknown)?,
        None => on_the_clock(&text, now.with_timezone(&Local)).ok_or_else(unknown)?,
    };
    if at <= now {
        return Err(format!("\"{text}\" is over"));
    }
    if at - now > LONGEST {
        return Err("that is more than a year ahead; hide the job instead".to_owned());
    }
    Ok(at)
}

/// `1h30m`, `45 min`, `2 days`.
fn span(text: &str) -> Option<TimeDelta> {
    let mut rest = text.strip_prefix("in ").unwrap_or(text).trim();
    let mut seconds: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).filter(|at| *at > 0)?;
        let (number, tail) = rest.split_at(digits);
        let tail = tail.trim_start();
        let letters = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        let unit = match unit {
            "m" | "min" | "mins" | "minute" | "minutes" => 60,
            "h" | "hour" | "hours" => 3_600,
            "d" | "day" | "days" => 86_400,
            "w" | "week" | "weeks" => 604_800,
            _ => return None,
        };
        seconds = seconds.checked_add(number.parse::<i64>().ok()?.checked_mul(unit)?)?;
        rest = tail.trim_start();
    }
    TimeDelta::try_seconds(seconds)
}

fn on_the_clock(text: &str, now: DateTime<Local>) -> Option<Time> {
    let today = now.date_naive();
    let (day, clock) = match text.split_once(' ') {
        Some((day, clock)) => (Some(day), Some(clock.trim())),
        None if hour(text).is_some() => (None, Some(text)),
        None => (Some(text), None),
    };
    let time = clock.map_or(NaiveTime::from_hms_opt(MORNING.0, MORNING.1, 0), hour)?;
    match day {
        // The next such hour: today's, or tomorrow's when that is over.
        None => [today, today.checked_add_days(Days::new(1))?].into_iter().find_map(|day| later(day.and_time(time), now)),
        Some("today") => later(today.and_time(time), now),
        Some("tomorrow" | "tom") => local(today.checked_add_days(Days::new(1))?.and_time(time)),
        Some(day) => match day.parse::<Weekday>() {
            Ok(wanted) => {
                let ahead = (7 + wanted.num_days_from_monday() - now.weekday().num_days_from_monday()) % 7;
                let day = today.checked_add_days(Days::new(u64::from(ahead)))?;
                later(day.and_time(time), now).or_else(|| local(day.checked_add_days(Days::new(7))?.and_time(time)))
            }
            Err(_) => local(NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?.and_time(time)),
        },
    }
}

/// `18:30`, `9:00`, `18h`, but not a bare number: minutes or hours may be meant.
fn hour(text: &str) -> Option<NaiveTime> {
    let (hours, minutes) = text.split_once(':')?;
    if hours.len() > 2 || minutes.len() != 2 {
        return None;
    }
    NaiveTime::from_hms_opt(hours.parse().ok()?, minutes.parse().ok()?, 0)
}

fn later(at: NaiveDateTime, now: DateTime<Local>) -> Option<Time> {
    local(at).filter(|at| *at > now.to_utc())
}

/// On the person's clock; where that hour does not exist, the first one after it.
fn local(at: NaiveDateTime) -> Option<Time> {
    (0..4).find_map(|hours| instant::of_wall(&Local, at + TimeDelta::hours(hours)))
}

/// Eight o'clock of the next day.
pub fn tomorrow_at_eight(now: Time) -> Time {
    let eight = NaiveTime::from_hms_opt(MORNING.0, MORNING.1, 0).unwrap_or_default();
    let today = now.with_timezone(&Local).date_naive();
    let day = today.checked_add_days(Days::new(1)).unwrap_or(today);
    local(day.and_time(eight)).unwrap_or(now + TimeDelta::hours(20))
}

/// A time for a sentence: the hour today, the day and the hour else.
pub fn words(at: Time, now: Time) -> String {
    let (at, now) = (at.with_timezone(&Local), now.with_timezone(&Local));
    let format = match (at.date_naive() - now.date_naive()).num_days() {
        0 => "%H:%M",
        1..7 => "%a %H:%M",
        _ => "%a %-d %b %H:%M",
    };
    at.format(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_clock_times() {
        // Noon on a Wednesday, wherever the test runs.
        let noon = NaiveDate::from_ymd_opt(2026, 3, 4).and_then(|day| day.and_hms_opt(12, 0, 0)).and_then(local).unwrap();
        let hours = |text: &str| (parse(text, noon).unwrap() - noon).num_minutes();
        assert_eq!(hours("3h"), 180);
        assert_eq!(hours("in 1h 30m"), 90);
        assert_eq!(hours("2 days"), 2 * 1440);
        assert_eq!(hours("18:30"), 390);
        assert_eq!(hours("9:00"), 21 * 60);
        assert_eq!(hours("tomorrow"), 20 * 60);
        assert_eq!(hours("thu 13:00"), 25 * 60);
        assert_eq!(hours("wed 11:00"), 7 * 1440 - 60);
        assert_eq!(hours("2026-03-05 12:00"), 1440);
        for wrong in ["", "3", "25:00", "noon", "h", "3x", "2026-13-01", "99999999999999999999h", "2026-03-04 11:00", "500d"] {
            assert!(parse(wrong, noon).is_err(), "{wrong}");
        }
    }
}
