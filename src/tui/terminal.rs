//! The real terminal: taken over on entering, given back on every way out.

use std::io::{self, BufWriter, Stdout, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste};
use crossterm::style::{Print, ResetColor};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal};

use crate::error::{Class, Failure, Result};

static TAKEN: AtomicBool = AtomicBool::new(false);
static MOUSE: AtomicBool = AtomicBool::new(false);

/// One frame is one write to the terminal, as far as it fits.
const BUFFER: usize = 64 * 1024;

/// Clicks, drags and the wheel in SGR form. Not the pointer's every move, which crossterm's own command asks for: over a slow
/// line each of those costs bytes, and each wakes the program.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";

/// The terminal while it is ours.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
}

fn lost(error: &io::Error) -> Failure {
    Failure::new(Class::Internal, "the terminal cannot be used").why(error).hint("run `juggler doctor`")
}

fn take(mouse: bool) -> io::Result<()> {
    TAKEN.store(true, Ordering::SeqCst);
    MOUSE.store(mouse, Ordering::SeqCst);
    enable_raw_mode()?;
    let mut out = io::stdout();
    execute!(out, EnterAlternateScreen, EnableBracketedPaste)?;
    if mouse {
        execute!(out, Print(MOUSE_ON))?;
    }
    Ok(())
}

/// Gives the terminal back. Safe to call from anywhere, any number of times; a terminal that is gone is no error.
pub fn restore() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    if MOUSE.load(Ordering::SeqCst) {
        let _ = queue!(out, DisableMouseCapture);
    }
    let _ = execute!(out, EndSynchronizedUpdate, DisableBracketedPaste, LeaveAlternateScreen, ResetColor, Show);
    let _ = disable_raw_mode();
}

impl Screen {
    /// Takes the terminal over.
    pub fn enter(mouse: bool) -> Result<Screen> {
        take(mouse).map_err(|error| {
            restore();
            lost(&error)
        })?;
        let backend = CrosstermBackend::new(BufWriter::with_capacity(BUFFER, io::stdout()));
        let terminal = Terminal::new(backend).map_err(|error| {
            restore();
            lost(&error)
        })?;
        Ok(Screen { terminal })
    }

    /// Draws one frame; the terminal shows it as a whole where it knows how.
    pub fn draw(&mut self, content: impl FnOnce(&mut Frame<'_>)) -> Result<()> {
        let frame = || {
            queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
            self.terminal.draw(content)?;
            execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)
        };
        frame().map_err(|error| lost(&error))
    }

    /// The next frame is drawn whole.
    pub fn repaint(&mut self) {
        // Not `clear`: that asks the terminal where the cursor is, and the answer races with keys.
        if let Ok(size) = self.terminal.size() {
            let _ = self.terminal.resize(Rect::new(0, 0, size.width, size.height));
        }
    }

    /// Hands the terminal to another program.
    pub fn lend(&mut self) {
        restore();
    }

    /// Takes it back.
    pub fn take_back(&mut self) -> Result<()> {
        take(MOUSE.load(Ordering::SeqCst)).map_err(|error| lost(&error))?;
        self.repaint();
        Ok(())
    }

    /// Sends text to the terminal's clipboard (OSC 52); whether it gets there only the terminal knows.
    pub fn clipboard(&mut self, text: &str) -> Result<()> {
        let out = self.terminal.backend_mut();
        execute!(out, CopyToClipboard::to_clipboard_from(text)).and_then(|()| out.flush()).map_err(|error| lost(&error))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}
