//! Which money is later than its platform usually is. Pure; asked when money moved and when [`Payouts::next`] comes.
//!
//! Usual is what nine of ten of the latest payouts of a source kept to. A payout is late after twice that, and never before an
//! hour; while fewer than three are known, after a week.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::TimeDelta;

use super::deadlines::span;
use crate::domain::alert::Urgency;
use crate::domain::{Alert, AlertKind, JobKey, Money, SourceName, Text, Time};

/// Money that is due and has not come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// The payment's id, or the assignment's where the platform names no payment.
    pub id: Text,
    /// For which job.
    pub job: JobKey,
    /// Its title.
    pub title: Text,
    /// What is due after fees.
    pub net: Option<Money>,
    /// Since when it is due.
    pub since: Time,
}

/// Latest payouts remembered of each source.
const REMEMBERED: usize = 50;
/// Fewer say nothing about what is usual.
const ENOUGH: usize = 3;
const AT_LEAST: TimeDelta = TimeDelta::hours(1);
const UNKNOWN: TimeDelta = TimeDelta::days(7);

/// What is owed, and how long it usually takes.
#[derive(Clone, Debug, Default)]
pub struct Payouts {
    took: BTreeMap<SourceName, VecDeque<TimeDelta>>,
    told: BTreeSet<Text>,
    next: Option<Time>,
}

impl Payouts {
    /// A payout of `source` came so long after it was due.
    pub fn came(&mut self, source: &SourceName, took: TimeDelta) {
        let known = self.took.entry(source.clone()).or_default();
        known.push_back(took.max(TimeDelta::zero()));
        if known.len() > REMEMBERED {
            known.pop_front();
        }
    }

    /// After how long a payout of `source` is late.
    pub fn patience(&self, source: &SourceName) -> TimeDelta {
        let Some(known) = self.took.get(source).filter(|known| known.len() >= ENOUGH) else { return UNKNOWN };
        let mut sorted: Vec<TimeDelta> = known.iter().copied().collect();
        sorted.sort_unstable();
        let usual = sorted.get((sorted.len() * 9).div_ceil(10) - 1).copied().unwrap_or(UNKNOWN);
        usual.checked_mul(2).unwrap_or(UNKNOWN).max(AT_LEAST)
    }

    /// Looks at everything owed; each is told once.
    pub fn look<'a>(&mut self, owed: impl IntoIterator<Item = &'a Owed>, now: Time) -> Vec<Alert> {
        let (mut alerts, mut still, mut next) = (Vec::new(), BTreeSet::new(), None::<Time>);
        for money in owed {
            let source = money.job.source();
            let late = money.since.checked_add_signed(self.patience(&source)).unwrap_or(Time::MAX_UTC);
            if self.told.contains(&money.id) {
                still.insert(money.id.clone());
            } else if late <= now {
                still.insert(money.id.clone());
                let amount = money.net.map_or_else(|| "its pay".to_owned(), |net| net.to_string());
                let title = format!("payout late: {amount} for {}", money.title);
                let body = format!("due for {} on {source}, longer than it usually takes there", span(now - money.since));
                let alert = Alert::new(AlertKind::PayoutLate, &title, money.id.as_str(), now);
                alerts.push(alert.body(&body).about(&money.job).urgency(Urgency::Normal));
            } else {
                next = Some(next.map_or(late, |next| next.min(late)));
            }
        }
        (self.told, self.next) = (still, next);
        alerts
    }

    /// When something owed becomes late next; `None` while nothing is owed that is not told.
    pub fn next(&self) -> Option<Time> {
        self.next
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use chrono::TimeZone;

    use super::*;
    use crate::domain::Asset;

    #[test]
    fn late_is_what_this_platform_usually_is_not() {
        let start = chrono::Utc.with_ymd_and_hms(2026, 11, 23, 7, 0, 0).unwrap();
        let source = SourceName::new("practice");
        let owed = Owed {
            id: Text::title("practice:p1"),
            job: JobKey::of(&source, "j1"),
            title: Text::title("Five taglines"),
            net: Some(Money::new(85, Asset::USD)),
            since: start,
        };
        let mut payouts = Payouts::default();
        assert!(payouts.look([&owed], start).is_empty());
        assert_eq!(payouts.next(), Some(start + TimeDelta::days(7)));
        for hours in [1, 2, 2, 3] {
            payouts.came(&source, TimeDelta::hours(hours));
        }
        assert!(payouts.look([&owed], start + TimeDelta::hours(5)).is_empty());
        let at = payouts.next().unwrap();
        assert_eq!(at, start + TimeDelta::hours(6));
        let told = payouts.look([&owed], at);
        assert_eq!(told[0].title.as_str(), "payout late: $0.85 for Five taglines");
        assert!(payouts.look([&owed], at + TimeDelta::days(9)).is_empty());
        assert_eq!(payouts.next(), None);
        for _ in 0..200 {
            payouts.came(&source, TimeDelta::seconds(1));
        }
        assert_eq!(payouts.patience(&source), TimeDelta::hours(1));
    }
}
