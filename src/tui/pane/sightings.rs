//! What came and went: jobs that appeared, reopened, filled up, ended or vanished.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::engine::api::{Seen, Sighting};
use crate::tui::theme::Theme;
use crate::tui::widget::countdown;
use crate::tui::widget::text::{clip, left};

fn word(what: Seen, theme: &Theme) -> (&'static str, Style) {
    match what {
        Seen::Appeared => ("+ appeared", theme.ok()),
        Seen::Reopened => ("↻ reopened", theme.info()),
        Seen::Full => ("✗ full", theme.warn()),
        Seen::Expired => ("✗ over", theme.dim()),
        Seen::Vanished => ("✗ vanished", theme.dim()),
    }
}

/// Draws the list, the latest first.
pub fn draw(frame: &mut Frame<'_>, area: Rect, list: Option<&[Sighting]>, scroll: &mut usize, theme: &Theme) {
    let inner = super::sheet(frame, area, theme, "What came and went", "j/k read on · Esc closes");
    let cells = usize::from(inner.width);
    let lines = match list {
        None => vec![Line::styled("Looking it up …", theme.dim())],
        Some([]) => vec![Line::styled("Nothing came or went since the start.", theme.dim())],
        Some(list) => list
            .iter()
            .map(|seen| {
                let (word, style) = word(seen.what, theme);
                clip(
                    Line::from(vec![
                        Span::styled(countdown::clock(seen.at), theme.dim()),
                        Span::styled(format!("  {}", left(word, 11)), style),
                        Span::styled(format!(" {}", seen.title), theme.text()),
                        Span::styled(format!("  {}", seen.key), theme.dim()),
                    ]),
                    cells,
                )
            })
            .collect(),
    };
    super::scrolled(frame, inner, lines, scroll);
}
