//! Chance that depends on nothing but the seed and what it is asked about.
//!
//! Each question ("job 17's pay", "attempt 2 on job 17") has a stream of its own, so that the order and the timing of requests
//! change no answer.

use chrono::TimeDelta;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// One stream of chance.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream for one question.
    pub fn of(seed: u64, question: &str, a: u64, b: u64) -> Dice {
        let mut hash = Sha256::new();
        hash.update(seed.to_le_bytes());
        hash.update(a.to_le_bytes());
        hash.update(b.to_le_bytes());
        hash.update(question.as_bytes());
        Dice(ChaCha8Rng::from_seed(hash.finalize().into()))
    }

    /// Between `low` and `high`, both possible.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        self.0.random_range(low..=high.max(low))
    }

    /// An index below `len` (0 for an empty list).
    pub fn index(&mut self, len: usize) -> usize {
        if len == 0 { 0 } else { self.0.random_range(0..len) }
    }

    /// True in `percent` of all cases.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.between(1, 100) <= percent
    }

    /// A time between two numbers of milliseconds.
    pub fn millis(&mut self, low: u64, high: u64) -> TimeDelta {
        millis(self.between(low, high))
    }

    /// The wait for the next of events that happen independently, every `mean` milliseconds on average.
    pub fn wait(&mut self, mean: u64) -> TimeDelta {
        let uniform: f64 = self.0.random_range(f64::EPSILON..1.0);
        // Twenty times the mean is one case in 500 million; the cap keeps sums far from overflow.
        millis((-uniform.ln() * mean as f64).min(mean as f64 * 20.0) as u64)
    }
}

/// Milliseconds as a span, far beyond any span of the market's clamped.
pub fn millis(ms: u64) -> TimeDelta {
    TimeDelta::milliseconds(i64::try_from(ms).unwrap_or(i64::MAX / 4).min(i64::MAX / 4))
}
