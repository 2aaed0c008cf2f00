//! The deadline's clock: how much is left, how loud to say it, and when it next reads differently.

use chrono::TimeDelta;
use ratatui::style::Style;

use crate::domain::{Assignment, Time};
use crate::tui::theme::Theme;

/// How pressing a deadline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pressure {
    /// More than half of the time is left.
    Calm,
    /// Half or less.
    Half,
    /// A fifth or less.
    Soon,
    /// A twentieth or less.
    Now,
    /// None.
    Late,
}

impl Pressure {
    /// Shown before the figure.
    pub fn glyph(self) -> &'static str {
        match self {
            Pressure::Calm | Pressure::Half => "",
            Pressure::Soon => "!",
            Pressure::Now => "!!",
            Pressure::Late => "✗",
        }
    }

    /// Its colour.
    pub fn style(self, theme: &Theme) -> Style {
        match self {
            Pressure::Calm => theme.dim(),
            Pressure::Half => theme.text(),
            Pressure::Soon => theme.warn(),
            Pressure::Now | Pressure::Late => theme.fail(),
        }
    }
}

/// What a clock shows at one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// How pressing it is.
    pub pressure: Pressure,
    /// "12m", "1:42", "late", "late 3m".
    pub words: String,
    /// When this reading changes.
    pub next: Time,
}

impl Reading {
    /// Glyph and figure: "!! 1:42".
    pub fn label(&self) -> String {
        let glyph = self.pressure.glyph();
        if glyph.is_empty() { self.words.clone() } else { format!("{glyph} {}", self.words) }
    }
}

/// Seconds are counted only under this many.
const FINE: i64 = 120;
/// Minutes only under this many.
const DAY: i64 = 86_400;

/// Reads the clock of `assignment`; `None` when it has no deadline.
pub fn read(assignment: &Assignment, now: Time) -> Option<Reading> {
    let deadline = assignment.deadline?;
    let left = deadline - now;
    let ms = left.num_milliseconds();
    let whole = (deadline - assignment.claimed_at).num_milliseconds().max(1);
    let pressure = if ms <= 0 {
        Pressure::Late
    } else if ms <= whole / 20 {
        Pressure::Now
    } else if ms <= whole / 5 {
        Pressure::Soon
    } else if ms <= whole / 2 {
        Pressure::Half
    } else {
        Pressure::Calm
    };
    let words = match -ms / 1000 {
        late if ms <= 0 && late < 60 => "late".to_owned(),
        late @ ..3600 if ms <= 0 => format!("late {}m", late / 60),
        late if ms <= 0 => format!("late {}", span(late)),
        left => span(-left),
    };
    // A figure counts whole units that are left, so it changes a moment after the unit is broken.
    let unit = if ms.abs() >= DAY * 1000 {
        3_600_000
    } else if ms > FINE * 1000 || ms <= 0 {
        60_000
    } else {
        1000
    };
    let until = if ms > 0 { ms.rem_euclid(unit) + 1 } else { unit - (-ms).rem_euclid(unit) };
    let louder = [whole / 2, whole / 5, whole / 20, 0].into_iter().map(|edge| ms - edge).filter(|ms| *ms > 0).min();
    let until = louder.map_or(until, |louder| louder.min(until));
    Some(Reading { pressure, words, next: now + TimeDelta::milliseconds(until) })
}

/// Seconds in words: "45s", "1:42", "12m", "3h05m", "2d4h".
pub fn span(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{seconds}s"),
        60..FINE => format!("{}:{:02}", seconds / 60, seconds % 60),
        FINE..3600 => format!("{}m", seconds / 60),
        3600..DAY => format!("{}h{:02}m", seconds / 3600, seconds % 3600 / 60),
        _ => format!("{}d{}h", seconds / 86_400, seconds % 86_400 / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AssignmentId, AssignmentState, Job, SourceName, Text};

    fn claimed(seconds: i64) -> Assignment {
        let now = Time::UNIX_EPOCH;
        let source = SourceName::new("practice");
        Assignment {
            id: AssignmentId::of(&source, "a"),
            job: Job::new(&source, "j", "t", now),
            state: AssignmentState::Claimed,
            native_state: Text::default(),
            claimed_at: now,
            deadline: Some(now + TimeDelta::seconds(seconds)),
            feedback: Text::default(),
            submission: None,
            moved_at: now,
        }
    }

    #[test]
    fn escalates_at_half_a_fifth_and_a_twentieth() {
        let a = claimed(1000);
        let at = |s: i64| read(&a, Time::UNIX_EPOCH + TimeDelta::seconds(s)).unwrap();
        assert_eq!((at(0).pressure, at(499).pressure), (Pressure::Calm, Pressure::Calm));
        assert_eq!((at(500).pressure, at(799).pressure), (Pressure::Half, Pressure::Half));
        assert_eq!((at(800).pressure, at(949).pressure), (Pressure::Soon, Pressure::Soon));
        assert_eq!((at(950).pressure, at(999).pressure), (Pressure::Now, Pressure::Now));
        assert_eq!((at(1000).pressure, at(1061).words.as_str()), (Pressure::Late, "late 1m"));
    }

    #[test]
    fn a_reading_holds_until_it_says_and_not_longer() {
        // A fifth of this is no whole minute.
        let a = claimed(200_033);
        let mut now = Time::UNIX_EPOCH + TimeDelta::milliseconds(137);
        for _ in 0..2000 {
            let reading = read(&a, now).unwrap();
            assert!(reading.next > now);
            let still = read(&a, reading.next - TimeDelta::milliseconds(1)).unwrap();
            assert_eq!(still.label(), reading.label());
            let then = read(&a, reading.next).unwrap();
            assert_ne!((then.label(), then.pressure), (reading.label(), reading.pressure), "and there is a reason to look");
            now = reading.next;
        }
    }

    #[test]
    fn words_for_spans() {
        assert_eq!([5, 61, 119, 120, 3599, 3600, 90_000].map(span), ["5s", "1:01", "1:59", "2m", "59m", "1h00m", "1d1h"]);
    }
}
