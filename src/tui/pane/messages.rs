//! The latest messages, to be read again.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Paragraph};

use crate::tui::model::Model;
use crate::tui::theme::Theme;
use crate::tui::widget::countdown;
use crate::tui::widget::text::wrap;
use crate::tui::widget::toast::Tone;

/// Draws the messages, the latest first; clamps `scroll`.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, scroll: &mut usize, theme: &Theme) {
    frame.render_widget(Clear, area);
    let title = Span::styled(" Messages · Esc closes ", theme.title());
    let block = Block::bordered().border_type(BorderType::Rounded).border_style(theme.border(true)).title(title);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let cells = usize::from(inner.width);
    let mut lines: Vec<Line<'static>> = Vec::new();
    for toast in model.toasts.iter().rev() {
        let style = match toast.tone {
            Tone::Plain => theme.text(),
            Tone::Good => theme.ok(),
            Tone::Warn => theme.warn(),
            Tone::Bad => theme.fail(),
        };
        let hint = if toast.hint.is_empty() { String::new() } else { format!(" · {}", toast.hint) };
        for (i, part) in wrap(&format!("{}{hint}", toast.text), cells.saturating_sub(11).max(1)).into_iter().enumerate() {
            let head = if i == 0 { format!("{} {} ", countdown::clock(toast.at), toast.glyph()) } else { " ".repeat(11) };
            lines.push(Line::from(vec![Span::styled(head, theme.dim()), Span::styled(part, style)]));
        }
    }
    if lines.is_empty() {
        lines.push(Line::styled("Nothing has happened yet.", theme.dim()));
    }
    *scroll = (*scroll).min(lines.len().saturating_sub(usize::from(inner.height)));
    let shown: Vec<Line<'static>> = lines.into_iter().skip(*scroll).take(usize::from(inner.height)).collect();
    frame.render_widget(Paragraph::new(shown), inner);
}
