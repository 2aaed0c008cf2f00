//! Keeps sled's threads asleep.
//!
//! sled 0.34 has a pool of seven threads that never end, and each looks around once a second. The kernel may be late with a timed wait by
//! the waiting thread's *timer slack*; threads inherit it from the one that makes them. So the slack is hours on every thread that may make
//! one of sled's: their one-second waits then end with the next piece of work, which wakes them at once as ever.

use std::num::NonZeroU64;

/// Six hours in nanoseconds.
const LATE: Option<NonZeroU64> = NonZeroU64::new(6 * 3600 * 1_000_000_000);
/// What a thread has by default.
const PUNCTUAL: Option<NonZeroU64> = NonZeroU64::new(50_000);

/// Lets timed waits of this thread, and of threads made by it from now on, be late. Where the kernel says no, they stay as they are.
pub fn be_late() {
    let _ = rustix::thread::set_current_timer_slack(LATE);
}

/// Does `wait` with this thread's timed waits as usual.
pub fn punctual<T>(wait: impl FnOnce() -> T) -> T {
    let _ = rustix::thread::set_current_timer_slack(PUNCTUAL);
    let done = wait();
    be_late();
    done
}
