//! Ends a front end whose terminal is gone and that did not hear of it: hang-ups may be ignored by whoever started it, and a loop may
//! be stuck in a write. It costs nothing meanwhile: the thread sleeps in the kernel until the line is hung up.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::Signal;

/// The loop hears of it as well; it has so long to leave by itself.
const GRACE: Duration = Duration::from_secs(1);
/// How often the watch looks whether it is still needed.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Watches the terminal on standard input from now on. When it is gone, `gone` is called with the signal that should have told, and
/// has to end the process; not any more once `left` is true.
pub fn watch(left: Arc<AtomicBool>, gone: impl FnOnce(i32) + Send + 'static) -> io::Result<()> {
    let line = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3)?;
    std::thread::Builder::new().name("watchdog".to_owned()).spawn(move || {
        loop {
            // Hang-ups and errors are always told of, so nothing is asked for.
            let mut fds = [PollFd::new(&line, PollFlags::empty())];
            match poll(&mut fds, None) {
                Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => continue,
                Err(_) => return,
                Ok(_) => break,
            }
        }
        let mut waited = Duration::ZERO;
        while waited < GRACE {
            if left.load(Ordering::SeqCst) {
                return;
            }
            std::thread::sleep(LOOK_AGAIN);
            waited += LOOK_AGAIN;
        }
        gone(Signal::HUP.as_raw());
    })?;
    Ok(())
}
