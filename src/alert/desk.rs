//! Which alerts go out, and when: switches, repeats, quiet hours, bundles. A pure state machine; the clock is an argument.
//!
//! An alert that is taken ends in exactly one of four ways: it is switched off, it is a repeat of one taken a moment ago, it goes
//! out in a bundle, or it is counted in the first bundle after quiet hours. Nothing is lost in between.

use std::collections::{BTreeMap, HashMap, VecDeque};

use chrono::{NaiveDateTime, TimeDelta};

use crate::config::AlertConfig;
use crate::config::alert::AlertsOn;
use crate::domain::{Alert, AlertKind, Bundle, Hours, Text, Time};

/// An instant, and what the clock on the person's wall says then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// The instant.
    pub utc: Time,
    /// The wall.
    pub local: NaiveDateTime,
}

impl Now {
    /// `utc` in the machine's zone.
    pub fn here(utc: Time) -> Now {
        Now { utc, local: utc.with_timezone(&chrono::Local).naive_local() }
    }
}

/// What a rule wants otherwise than the configuration of all alerts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    /// Instead of the common cooldown.
    pub cooldown: Option<TimeDelta>,
    /// Quiet hours of its own, beside the common ones.
    pub quiet: Hours,
}

/// What became of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It waits for the next bundle.
    Waits,
    /// Quiet hours hold it back; it will be counted.
    Held,
    /// The same was taken a moment ago.
    Repeat,
    /// Its kind is switched off.
    Off,
}

/// What the desk goes by.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    on: AlertsOn,
    every: TimeDelta,
    cooldown: TimeDelta,
    quiet: Hours,
    deadlines_pass: bool,
}

impl From<&AlertConfig> for Policy {
    fn from(config: &AlertConfig) -> Policy {
        let delta = |span| TimeDelta::from_std(span).unwrap_or(TimeDelta::MAX);
        Policy {
            on: config.on,
            every: delta(config.bundle_every),
            cooldown: delta(config.cooldown),
            quiet: config.quiet_hours.clone(),
            deadlines_pass: config.deadlines_pass_quiet,
        }
    }
}

impl Policy {
    /// Whether alerts of this kind are wanted. What a rule asked for or did is always told.
    fn wants(&self, kind: AlertKind) -> bool {
        match kind {
            AlertKind::Rule | AlertKind::AutoClaim | AlertKind::Deadline | AlertKind::Test => true,
            AlertKind::Reopened => self.on.reopened,
            AlertKind::Revision => self.on.revision,
            AlertKind::Rejected => self.on.rejected,
            AlertKind::Paid => self.on.paid,
            AlertKind::PayoutLate => self.on.payout_late,
            AlertKind::PayoutFailed => self.on.payout_failed,
            AlertKind::SubmissionUnknown => self.on.submission_unknown,
            AlertKind::ClaimLost => self.on.claim_lost,
            AlertKind::SignIn => self.on.sign_in,
        }
    }
}

/// Alerts that have the same one of these are the same.
type Same = (AlertKind, Option<Text>, Text);

/// A clock is put forward or back by no more than this.
const CLOCK_JUMP: TimeDelta = TimeDelta::hours(1);

/// Repeats are forgotten beyond this many; the oldest first.
const REMEMBERED: usize = 10_000;

/// How many of each kind.
type Counts = BTreeMap<AlertKind, u32>;

struct Waiting {
    alert: Alert,
    quiet: Hours,
}

/// The desk that every alert crosses.
pub struct Desk {
    policy: Policy,
    waiting: Vec<Waiting>,
    /// Beyond [`Bundle::LISTED`], alerts are counted only.
    more: Counts,
    /// What quiet hours hold back, by the instant at which they end.
    held: BTreeMap<Time, Counts>,
    last: Option<Time>,
    told: HashMap<Same, Time>,
    order: VecDeque<(Same, Time)>,
}

impl Desk {
    /// Another policy from now on. What waits goes by it, too, when it comes to be sent.
    pub fn go_by(&mut self, policy: Policy) {
        self.policy = policy;
    }

    /// An empty desk.
    pub fn new(policy: Policy) -> Desk {
        Desk {
            policy,
            waiting: Vec::new(),
            more: Counts::new(),
            held: BTreeMap::new(),
            last: None,
            told: HashMap::new(),
            order: VecDeque::new(),
        }
    }

    /// Goes by another policy from now on. What waits and what is held stays; what is held is told when the new one allows it.
    pub fn change(&mut self, policy: Policy) {
        self.policy = policy;
        let held = std::mem::take(&mut self.held);
        held.into_values().flatten().for_each(|(kind, n)| self.hold(kind, n, Time::MIN_UTC));
    }

    /// Takes an alert in, the way the configuration says.
    pub fn take(&mut self, alert: Alert, now: Now) -> Taken {
        self.take_as(alert, &Manner::default(), now)
    }

