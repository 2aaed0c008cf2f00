//! Hours of the week as people write them: `22:00-07:00`, `mon-fri 09:00-18:00, sat 10:00-14:00`.
//!
//! Local time is an argument: the layer that knows the zone turns the instant into it.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDateTime, TimeDelta, Timelike};
use serde::{Deserialize, Serialize};

/// Windows of the week, in local time. None at all is never.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Hours {
    windows: Vec<Window>,
}

/// One window. It belongs to the days on which it begins; past midnight it runs into the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Window {
    /// Bit 0 is Monday.
    days: u8,
    /// Minute of the day.
    from: u16,
    /// Minute of the day, exclusive; not after `from` means: on the next day.
    to: u16,
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const ALL: u8 = 0b111_1111;
const WEEK_MINUTES: u32 = 7 * 24 * 60;

impl Hours {
    /// No window: it holds no instant.
    pub fn is_empty(&self) -> bool {
        self.windows.is_empty()
    }

    /// Whether `local` is in one of the windows.
    pub fn contains(&self, local: NaiveDateTime) -> bool {
        let minute = (local.hour() * 60 + local.minute()) as u16;
        let day = local.weekday().num_days_from_monday();
        self.windows.iter().any(|window| window.holds(day, minute))
    }

    /// From `local` to the first minute that is in no window: nothing when it is in none, `None` when the windows fill the week.
    pub fn time_left(&self, local: NaiveDateTime) -> Option<TimeDelta> {
        if !self.contains(local) {
            return Some(TimeDelta::zero());
        }
        let minute_begins = local - TimeDelta::seconds(local.second().into()) - TimeDelta::nanoseconds(local.nanosecond().into());
        let outside = (1..=WEEK_MINUTES).map(|n| minute_begins + TimeDelta::minutes(n.into())).find(|at| !self.contains(*at))?;
        Some(outside - local)
    }
}

impl Window {
    fn holds(self, day: u32, minute: u16) -> bool {
        let begins_on = |day: u32| self.days & (1 << day) != 0;
        if self.from < self.to {
            begins_on(day) && (self.from..self.to).contains(&minute)
        } else {
            begins_on(day) && minute >= self.from || begins_on((day + 6) % 7) && minute < self.to
        }
    }
}

impl FromStr for Hours {
    type Err = String;

    fn from_str(text: &str) -> Result<Hours, String> {
        text.split(',').map(|part| window(part.trim())).collect::<Result<_, _>>().map(|windows| Hours { windows })
    }
}

fn window(part: &str) -> Result<Window, String> {
    let bad = || format!("\"{part}\" is not a window of hours; write it like \"22:00-07:00\" or \"mon-fri 09:00-18:00\"");
    let mut words = part.split_whitespace();
    let (days, hours) = match (words.next(), words.next(), words.next()) {
        (Some(hours), None, _) => (ALL, hours),
        (Some(days), Some(hours), None) => (days_of(days).ok_or_else(bad)?, hours),
        _ => return Err(bad()),
    };
    let (from, to) = hours.split_once('-').ok_or_else(bad)?;
    let (from, to) = (minute(from).ok_or_else(bad)?, minute(to).ok_or_else(bad)?);
    if from == to || from == 24 * 60 {
        return Err(format!("\"{hours}\" has no length; a whole day is \"00:00-24:00\""));
    }
    Ok(Window { days, from, to })
}

fn days_of(text: &str) -> Option<u8> {
    let day = |word: &str| DAYS.iter().position(|name| word.len() >= 3 && word.to_lowercase().starts_with(name));
    let (first, last) = match text.split_once('-') {
        Some((first, last)) => (day(first)?, day(last)?),
        None => (day(text)?, day(text)?),
    };
    let length = (last + 7 - first) % 7;
    Some((0..=length).fold(0, |days, n| days | 1 << ((first + n) % 7)))
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':').unwrap_or((text, "00"));
    let number = |text: &str, digits: usize| -> Option<u16> {
        let plain = !text.is_empty() && text.len() <= digits && text.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| text.parse().ok())?
    };
    let (hour, minute) = (number(hour, 2)?, number(minute, 2)?);
    (hour < 24 && minute < 60 || (hour, minute) == (24, 0)).then_some(hour * 60 + minute)
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for window in &self.windows {
            for days in window.runs() {
                if !std::mem::take(&mut first) {
                    f.write_str(", ")?;
                }
                write!(f, "{days}{:02}:{:02}-{:02}:{:02}", window.from / 60, window.from % 60, window.to / 60, window.to % 60)?;
            }
        }
        Ok(())
    }
}

impl Window {
    /// Its days as words that can be read again, one for each run of days.
    fn runs(self) -> Vec<String> {
        if self.days == ALL {
            return vec![String::new()];
        }
        let has = |day: usize| self.days & (1 << (day % 7)) != 0;
        let begins = (0..7).filter(|day| has(*day) && !has(day + 6));
        begins
            .map(|begin| {
                let length = (1..7).take_while(|n| has(begin + n)).count();
                match length {
                    0 => format!("{} ", DAYS[begin]),
                    n => format!("{}-{} ", DAYS[begin], DAYS[(begin + n) % 7]),
                }
            })
            .collect()
    }
}

impl Serialize for Hours {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hours {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        if text.is_empty() { Ok(Hours::default()) } else { text.parse().map_err(serde::de::Error::custom) }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    /// 2026-11-02 is a Monday.
    fn at(day: u32, hour: u32, minute: u32) -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2026, 11, 2 + day).unwrap().and_hms_opt(hour, minute, 30).unwrap()
    }

    #[test]
    fn a_night_runs_into_the_next_day() {
        let night: Hours = "22:00-07:00".parse().unwrap();
        assert!(night.contains(at(0, 23, 0)) && night.contains(at(1, 6, 59)) && !night.contains(at(1, 7, 0)));
        assert_eq!(night.time_left(at(0, 23, 0)), Some(TimeDelta::minutes(480) - TimeDelta::seconds(30)));
        assert_eq!(night.time_left(at(0, 12, 0)), Some(TimeDelta::zero()));
        let friday: Hours = "fri 22:00-02:00".parse().unwrap();
        assert!(friday.contains(at(5, 1, 0)) && !friday.contains(at(4, 1, 0)) && !friday.contains(at(5, 22, 30)));
        let always: Hours = "00:00-24:00".parse().unwrap();
        assert_eq!(always.time_left(at(3, 3, 3)), None);
    }

    #[test]
    fn what_is_read_prints_as_what_is_read_again() {
        for text in ["22:00-07:00", "mon-fri 09:00-18:00, sat 10:00-14:00", "sat-mon 00:00-24:00", "sun 08:30-09:00"] {
            let hours: Hours = text.parse().unwrap();
            assert_eq!(hours.to_string(), text);
            assert_eq!(hours.to_string().parse::<Hours>().unwrap(), hours);
        }
        assert_eq!("Monday-friday 9-17".parse::<Hours>().unwrap().to_string(), "mon-fri 09:00-17:00");
        for bad in ["", "22-22", "25:00-26:00", "09:60-10:00", "noon", "xx 09:00-10:00", "mon tue 9-10", "9:00", "+9-10"] {
            assert!(bad.parse::<Hours>().is_err(), "{bad}");
        }
    }
}
