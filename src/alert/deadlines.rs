//! Which part of each deadline's time has gone by. Pure; asked when the hand changed and when [`Deadlines::next`] comes.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::domain::alert::Urgency;
use crate::domain::{Alert, AlertKind, Assignment, AssignmentId, AssignmentState, Time};

/// One assignment's time.
#[derive(Clone, Debug)]
struct Watch {
    begins: Time,
    ends: Time,
    /// The smallest share that was told, in per cent.
    told: Option<u8>,
}

/// The deadlines in hand.
#[derive(Clone, Debug)]
pub struct Deadlines {
    /// Shares left at which it is told, in per cent, most first.
    shares: Vec<u8>,
    watched: BTreeMap<AssignmentId, Watch>,
}

impl Watch {
    /// When only `share` per cent of the time are left.
    fn at(&self, share: u8) -> Time {
        let allowed = (self.ends - self.begins).num_milliseconds().max(0);
        self.ends - TimeDelta::milliseconds(allowed.saturating_mul(i64::from(share)) / 100)
    }

    fn is_untold(&self, share: u8) -> bool {
        self.told.is_none_or(|told| share < told)
    }
}

impl Deadlines {
    /// Tells at these shares of the allowed time, in per cent.
    pub fn new(shares: &[u8]) -> Deadlines {
        let mut deadlines = Deadlines { shares: Vec::new(), watched: BTreeMap::new() };
        deadlines.tell_at(shares);
        deadlines
    }

    /// Tells at other shares from now on; what was told stays told.
    pub fn tell_at(&mut self, shares: &[u8]) {
        self.shares = shares.iter().copied().filter(|share| (1..100).contains(share)).collect();
        self.shares.sort_unstable_by(|a, b| b.cmp(a));
        self.shares.dedup();
    }

    /// Looks at the hand. Each share of each deadline is told once; of several that went by unseen, only the tightest. A deadline
    /// that changed begins anew, at the instant the change is seen.
    pub fn look<'a>(&mut self, hand: impl IntoIterator<Item = &'a Assignment>, now: Time) -> Vec<Alert> {
        let mut alerts = Vec::new();
        let mut watched = BTreeMap::new();
        for mine in hand {
            let Some(ends) = mine.deadline.filter(|_| mine.state.is_editable()) else { continue };
            let mut watch = match self.watched.remove(&mine.id) {
                Some(watch) if watch.ends == ends => watch,
                Some(_) => Watch { begins: now, ends, told: None },
                None => Watch { begins: began(mine), ends, told: None },
            };
            let crossed = self.shares.iter().rev().find(|share| watch.at(**share) <= now).copied();
            if let Some(share) = crossed.filter(|share| watch.is_untold(*share)) {
                watch.told = Some(share);
                alerts.extend((ends > now).then(|| self.alert(mine, share, ends, now)));
            }
            watched.insert(mine.id.clone(), watch);
        }
        self.watched = watched;
        alerts
    }

    /// When the next share goes by; `None` when nothing counts down.
    pub fn next(&self) -> Option<Time> {
        let next = |watch: &Watch| self.shares.iter().find(|share| watch.is_untold(**share)).map(|share| watch.at(*share));
        self.watched.values().filter_map(next).min()
    }

    fn alert(&self, mine: &Assignment, share: u8, ends: Time, now: Time) -> Alert {
        let last = self.shares.last() == Some(&share);
        let urgency = match share {
            _ if last || share <= 5 => Urgency::High,
            0..=20 => Urgency::Normal,
            _ => Urgency::Low,
        };
        let title = format!("{} left: {}", span(ends - now), mine.job.title);
        Alert::new(AlertKind::Deadline, &title, &format!("{} {share} {}", mine.id, ends.timestamp()), now)
            .body(&format!("{share} % of its time are left on {}", mine.id.source()))
            .about(&mine.job.key)
            .urgency(urgency)
    }
}

/// When the time that is running began, as far as the assignment tells.
fn began(mine: &Assignment) -> Time {
    match mine.state {
        AssignmentState::RevisionAsked => mine.moved_at.max(mine.claimed_at),
        _ => mine.claimed_at,
    }
}

/// "40 s", "12 min", "3 h 5 min", "2 d 4 h".
pub(super) fn span(left: TimeDelta) -> String {
    let s = left.num_seconds().max(0);
    let two = |major: i64, unit: &str, minor: i64, small: &str| match minor {
        0 => format!("{major} {unit}"),
        minor => format!("{major} {unit} {minor} {small}"),
    };
    match s {
        0..60 => format!("{s} s"),
        60..3600 => format!("{} min", s / 60),
        3600..86_400 => two(s / 3600, "h", s / 60 % 60, "min"),
        _ => two(s / 86_400, "d", s / 3600 % 24, "h"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use chrono::TimeZone;

    use super::*;
    use crate::domain::{Job, SourceName, Text};

    fn start() -> Time {
        chrono::Utc.with_ymd_and_hms(2026, 11, 23, 7, 0, 0).unwrap()
    }

    fn after(minutes: i64) -> Time {
        start() + TimeDelta::minutes(minutes)
    }

    fn mine(native: &str, minutes: i64) -> Assignment {
        let source = SourceName::new("practice");
        Assignment {
            id: AssignmentId::of(&source, native),
            job: Job::new(&source, native, "Five taglines", start()),
            state: AssignmentState::Claimed,
            native_state: Text::default(),
            claimed_at: start(),
            deadline: Some(after(minutes)),
            feedback: Text::default(),
            submission: None,
            moved_at: start(),
        }
    }

    fn told(alerts: Vec<Alert>) -> Vec<String> {
        alerts.into_iter().map(|alert| alert.title.to_string()).collect()
    }

    #[test]
    fn each_share_is_told_once_at_its_time() {
        let mut deadlines = Deadlines::new(&[5, 50, 20]);
        let hand = [mine("a", 100)];
        let mut heard = Vec::new();
        assert!(deadlines.look(&hand, start()).is_empty());
        while let Some(at) = deadlines.next() {
            heard.push((at, told(deadlines.look(&hand, at))));
            assert!(deadlines.look(&hand, at).is_empty());
        }
        let line = |left: &str| vec![format!("{left} left: Five taglines")];
        assert_eq!(heard, [(after(50), line("50 min")), (after(80), line("20 min")), (after(95), line("5 min"))]);
    }

    #[test]
    fn what_went_by_unseen_is_told_by_its_tightest() {
        let mut deadlines = Deadlines::new(&[50, 20, 5]);
        assert_eq!(told(deadlines.look(&[mine("a", 100)], after(83))), ["17 min left: Five taglines"]);
        assert_eq!(deadlines.next(), Some(after(95)));
        // Over is over: the platform tells what came of it.
        assert!(deadlines.look(&[mine("a", 100)], after(101)).is_empty());
        assert_eq!(deadlines.next(), None);
    }

    #[test]
    fn a_new_deadline_begins_anew_and_what_left_the_hand_is_silent() {
        let mut deadlines = Deadlines::new(&[50, 20, 5]);
        let mut one = mine("a", 100);
        assert_eq!(deadlines.look([&one], after(96)).len(), 1);
        one.deadline = Some(after(136));
        assert!(deadlines.look([&one], after(96)).is_empty());
        assert_eq!(deadlines.next(), Some(after(116)));
        one.state = AssignmentState::Submitted;
        assert!(deadlines.look([&one], after(130)).is_empty());
        assert_eq!(deadlines.next(), None);
        assert_eq!(Deadlines::new(&[0, 100, 200]).shares, Vec::<u8>::new());
    }
}