    /// Takes an alert in, the way its rule says.
    pub fn take_as(&mut self, alert: Alert, manner: &Manner, now: Now) -> Taken {
        if !self.policy.wants(alert.kind) {
            return Taken::Off;
        }
        if self.is_repeat(&alert, manner.cooldown.unwrap_or(self.policy.cooldown), now.utc) {
            return Taken::Repeat;
        }
        if let Some(until) = self.quiet_until(alert.kind, &manner.quiet, now) {
            self.hold(alert.kind, 1, until);
            return Taken::Held;
        }
        if self.waiting.len() < Bundle::LISTED {
            self.waiting.push(Waiting { alert, quiet: manner.quiet.clone() });
        } else {
            *self.more.entry(alert.kind).or_default() += 1;
        }
        Taken::Waits
    }

    /// The bundle that goes out now, if one does. Asked after every [`Desk::take`], and at [`Desk::next_due`].
    pub fn due(&mut self, now: Now) -> Option<Bundle> {
        if !self.is_free(now.utc) {
            return None;
        }
        let mut bundle = Bundle::default();
        // Quiet hours may have begun while it waited.
        for waiting in std::mem::take(&mut self.waiting) {
            match self.quiet_until(waiting.alert.kind, &waiting.quiet, now) {
                Some(until) => self.hold(waiting.alert.kind, 1, until),
                None => bundle.alerts.push(waiting.alert),
            }
        }
        for (kind, n) in std::mem::take(&mut self.more) {
            match self.quiet_until(kind, &Hours::default(), now) {
                Some(until) => self.hold(kind, n, until),
                None => bundle.more += n,
            }
        }
        let later = self.held.split_off(&(now.utc + TimeDelta::nanoseconds(1)));
        let over = std::mem::replace(&mut self.held, later);
        let mut told = Counts::new();
        for (kind, n) in over.into_values().flatten() {
            // The wall decides, not what was reckoned: clocks are put forward and back at night.
            match self.quiet_until(kind, &Hours::default(), now) {
                Some(until) => self.hold(kind, n, until),
                None => *told.entry(kind).or_default() += n,
            }
        }
        bundle.held = told.into_iter().collect();
        if bundle.count() == 0 {
            return None;
        }
        self.last = Some(now.utc);
        Some(bundle)
    }

    /// When [`Desk::due`] is next worth asking; `None` while nothing waits.
    pub fn next_due(&self) -> Option<Time> {
        let free = self.last.and_then(|last| last.checked_add_signed(self.policy.every)).unwrap_or(Time::MIN_UTC);
        let waits = (!self.waiting.is_empty() || !self.more.is_empty()).then_some(free);
        let held = self.held.keys().next().map(|at| (*at).max(free));
        waits.into_iter().chain(held).min().filter(|at| *at < Time::MAX_UTC)
    }

    /// How many alerts quiet hours hold back at present.
    pub fn held(&self) -> u32 {
        self.held.values().flat_map(BTreeMap::values).sum()
    }

    fn hold(&mut self, kind: AlertKind, n: u32, until: Time) {
        *self.held.entry(until).or_default().entry(kind).or_default() += n;
    }

    /// The last bundle is long enough ago. A clock that was set back does not hold anything up.
    fn is_free(&self, now: Time) -> bool {
        self.last.is_none_or(|last| now < last || now - last >= self.policy.every)
    }

    /// When it is no longer quiet for alerts of this kind; `None` when it is not quiet.
    fn quiet_until(&self, kind: AlertKind, own: &Hours, now: Now) -> Option<Time> {
        let passes = match kind {
            AlertKind::Deadline => self.policy.deadlines_pass,
            // Whoever tries the ways out is awake.
            AlertKind::Test => true,
            _ => false,
        };
        let end = |hours: &Hours| match hours.time_left(now.local) {
            Some(left) if left <= TimeDelta::zero() => None,
            // The wall is looked at again a jump of the clock before that: where it was put forward, quiet hours are over earlier.
            Some(left) if left > CLOCK_JUMP => now.utc.checked_add_signed(left - CLOCK_JUMP).or(Some(Time::MAX_UTC)),
            Some(left) => now.utc.checked_add_signed(left).or(Some(Time::MAX_UTC)),
            None => Some(Time::MAX_UTC),
        };
        if passes { None } else { end(&self.policy.quiet).max(end(own)) }
    }

    fn is_repeat(&mut self, alert: &Alert, cooldown: TimeDelta, now: Time) -> bool {
        let same: Same = (alert.kind, alert.rule.clone(), alert.subject.clone());
        if let Some(before) = self.told.get(&same)
            && now >= *before
            && now - *before < cooldown
        {
            return true;
        }
        self.order.push_back((same.clone(), now));
        self.told.insert(same, now);
        while self.order.len() > REMEMBERED {
            if let Some((same, at)) = self.order.pop_front()
                && self.told.get(&same) == Some(&at)
            {
                self.told.remove(&same);
            }
        }
        false
    }
}
