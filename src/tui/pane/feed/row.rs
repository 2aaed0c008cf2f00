//! One row of the feed.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::cells::{ai, minutes, money};
use super::grid::{Column, Grid};
use super::state::short_state;
use super::worth::rate_cells;
use crate::domain::Time;
use crate::domain::job::JobStatus;
use crate::domain::query::{Highlighter, TextField};
use crate::engine::api::JobRow;
use crate::tui::theme::Theme;
use crate::tui::widget::countdown;
use crate::tui::widget::text::{left, right, width};

/// What a row's looks depend on beside the row itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// It left the view by itself and stays until the cursor moves.
    pub gone: bool,
    /// An act would be for it.
    pub marked: bool,
}

/// What all rows of a frame share.
#[derive(Clone, Copy)]
pub struct Paint<'a> {
    /// Its columns.
    pub grid: &'a Grid,
    /// Its colours.
    pub theme: &'a Theme,
    /// The time, for ages and countdowns.
    pub now: Time,
    /// The words of the filter.
    pub lit: &'a Highlighter,
}

/// The row as it is drawn.
pub fn line(row: &JobRow, look: Look, paint: &Paint<'_>) -> Line<'static> {
    let Paint { grid, theme, now, lit } = *paint;
    let gone = look.gone && row.mine.is_none();
    let faded = gone || row.mine.is_none() && (row.status != JobStatus::Open || row.barred || row.blocked);
    let plain = if faded || row.marks.seen { theme.dim() } else { theme.text() };
    let fresh = !row.marks.seen && !faded && row.mine.is_none();
    let first = match (look.marked, fresh) {
        (true, _) => Span::styled("+", theme.accent()),
        (false, true) => Span::styled("·", theme.dim()),
        (false, false) => Span::raw(" "),
    };
    let kept = match (row.marks.pinned, row.marks.starred) {
        (true, _) => Span::styled("↑", theme.accent()),
        (false, true) => Span::styled("★", theme.warn()),
        (false, false) => Span::raw(" "),
    };
    let warning = match (row.suspicious, row.barred, row.costs.none()) {
        // A red flag before all others: it says what the person may lose.
        _ if !row.signs.none() => Span::styled("⚑", theme.fail()),
        (true, ..) => Span::styled("!", theme.fail()),
        (false, true, _) => Span::styled("⊘", theme.fail()),
        (false, false, false) => Span::styled("$", theme.fail()),
        (false, false, true) => Span::raw(" "),
    };
    let mut spans = vec![Span::raw(" "), first, kept, warning];
    // Neighbours share a style: over a slow line each change of colour costs as much as a column. Only what is worth a look has a
    // colour of its own.
    let cell = |column: Column, wide: usize| {
        let (text, style) = match column {
            Column::Age => (right(&countdown::age(row.since, now), wide), theme.dim()),
            Column::Pay => (right(&row.pay.map_or("?".to_owned(), |pay| money(pay, wide)), wide), plain),
            Column::Rate => (right(&rate_cells(row, wide), wide), plain),
            Column::Minutes => (right(&row.seconds.map_or("–".to_owned(), minutes), wide), plain),
            Column::Fit => (right(&row.fit.map_or("–".to_owned(), |fit| fit.to_string()), wide), plain),
            Column::Kind => (left(row.kind.as_str(), wide), theme.dim()),
            Column::Ai => (left(ai(row.ai), wide), plain),
            Column::State => {
                let (word, style) = short_state(row, gone, now, theme);
                let common = row.mine.is_none() && !gone && word.starts_with('○');
                (left(&word, wide), if common { plain } else { style })
            }
            Column::Source => (left(row.source.as_str(), wide), theme.dim()),
            Column::Requester => (left(row.requester.as_str(), wide), theme.dim()),
        };
        (text, if faded { theme.dim() } else { style })
    };
    for (column, wide) in &grid.before {
        let (text, style) = cell(*column, *wide);
        spans.push(Span::styled(text, style));
        spans.push(Span::raw(" "));
    }
    let mut room = grid.title;
    if row.alike > 1 {
        let several = format!("×{} ", row.alike);
        room = room.saturating_sub(width(&several));
        spans.push(Span::styled(several, theme.accent()));
    }
    lighted(&mut spans, left(row.title.as_str(), room), plain, lit, TextField::Title, theme);
    for (column, wide) in &grid.after {
        spans.push(Span::raw(" "));
        let (text, style) = cell(*column, *wide);
        match column {
            Column::Requester => lighted(&mut spans, text, style, lit, TextField::Requester, theme),
            Column::Kind => lighted(&mut spans, text, style, lit, TextField::Kind, theme),
            _ => spans.push(Span::styled(text, style)),
        }
    }
    Line::from(spans)
}

/// Until when a row says what is true.
pub fn holds(row: &JobRow, now: Time) -> Time {
    let ends = [row.expires_at, row.marks.snoozed_until].into_iter().flatten().filter(|at| *at > now);
    let counted = ends.map(|at| {
        // Counted in minutes from ten minutes on, and in seconds in the last two.
        let soon = (at - now).num_minutes() < 10;
        if soon { countdown::changes(at, now) } else { countdown::next_minute(now) }
    });
    counted.chain([countdown::age_holds(row.since, now)]).min().unwrap_or(now)
}

/// A text with what the filter found in it lit.
fn lighted(spans: &mut Vec<Span<'static>>, text: String, style: Style, lit: &Highlighter, field: TextField, theme: &Theme) {
    // A bare word is not looked for in the kind.
    let ranges = if lit.is_empty() { Vec::new() } else { lit.ranges(Some(field), &text) };
    let mut at = 0;
    for range in ranges {
        let (Some(before), Some(found)) = (text.get(at..range.start), text.get(range.clone())) else { continue };
        if !before.is_empty() {
            spans.push(Span::styled(before.to_owned(), style));
        }
        spans.push(Span::styled(found.to_owned(), style.patch(theme.found())));
        at = range.end;
    }
    match text.get(at..) {
        Some(rest) if at > 0 => spans.push(Span::styled(rest.to_owned(), style)),
        _ => spans.push(Span::styled(text, style)),
    }
}
