//! Everything about alerts that has a state and no I/O: the engine owns one.

use super::builtin::{self, Happening};
use super::{Deadlines, Desk, Manner, Now, Owed, Payouts, Policy, Taken};
use crate::config::AlertConfig;
use crate::domain::{Alert, Assignment, Bundle, Time};

/// The desk, and what watches the clock for it.
pub struct Alarms {
    desk: Desk,
    deadlines: Deadlines,
    /// What a late payout is; [`Payouts::came`] teaches it.
    pub payouts: Payouts,
}

impl Alarms {
    /// Alarms that nothing happened to yet.
    pub fn new(config: &AlertConfig) -> Alarms {
        Alarms { desk: Desk::new(Policy::from(config)), deadlines: Deadlines::new(&config.deadline), payouts: Payouts::default() }
    }

    /// Other switches, hours and shares; what waits, what was told and what is usual is remembered.
    pub fn reconfigure(&mut self, config: &AlertConfig) {
        self.desk.go_by(Policy::from(config));
        self.deadlines.tell_at(&config.deadline);
    }

    /// Something came about.
    pub fn tell(&mut self, what: Happening<'_>, now: Now) -> Option<Taken> {
        builtin::alert(what, now.utc).map(|alert| self.desk.take(alert, now))
    }

    /// A rule has something to tell, in its own manner.
    pub fn tell_as(&mut self, alert: Alert, manner: &Manner, now: Now) -> Taken {
        self.desk.take_as(alert, manner, now)
    }

    /// Looks at the deadlines in hand: when the hand changed, and at [`Alarms::next_due`].
    pub fn look_at_hand<'a>(&mut self, hand: impl IntoIterator<Item = &'a Assignment>, now: Now) {
        for alert in self.deadlines.look(hand, now.utc) {
            self.desk.take(alert, now);
        }
    }

    /// Looks at what is owed: when money moved, and at [`Alarms::next_due`].
    pub fn look_at_money<'a>(&mut self, owed: impl IntoIterator<Item = &'a Owed>, now: Now) {
        for alert in self.payouts.look(owed, now.utc) {
            self.desk.take(alert, now);
        }
    }

    /// The bundle that goes out now, if one does.
    pub fn due(&mut self, now: Now) -> Option<Bundle> {
        self.desk.due(now)
    }

    /// When to look at hand and money again, and to ask for a bundle. `None` while nothing is to come: no wake-up is needed.
    pub fn next_due(&self) -> Option<Time> {
        [self.desk.next_due(), self.deadlines.next(), self.payouts.next()].into_iter().flatten().min()
    }
}
