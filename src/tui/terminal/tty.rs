//! The line to the terminal: descriptions of our own, which never block, one to read and one to write.
//!
//! They are opened anew by the terminal's name, since whether a description blocks is shared with everybody who inherited it: the
//! shell that started us would find its own line not blocking. A line that hangs up is ready to be read, and reading says so:
//! nobody has to look for that from time to time.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// One direction of the line.
#[derive(Debug)]
pub struct Tty {
    line: OwnedFd,
    /// Tells when there is something to read.
    watch: Option<AsyncFd<OwnedFd>>,
    /// It could not be opened anew, and is somebody else's too: it may block, and is asked first.
    shared: bool,
}

/// The most that is written at once to a line that may block.
const SIP: usize = 256;

fn open(like: BorrowedFd<'_>, flags: OFlags) -> io::Result<OwnedFd> {
    let flags = flags | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let named = rustix::termios::ttyname(like, Vec::new()).and_then(|name| rustix::fs::open(name, flags, Mode::empty()));
    Ok(named.or_else(|_| rustix::fs::open("/dev/tty", flags, Mode::empty()))?)
}

#[expect(deprecated, reason = "it warns of types that close or swap their descriptor; this one owns it for good")]
fn watched(line: OwnedFd, interest: Interest) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::with_interest(line, interest)
}

impl Tty {
    /// The line that standard input reads. Needs a tokio runtime.
    pub fn input() -> io::Result<Tty> {
        let mut tty = Tty::new(io::stdin().as_fd(), OFlags::RDONLY)?;
        tty.watch = Some(watched(tty.line.try_clone()?, Interest::READABLE)?);
        Ok(tty)
    }

    /// The line that standard output writes. It is watched only while it takes nothing: a line that takes everything would tell so
    /// after every frame, and wake the program for it.
    pub fn output() -> io::Result<Tty> {
        Tty::new(io::stdout().as_fd(), OFlags::WRONLY)
    }

    fn new(like: BorrowedFd<'_>, flags: OFlags) -> io::Result<Tty> {
        let (line, shared) = match open(like, flags) {
            Ok(line) => (line, false),
            Err(error) => {
                tracing::info!(%error, "the terminal cannot be opened by its name; the line is shared");
                (like.try_clone_to_owned()?, true)
            }
        };
        Ok(Tty { line, watch: None, shared })
    }

    fn is_ready(&self, flags: PollFlags) -> bool {
        let mut polled = [PollFd::new(&self.line, flags)];
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        rustix::event::poll(&mut polled, Some(&now)).is_ok_and(|ready| ready > 0)
    }

    /// Reads what is there; `None` when there is nothing. A line that is gone is an error.
    pub fn read(&self, into: &mut [u8]) -> io::Result<Option<usize>> {
        if self.shared && !self.is_ready(PollFlags::IN) {
            return Ok(None);
        }
        loop {
            return match rustix::io::read(&self.line, &mut *into) {
                Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(read) => Ok(Some(read)),
                Err(Errno::INTR) => continue,
                Err(Errno::AGAIN) => Ok(None),
                Err(error) => Err(error.into()),
            };
        }
    }

    /// Writes as much as the line takes now, and says how much that was.
    pub fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        if !bytes.is_empty() && crate::store::drill::fails("terminal") {
            return Err(Errno::IO.into());
        }
        let mut written = 0;
        while let Some(rest) = bytes.get(written..).filter(|rest| !rest.is_empty()) {
            let part = match self.shared {
                true if !self.is_ready(PollFlags::OUT) => break,
                true => rest.get(..SIP).unwrap_or(rest),
                false => rest,
            };
            match rustix::io::write(&self.line, part) {
                Ok(0) | Err(Errno::AGAIN) => break,
                Ok(more) => written += more,
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(written)
    }

    /// Waits until there is something to read, or the line is gone. Cancel safe.
    pub async fn readable(&self) -> io::Result<()> {
        let Some(watch) = &self.watch else { return std::future::pending().await };
        loop {
            let mut ready = watch.readable().await?;
            if self.is_ready(PollFlags::IN) {
                return Ok(());
            }
            // Everything was read already.
            ready.clear_ready();
        }
    }

    /// Waits until the line takes more. Needs a tokio runtime. Cancel safe.
    pub async fn writable(&self) -> io::Result<()> {
        let watch = watched(self.line.try_clone()?, Interest::WRITABLE)?;
        loop {
            let mut ready = watch.writable().await?;
            if self.is_ready(PollFlags::OUT) {
                return Ok(());
            }
            ready.clear_ready();
        }
    }

    /// Columns and rows, where the terminal tells.
    pub fn size(&self) -> Option<(u16, u16)> {
        let size = rustix::termios::tcgetwinsize(&self.line).ok()?;
        (size.ws_col > 0 && size.ws_row > 0).then_some((size.ws_col, size.ws_row))
    }
}
