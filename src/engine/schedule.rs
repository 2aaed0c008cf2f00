//! When a source is polled next. Pure decisions: the clock and the dice are arguments.
//!
//! Failures back off exponentially with full jitter (`rand(0, min(cap, base · 2ⁿ))`, AWS Well-Architected REL05-BP03); what the
//! platform asks for (`Retry-After`, an exhausted budget) always wins; after [`BREAKER_AT`] failures in a row one probe goes at a time.
//! Many programs that were started together do not ask together: each round is a little late by chance, and a program that is started
//! again goes on in the rhythm it had.

use std::time::Duration;

use chrono::TimeDelta;
use rand::Rng;

use crate::domain::Time;

/// What to do about a source now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Poll.
    Due,
    /// Not before this.
    Wait(Time),
    /// Not until somebody acts: it needs a key, or is polled on request only.
    Dormant,
}

/// With less, a hundred programs that poll every ten seconds make a wave when their platform goes down.
const BACKOFF_BASE: Duration = Duration::from_secs(5);
const BACKOFF_CAP: Duration = Duration::from_secs(300);
/// A probe of a source that failed often comes no faster than this.
const PROBE_FLOOR: Duration = Duration::from_secs(30);
/// Failures in a row that open the breaker.
pub const BREAKER_AT: u32 = 5;
/// Pokes of a stream poll no faster than this.
const POKE_PAUSE: Duration = Duration::from_millis(700);
/// By itself, nothing is asked sooner than this after a platform asked for a pause, however short.
const ASKED_FLOOR: Duration = Duration::from_secs(5);
/// What a platform may ask us to wait at most.
const ASKED_CAP: Duration = Duration::from_secs(24 * 3600);

/// A round comes late by up to this part of the pace: whoever was started at the same time drifts apart.
const DRIFT: u32 = 10;

/// The latest round cannot have ended later than now by more than this, unless the clock was set back.
const CLOCK_SLACK: Duration = Duration::from_secs(5);

/// The schedule of one source.
#[derive(Clone, Debug)]
pub struct Schedule {
    every: Duration,
    by_itself: bool,
    next: Option<Time>,
    /// The platform said: not before this. Nothing is sent earlier, not even the person's acts.
    asked: Option<Time>,
    failures: u32,
    last_end: Option<Time>,
    wanted: bool,
    dormant: bool,
    /// Something changed since the latest round began.
    poked: bool,
}

impl Schedule {
    /// Polls `every` so often; at once the first time. `by_itself`: without being asked.
    pub fn new(every: Duration, by_itself: bool, now: Time) -> Schedule {
        Schedule {
            every,
            by_itself,
            next: by_itself.then_some(now),
            asked: None,
            failures: 0,
            last_end: None,
            wanted: false,
            dormant: false,
            poked: false,
        }
    }

    /// The program was here a moment ago, killed or closed, and what it listed then is at hand: the first round comes some time within
    /// the pace instead of at once. So neither a program that is started over and over nor a thousand after a power cut ask more
    /// often than one that runs on.
    pub fn resumed(mut self, left: Time, now: Time, dice: &mut impl Rng) -> Schedule {
        let away = (now - left).to_std().unwrap_or_default();
        if self.by_itself && away < self.every {
            self.next = Some(now + part(self.every, dice));
        }
        self
    }

    /// Since when a round is due: the longest waiting goes first.
    pub fn due_since(&self) -> Option<Time> {
        if self.wanted { Some(Time::MIN_UTC) } else { self.next }
    }

    /// What to do at `now`.
    pub fn decide(&self, now: Time) -> Decision {
        if self.dormant && !self.wanted {
            return Decision::Dormant;
        }
        if let Some(asked) = self.asked.filter(|at| *at > now) {
            return Decision::Wait(asked);
        }
        if self.wanted {
            return Decision::Due;
        }
        match self.next {
            None => Decision::Dormant,
            // The clock was set back: what was planned on the old one says nothing.
            Some(_) if self.last_end.is_some_and(|end| end > now + CLOCK_SLACK) => Decision::Due,
            Some(at) if at > now => Decision::Wait(at),
            Some(_) => Decision::Due,
        }
    }

