//! What fills the screen: one folder or file a pane.

pub mod assist;
pub mod blocks;
pub mod brief;
pub mod earnings;
pub mod editor;
pub mod feed;
pub mod grading;
pub mod header;
pub mod messages;
pub mod output;
pub mod pace;
pub mod peek;
pub mod pictures;
pub mod preview;
pub mod prompt;
pub mod query_help;
pub mod rules;
pub mod sightings;
pub mod start;
pub mod status;
pub mod strip;
pub mod waiting;
pub mod why;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Block, BorderType, Borders, Clear, Paragraph};

use super::theme::Theme;

/// Draws a pane's head and returns what is under it: for a pane with nothing beside it, whose lines then have the whole width,
/// can be moved by the terminal and end in blanks that cost nothing.
fn headed(frame: &mut Frame<'_>, area: Rect, theme: &Theme, focused: bool, title: Line<'_>) -> Rect {
    let block = Block::new().borders(Borders::TOP).border_style(theme.border(focused)).title(title);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    inner
}

/// Draws a pane's frame and returns what is inside it.
fn framed(frame: &mut Frame<'_>, area: Rect, theme: &Theme, focused: bool, title: Line<'_>) -> Rect {
    let block = Block::bordered().border_style(theme.border(focused)).title(title);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    inner
}

/// Draws an empty sheet over the panes, with its name and the keys that count on it; returns what is inside.
fn sheet(frame: &mut Frame<'_>, area: Rect, theme: &Theme, title: &str, keys: &str) -> Rect {
    frame.render_widget(Clear, area);
    let title = Line::from(vec![
        ratatui::text::Span::styled(format!(" {title} "), theme.title()),
        ratatui::text::Span::styled(format!("· {keys} "), theme.dim()),
    ]);
    let block = Block::bordered().border_type(BorderType::Rounded).border_style(theme.border(true)).title(title);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner }
}

/// Draws as many of `lines` as fit from `scroll`, which is kept within what there is.
fn scrolled(frame: &mut Frame<'_>, area: Rect, lines: Vec<Line<'static>>, scroll: &mut usize) {
    *scroll = (*scroll).min(lines.len().saturating_sub(usize::from(area.height)));
    let shown: Vec<Line<'static>> = lines.into_iter().skip(*scroll).take(usize::from(area.height)).collect();
    frame.render_widget(Paragraph::new(shown), area);
}
