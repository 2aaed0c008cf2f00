//! A zone made for a test: midnight comes soon, and soon after it the clock is changed.

use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};
use serde::{Deserialize, Serialize};

/// What happens to the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// An hour is skipped: summer time begins.
    Forward,
    /// An hour comes again: summer time ends. Just behind midnight that is yesterday once more.
    Back,
}

/// Offsets east of Greenwich in seconds, and when they change.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Calendar {
    /// When this was made; the day that ends at `midnight` had begun.
    pub begun: DateTime<Utc>,
    /// The first midnight to come.
    pub midnight: DateTime<Utc>,
    /// When the clock is changed; a whole number of seconds behind it.
    pub changed: DateTime<Utc>,
    pub change: Change,
    /// Until then.
    pub east: i64,
    /// The first day of the week is a Monday, else a Sunday: whichever makes a week begin at `midnight`, where one can.
    pub monday: bool,
    /// A week begins at `midnight`.
    pub week_begins: bool,
}

impl Calendar {
    /// Midnight comes after `third` seconds from `now`, the change as long after that.
    pub fn around(now: DateTime<Utc>, third: i64, change: Change) -> Calendar {
        let midnight = DateTime::from_timestamp(now.timestamp() + third, 0).unwrap();
        let ahead = (86_400 - midnight.timestamp().rem_euclid(86_400)) % 86_400;
        // Either of two days can be the one that ends; both offsets and the hour beside them must be ones that a clock can have.
        let fits = |east: &i64| east.abs() + 3_600 < 86_400;
        let ends = |east: i64| (midnight + TimeDelta::seconds(east - 1)).weekday();
        let choices: Vec<i64> = [ahead, ahead - 86_400].into_iter().filter(fits).collect();
        let week = choices.iter().copied().find(|east| matches!(ends(*east), Weekday::Sun | Weekday::Sat));
        let east = week.unwrap_or(choices[0]);
        Calendar {
            begun: now,
            midnight,
            changed: midnight + TimeDelta::seconds(third),
            change,
            east,
            monday: ends(east) != Weekday::Sat,
            week_begins: week.is_some(),
        }
    }

    /// The offset from the change on.
    pub fn east_after(&self) -> i64 {
        match self.change {
            Change::Forward => self.east + 3_600,
            Change::Back => self.east - 3_600,
        }
    }

    /// What the clock on the wall says at an instant.
    pub fn wall(&self, at: DateTime<Utc>) -> chrono::NaiveDateTime {
        let east = if at < self.changed { self.east } else { self.east_after() };
        (at + TimeDelta::seconds(east)).naive_utc()
    }

    /// When the local day of an instant began, as far as it began since this was made; else before that.
    pub fn day_began(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let again_yesterday = self.change == Change::Back && at >= self.changed && at < self.changed + TimeDelta::hours(1);
        if at < self.midnight || again_yesterday { self.midnight - TimeDelta::days(1) } else { self.midnight }
    }

    /// The same for the week.
    pub fn week_began(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        if self.week_begins { self.day_began(at) } else { self.midnight - TimeDelta::days(7) }
    }

    /// For `TZ`, in the form of POSIX.
    pub fn zone(&self) -> String {
        let (winter, begins, ends) = match self.change {
            Change::Forward => (self.east, 0, 1),
            Change::Back => (self.east - 3_600, -1, 0),
        };
        let offset = |east: i64| {
            // Offsets count westwards there.
            let size = east.abs();
            format!("{}{:02}:{:02}:{:02}", if east > 0 { "-" } else { "" }, size / 3_600, size / 60 % 60, size % 60)
        };
        let day = |more: i64| (self.midnight + TimeDelta::seconds(self.east) + TimeDelta::days(more)).ordinal0();
        let time = (self.changed - self.midnight).num_seconds();
        let time = format!("{:02}:{:02}:{:02}", time / 3_600, time / 60 % 60, time % 60);
        let (first, last) = if self.change == Change::Forward { (time.as_str(), "12") } else { ("0", time.as_str()) };
        format!("JST{}JDT{},{}/{first},{}/{last}", offset(winter), offset(winter + 3_600), day(begins), day(ends))
    }
}

#[test]
fn the_zone_says_what_the_calendar_says() {
    let around = |now: &str, change| Calendar::around(now.parse().unwrap(), 20, change);
    for now in [
        "2026-11-23T16:50:07Z",
        "2026-03-04T00:00:01Z",
        "2026-08-07T23:59:50Z",
        "2026-06-10T12:00:00Z",
        "2026-12-31T12:00:00Z",
        "2027-01-01T12:00:00Z",
    ] {
        for change in [Change::Forward, Change::Back] {
            let made = around(now, change);
            let this = std::env::current_exe().unwrap();
            let arguments = ["--exact", "load::calendar::the_wall_as_the_zone_has_it", "--ignored", "--nocapture"];
            let ran = std::process::Command::new(this)
                .args(arguments)
                .env("TZ", made.zone())
                .env(super::lived::CALENDAR, serde_json::to_string(&made).unwrap())
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&ran.stdout).into_owned();
            assert!(said.contains("1 passed"), "{made:?} {}: {said}{}", made.zone(), String::from_utf8_lossy(&ran.stderr));
        }
    }
}

#[test]
#[ignore = "run by the_zone_says_what_the_calendar_says"]
fn the_wall_as_the_zone_has_it() {
    let Ok(made) = std::env::var(super::lived::CALENDAR) else { return };
    let made: Calendar = serde_json::from_str(&made).unwrap();
    for seconds in [-30, -1, 0, 1, 19, 20, 21, 100, 3_000] {
        let at = made.midnight + TimeDelta::seconds(seconds);
        assert_eq!(at.with_timezone(&chrono::Local).naive_local(), made.wall(at), "{seconds} s behind midnight");
    }
    assert_eq!(juggler::domain::instant::of_wall(&chrono::Local, made.wall(made.midnight)), Some(made.midnight));
}
