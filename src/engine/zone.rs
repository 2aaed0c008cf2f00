//! Where days and weeks begin for the person.

use chrono::{Datelike, Days, Local, NaiveDate, TimeZone};

use crate::domain::ledger::Bounds;
use crate::domain::{Time, instant};

/// Today and this week in the machine's zone, at `now`.
pub fn bounds(now: Time, monday: bool) -> Bounds {
    bounds_in(&Local, now, monday)
}

/// When this month began in the machine's zone.
pub fn month(now: Time) -> Time {
    let day = now.with_timezone(&Local).date_naive();
    midnight(&Local, day.with_day(1).unwrap_or(day))
}

fn bounds_in<Z: TimeZone>(zone: &Z, now: Time, monday: bool) -> Bounds {
    let day = now.with_timezone(zone).date_naive();
    let back = if monday { day.weekday().num_days_from_monday() } else { day.weekday().num_days_from_sunday() };
    let first = day.checked_sub_days(Days::new(back.into())).unwrap_or(day);
    let days = std::array::from_fn(|n| midnight(zone, day.checked_sub_days(Days::new(6 - n as u64)).unwrap_or(day)));
    Bounds { today: midnight(zone, day), week: midnight(zone, first), days, now }
}

fn midnight<Z: TimeZone>(zone: &Z, day: NaiveDate) -> Time {
    instant::day_begins(zone, day).unwrap_or_else(|| day.and_time(chrono::NaiveTime::MIN).and_utc())
}

#[cfg(test)]
mod tests {
    use chrono::{FixedOffset, Utc};

    use super::*;

    #[test]
    fn days_begin_at_local_midnight() {
        let now = Utc.with_ymd_and_hms(2026, 3, 1, 2, 30, 0).single().unwrap();
        for (hours, day) in [(-12, 28), (0, 1), (14, 1)] {
            let zone = FixedOffset::east_opt(hours * 3600).unwrap();
            let found = bounds_in(&zone, now, true);
            let local = found.today.with_timezone(&zone);
            assert_eq!((local.day(), local.time()), (day, chrono::NaiveTime::MIN));
            assert!(found.today <= now && now - found.today < chrono::TimeDelta::hours(24));
            assert_eq!(found.week.with_timezone(&zone).weekday(), chrono::Weekday::Mon);
        }
    }

    /// What goes wrong with days: skipped and doubled midnights, skipped days, odd offsets, the ends of the world, of the year and of
    /// February. Zone, now, when today began, when the week began (on Monday), all but the zone in UTC.
    const TRAPS: [(&str, &str, &str, &str); 16] = [
        // The clock goes from 02:00 to 03:00 and from 03:00 to 02:00: the day has 23 and 25 hours.
        ("Europe/Berlin", "2026-03-29T21:59:59Z", "2026-03-28T23:00:00Z", "2026-03-22T23:00:00Z"),
        ("Europe/Berlin", "2026-03-29T22:00:00Z", "2026-03-29T22:00:00Z", "2026-03-29T22:00:00Z"),
        ("Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-24T22:00:00Z", "2026-10-18T22:00:00Z"),
        ("America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T04:00:00Z", "2026-10-26T04:00:00Z"),
        ("America/New_York", "2026-11-01T06:30:00Z", "2026-11-01T04:00:00Z", "2026-10-26T04:00:00Z"),
        // Midnight is skipped: the day begins at one o'clock.
        ("America/Santiago", "2026-09-06T12:00:00Z", "2026-09-06T04:00:00Z", "2026-08-31T04:00:00Z"),
        ("Africa/Cairo", "2026-04-24T12:00:00Z", "2026-04-23T22:00:00Z", "2026-04-19T22:00:00Z"),
        // Midnight comes twice: the day begins with the first.
        ("America/Havana", "2026-11-01T05:30:00Z", "2026-11-01T04:00:00Z", "2026-10-26T04:00:00Z"),
        // Half an hour, three quarters.
        ("Australia/Lord_Howe", "2026-10-03T16:00:00Z", "2026-10-03T13:30:00Z", "2026-09-27T13:30:00Z"),
        ("Asia/Kathmandu", "2026-01-01T00:00:00Z", "2025-12-31T18:15:00Z", "2025-12-28T18:15:00Z"),
        // The ends of the world.
        ("Pacific/Kiritimati", "2026-01-01T09:59:59Z", "2025-12-31T10:00:00Z", "2025-12-28T10:00:00Z"),
        ("Etc/GMT+12", "2026-01-01T11:59:59Z", "2025-12-31T12:00:00Z", "2025-12-29T12:00:00Z"),
        // A day that never was: the week that began on it begins with the next.
        ("Pacific/Apia", "2011-12-31T12:00:00Z", "2011-12-31T10:00:00Z", "2011-12-26T10:00:00Z"),
        // February and the year.
        ("UTC", "2028-02-29T23:59:59Z", "2028-02-29T00:00:00Z", "2028-02-28T00:00:00Z"),
        ("UTC", "2027-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "2026-12-28T00:00:00Z"),
        // A leap second belongs to the day that it ends.
        ("UTC", "2016-12-31T23:59:60Z", "2016-12-31T00:00:00Z", "2016-12-26T00:00:00Z"),
    ];

    #[test]
    fn every_trap_of_the_calendar_begins_the_right_day_and_week() {
        for (zone, now, today, week) in TRAPS {
            let at = |written: &str| crate::domain::instant::parse(written).unwrap();
            let found = bounds_in(&zone.parse::<chrono_tz::Tz>().unwrap(), at(now), true);
            assert_eq!((found.today, found.week), (at(today), at(week)), "{zone} at {now}");
        }
    }

    #[test]
    fn the_days_before_today_have_the_hours_they_had() {
        let now = crate::domain::instant::parse("2026-10-26T12:00:00Z").unwrap();
        let found = bounds_in(&chrono_tz::Europe::Berlin, now, true);
        let hours: Vec<i64> = found.days.windows(2).map(|pair| (pair[1] - pair[0]).num_hours()).collect();
        assert_eq!((hours, found.days[6]), (vec![24, 24, 24, 24, 24, 25], found.today));
    }

    #[test]
    fn a_day_that_was_skipped_begins_with_what_comes_after_it() {
        let skipped = NaiveDate::from_ymd_opt(2011, 12, 30).unwrap();
        let next = NaiveDate::from_ymd_opt(2011, 12, 31).unwrap();
        assert_eq!(midnight(&chrono_tz::Pacific::Apia, skipped), midnight(&chrono_tz::Pacific::Apia, next));
    }

    /// A year with its changes, in every zone there is: today has begun, is not over, and no older than the longest day (in Antarctica
    /// it has 26 hours); and days never run backwards.
    #[test]
    fn days_follow_each_other_in_every_zone() {
        for zone in chrono_tz::TZ_VARIANTS {
            let mut last = None;
            let begin = Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).single().unwrap();
            for n in 0..366 {
                let now = begin + chrono::TimeDelta::minutes(n * 1447);
                let bounds = bounds_in(&zone, now, n % 2 == 0);
                assert!(bounds.week <= bounds.today && bounds.today <= now, "{zone} {now}");
                assert!(now - bounds.today < chrono::TimeDelta::minutes(26 * 60 + 1), "{zone} {now}");
                assert_eq!(bounds.today.with_timezone(&zone).date_naive(), now.with_timezone(&zone).date_naive(), "{zone} {now}");
                assert!(last.is_none_or(|last| last <= bounds.today), "{zone} {now}");
                last = Some(bounds.today);
            }
        }
    }
}
