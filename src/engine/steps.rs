//! How long steps take, told to the log at level `debug`: a step is what every key waits for.

use std::time::{Duration, Instant};

/// The log hears of it this often at most, and only while steps are made: an idle engine is not woken to say that it is idle.
const EVERY: Duration = Duration::from_secs(1);

/// The steps since the log was told last.
pub(super) struct Steps {
    since: Instant,
    count: u32,
    total: Duration,
    longest: Duration,
}

impl Steps {
    pub fn begin() -> Steps {
        Steps { since: Instant::now(), count: 0, total: Duration::ZERO, longest: Duration::ZERO }
    }

    /// Makes a step and notes how long it took.
    pub fn time<T>(&mut self, step: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let made = step();
        let now = Instant::now();
        let took = now - began;
        self.count += 1;
        self.total += took;
        self.longest = self.longest.max(took);
        if now - self.since >= EVERY {
            let micros = |span: Duration| u64::try_from(span.as_micros()).unwrap_or(u64::MAX);
            tracing::debug!(steps = self.count, busy_us = micros(self.total), longest_us = micros(self.longest), "steps");
            *self = Steps { since: now, ..Steps::begin() };
        }
        made
    }
}
