//! Notices that the machine's clock was set, or that the machine slept: then nothing that was reckoned by it holds any more.
//!
//! Source: `timerfd_create(2)`, TFD_TIMER_CANCEL_ON_SET. Nothing is woken while nothing happens.

use std::time::Duration;

use chrono::TimeDelta;

use crate::domain::Time;

/// A difference under this is the clock being slewed, and measuring.
const LEAST: TimeDelta = TimeDelta::milliseconds(500);

/// Watches the clock.
pub struct ClockWatch {
    anchor: (Time, Duration),
    #[cfg(target_os = "linux")]
    timer: Option<tokio::io::unix::AsyncFd<rustix::fd::OwnedFd>>,
}

impl ClockWatch {
    /// Begins. Where the system cannot tell, nothing is ever noticed.
    pub fn begin() -> ClockWatch {
        ClockWatch {
            anchor: (chrono::Utc::now(), awake()),
            #[cfg(target_os = "linux")]
            timer: timer().inspect_err(|why| tracing::warn!(%why, "the clock cannot be watched")).ok(),
        }
    }

    /// Waits until the clock was set or the machine slept; by how much the clock was set forward. Cancel safe.
    pub async fn changed(&mut self) -> TimeDelta {
        self.wait().await;
        self.measure()
    }

    fn measure(&mut self) -> TimeDelta {
        let (wall, passed) = (chrono::Utc::now(), awake());
        let (wall_before, passed_before) = std::mem::replace(&mut self.anchor, (wall, passed));
        let passed = TimeDelta::from_std(passed.saturating_sub(passed_before)).unwrap_or_default();
        let step = (wall - wall_before) - passed;
        if step.abs() < LEAST { TimeDelta::zero() } else { step }
    }

    #[cfg(target_os = "linux")]
    async fn wait(&mut self) {
        use rustix::io::Errno;
        let Some(timer) = &self.timer else { return std::future::pending().await };
        loop {
            let Ok(mut ready) = timer.readable().await else { return std::future::pending().await };
            let mut count = [0; 8];
            match rustix::io::read(timer.get_ref(), &mut count) {
                Err(Errno::CANCELED) | Ok(_) => {
                    ready.clear_ready();
                    // Once is not enough: it is to be told of the next time too.
                    if arm(timer.get_ref()).is_err() {
                        return std::future::pending().await;
                    }
                    return;
                }
                Err(_) => ready.clear_ready(),
            }
        }
    }

    #[cfg(not(target_os = "linux"))]
    async fn wait(&mut self) {
        std::future::pending().await
    }
}

/// How long the machine has run, asleep or not: no setting of the clock changes it.
fn awake() -> Duration {
    #[cfg(target_os = "linux")]
    let clock = rustix::time::ClockId::Boottime;
    #[cfg(not(target_os = "linux"))]
    let clock = rustix::time::ClockId::Monotonic;
    let time = rustix::time::clock_gettime(clock);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}

#[cfg(target_os = "linux")]
#[expect(deprecated, reason = "it warns of types that close or swap their descriptor; this one owns it for good")]
fn timer() -> std::io::Result<tokio::io::unix::AsyncFd<rustix::fd::OwnedFd>> {
    use rustix::time::{TimerfdClockId, TimerfdFlags, timerfd_create};
    let timer = timerfd_create(TimerfdClockId::Realtime, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?;
    arm(&timer)?;
    tokio::io::unix::AsyncFd::with_interest(timer, tokio::io::Interest::READABLE)
}

/// Set to an instant that never comes, so that only its being cancelled is told.
#[cfg(target_os = "linux")]
fn arm(timer: &rustix::fd::OwnedFd) -> rustix::io::Result<()> {
    use rustix::time::{Itimerspec, TimerfdTimerFlags, Timespec, timerfd_settime};
    let never = Timespec { tv_sec: i64::from(i32::MAX) * 4, tv_nsec: 0 };
    let spec = Itimerspec { it_interval: Timespec { tv_sec: 0, tv_nsec: 0 }, it_value: never };
    match timerfd_settime(timer, TimerfdTimerFlags::ABSTIME | TimerfdTimerFlags::CANCEL_ON_SET, &spec) {
        // The clock was set since it was armed last: it is armed again all the same.
        Ok(_) | Err(rustix::io::Errno::CANCELED) => Ok(()),
        Err(why) => Err(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_that_merely_passes_is_no_step() {
        let mut watch = ClockWatch { anchor: (chrono::Utc::now(), awake()), ..unwatched() };
        assert_eq!(watch.measure(), TimeDelta::zero());
        // As if the clock had been an hour behind, and ahead, at the beginning.
        for hours in [-1, 1] {
            watch.anchor.0 -= TimeDelta::hours(hours);
            let step = watch.measure() - TimeDelta::hours(hours);
            assert!(step.abs() < TimeDelta::seconds(5), "{step}");
        }
        // As if the machine had slept for eight hours: both went on.
        watch.anchor.0 -= TimeDelta::hours(8);
        watch.anchor.1 = watch.anchor.1.saturating_sub(Duration::from_secs(8 * 3600));
        if watch.anchor.1 > Duration::ZERO {
            assert_eq!(watch.measure(), TimeDelta::zero());
        }
    }

    fn unwatched() -> ClockWatch {
        ClockWatch {
            anchor: (chrono::Utc::now(), awake()),
            #[cfg(target_os = "linux")]
            timer: None,
        }
    }
}
