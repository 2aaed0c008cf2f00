//! The hand in one line, while the feed has the screen: what is held and how long each has left.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::domain::Time;
use crate::tui::command::Command;
use crate::tui::keymap::{Keymap, Stack};
use crate::tui::model::Model;
use crate::tui::theme::Theme;
use crate::tui::widget::countdown;
use crate::tui::widget::text::{clip, fit};

/// Draws the strip; a click goes to the hand.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &mut Model, theme: &Theme, keymap: &Keymap, now: Time) {
    model.hits.commands.push((area, Command::PaneHand));
    let key = keymap.hint(Stack::Feed, Command::PaneHand);
    let mut spans = vec![Span::raw(" "), Span::styled(key, theme.key()), Span::styled(" in hand  ", theme.dim())];
    for item in &model.hand.items {
        let left = item.assignment.deadline.map(|at| countdown::left(at, now)).unwrap_or_default();
        // The engine's slack is as old as the hand; the deadline itself is always fresh.
        let slack = item.assignment.deadline.map(|at| (at - now).num_seconds() - item.work_left);
        let (glyph, style) = match slack {
            Some(slack) if slack < 0 => ("!", theme.fail()),
            Some(slack) if slack < 120 => ("!", theme.warn()),
            _ => ("", theme.text()),
        };
        spans.push(Span::styled(fit(item.assignment.job.title.as_str(), 22), theme.text()));
        spans.push(Span::styled(format!(" {glyph}{left}"), style));
        spans.push(Span::styled("  │  ", theme.rule()));
    }
    if let Some(late) = model.hand.overcommitted.filter(|late| *late > 0) {
        spans.push(Span::styled(format!("! {} too much for the time left", countdown::span(late)), theme.fail()));
    }
    frame.render_widget(clip(Line::from(spans), usize::from(area.width)), area);
}
