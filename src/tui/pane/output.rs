//! What one of the person's own commands said.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Paragraph};

use crate::domain::Text;
use crate::tui::theme::Theme;
use crate::tui::widget::text::wrap;

/// Draws it; clamps `scroll`.
pub fn draw(frame: &mut Frame<'_>, area: Rect, title: &str, text: &Text, scroll: &mut usize, theme: &Theme) {
    frame.render_widget(Clear, area);
    let title = Span::styled(format!(" {title} · Esc closes "), theme.title());
    let block = Block::bordered().border_type(BorderType::Rounded).border_style(theme.border(true)).title(title);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let cells = usize::from(inner.width).max(1);
    let room = usize::from(inner.height);
    // Only what is on the screen is broken into rows: it may be long.
    let mut lines: Vec<Line<'static>> = Vec::new();
    let total = text.as_str().lines().count();
    *scroll = (*scroll).min(total.saturating_sub(room.min(total)));
    for line in text.as_str().lines().skip(*scroll) {
        lines.extend(wrap(line, cells).into_iter().map(|part| Line::styled(part, theme.text())));
        if lines.len() >= room {
            break;
        }
    }
    frame.render_widget(Paragraph::new(lines), inner);
}
