//! Where ratatui draws: a screen that only exists as a buffer. What of it reaches the terminal, the painter decides.

use std::cell::Cell as Shared;
use std::convert::Infallible;
use std::rc::Rc;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Size};
use ratatui::{Frame, Terminal};

/// A backend that writes nothing and remembers the cursor.
#[derive(Debug, Default)]
struct Nowhere {
    size: Size,
    /// Where it is shown, for the stage to read while the frame is borrowed.
    cursor: Rc<Shared<Option<Position>>>,
}

impl Backend for Nowhere {
    type Error = Infallible;

    /// The differences are found lazily, and nobody asks for them.
    fn draw<'a, I>(&mut self, _: I) -> Result<(), Infallible>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        Ok(())
    }

    fn hide_cursor(&mut self) -> Result<(), Infallible> {
        self.cursor.set(None);
        Ok(())
    }

    fn show_cursor(&mut self) -> Result<(), Infallible> {
        Ok(())
    }

    fn get_cursor_position(&mut self) -> Result<Position, Infallible> {
        Ok(self.cursor.get().unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), Infallible> {
        self.cursor.set(Some(position.into()));
        Ok(())
    }

    fn clear(&mut self) -> Result<(), Infallible> {
        Ok(())
    }

    fn clear_region(&mut self, _: ClearType) -> Result<(), Infallible> {
        Ok(())
    }

    fn size(&self) -> Result<Size, Infallible> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> Result<WindowSize, Infallible> {
        Ok(WindowSize { columns_rows: self.size, pixels: Size::default() })
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

/// The stage.
pub struct Stage {
    terminal: Terminal<Nowhere>,
    cursor: Rc<Shared<Option<Position>>>,
}

impl Stage {
    /// An empty one of so many columns and rows.
    pub fn new((width, height): (u16, u16)) -> Stage {
        let cursor = Rc::new(Shared::new(None));
        let backend = Nowhere { size: Size { width, height }, cursor: Rc::clone(&cursor) };
        match Terminal::new(backend) {
            Ok(terminal) => Stage { terminal, cursor },
            Err(never) => match never {},
        }
    }

    /// Draws, and shows what was drawn and where the cursor is to be seen.
    pub fn draw(&mut self, (width, height): (u16, u16), content: impl FnOnce(&mut Frame<'_>)) -> (&Buffer, Option<Position>) {
        self.terminal.backend_mut().size = Size { width, height };
        match self.terminal.draw(content) {
            Ok(frame) => (frame.buffer, self.cursor.get().filter(|at| at.x < width && at.y < height)),
            Err(never) => match never {},
        }
    }
}
