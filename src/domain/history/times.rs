//! How long jobs took: median and spread, exact under adding and removing.

/// Seconds of finished jobs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times {
    sorted: Vec<u32>,
    /// Sums of logarithms and of their squares in fixed point: sums of floats would depend on the order of what came and went.
    sum: i64,
    squares: i128,
}

/// One unit of a logarithm.
const UNIT: f64 = 65_536.0;

impl Times {
    pub(super) fn count(&mut self, seconds: u32, add: bool) {
        let at = self.sorted.partition_point(|s| *s < seconds);
        // At most ln(2^32) · 65 536 = 1.5 million.
        let ln = (f64::from(seconds.max(1)).ln() * UNIT).round() as i64;
        if add {
            self.sorted.insert(at, seconds);
            self.sum += ln;
            self.squares += i128::from(ln * ln);
        } else if self.sorted.get(at) == Some(&seconds) {
            self.sorted.remove(at);
            self.sum -= ln;
            self.squares -= i128::from(ln * ln);
        }
    }

    /// How many.
    pub fn len(&self) -> u32 {
        u32::try_from(self.sorted.len()).unwrap_or(u32::MAX)
    }

    /// None.
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// The middle one, or the mean of the middle two.
    pub fn median(&self) -> Option<u32> {
        let n = self.sorted.len();
        let upper = *self.sorted.get(n / 2)?;
        let lower = if n.is_multiple_of(2) { *self.sorted.get(n / 2 - 1)? } else { upper };
        Some(lower + (upper - lower) / 2)
    }

    /// Variance of the logarithms times (n − 1): what a pooled variance adds up.
    pub fn log_squares(&self) -> f64 {
        let n = self.sorted.len() as i128;
        if n < 2 {
            return 0.0;
        }
        let scaled = self.squares * n - i128::from(self.sum) * i128::from(self.sum);
        scaled.max(0) as f64 / n as f64 / (UNIT * UNIT)
    }
}
