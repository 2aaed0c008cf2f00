//! The real terminal: taken over on entering, given back on every way out, and in between written to by one hand only.
//!
//! ```text
//! App::draw ─► Stage (ratatui, draws into a buffer) ─► Painter (what differs, in few bytes) ─► queue ─► Tty (never blocks)
//! App::patch (a cursor moved: a few rows) ───────────────▲
//!                                                                      Fence: the next frame waits for the terminal's answer
//! Tty ─► Parser (keys, pastes, mouse; answers taken out) ─► event loop
//! ```
//! At most one frame is on its way: while the line does not take it, or the terminal has not answered, nothing more is drawn, and
//! keys, signals and a lost line are served all the same.

mod fence;
mod keys;
pub mod painter;
pub mod parser;
mod patch;
mod pen;
mod scroll;
mod shown;
mod stage;
mod tty;

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use ratatui::Frame;

use super::osc::{Link, Links, TITLE_POP, TITLE_PUSH};
use super::picture::{Placed, Places};
use crate::error::{Class, Failure, Result};
use fence::Fence;
use painter::{Painter, Scrolling};
pub use patch::Patch;
use stage::Stage;
pub use tty::Tty;

static TAKEN: AtomicBool = AtomicBool::new(false);
static MOUSE: AtomicBool = AtomicBool::new(false);
/// The title is ours to write; the one before is kept by the terminal.
static TITLE: AtomicBool = AtomicBool::new(false);

/// Alternate screen, bracketed paste.
const TAKE: &[u8] = b"\x1b[?1049h\x1b[?2004h";
/// Clicks, drags and the wheel in SGR form. Not the pointer's every move: over a slow line each of those costs bytes, and each
/// wakes the program.
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1002h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1002l\x1b[?1000l";
/// Whatever was begun is ended: a frame shown as a whole, a scroll region, bracketed paste, the screen, colours, a hidden cursor.
const GIVE_BACK: &[u8] = b"\x1b[?2026l\x1b[r\x1b[?2004l\x1b[?1049l\x1b[m\x1b[?25h";
/// The most that waits to be written; words beside frames are dropped beyond it.
const QUEUE: usize = 512 * 1024;
/// The same for pictures: a sheet of them.
const PICTURES: usize = 32 << 20;
/// Where nobody tells.
const SIZE: (u16, u16) = (80, 24);

/// The terminal while it is ours.
pub struct Screen {
    stage: Stage,
    painter: Painter,
    line: Tty,
    fence: Fence,
    links: Links,
    places: Places,
    /// Not written yet.
    queue: Vec<u8>,
    /// Of which so much is written.
    sent: usize,
}

fn lost(error: &io::Error) -> Failure {
    Failure::new(Class::Internal, "the terminal cannot be used").why(error).hint("run `juggler doctor`")
}

fn take(mouse: bool) -> io::Result<()> {
    TAKEN.store(true, Ordering::SeqCst);
    MOUSE.store(mouse, Ordering::SeqCst);
    enable_raw_mode()?;
    let mut out = io::stdout();
    out.write_all(TAKE)?;
    if mouse {
        out.write_all(MOUSE_ON)?;
    }
    if TITLE.load(Ordering::SeqCst) {
        out.write_all(TITLE_PUSH.as_bytes())?;
    }
    out.flush()
}

/// Clicks and the wheel are wanted from now on, or not: what the terminal is told.
pub fn mouse(on: bool) -> &'static [u8] {
    MOUSE.store(on, Ordering::SeqCst);
    if on { MOUSE_ON } else { MOUSE_OFF }
}

/// Gives the terminal back. Safe to call from anywhere, any number of times; a terminal that is gone is no error.
pub fn restore() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut bytes = Vec::with_capacity(64);
    if MOUSE.load(Ordering::SeqCst) {
        bytes.extend_from_slice(MOUSE_OFF);
    }
    if TITLE.load(Ordering::SeqCst) {
        bytes.extend_from_slice(TITLE_POP.as_bytes());
    }
    bytes.extend_from_slice(GIVE_BACK);
    let mut out = io::stdout();
    let _ = out.write_all(&bytes).and_then(|()| out.flush());
    let _ = disable_raw_mode();
}

impl Screen {
    /// Takes the terminal over. Needs a tokio runtime.
    pub fn enter(mouse: bool) -> Result<Screen> {
        let line = Tty::output().map_err(|error| lost(&error))?;
        take(mouse).map_err(|error| {
            restore();
            lost(&error)
        })?;
        let fence = std::env::var("JUGGLER_FENCE").map_or(true, |value| value != "off" && value != "0");
        let term = std::env::var("TERM").unwrap_or_default();
        Ok(Screen {
            stage: Stage::new(line.size().unwrap_or(SIZE)),
            painter: Painter::new(Scrolling::of(&term)),
            line,
            fence: Fence::new(fence),
            links: Links::default(),
            places: Places::default(),
            queue: Vec::new(),
            sent: 0,
        })
    }

    /// Columns and rows.
    pub fn size(&self) -> (u16, u16) {
        self.line.size().unwrap_or(SIZE)
    }