    /// Our clock was set forward by so much: what was planned comes when it would have.
    pub fn stepped(&mut self, by: TimeDelta) {
        for at in [&mut self.next, &mut self.asked, &mut self.last_end].into_iter().flatten() {
            *at = at.checked_add_signed(by).unwrap_or(*at);
        }
    }

    /// A person wants it now; only what the platform asked for stands against that.
    pub fn want(&mut self) {
        self.wanted = true;
    }

    /// A round begins: it sees what changed until now.
    pub fn begun(&mut self) {
        self.poked = false;
    }

    /// Something changed over there: poll soon, but not at every word of it.
    pub fn poke(&mut self, now: Time) {
        if self.failures > 0 || self.dormant {
            return;
        }
        self.poked = true;
        // The first round is still to come, or on its way.
        let Some(end) = self.last_end else { return };
        let soon = (end + POKE_PAUSE).max(now);
        self.next = Some(self.next.map_or(soon, |next| next.min(soon)));
    }

    /// A round went well.
    pub fn succeeded(&mut self, now: Time, dice: &mut impl Rng) {
        self.failures = 0;
        self.wanted = false;
        self.dormant = false;
        self.last_end = Some(now);
        // What changed while it ran may have come too late for it.
        let poked = std::mem::take(&mut self.poked);
        self.next = if poked {
            Some(now + POKE_PAUSE)
        } else {
            self.by_itself.then(|| now + self.every + part(self.every / DRIFT, dice))
        };
    }

    /// A round failed.
    pub fn failed(&mut self, now: Time, dice: &mut impl Rng) {
        self.failures = self.failures.saturating_add(1);
        self.wanted = false;
        self.last_end = Some(now);
        let ceiling = BACKOFF_CAP.min(BACKOFF_BASE * 2_u32.saturating_pow(self.failures.min(16)));
        let floor = if self.breaker_open() { PROBE_FLOOR } else { Duration::from_millis(250) };
        let pause = Duration::from_millis(dice.random_range(0..=ceiling.as_millis() as u64)).max(floor);
        self.next = self.by_itself.then(|| now + pause);
    }

    /// The platform asked for a pause.
    pub fn asked_to_wait(&mut self, until: Option<Time>, now: Time) {
        let until = until.unwrap_or(now + Duration::from_secs(60)).min(now + ASKED_CAP);
        self.asked = Some(self.asked.map_or(until, |at| at.max(until)));
        self.wanted = false;
        self.last_end = Some(now);
        if self.by_itself {
            // "Wait for nothing" and instants of the past are said too: that must not become a race.
            let until = until.max(now + ASKED_FLOOR);
            self.next = Some(self.next.map_or(until, |at| at.max(until)));
        }
    }

    /// Takes over what the platform asked of another schedule for it.
    pub fn keep_asked(&mut self, other: &Schedule) {
        self.asked = self.asked.max(other.asked);
    }

    /// It needs a key: no polls until a person acts.
    pub fn sign_in(&mut self, now: Time) {
        self.dormant = true;
        self.wanted = false;
        self.last_end = Some(now);
    }

    /// Until when nothing at all may be sent.
    pub fn blocked_until(&self, now: Time) -> Option<Time> {
        self.asked.filter(|at| *at > now)
    }

    /// When the next poll will be, as far as is known.
    pub fn next(&self, now: Time) -> Option<Time> {
        match self.decide(now) {
            Decision::Due => Some(now),
            Decision::Wait(at) => Some(at),
            Decision::Dormant => None,
        }
    }

    /// Failures in a row.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// Only single probes go out.
    pub fn breaker_open(&self) -> bool {
        self.failures >= BREAKER_AT
    }
}

