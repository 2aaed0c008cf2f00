//! A question in the pane's last row: what to search, or whether a large paste is meant.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use unicode_segmentation::UnicodeSegmentation;

use super::source::At;
use super::text_box::Place;
use super::{checks_list, file_list, wrap};
use crate::domain::{AssignmentId, Origins, Text};
use crate::tui::theme::Theme;

/// What is asked.
pub enum Prompt {
    /// Words to search, and where the cursor was before.
    Search { words: String, from: Place },
    /// Words to search in the source, where its cursor was before, and whether they are there.
    Source { words: String, from: At, found: bool },
    /// A paste too large to be taken without a question.
    Paste { assignment: AssignmentId, text: Text, origins: Origins },
}

impl Prompt {
    /// Takes the last character of the words back.
    pub fn shorten(words: &mut String) {
        let end = words.grapheme_indices(true).next_back().map_or(0, |(at, _)| at);
        words.truncate(end);
    }

    /// Draws the question; the cell to type in.
    pub fn draw(&self, buf: &mut Buffer, area: Rect, theme: &Theme, found: bool) -> Option<Position> {
        let spans = match self {
            Prompt::Search { words, .. } => {
                let mut spans = vec![Span::styled("Find: ", theme.heading()), Span::styled(words.as_str(), theme.text())];
                if !found && !words.is_empty() {
                    spans.push(Span::styled("  not found", theme.warn()));
                }
                spans
            }
            Prompt::Source { words, found, .. } => {
                let mut spans =
                    vec![Span::styled("Find in source: ", theme.heading()), Span::styled(words.as_str(), theme.text())];
                if !found && !words.is_empty() {
                    spans.push(Span::styled("  not found", theme.warn()));
                }
                spans
            }
            Prompt::Paste { text, .. } => {
                let lines = text.as_str().split('\n').count();
                let size = file_list::size(u64::try_from(text.as_str().len()).unwrap_or(u64::MAX));
                vec![
                    Span::styled(format!("Paste {size} in {lines} lines? "), theme.warn()),
                    Span::styled("y", theme.key()),
                    Span::styled(" insert  ", theme.dim()),
                    Span::styled("n", theme.key()),
                    Span::styled(" drop", theme.dim()),
                ]
            }
        };
        let before = match self {
            Prompt::Search { words, .. } => Some(6 + wrap::width(words)),
            Prompt::Source { words, .. } => Some(16 + wrap::width(words)),
            Prompt::Paste { .. } => None,
        };
        Line::from(checks_list::cut(spans, usize::from(area.width))).render(area, buf);
        let x = u16::try_from(before?).unwrap_or(u16::MAX).min(area.width.saturating_sub(1));
        Some(Position { x: area.x + x, y: area.y })
    }
}
