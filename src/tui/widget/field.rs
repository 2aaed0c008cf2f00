//! One line of text being typed: filter, palette, search, path.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

use super::text::width;
use crate::domain::Text;
use crate::tui::theme::Theme;

/// A line with a cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    text: String,
    /// Byte offset, at a grapheme's edge.
    cursor: usize,
}

const LONGEST: usize = 4096;

impl Field {
    /// A field holding `text`, the cursor behind it.
    pub fn with(text: &str) -> Field {
        Field { text: text.to_owned(), cursor: text.len() }
    }

    /// A field holding `text`, the cursor at this byte.
    pub fn at(text: &str, cursor: usize) -> Field {
        Field { text: text.to_owned(), cursor: text.floor_char_boundary(cursor) }
    }

    /// Byte offset of the cursor.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Types or pastes: one scrubbed line.
    pub fn insert(&mut self, text: &str) {
        let clean = Text::title(text);
        if self.text.len() + clean.as_str().len() > LONGEST {
            return;
        }
        self.text.insert_str(self.cursor, clean.as_str());
        self.cursor += clean.as_str().len();
    }

    /// The grapheme before the cursor goes.
    pub fn erase(&mut self) {
        let before = self.text[..self.cursor].grapheme_indices(true).next_back().map_or(0, |(at, _)| at);
        self.text.replace_range(before..self.cursor, "");
        self.cursor = before;
    }

    /// The word before the cursor goes.
    pub fn erase_word(&mut self) {
        let head = self.text[..self.cursor].trim_end();
        let from = head.rfind(char::is_whitespace).map_or(0, |at| at + head[at..].chars().next().map_or(1, char::len_utf8));
        self.text.replace_range(from..self.cursor, "");
        self.cursor = from;
    }

    /// Everything goes.
    pub fn clear(&mut self) {
        self.text.clear();
        self.cursor = 0;
    }

    /// One to the left.
    pub fn left(&mut self) {
        self.cursor = self.text[..self.cursor].grapheme_indices(true).next_back().map_or(0, |(at, _)| at);
    }

    /// One to the right.
    pub fn right(&mut self) {
        self.cursor += self.text[self.cursor..].graphemes(true).next().map_or(0, str::len);
    }

    /// To the beginning.
    pub fn home(&mut self) {
        self.cursor = 0;
    }

    /// To the end.
    pub fn end(&mut self) {
        self.cursor = self.text.len();
    }

    /// The text before the cursor as far as it fits `room`, and all behind it.
    fn parts(&self, room: usize) -> (&str, &str) {
        let (mut head, tail) = self.text.split_at(self.cursor);
        while width(head) > room {
            let step = head.graphemes(true).next().map_or(head.len(), str::len);
            head = &head[step..];
        }
        (head, tail)
    }

    /// The column at which [`Field::line`] draws the character at byte `at`; `None` when it is out of sight.
    pub fn column(&self, label: &str, cells: usize, at: usize) -> Option<usize> {
        let room = cells.saturating_sub(width(label) + 1);
        let first = self.cursor - self.parts(room).0.len();
        let between = self.text.get(first..self.text.floor_char_boundary(at))?;
        Some(width(label) + width(between)).filter(|column| *column < cells)
    }

    /// Drawn behind `label` in `cells`; a text too long shows its part around the cursor.
    pub fn line(&self, label: &str, cells: usize, style: Style, theme: &Theme) -> Line<'static> {
        let room = cells.saturating_sub(width(label) + 1);
        let (head, tail) = self.parts(room);
        let at = tail.graphemes(true).next();
        let rest = at.map_or("", |grapheme| &tail[grapheme.len()..]);
        Line::from(vec![
            Span::styled(label.to_owned(), theme.key()),
            Span::styled(head.to_owned(), style),
            Span::styled(at.unwrap_or(" ").to_owned(), theme.cursor()),
            Span::styled(super::text::fit(rest, room.saturating_sub(width(head))), style),
        ])
    }
}