/// Some part of `span`, by chance.
fn part(span: Duration, dice: &mut impl Rng) -> Duration {
    Duration::from_millis(dice.random_range(0..=u64::try_from(span.as_millis()).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use proptest::prelude::*;
    use rand::SeedableRng;

    use super::*;

    fn start() -> Time {
        chrono::Utc.timestamp_opt(1_800_000_000, 0).single().unwrap()
    }

    #[derive(Clone, Debug)]
    enum Step {
        Pass(u32),
        Succeed,
        Fail,
        Asked(Option<i64>),
        Poke,
        Want,
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            (0u32..600).prop_map(Step::Pass),
            Just(Step::Succeed),
            Just(Step::Fail),
            proptest::option::of(-1000i64..400_000).prop_map(Step::Asked),
            Just(Step::Poke),
            Just(Step::Want),
        ];
        proptest::collection::vec(step, 0..60)
    }

    proptest! {
        /// Whatever happens, nothing is due before the time the platform asked for, and no wait is longer than a day.
        #[test]
        fn never_before_the_permitted_time(steps in steps(), seed in any::<u64>()) {
            let mut dice = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
            let (mut now, mut permitted) = (start(), start());
            let mut schedule = Schedule::new(Duration::from_secs(30), true, now);
            for step in steps {
                match step {
                    Step::Pass(seconds) => now += Duration::from_secs(seconds.into()),
                    Step::Succeed => schedule.succeeded(now, &mut dice),
                    Step::Fail => schedule.failed(now, &mut dice),
                    Step::Asked(seconds) => {
                        let until = seconds.map(|s| now + chrono::TimeDelta::seconds(s));
                        schedule.asked_to_wait(until, now);
                        permitted = permitted.max(until.unwrap_or(now).min(now + ASKED_CAP));
                    }
                    Step::Poke => schedule.poke(now),
                    Step::Want => schedule.want(),
                }
                match schedule.decide(now) {
                    Decision::Due => prop_assert!(now >= permitted),
                    Decision::Wait(at) => {
                        prop_assert!(at > now);
                        prop_assert!(at <= now + ASKED_CAP);
                    }
                    Decision::Dormant => {}
                }
            }
        }
    }

    #[test]
    fn failures_back_off_and_open_the_breaker() {
        let mut dice = rand_chacha::ChaCha8Rng::seed_from_u64(7);
        let now = start();
        let mut schedule = Schedule::new(Duration::from_secs(30), true, now);
        for n in 1..=BREAKER_AT {
            schedule.failed(now, &mut dice);
            assert_eq!(schedule.breaker_open(), n == BREAKER_AT);
        }
        assert!(matches!(schedule.decide(now), Decision::Wait(at) if at >= now + PROBE_FLOOR));
        schedule.succeeded(now, &mut dice);
        assert!(!schedule.breaker_open());
    }

    #[test]
    fn what_changes_during_a_round_is_asked_for_soon_after_it() {
        let now = start();
        let mut dice = rand_chacha::ChaCha8Rng::seed_from_u64(7);
        let mut schedule = Schedule::new(Duration::from_secs(3600), true, now);
        schedule.begun();
        schedule.poke(now);
        schedule.succeeded(now + Duration::from_secs(2), &mut dice);
        assert_eq!(schedule.decide(now), Decision::Wait(now + Duration::from_secs(2) + POKE_PAUSE));
        schedule.begun();
        schedule.succeeded(now + Duration::from_secs(5), &mut dice);
        let Decision::Wait(at) = schedule.decide(now) else { panic!("once") };
        let after = at - now;
        assert!((chrono::TimeDelta::seconds(3605)..=chrono::TimeDelta::seconds(3965)).contains(&after), "{after}");
    }

    #[test]
    fn a_key_problem_waits_for_the_person() {
        let now = start();
        let mut schedule = Schedule::new(Duration::from_secs(30), true, now);
        schedule.sign_in(now);
        assert_eq!(schedule.decide(now + Duration::from_secs(9999)), Decision::Dormant);
        schedule.want();
        assert_eq!(schedule.decide(now), Decision::Due);
    }
}
