//! When to draw: at once for what a person did, at most ten times a second for what merely arrived, never for nothing.

use std::time::{Duration, Instant};

/// Least time between two frames that nobody's key asked for.
pub const ARRIVALS: Duration = Duration::from_millis(100);

/// The limiter.
#[derive(Debug, Default)]
pub struct Frames {
    last: Option<Instant>,
    urgent: bool,
}

impl Frames {
    /// The next frame is for a person: no waiting.
    pub fn hurry(&mut self) {
        self.urgent = true;
    }

    /// When a frame may be drawn: now, or at a later instant.
    pub fn due(&self, now: Instant) -> Instant {
        match self.last {
            Some(last) if !self.urgent => (last + ARRIVALS).max(now),
            _ => now,
        }
    }

    /// A frame was drawn.
    pub fn drawn(&mut self, now: Instant) {
        self.last = Some(now);
        self.urgent = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrivals_wait_and_keys_do_not() {
        let start = Instant::now();
        let mut frames = Frames::default();
        assert_eq!(frames.due(start), start);
        frames.drawn(start);
        let soon = start + Duration::from_millis(10);
        assert_eq!(frames.due(soon), start + ARRIVALS);
        frames.hurry();
        assert_eq!(frames.due(soon), soon);
        frames.drawn(soon);
        assert_eq!(frames.due(soon), soon + ARRIVALS);
        assert_eq!(frames.due(start + Duration::from_secs(1)), start + Duration::from_secs(1));
    }
}
