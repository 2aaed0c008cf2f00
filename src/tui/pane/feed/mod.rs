//! The feed: one line a job, columns that come and go with the width, a gutter mark where the cursor is.

mod cells;
mod empty;
mod grid;
mod row;
mod state;
mod tabs;
mod worth;

use std::rc::Rc;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::domain::query::Is;
use crate::domain::{Text, Time};
use crate::engine::api::JobRow;
use crate::tui::command::Command;
use crate::tui::keymap::{Keymap, Stack};
use crate::tui::model::{Focus, Model};
use crate::tui::terminal::Patch;
use crate::tui::theme::Theme;
use crate::tui::widget::text::{line_width, thousands};

pub use state::{ai_style, state};
pub use worth::{has_ends, rate_words};

/// Draws the feed; notes how many rows fit and where they are.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &mut Model, theme: &Theme, keymap: &Keymap, now: Time) {
    let focused = model.focus == Focus::Feed;
    let title = Line::from(Span::styled(" Feed ", theme.title()));
    let alone = area.width == frame.area().width;
    let inner =
        if alone { super::headed(frame, area, theme, focused, title) } else { super::framed(frame, area, theme, focused, title) };
    away(frame, area, model, theme, keymap);
    model.hits.panes.push((area, Focus::Feed));
    if inner.width == 0 || inner.height < 3 {
        return;
    }
    let cells = usize::from(inner.width);
    tabs::draw(frame, Rect { height: 1, ..inner }, model, theme, keymap);
    let wants = grid::Wants { many: model.sources.len() > 1, fit: model.feed.judged, ends: model.feed.ends };
    let grid = Rc::new(grid::grid(cells, wants));
    frame.render_widget(grid::heading(&grid, cells, theme), Rect { y: inner.y + 1, height: 1, ..inner });
    let list = Rect { y: inner.y + 2, height: inner.height - 2, ..inner };
    model.hits.feed = list;
    let height = usize::from(list.height);
    // Where something stands beside it the terminal cannot move its rows: there they are turned by half a screen.
    model.feed.paged = !alone;
    if model.feed.height != height {
        model.feed.height = height;
        model.feed.scroll();
    }
    if model.feed.rows.is_empty() {
        return empty::draw(frame, list, model, theme, keymap, now);
    }
    let (feed, drawn) = (&model.feed, &mut model.feed_rows);
    let at = feed.at();
    let paint = row::Paint { grid: &grid, theme, now, lit: &feed.lit };
    let mut changes = None;
    drawn.begin();
    for (i, row) in feed.rows.iter().enumerate().skip(feed.top).take(height) {
        let here = at == Some(i);
        let look = row::Look { gone: here && feed.gone, marked: feed.is_marked(&row.key) };
        let y = list.y + u16::try_from(i - feed.top).unwrap_or(0);
        let rect = Rect { y, height: 1, ..list };
        let same = |made: &Made| made.look == look && made.words == feed.filter && *made.grid == *grid && made.row == *row;
        let make = || {
            let of = Made { row: row.clone(), look, words: feed.filter.clone(), grid: Rc::clone(&grid) };
            (of, row::line(row, look, &paint), row::holds(row, now))
        };
        let until = drawn.draw(frame.buffer_mut(), rect, now, same, make);
        changes = Some(changes.map_or(until, |other: Time| other.min(until)));
        if here {
            point(frame.buffer_mut(), rect, &grid, theme);
        }
    }
    model.changes_at = model.changes_at.into_iter().chain(changes).min();
    model.feed_drawn = at.map(|at| Drawn { list, alone, top: feed.top, at, grid });
}

/// The rows as they stand on the screen.
#[derive(Debug)]
pub struct Drawn {
    list: Rect,
    alone: bool,
    top: usize,
    at: usize,
    grid: Rc<grid::Grid>,
}

/// What a mere move of the cursor changes of the rows that were drawn: the mark's two rows, and those that scrolled into sight.
/// `None` when the rows were not drawn as they are.
pub fn moved(model: &mut Model, theme: &Theme, now: Time) -> Option<Patch> {
    let (feed, kept) = (&model.feed, &mut model.feed_rows);
    let (at, drawn) = (feed.at()?, model.feed_drawn.as_mut()?);
    let height = usize::from(drawn.list.height);
    let up = i32::try_from(feed.top).ok()? - i32::try_from(drawn.top).ok()?;
    let scrolled = usize::try_from(up.unsigned_abs()).ok()?;
    // Where most rows are new, what is alike in old and new ones is worth more than the few that could be moved.
    let moves = drawn.alone && scrolled * 2 <= height;
    let scrolled = if moves { scrolled } else { height };
    let paint = row::Paint { grid: &drawn.grid, theme, now, lit: &feed.lit };
    let anew = |i: usize| match up {
        0 => i == drawn.at || i == at,
        1.. => i == drawn.at || i == at || i + scrolled >= feed.top + height,
        _ => i == drawn.at || i == at || i < feed.top + scrolled,
    };
    let (mut rows, mut changes) = (Vec::new(), model.changes_at);
    for (i, row) in feed.rows.iter().enumerate().skip(feed.top).take(height).filter(|(i, _)| anew(*i)) {
        let y = drawn.list.y + u16::try_from(i - feed.top).unwrap_or(0);
        let rect = Rect { y, height: 1, ..drawn.list };
        let look = row::Look { gone: false, marked: feed.is_marked(&row.key) };
        let grid = &drawn.grid;
        let same = |made: &Made| made.row == *row && made.look == look && made.words == feed.filter && *made.grid == **grid;
        let make = || {
            let of = Made { row: row.clone(), look, words: feed.filter.clone(), grid: Rc::clone(grid) };
            (of, row::line(row, look, &paint), row::holds(row, now))
        };
        let mut line = kept.line(rect, now, same, make);
        if i == at {
            point(&mut line, rect, &drawn.grid, theme);
        }
        rows.push(line);
        let until = row::holds(row, now);
        changes = Some(changes.map_or(until, |other| other.min(until)));
    }
    (drawn.top, drawn.at) = (feed.top, at);
    let patch = Patch { region: drawn.list, up: if moves { up } else { 0 }, rows };
    model.changes_at = changes;
    Some(patch)
}

/// What a row is made of, but for the time.
#[derive(Debug)]
pub struct Made {
    row: JobRow,
    look: row::Look,
    /// The filter whose words are lit.
    words: Text,
    grid: Rc<grid::Grid>,
}

/// The mark of the cursor, and beside it signs and age turned around: few cells, since every move writes them twice.
fn point(buffer: &mut Buffer, row: Rect, grid: &grid::Grid, theme: &Theme) {
    buffer.set_string(row.x, row.y, "▌", theme.gutter());
    let age = grid.before.first().filter(|(column, _)| *column == grid::Column::Age).map_or(0, |(_, wide)| *wide);
    let block = Rect { x: row.x.saturating_add(1), width: u16::try_from(grid::GUTTER - 1 + age).unwrap_or(0), ..row };
    buffer.set_style(block.intersection(row), theme.here());
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
