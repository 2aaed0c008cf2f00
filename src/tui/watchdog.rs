//! Ends a front end whose terminal is gone and that did not hear of it: hang-ups may be ignored by whoever started it, a loop may be
//! stuck in a write, and a line that is only written to says nothing by itself. It costs nothing meanwhile: the thread sleeps in the
//! kernel until a line is hung up or breaks.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::Signal;
use rustix::stdio::{stdin, stdout};
use tokio::sync::oneshot;

/// The loop hears of the line it reads as well; it has so long to leave by itself.
const GRACE: Duration = Duration::from_secs(1);
/// How often the watch looks whether it is still needed.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

fn thread(watch: impl FnOnce() + Send + 'static) -> io::Result<()> {
    std::thread::Builder::new().name("watchdog".to_owned()).spawn(watch).map(drop)
}

/// Waits until one of the lines is gone, and says which are; `None` where they cannot be watched.
fn gone<const N: usize>(lines: &[OwnedFd; N]) -> Option<[bool; N]> {
    loop {
        // Hang-ups and errors are always told of, so nothing is asked for.
        let mut fds = lines.each_ref().map(|line| PollFd::new(line, PollFlags::empty()));
        match poll(&mut fds, None) {
            Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => {}
            Err(_) => return None,
            Ok(_) => return Some(fds.map(|fd| !fd.revents().is_empty())),
        }
    }
}

/// Watches the terminal on standard input and output from now on. When it is gone, `tell` is called with the signal that should have
/// told, and has to end the process; not any more once `left` is true.
pub fn watch(left: Arc<AtomicBool>, tell: impl FnOnce(i32) + Send + 'static) -> io::Result<()> {
    let lines = [rustix::io::fcntl_dupfd_cloexec(stdin(), 3)?, rustix::io::fcntl_dupfd_cloexec(stdout(), 3)?];
    thread(move || {
        let Some([input, _]) = gone(&lines) else { return };
        // A line that is only written to is missed at the next frame, which may be long after.
        let grace = if input { GRACE } else { Duration::ZERO };
        let mut waited = Duration::ZERO;
        while waited < grace && !left.load(Ordering::SeqCst) {
            std::thread::sleep(LOOK_AGAIN);
            waited += LOOK_AGAIN;
        }
        if !left.load(Ordering::SeqCst) {
            tell(Signal::HUP.as_raw());
        }
    })
}

/// Answers when nobody reads standard output any more, whatever it is.
///
/// # Errors
/// When it cannot be watched.
pub fn unread() -> io::Result<oneshot::Receiver<()>> {
    let (tell, told) = oneshot::channel();
    let line = [rustix::io::fcntl_dupfd_cloexec(stdout(), 3)?];
    thread(move || match gone(&line) {
        Some(_) => drop(tell.send(())),
        // Whoever waits goes on waiting.
        None => std::mem::forget(tell),
    })?;
    Ok(told)
}
