//! What fills the screen: one folder or file a pane.

pub mod brief;
pub mod earnings;
pub mod editor;
pub mod feed;
pub mod header;
pub mod messages;
pub mod peek;
pub mod start;
pub mod status;
pub mod strip;
pub mod waiting;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Block;

use super::theme::Theme;

/// Draws a pane's frame and returns what is inside it.
fn framed(frame: &mut Frame<'_>, area: Rect, theme: &Theme, focused: bool, title: Line<'_>) -> Rect {
    let block = Block::bordered().border_style(theme.border(focused)).title(title);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    inner
}