    /// A frame may be drawn now: the one before is written, and the terminal has taken it.
    pub fn is_ready(&self, now: Instant) -> bool {
        !self.has_more() && self.fence.is_open(now)
    }

    /// When a frame may be drawn even if the terminal stays silent; `None` while something is still to be written, or at once.
    pub fn ready_at(&self) -> Option<Instant> {
        if self.has_more() { None } else { self.fence.opens_at() }
    }

    /// Something is still to be written.
    pub fn has_more(&self) -> bool {
        self.sent < self.queue.len()
    }

    /// The terminal answered.
    pub fn answered(&mut self) {
        self.fence.answered();
    }

    /// Draws one frame. What the line does not take at once waits for [`Screen::writable`].
    pub fn draw(&mut self, content: impl FnOnce(&mut Frame<'_>)) -> Result<()> {
        let (buffer, cursor) = self.stage.draw(self.line.size().unwrap_or(SIZE), content);
        let bytes = self.painter.paint(buffer, cursor);
        self.queue.extend_from_slice(bytes);
        self.send()
    }

    /// Whether [`Screen::patch`] can draw on what is shown: a whole frame of this size is on the screen, without a cursor in it.
    pub fn can_be_patched(&self) -> bool {
        self.painter.can_be_patched(self.line.size().unwrap_or(SIZE))
    }

    /// Draws a few rows over the frame that is shown.
    pub fn patch(&mut self, patch: Patch) -> Result<()> {
        let bytes = self.painter.patch(patch);
        self.queue.extend_from_slice(bytes);
        self.send()
    }

    /// Sends a frame off, with the question behind it.
    fn send(&mut self) -> Result<()> {
        if !self.has_more() {
            return Ok(());
        }
        if self.fence.frame(Instant::now()) {
            self.queue.extend_from_slice(fence::QUESTION);
        }
        self.push()
    }

    /// Says something to the terminal between two frames, such as a title or a bell. It must not move the cursor or write text.
    pub fn say(&mut self, bytes: &[u8]) -> Result<()> {
        if self.queue.len() + bytes.len() > QUEUE {
            // A line that takes nothing would otherwise fill the memory.
            tracing::info!(bytes = bytes.len(), "the terminal takes nothing; a word to it is dropped");
            return Ok(());
        }
        self.queue.extend_from_slice(bytes);
        self.push()
    }

    /// The title will be written: keeps the one that is there.
    pub fn keep_title(&mut self) -> Result<()> {
        if TITLE.swap(true, Ordering::SeqCst) {
            return Ok(());
        }
        self.say(TITLE_PUSH.as_bytes())
    }

    /// Writes the links of the frame just drawn over its text, unless they stand there already.
    pub fn links(&mut self, links: &[Link]) -> Result<()> {
        let bytes = self.links.behind_frame(links);
        if bytes.is_empty() { Ok(()) } else { self.say(&bytes) }
    }

    /// Writes the pictures of the frame just drawn over the cells that make room for them, unless they stand there untouched.
    pub fn pictures(&mut self, placed: &[Placed]) -> Result<()> {
        let painter = &self.painter;
        let bytes = self.places.behind_frame(placed, |area| painter.touched(area));
        if bytes.is_empty() { Ok(()) } else { self.send_picture(&bytes) }
    }

    /// Sends a picture, which is larger than any other word to the terminal.
    pub fn send_picture(&mut self, bytes: &[u8]) -> Result<()> {
        if self.queue.len() + bytes.len() > PICTURES {
            tracing::info!(bytes = bytes.len(), "the terminal takes nothing; a picture is dropped");
            return Ok(());
        }
        self.queue.extend_from_slice(bytes);
        self.push()
    }

    /// Writes what the line takes now.
    pub fn push(&mut self) -> Result<()> {
        let rest = self.queue.get(self.sent..).unwrap_or_default();
        self.sent += self.line.write(rest).map_err(|error| lost(&error))?;
        if self.sent >= self.queue.len() {
            self.queue.clear();
            self.sent = 0;
        }
        Ok(())
    }

    /// Waits until the line takes more; for ever while there is nothing to write. Cancel safe.
    pub async fn writable(&self) -> io::Result<()> {
        if self.has_more() { self.line.writable().await } else { std::future::pending().await }
    }

    /// An answer to the fence's question is waited for at this moment.
    pub fn is_waiting(&self, now: Instant) -> bool {
        self.fence.is_waiting(now)
    }

    /// An answer to the fence's question may still come.
    pub fn is_owed(&self) -> bool {
        self.fence.is_owed()
    }

    /// Until when that answer, and what is not written, are worth waiting for before the terminal goes to somebody else.
    pub fn drains_until(&self, now: Instant) -> Option<Instant> {
        self.fence.drains_until(now)
    }

    /// The next frame is drawn whole.
    pub fn repaint(&mut self) {
        self.links.forget();
        self.places.forget();
        self.painter.forget();
    }

    /// Hands the terminal to another program.
    pub fn lend(&mut self) {
        self.queue.clear();
        self.sent = 0;
        restore();
    }

    /// Takes it back.
    pub fn take_back(&mut self) -> Result<()> {
        take(MOUSE.load(Ordering::SeqCst)).map_err(|error| lost(&error))?;
        self.fence.forget();
        self.repaint();
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}
