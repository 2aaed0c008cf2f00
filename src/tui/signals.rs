//! What the system says: end, hang up, go on. Drafts are saved on a task of their own, whatever the screen is doing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, watch};

use super::keeper::Keeper;
use super::{terminal, watchdog};
use crate::error::{Class, Failure, Result};

/// What the loop is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Told {
    /// Nothing.
    #[default]
    Nothing,
    /// Leave: this signal came.
    Leave(i32),
}

/// The listening task and its ways to the loop.
pub struct Signals {
    /// Whether to leave.
    pub told: watch::Receiver<Told>,
    /// The process was stopped and goes on: the screen must be taken and drawn anew.
    pub resumed: mpsc::UnboundedReceiver<()>,
    /// Somebody wants the process to stop: the terminal is given back first.
    pub stopped: mpsc::UnboundedReceiver<()>,
    /// The loop has left; nothing needs to be forced any more.
    pub left: Arc<AtomicBool>,
    /// Another program has the terminal: Ctrl-C is for that one.
    pub lent: Arc<AtomicBool>,
}

/// What really stops the process, since [`Signal::TSTP`](rustix::process::Signal::TSTP) is listened to. Unlike SIGSTOP it does nothing
/// where no shell could ever continue the process.
pub const STOP: rustix::process::Signal = rustix::process::Signal::TTIN;

/// Saving may take this long before a signal's exit goes on without it.
const FLUSH: Duration = Duration::from_millis(900);
/// The loop may take this long to leave.
const LEAVE: Duration = Duration::from_secs(1);

/// Starts listening for SIGTERM, SIGHUP, SIGINT, SIGTSTP and SIGCONT.
pub fn listen(keeper: Keeper) -> Result<Signals> {
    let on = |kind| signal(kind).map_err(|error| Failure::new(Class::Internal, "signals cannot be listened for").why(error));
    let (mut term, mut hup) = (on(SignalKind::terminate())?, on(SignalKind::hangup())?);
    let (mut int, mut cont) = (on(SignalKind::interrupt())?, on(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))?);
    let mut stop = on(SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw()))?;
    let (stop_in, stopped) = mpsc::unbounded_channel();
    let (tell, told) = watch::channel(Told::Nothing);
    let (resume, resumed) = mpsc::unbounded_channel();
    let (left, lent) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let (has_left, is_lent) = (Arc::clone(&left), Arc::clone(&lent));
    // Whoever ignores hang-ups, and whoever is stuck, is told by the line itself.
    let (lost_in, mut lost) = mpsc::unbounded_channel();
    let watched = watchdog::watch(Arc::clone(&left), move |number| {
        let _ = lost_in.send(number);
    });
    watched.map_err(|error| Failure::new(Class::Internal, "the terminal cannot be watched").why(error))?;
    tokio::spawn(async move {
        loop {
            let number = tokio::select! {
                _ = term.recv() => rustix::process::Signal::TERM.as_raw(),
                _ = hup.recv() => rustix::process::Signal::HUP.as_raw(),
                _ = int.recv() => {
                    if is_lent.load(Ordering::SeqCst) {
                        continue;
                    }
                    rustix::process::Signal::INT.as_raw()
                }
                Some(number) = lost.recv() => number,
                _ = stop.recv() => {
                    if is_lent.load(Ordering::SeqCst) {
                        // The program that has the terminal is stopped with its whole group, and we belong to it.
                        let _ = rustix::process::kill_process(rustix::process::getpid(), STOP);
                    } else {
                        let _ = stop_in.send(());
                    }
                    continue;
                }
                _ = cont.recv() => {
                    let _ = resume.send(());
                    continue;
                }
            };
            let _ = tell.send(Told::Leave(number));
            let _ = tokio::time::timeout(FLUSH, keeper.flush()).await;
            tokio::time::sleep(LEAVE).await;
            if !has_left.load(Ordering::SeqCst) {
                // The screen is stuck, perhaps on a terminal that is gone: writing to it may hang too.
                let restoring = tokio::task::spawn_blocking(terminal::restore);
                let _ = tokio::time::timeout(Duration::from_millis(200), restoring).await;
                std::process::exit(128 + number);
            }
        }
    });
    Ok(Signals { told, resumed, stopped, left, lent })
}
