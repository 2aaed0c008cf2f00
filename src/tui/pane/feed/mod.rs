//! The feed: one line a job, columns that come and go with the width, a gutter mark where the cursor is.

mod cells;
mod empty;
mod grid;
mod row;
mod state;
mod tabs;
mod worth;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::domain::Time;
use crate::domain::query::Is;
use crate::tui::command::Command;
use crate::tui::keymap::{Keymap, Stack};
use crate::tui::model::{Focus, Model};
use crate::tui::theme::Theme;
use crate::tui::widget::text::{line_width, thousands};

pub use state::{ai_style, state};
pub use worth::{has_ends, rate_basis, rate_words};

/// Draws the feed; notes how many rows fit and where they are.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &mut Model, theme: &Theme, keymap: &Keymap, now: Time) {
    let focused = model.focus == Focus::Feed;
    let title = Line::from(Span::styled(" Feed ", theme.title()));
    let inner = super::framed(frame, area, theme, focused, title);
    away(frame, area, model, theme, keymap);
    model.hits.panes.push((area, Focus::Feed));
    if inner.width == 0 || inner.height < 3 {
        return;
    }
    let cells = usize::from(inner.width);
    tabs::draw(frame, Rect { height: 1, ..inner }, model, theme, keymap);
    let wants = grid::Wants { many: model.sources.len() > 1, fit: model.feed.judged, ends: model.feed.ends };
    let grid = grid::grid(cells, wants);
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
    let paint = row::Paint { grid: &grid, theme, now, lit: &feed.lit };
    for (i, row) in feed.rows.iter().enumerate().skip(feed.top).take(height) {
        let here = at == Some(i);
        let look = row::Look { here, gone: here && feed.gone, marked: feed.is_marked(&row.key) };
        let line = row::line(row, look, &paint);
        let y = list.y + u16::try_from(i - feed.top).unwrap_or(0);
        let rect = Rect { y, height: 1, ..list };
        if here {
            frame.buffer_mut().set_style(rect, theme.selection());
        }
        frame.render_widget(line, rect);
    }
}

/// How many jobs are out of sight, and the key that shows them, in the frame.
fn away(frame: &mut Frame<'_>, area: Rect, model: &Model, theme: &Theme, keymap: &Keymap) {
    let feed = &model.feed;
    if feed.away == 0 || area.width < 50 || area.height == 0 {
        return;
    }
    let at = feed.tabs().iter().position(|tab| tabs::state_of(&tab.view.query) == Some(Is::Away));
    if at == Some(feed.tab) {
        return;
    }
    let key = at.and_then(|at| Command::VIEWS.get(at)).map(|command| keymap.hint(Stack::Feed, *command)).unwrap_or_default();
    let mut spans = vec![Span::styled(format!(" {} put away", thousands(feed.away)), theme.dim())];
    if !key.is_empty() {
        spans.push(Span::styled(": ", theme.dim()));
        spans.push(Span::styled(key, theme.key()));
    }
    spans.push(Span::raw(" "));
    let line = Line::from(spans);
    let wide = u16::try_from(line_width(&line)).unwrap_or(0);
    frame.render_widget(line, Rect { x: area.right().saturating_sub(wide + 1), y: area.y, width: wide, height: 1 });
}
