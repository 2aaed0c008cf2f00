//! Instants: as platforms write them, and as a clock on the wall shows them.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone};

use super::Time;

/// An RFC 3339 instant; without an offset, UTC is meant. A space in place of the `T` will do.
pub fn parse(written: &str) -> Option<Time> {
    let written = written.trim();
    quick(written.as_bytes()).or_else(|| slow(written))
}

/// `2026-11-23T04:00:00Z` and `2026-11-23T04:00:00.000Z`, what nearly everybody writes; `None` for every other form, right or wrong.
fn quick(written: &[u8]) -> Option<Time> {
    if let [seconds @ .., b'.', m0, m1, m2, b'Z'] = written
        && seconds.len() == 19
        && [m0, m1, m2].iter().all(|digit| digit.is_ascii_digit())
    {
        let mut whole = [b'Z'; 20];
        whole[..19].copy_from_slice(seconds);
        let millis = [m0, m1, m2].iter().fold(0, |sum, digit| sum * 10 + i64::from(**digit - b'0'));
        return quick(&whole)?.checked_add_signed(chrono::TimeDelta::milliseconds(millis));
    }
    let [y0, y1, y2, y3, b'-', o0, o1, b'-', d0, d1, b'T', h0, h1, b':', m0, m1, b':', s0, s1, b'Z'] = *written else {
        return None;
    };
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i64::from(byte - b'0'));
    let two = |tens: u8, ones: u8| Some(digit(tens)? * 10 + digit(ones)?);
    let year = two(y0, y1)? * 100 + two(y2, y3)?;
    let (month, day) = (two(o0, o1)?, two(d0, d1)?);
    let (hour, minute, second) = (two(h0, h1)?, two(m0, m1)?, two(s0, s1)?);
    // Days that not every month has, and leap seconds, are looked at the slow way.
    if !(1..=12).contains(&month) || !(1..=28).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Time::from_timestamp(days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second, 0)
}

/// Days since 1970 of a date of the Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms", days_from_civil).
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn slow(written: &str) -> Option<Time> {
    let naive = |form: &str| chrono::NaiveDateTime::parse_from_str(written, form).ok().map(|at| at.and_utc());
    written.parse().ok().or_else(|| naive("%Y-%m-%dT%H:%M:%S%.f")).or_else(|| naive("%Y-%m-%d %H:%M:%S%.f"))
}

/// So far around an instant the offsets are asked for: no clock is further from Greenwich, and none changes twice in between.
const AROUND: [i64; 5] = [-26, -13, 0, 13, 26];

/// The first instant at which the clock of `zone` shows `wall`; `None` where it never does, because the clock skips it.
///
/// Asked of the zone the one way that has one answer, from the instant to the wall: chrono's own way back is wrong by the hour for
/// some times of a day on which the clock changes, where the zone is told by a rule.
pub fn of_wall<Z: TimeZone>(zone: &Z, wall: NaiveDateTime) -> Option<Time> {
    if !(0..10_000).contains(&wall.year()) {
        return None;
    }
    let shows = |at: &Time| at.with_timezone(zone).naive_local() == wall;
    let offset = |hours: i64| {
        let near = wall.and_utc().checked_add_signed(TimeDelta::hours(hours))?;
        Some(near.with_timezone(zone).naive_local() - near.naive_utc())
    };
    let instants = AROUND.into_iter().filter_map(offset).filter_map(|east| wall.and_utc().checked_sub_signed(east));
    instants.filter(shows).min()
}

/// Where a clock can jump to, in minutes, and how far ahead a jump is looked for: Samoa left a whole day out.
const STEP: i64 = 15;
const REACH: i64 = 48 * 60;

/// The first instant of a local day; where the clock skips midnight (or the day), the first quarter of an hour that exists.
pub fn day_begins<Z: TimeZone>(zone: &Z, day: NaiveDate) -> Option<Time> {
    let midnight = day.and_time(NaiveTime::MIN);
    let mut quarters = (0..REACH / STEP).filter_map(|n| midnight.checked_add_signed(TimeDelta::minutes(n * STEP)));
    quarters.find_map(|wall| of_wall(zone, wall))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// In every zone, every seven hours of a year with its changes.
    #[test]
    fn what_a_wall_shows_is_shown_at_that_instant() {
        for zone in chrono_tz::TZ_VARIANTS {
            for hours in 0..24 * 366 / 7 {
                let at = Time::from_timestamp(1_767_225_600 + hours * 7 * 3_600, 0).unwrap();
                let wall = at.with_timezone(&zone).naive_local();
                let found = of_wall(&zone, wall).unwrap_or_else(|| panic!("{zone} never shows {wall}"));
                assert!(found <= at && at - found <= TimeDelta::hours(2), "{zone} shows {wall} at {at}, not first at {found}");
                assert_eq!(found.with_timezone(&zone).naive_local(), wall);
            }
        }
        let skipped = NaiveDate::from_ymd_opt(2026, 3, 29).unwrap().and_hms_opt(2, 30, 0).unwrap();
        assert_eq!(of_wall(&chrono_tz::Europe::Berlin, skipped), None);
    }

    proptest! {
        /// Both ways read the same instant, and the quick one reads nothing that is not there.
        #[test]
        fn the_quick_way_is_right(at in -62_167_219_200_i64..253_402_300_800, mess in "[0-9TZ:-]{20}") {
            let at = Time::from_timestamp(at, 0).unwrap();
            let written = at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
            prop_assert_eq!(parse(&written), Some(at));
            prop_assert!(quick(written.as_bytes()).is_none_or(|quick| quick == at));
            let millis = at + chrono::TimeDelta::milliseconds(at.timestamp().rem_euclid(1000));
            prop_assert_eq!(parse(&millis.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)), Some(millis));
            prop_assert!(quick(mess.as_bytes()).is_none_or(|quick| Some(quick) == slow(&mess)));
        }
    }

    #[test]
    fn other_forms_are_read_and_nonsense_is_not() {
        let four = parse("2026-11-23T04:00:00Z").unwrap();
        for same in ["2026-11-23T05:00:00+01:00", "2026-11-23T04:00:00", "2026-11-23 04:00:00", " 2026-11-23T04:00:00.000Z "] {
            assert_eq!(parse(same), Some(four), "{same}");
        }
        for bad in ["", "yesterday", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
