//! One row of the feed.

use ratatui::text::{Line, Span};

use super::cells::{ai, minutes, money, rate};
use super::grid::{Column, Grid};
use super::state::{ai_style, short_state};
use crate::domain::Time;
use crate::domain::job::JobStatus;
use crate::engine::api::JobRow;
use crate::tui::theme::Theme;
use crate::tui::widget::countdown;
use crate::tui::widget::text::{left, right};

/// What a row's looks depend on beside the row itself, its columns and the time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The cursor is on it.
    pub here: bool,
    /// It left the view by itself and stays until the cursor moves.
    pub gone: bool,
    /// An act would be for it.
    pub marked: bool,
}

/// The row as it is drawn.
pub fn line(row: &JobRow, grid: &Grid, look: Look, theme: &Theme, now: Time) -> Line<'static> {
    let gone = look.gone && row.mine.is_none();
    let faded = gone || (row.status != JobStatus::Open && row.mine.is_none());
    let plain = if faded || row.marks.seen { theme.dim() } else { theme.text() };
    let fresh = !row.marks.seen && !faded && row.mine.is_none();
    let first = match (look.marked, fresh) {
        (true, _) => Span::styled("+", theme.accent()),
        (false, true) => Span::styled("·", theme.info()),
        (false, false) => Span::raw(" "),
    };
    let warning = match (row.suspicious, row.costs.none()) {
        (true, _) => Span::styled("!", theme.fail()),
        (false, false) => Span::styled("$", theme.fail()),
        (false, true) => Span::raw(" "),
    };
    let mut spans = vec![
        Span::styled(if look.here { "▌" } else { " " }, theme.gutter()),
        first,
        Span::styled(if row.marks.starred { "★" } else { " " }, theme.warn()),
        warning,
    ];
    let cell = |column: Column, wide: usize| {
        let (text, style) = match column {
            Column::Age => (right(&countdown::age(row.since, now), wide), theme.dim()),
            Column::Pay => (right(&row.pay.map_or("?".to_owned(), |pay| money(pay, wide)), wide), theme.money()),
            Column::Rate => (right(&row.rate.map_or("–".to_owned(), |r| rate(r.hourly, wide)), wide), plain),
            Column::Minutes => (right(&row.seconds.map_or("–".to_owned(), minutes), wide), theme.dim()),
            Column::Kind => (left(row.kind.as_str(), wide), theme.info()),
            Column::Ai => (left(ai(row.ai), wide), ai_style(row.ai, theme)),
            Column::State => {
                let (word, style) = short_state(row, gone, now, theme);
                (left(&word, wide), style)
            }
            Column::Source => (left(row.source.as_str(), wide), theme.dim()),
            Column::Requester => (left(row.requester.as_str(), wide), theme.dim()),
        };
        Span::styled(text, if faded { theme.dim() } else { style })
    };
    for (column, wide) in &grid.before {
        spans.push(cell(*column, *wide));
        spans.push(Span::raw(" "));
    }
    spans.push(Span::styled(left(row.title.as_str(), grid.title), plain));
    for (column, wide) in &grid.after {
        spans.push(Span::raw(" "));
        spans.push(cell(*column, *wide));
    }
    Line::from(spans)
}
