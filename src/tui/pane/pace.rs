//! The self-test of the pace: a text to be read aloud, timed between two presses of Enter.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Paragraph};

use crate::domain::{Time, pace};
use crate::tui::theme::Theme;
use crate::tui::widget::text::wrap;

/// Cells across, frame included.
const WIDE: u16 = 72;

/// Draws it in the middle of `area`; `since` is when the reading began.
pub fn draw(frame: &mut Frame<'_>, area: Rect, since: Option<Time>, now_is: u32, theme: &Theme) {
    let outer = area.width.min(WIDE);
    let cells = usize::from(outer.saturating_sub(4)).max(1);
    let mut lines = vec![Line::styled("How fast do you read aloud?", theme.title()), Line::default()];
    lines.extend(wrap(pace::TEXT, cells).into_iter().map(|part| Line::styled(part, theme.text())));
    lines.push(Line::default());
    let key = |key: &'static str| Span::styled(key, theme.key());
    let dim = |text: String| Span::styled(text, theme.dim());
    lines.push(match since {
        None => Line::from(vec![
            key("Enter"),
            dim(" starts the clock, Enter again when you are through  ".into()),
            key("Esc"),
            dim(" leaves".into()),
        ]),
        Some(_) => Line::from(vec![
            Span::styled("● reading … ", theme.warn()),
            key("Enter"),
            dim(" when you are through  ".into()),
            key("Esc"),
            dim(" leaves".into()),
        ]),
    });
    lines.push(Line::from(dim(format!("So far scripts are timed at {now_is} words a minute."))));
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX).min(area.height);
    let rect = Rect { x: area.x + (area.width - outer) / 2, y: area.y + (area.height - height) / 2, width: outer, height };
    frame.render_widget(Clear, rect);
    let block = Block::bordered().border_type(BorderType::Rounded).border_style(theme.accent());
    let inner = block.inner(rect);
    frame.render_widget(block, rect);
    frame.render_widget(Paragraph::new(lines), Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner });
}
