//! Where days and weeks begin for the person.

use chrono::{Datelike, Days, Local, LocalResult, NaiveDate, TimeZone};

use crate::domain::Time;
use crate::domain::ledger::Bounds;

/// Today and this week in the machine's zone, at `now`.
pub fn bounds(now: Time, monday: bool) -> Bounds {
    bounds_in(&Local, now, monday)
}

fn bounds_in<Z: TimeZone>(zone: &Z, now: Time, monday: bool) -> Bounds {
    let day = now.with_timezone(zone).date_naive();
    let back = if monday { day.weekday().num_days_from_monday() } else { day.weekday().num_days_from_sunday() };
    let first = day.checked_sub_days(Days::new(back.into())).unwrap_or(day);
    Bounds { today: midnight(zone, day), week: midnight(zone, first), now }
}

/// The first instant of a local day; where the clock skips midnight, the first hour that exists.
fn midnight<Z: TimeZone>(zone: &Z, day: NaiveDate) -> Time {
    let hours = (0..24).filter_map(|hour| day.and_hms_opt(hour, 0, 0));
    for naive in hours {
        match zone.from_local_datetime(&naive) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => return at.to_utc(),
            LocalResult::None => {}
        }
    }
    day.and_hms_opt(0, 0, 0).unwrap_or_default().and_utc()
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
}
