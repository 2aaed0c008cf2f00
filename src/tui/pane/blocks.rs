//! The blocks: what each hides, since when, until when, and how to lift it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::Time;
use crate::engine::api::BlockView;
use crate::tui::command::Command;
use crate::tui::keymap::{Keymap, Layer, Stack};
use crate::tui::theme::Theme;
use crate::tui::when;
use crate::tui::widget::countdown;
use crate::tui::widget::text::{clip, right, thousands, wrap};

/// Rows of a block.
const ROWS: usize = 2;

/// Draws the list.
pub fn draw(frame: &mut Frame<'_>, area: Rect, list: Option<&[BlockView]>, at: usize, theme: &Theme, keymap: &Keymap, now: Time) {
    let key = keymap.keys(Layer::Dialog, Command::DialogRemove).into_iter().min_by_key(String::len).unwrap_or_default();
    let inner = super::sheet(frame, area, theme, "Blocks", &format!("j/k choose · {key} lifts one · Esc closes"));
    let cells = usize::from(inner.width);
    let Some(list) = list else {
        return frame.render_widget(Line::styled("Looking it up …", theme.dim()), Rect { height: 1.min(inner.height), ..inner });
    };
    if list.is_empty() {
        let text = format!(
            "Nothing is blocked. On a job, {} hides its requester's jobs, {} its kind, {} words of its title.",
            keymap.hint(Stack::Feed, Command::BlockRequester),
            keymap.hint(Stack::Feed, Command::BlockKind),
            keymap.hint(Stack::Feed, Command::BlockWords)
        );
        let lines: Vec<Line<'static>> = wrap(&text, cells).into_iter().map(|part| Line::styled(part, theme.dim())).collect();
        return frame.render_widget(Paragraph::new(lines), inner);
    }
    let fit = (usize::from(inner.height) / ROWS).max(1);
    let first = (at + 1).saturating_sub(fit);
    let mut lines = Vec::new();
    for (i, view) in list.iter().enumerate().skip(first).take(fit) {
        let here = i == at;
        let row = Line::from(vec![
            Span::styled(if here { "▌" } else { " " }, theme.gutter()),
            Span::styled(right(&thousands(view.hides), 7), theme.warn()),
            Span::styled(" hidden  ", theme.dim()),
            Span::styled(view.block.query.to_string(), if here { theme.title() } else { theme.text() }),
        ]);
        lines.push(clip(if here { row.patch_style(theme.selection()) } else { row }, cells));
        let until = match view.block.until {
            Some(at) if at <= now => "over".to_owned(),
            Some(at) => format!("until {}", when::words(at, now)),
            None => "for good".to_owned(),
        };
        let age = countdown::age(view.block.made_at, now);
        let age = if age == "now" { "just now".to_owned() } else { format!("{age} ago") };
        let from = if view.block.from.is_empty() { String::new() } else { format!(" · {}", view.block.from) };
        lines.push(clip(Line::styled(format!("                  {until} · made {age}{from}"), theme.dim()), cells));
    }
    frame.render_widget(Paragraph::new(lines), inner);
}
