//! The top line: where one is, what else there is, and today's figures.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::tui::command::Command;
use crate::tui::keymap::{Keymap, Stack};
use crate::tui::model::{Focus, Model};
use crate::tui::theme::Theme;
use crate::tui::widget::text::{clip, line_width, width};

/// Draws the header; panes' names can be clicked.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &mut Model, theme: &Theme, keymap: &Keymap) {
    let mut spans = vec![Span::styled(" juggler ", theme.title()), Span::styled("│", theme.rule())];
    let panes = [(Focus::Feed, Command::PaneFeed), (Focus::Hand, Command::PaneHand), (Focus::Earnings, Command::PaneEarnings)];
    for (focus, command) in panes {
        let label = match focus {
            Focus::Hand if !model.hand.items.is_empty() => format!(" Hand {} ", model.hand.items.len()),
            focus => format!(" {} ", focus.title()),
        };
        let label = match model.hand.waiting.len() {
            n if focus == Focus::Hand && n > 0 && area.width >= 60 => format!("{label}→{n} "),
            _ => label,
        };
        let here = focus == model.focus;
        let used: usize = spans.iter().map(|span| width(&span.content)).sum();
        let rect = Rect {
            x: area.x.saturating_add(u16::try_from(used).unwrap_or(u16::MAX)),
            width: u16::try_from(width(&label)).unwrap_or(0) + 2,
            ..area
        };
        model.hits.commands.push((rect.intersection(area), command));
        let style = if here { theme.accent() } else { theme.dim() };
        spans.push(Span::styled(if here { "▸" } else { " " }, theme.gutter()));
        spans.push(Span::styled(keymap.hint(Stack::Feed, command), theme.key()));
        spans.push(Span::styled(label, style));
    }
    if model.zoom {
        spans.push(Span::styled(format!("zoomed, {} takes it back ", keymap.anywhere(Command::Zoom)), theme.warn()));
    }
    if model.unread > 0 {
        let words = format!("! {} ", if model.unread == 1 { "1 alert".to_owned() } else { format!("{} alerts", model.unread) });
        let used: usize = spans.iter().map(|span| width(&span.content)).sum();
        let cell = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        let rect = Rect { x: area.x.saturating_add(cell(used)), width: cell(width(&words)), ..area };
        model.hits.commands.push((rect.intersection(area), Command::Messages));
        spans.push(Span::styled(words, theme.warn()));
        spans.push(Span::styled(format!("{} reads ", keymap.anywhere(Command::Messages)), theme.dim()));
    }
    let mut line = Line::from(spans);
    let room = usize::from(area.width);
    if let Some(earnings) = &model.earnings {
        let tail = Line::from(super::earnings::today(earnings, theme));
        let (used, wide) = (line_width(&line), line_width(&tail));
        if wide > 0 && used + wide + 2 <= room {
            line.spans.push(Span::raw(" ".repeat(room - used - wide - 1)));
            line.spans.extend(tail.spans);
        }
    }
    frame.render_widget(clip(line, room), area);
}
