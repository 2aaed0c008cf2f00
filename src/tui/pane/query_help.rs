//! The query language on one page, over the list that is being filtered.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::domain::query::{FIELDS, SYNTAX};
use crate::tui::theme::Theme;
use crate::tui::widget::text::{clip, left};

/// Draws the page.
pub fn draw(frame: &mut Frame<'_>, area: Rect, scroll: &mut usize, theme: &Theme) {
    let inner = super::sheet(frame, area, theme, "How to ask", "↑ ↓ read on · Esc goes back to the line");
    let cells = usize::from(inner.width);
    let (what, example) = (17.min(cells / 3), 24.min(cells / 3));
    let row = |word: &str, about: &str, shown: &str| {
        clip(
            Line::from(vec![
                Span::styled(left(word, what), theme.key()),
                Span::raw(" "),
                Span::styled(left(shown, example), theme.text()),
                Span::styled(format!(" {about}"), theme.dim()),
            ]),
            cells,
        )
    };
    let mut lines = vec![Line::styled("Fields", theme.accent())];
    lines.extend(FIELDS.iter().map(|field| row(field.word, field.about, field.example)));
    lines.push(Line::default());
    lines.push(Line::styled("Words and signs", theme.accent()));
    lines.extend(SYNTAX.iter().map(|help| row(help.what, help.about, help.example)));
    lines.push(Line::default());
    let note = "Only open jobs that are not put away and not yours are shown, unless is: names another state (is:any for all).";
    lines.extend(super::super::widget::text::wrap(note, cells).into_iter().map(|part| Line::styled(part, theme.dim())));
    super::scrolled(frame, inner, lines, scroll);
}
