//! Where the cursor can go, and what erasing reaches to.

use unicode_segmentation::UnicodeSegmentation;

use super::text_box::{Place, TextBox};
use super::wrap;

/// A move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// One character.
    Left,
    /// One character.
    Right,
    /// One row as shown, wrapped rows counted.
    Up,
    /// One row as shown.
    Down,
    /// To the start of this word or the one before.
    WordLeft,
    /// To the start of the next word.
    WordRight,
    /// To the start of the line.
    Home,
    /// To the end of the line.
    End,
    /// A screen up.
    PageUp,
    /// A screen down.
    PageDown,
    /// To the start of the text.
    Top,
    /// To the end of the text.
    Bottom,
}

impl TextBox {
    /// Moves; `select` extends the selection. Without it, a left or right with something selected goes to that end of it.
    pub fn go(&mut self, motion: Motion, select: bool) {
        let rows = self.view.height.saturating_sub(1).max(1);
        let goal = match motion {
            Motion::Up | Motion::Down | Motion::PageUp | Motion::PageDown => Some(self.goal.unwrap_or_else(|| self.column())),
            _ => None,
        };
        let x = goal.unwrap_or_default();
        let place = match (motion, self.selection()) {
            (Motion::Left, Some((from, _))) if !select => from,
            (Motion::Right, Some((_, to))) if !select => to,
            (Motion::Up, _) => self.rows_away(-1, x),
            (Motion::Down, _) => self.rows_away(1, x),
            (Motion::PageUp, _) => self.rows_away(-isize::try_from(rows).unwrap_or(1), x),
            (Motion::PageDown, _) => self.rows_away(isize::try_from(rows).unwrap_or(1), x),
            _ => self.toward(motion),
        };
        self.place(place, select);
        self.goal = goal;
    }

    /// Where a move without memory leads to.
    pub fn toward(&self, motion: Motion) -> Place {
        let (row, byte) = self.cursor();
        let last = self.lines().len() - 1;
        match motion {
            Motion::Left => self.before((row, byte)),
            Motion::Right => self.after((row, byte)),
            Motion::WordLeft => self.word_before((row, byte)),
            Motion::WordRight => self.word_after((row, byte)),
            Motion::Home => (row, 0),
            Motion::End => (row, self.line(row).len()),
            Motion::Top => (0, 0),
            Motion::Bottom => (last, self.line(last).len()),
            Motion::Up | Motion::Down | Motion::PageUp | Motion::PageDown => (row, byte),
        }
    }

    fn word_before(&self, (row, byte): Place) -> Place {
        match self.line(row)[..byte].unicode_word_indices().next_back() {
            Some((at, _)) => (row, at),
            None if byte > 0 => (row, 0),
            None => self.before((row, byte)),
        }
    }

    fn word_after(&self, (row, byte): Place) -> Place {
        let line = self.line(row);
        match line.unicode_word_indices().map(|(at, _)| at).find(|at| *at > byte) {
            Some(at) => (row, at),
            None if byte < line.len() => (row, line.len()),
            None => self.after((row, byte)),
        }
    }

    /// The cursor's cell in its row.
    fn column(&self) -> usize {
        let (row, byte) = self.cursor();
        let line = self.line(row);
        let rows = wrap::rows(line, self.view.limit());
        let start = rows[wrap::row_of(&rows, byte)].start;
        wrap::width(&line[start..byte])
    }

    /// The place under cell `x`, `count` shown rows away; the text's ends at the ends.
    fn rows_away(&self, count: isize, x: usize) -> Place {
        let (mut row, byte) = self.cursor();
        let limit = self.view.limit();
        let mut rows = wrap::rows(self.line(row), limit);
        let mut sub = wrap::row_of(&rows, byte);
        for _ in 0..count.unsigned_abs() {
            if count < 0 && sub > 0 {
                sub -= 1;
            } else if count < 0 && row > 0 {
                row -= 1;
                rows = wrap::rows(self.line(row), limit);
                sub = rows.len() - 1;
            } else if count > 0 && sub + 1 < rows.len() {
                sub += 1;
            } else if count > 0 && row + 1 < self.lines().len() {
                row += 1;
                rows = wrap::rows(self.line(row), limit);
                sub = 0;
            } else {
                return if count < 0 { (0, 0) } else { (row, self.line(row).len()) };
            }
        }
        (row, wrap::byte_under(self.line(row), &rows[sub], x, sub + 1 == rows.len()))
    }
}
