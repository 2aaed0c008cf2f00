//! How long steps take, told to the log at level `debug`: a step is what every key waits for. On a busy machine most of that is other
//! programs' time, so the processor's time is told beside the wall's.

use std::time::{Duration, Instant};

/// The log hears of it this often at most, and only while steps are made: an idle engine is not woken to say that it is idle.
const EVERY: Duration = Duration::from_secs(1);

/// The steps since the log was told last.
pub(super) struct Steps {
    since: Instant,
    count: u32,
    total: Duration,
    longest: Duration,
    /// The longest, by the processor's time.
    longest_cpu: Duration,
    /// What that one was about.
    what: &'static str,
}

impl Steps {
    pub fn begin() -> Steps {
        Steps {
            since: Instant::now(),
            count: 0,
            total: Duration::ZERO,
            longest: Duration::ZERO,
            longest_cpu: Duration::ZERO,
            what: "",
        }
    }

    /// Makes a step about `what` and notes how long it took.
    pub fn time<T>(&mut self, what: &'static str, step: impl FnOnce() -> T) -> T {
        let (began, cpu) = (Instant::now(), processor());
        let made = step();
        let (now, cpu) = (Instant::now(), processor().saturating_sub(cpu));
        let took = now - began;
        self.count += 1;
        self.total += took;
        self.longest = self.longest.max(took);
        if cpu > self.longest_cpu {
            (self.longest_cpu, self.what) = (cpu, what);
        }
        if now - self.since >= EVERY {
            let micros = |span: Duration| u64::try_from(span.as_micros()).unwrap_or(u64::MAX);
            let (busy_us, longest_us, cpu_us) = (micros(self.total), micros(self.longest), micros(self.longest_cpu));
            tracing::debug!(steps = self.count, busy_us, longest_us, cpu_us, what = self.what, "steps");
            *self = Steps { since: now, ..Steps::begin() };
        }
        made
    }
}

/// What this thread used of the processor so far. A step runs on one thread from its beginning to its end.
fn processor() -> Duration {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(used.tv_sec.try_into().unwrap_or(0), used.tv_nsec.try_into().unwrap_or(0))
}
