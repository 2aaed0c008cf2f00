//! The feed: one line a job, columns that come and go with the width, a gutter mark where the cursor is.

mod cells;
mod empty;
mod grid;
mod row;
mod state;
mod tabs;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::domain::Time;
use crate::tui::keymap::Keymap;
use crate::tui::model::{Focus, Model};
use crate::tui::theme::Theme;

pub use state::{ai_style, state};

/// Draws the feed; notes how many rows fit and where they are.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &mut Model, theme: &Theme, keymap: &Keymap, now: Time) {
    let focused = model.focus == Focus::Feed;
    let inner = super::framed(frame, area, theme, focused, Line::from(Span::styled(" Feed ", theme.title())));
    model.hits.panes.push((area, Focus::Feed));
    if inner.width == 0 || inner.height < 3 {
        return;
    }
    let cells = usize::from(inner.width);
    tabs::draw(frame, Rect { height: 1, ..inner }, model, theme, keymap);
    let grid = grid::grid(cells, model.sources.len() > 1);
    frame.render_widget(grid::heading(&grid, cells, theme), Rect { y: inner.y + 1, height: 1, ..inner });
    let list = Rect { y: inner.y + 2, height: inner.height - 2, ..inner };
    model.hits.feed = list;
    let height = usize::from(list.height);
    if model.feed.height != height {
        model.feed.height = height;
        model.feed.scroll();
    }
    if model.feed.rows.is_empty() {
        return empty::draw(frame, list, model, theme, keymap, now);
    }
    let feed = &model.feed;
    let at = feed.at();
    for (i, row) in feed.rows.iter().enumerate().skip(feed.top).take(height) {
        let here = at == Some(i);
        let look = row::Look { here, gone: here && feed.gone, marked: feed.marked.contains(&row.key) };
        let line = row::line(row, &grid, look, theme, now);
        let y = list.y + u16::try_from(i - feed.top).unwrap_or(0);
        let rect = Rect { y, height: 1, ..list };
        if here {
            frame.buffer_mut().set_style(rect, theme.selection());
        }
        frame.render_widget(line, rect);
    }
}
