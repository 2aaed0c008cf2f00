//! What the time goes into, measured from key to key; a pause longer than the person's limit is not counted.

use chrono::TimeDelta;

use crate::domain::Time;
use crate::domain::work::{Span, Spent};

/// Spans shorter than this wait for more.
const ENOUGH: i64 = 30;

/// The watch.
#[derive(Debug)]
pub struct WorkTime {
    idle_after: TimeDelta,
    current: Option<(Spent, Time, i64)>,
    last: Option<Time>,
    done: Vec<Span>,
}

impl WorkTime {
    /// A watch that stops after `idle_after` without a key.
    pub fn new(idle_after: std::time::Duration) -> WorkTime {
        let idle_after = TimeDelta::from_std(idle_after).unwrap_or(TimeDelta::seconds(90));
        WorkTime { idle_after, current: None, last: None, done: Vec::new() }
    }

    /// Another pause is too long from now on.
    pub fn stop_after(&mut self, idle_after: std::time::Duration) {
        self.idle_after = TimeDelta::from_std(idle_after).unwrap_or(TimeDelta::seconds(90));
    }

    /// A key was pressed at `now`, while `spent` was in front of the person.
    pub fn key(&mut self, spent: &Spent, now: Time) {
        let passed = self.last.map_or(TimeDelta::zero(), |last| now - last);
        self.last = Some(now);
        let counted = if passed > self.idle_after || passed < TimeDelta::zero() { 0 } else { passed.num_milliseconds() };
        match &mut self.current {
            Some((what, _, millis)) if what == spent => *millis += counted,
            _ => {
                self.cut();
                self.current = Some((spent.clone(), now - TimeDelta::milliseconds(counted), counted));
            }
        }
        if self.current.as_ref().is_some_and(|(_, _, millis)| *millis >= ENOUGH * 1000) {
            self.cut();
        }
    }

    fn cut(&mut self) {
        if let Some((spent, from, millis)) = self.current.take() {
            let seconds = u32::try_from(millis / 1000).unwrap_or(0);
            if seconds > 0 {
                self.done.push(Span { spent: spent.clone(), from, seconds });
                // What is under a second is not lost: it opens the next span.
                self.current = Some((spent, from + TimeDelta::seconds(i64::from(seconds)), millis % 1000));
            } else if millis > 0 {
                self.current = Some((spent, from, millis));
            }
        }
    }

    /// The spans that are ready to be told.
    pub fn take(&mut self) -> Vec<Span> {
        std::mem::take(&mut self.done)
    }

    /// Everything measured so far, on leaving.
    pub fn finish(&mut self) -> Vec<Span> {
        self.cut();
        self.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_timestamp(1_800_000_000 + seconds, 0).unwrap_or_default()
    }

    #[test]
    fn pauses_do_not_count() {
        let mut watch = WorkTime::new(std::time::Duration::from_secs(60));
        for second in [0, 10, 20, 25, 1_000, 1_005] {
            watch.key(&Spent::Triage, at(second));
        }
        watch.key(&Spent::Money, at(1_006));
        let total: u32 = watch.finish().iter().map(|span| span.seconds).sum();
        assert_eq!(total, 25 + 5 + 1);
    }
}
