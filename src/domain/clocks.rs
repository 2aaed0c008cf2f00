//! The platforms' clocks, as far as they are ahead of this one: an instant that a platform names comes that much earlier here.
//!
//! What is shown may be a moment too early, never too late: `Date` headers are cut to whole seconds and come after some latency, and
//! both are reckoned against the person. A platform whose clock is behind ours is taken at its word.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::{SourceName, Time};

/// `Date` headers have whole seconds (RFC 9110, 5.6.7), and an answer waits a moment until it is looked at.
const CUT: TimeDelta = TimeDelta::milliseconds(1_500);
/// A measurement within this of the last one says nothing new: countdowns do not jitter.
const JITTER: TimeDelta = TimeDelta::milliseconds(2_500);

/// How far each platform's clock is ahead of ours, at most; negative where it is behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clocks(BTreeMap<String, TimeDelta>);

impl Clocks {
    /// A platform said `server` in an answer that was asked for `latency` before `now`. Whether that changed anything.
    pub fn heard(&mut self, source: &SourceName, server: Time, now: Time, latency: TimeDelta) -> bool {
        let ahead = server - now + CUT + latency;
        match self.0.get_mut(source.as_str()) {
            Some(known) if (*known - ahead).abs() <= JITTER => false,
            Some(known) => {
                *known = ahead;
                true
            }
            None => {
                self.0.insert(source.as_str().to_owned(), ahead);
                ahead > CUT + JITTER
            }
        }
    }

    /// Our own clock was set, forward by so much.
    pub fn stepped(&mut self, by: TimeDelta) {
        for ahead in self.0.values_mut() {
            *ahead -= by;
        }
    }

    /// When an instant of a platform's comes on our clock; never later than it really does.
    pub fn here(&self, source: &str, at: Time) -> Time {
        let ahead = self.0.get(source).copied().unwrap_or_default().max(TimeDelta::zero());
        at.checked_sub_signed(ahead).unwrap_or(at)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use proptest::prelude::*;

    use super::*;

    fn at(ms: i64) -> Time {
        DateTime::<Utc>::from_timestamp_millis(1_760_000_000_000 + ms).unwrap()
    }

    proptest! {
        /// Whatever the skew, the latency, the steps of our clock: the platform's instant is not reached here after it is there.
        #[test]
        fn no_instant_comes_later_than_it_is(
            skew in -4_000_000i64..4_000_000,
            answers in prop::collection::vec((1i64..600_000, 0i64..20_000, prop::option::of(-3_700_000i64..3_700_000)), 1..30),
            deadline in 0i64..100_000_000,
        ) {
            let source = SourceName::new("s");
            let (mut clocks, mut ours, mut ahead) = (Clocks::default(), 0i64, skew);
            for (pause, latency, step) in answers {
                ours += pause;
                // The platform stamps its answer when it begins it, in whole seconds; we hear of it later.
                let server = (ours + ahead).div_euclid(1000) * 1000;
                // And look at it a moment later still.
                ours += latency + latency % 500;
                clocks.heard(&source, at(server), at(ours), TimeDelta::milliseconds(latency));
                if let Some(step) = step {
                    ours += step;
                    ahead -= step;
                    clocks.stepped(TimeDelta::milliseconds(step));
                }
                let (shown, truth) = (clocks.here(source.as_str(), at(deadline)), at(deadline - ahead));
                prop_assert!(shown <= truth, "{shown} after {truth}, ahead {ahead}");
            }
        }
    }
}
