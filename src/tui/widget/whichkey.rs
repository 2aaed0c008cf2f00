//! What can follow the keys pressed so far; shown after a moment, from the live keymap.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Paragraph};

use super::text::{clip, width};
use crate::tui::command::Command;
use crate::tui::keymap::{Chord, Keymap};
use crate::tui::theme::Theme;

/// How long a prefix waits before the hints come.
pub const DELAY_MS: i64 = 250;

/// Draws the ways on from `prefix` in the lower right of `area`.
pub fn draw(frame: &mut Frame<'_>, area: Rect, theme: &Theme, keymap: &Keymap, prefix: &str, ways: &[(Chord, Option<Command>)]) {
    let key = ways.iter().map(|(chord, _)| width(&chord.to_string())).max().unwrap_or(1);
    let lines: Vec<Line<'static>> = ways
        .iter()
        .map(|(chord, command)| {
            Line::from(vec![
                Span::styled(super::text::right(&chord.to_string(), key), theme.key()),
                Span::raw("  "),
                Span::styled(command.map_or("…", |command| keymap.title(command)).to_owned(), theme.text()),
            ])
        })
        .collect();
    let widest = lines.iter().map(super::text::line_width).max().unwrap_or(0).max(width(prefix) + 2);
    let outer = u16::try_from(widest + 4).unwrap_or(u16::MAX).min(area.width);
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX).min(area.height);
    let rect = Rect { x: area.right() - outer, y: area.bottom() - height, width: outer, height };
    frame.render_widget(Clear, rect);
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.border(true))
        .title(Span::styled(format!(" {prefix} "), theme.key()));
    let inner = block.inner(rect);
    frame.render_widget(block, rect);
    let cells = usize::from(inner.width.saturating_sub(2));
    let lines: Vec<Line<'static>> = lines.into_iter().map(|line| clip(line, cells)).collect();
    frame.render_widget(Paragraph::new(lines), Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner });
}
