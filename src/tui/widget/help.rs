//! Every command with its keys, from the live keymap, so that it cannot be out of date; searchable by key, name and description.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Paragraph};

use super::field::Field;
use super::text::{clip, left};
use crate::tui::command::Command;
use crate::tui::keymap::{Keymap, Layer, Stack};
use crate::tui::theme::Theme;

/// The lines of the help: where the person was first, then the rest, then what has no key.
pub fn lines(keymap: &Keymap, from: Stack, search: &str, cells: usize, theme: &Theme) -> Vec<Line<'static>> {
    let mut order: Vec<Layer> = from.layers().to_vec();
    order.extend(Layer::ALL.into_iter().filter(|layer| !from.layers().contains(layer)));
    let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
    let admits = |command: Command, keys: &str| {
        let text = format!("{} {} {} {keys}", command.id(), keymap.title(command), keymap.help(command)).to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    let mut out = Vec::new();
    let mut section = |title: &str, rows: Vec<(String, Command)>| {
        let rows: Vec<(String, Command)> = rows.into_iter().filter(|(keys, command)| admits(*command, keys)).collect();
        if rows.is_empty() {
            return;
        }
        if !out.is_empty() {
            out.push(Line::default());
        }
        out.push(Line::styled(title.to_owned(), theme.accent()));
        for (keys, command) in rows {
            let (key, name) = (18.min(cells / 3), 23.min(cells / 3));
            let mut spans = vec![
                Span::styled(left(&keys, key), theme.key()),
                Span::raw(" "),
                Span::styled(left(keymap.title(command), name), theme.text()),
            ];
            if cells > 60 {
                spans.push(Span::styled(format!(" {}", keymap.help(command)), theme.dim()));
            }
            out.push(clip(Line::from(spans), cells));
        }
    };
    for layer in order {
        section(layer.title(), keymap.listed(layer).into_iter().map(|(command, keys)| (keys.join("  "), command)).collect());
    }
    let unbound = Command::ALL.iter().filter(|command| keymap.offers(**command) && keymap.anywhere(**command).is_empty());
    section("Without a key (use the palette)", unbound.map(|command| (String::new(), *command)).collect());
    if out.is_empty() {
        out.push(Line::styled("Nothing matches; erase a little with backspace.", theme.dim()));
    }
    out
}

/// Draws the help over `area`; clamps `scroll` to what there is.
pub fn draw(frame: &mut Frame<'_>, area: Rect, theme: &Theme, keymap: &Keymap, field: &Field, scroll: &mut usize, from: Stack) {
    let outer = area.width.min(110);
    let rect = Rect { x: area.x + (area.width - outer) / 2, width: outer, ..area };
    frame.render_widget(Clear, rect);
    let title = Span::styled(" Help · type to search, Esc closes ", theme.title());
    let block = Block::bordered().border_type(BorderType::Rounded).border_style(theme.border(true)).title(title);
    let inner = block.inner(rect);
    frame.render_widget(block, rect);
    let cells = usize::from(inner.width.saturating_sub(2));
    let all = lines(keymap, from, field.text(), cells, theme);
    let room = usize::from(inner.height.saturating_sub(1));
    *scroll = (*scroll).min(all.len().saturating_sub(room));
    let mut shown = vec![field.line("/ ", cells, theme.text(), theme)];
    shown.extend(all.into_iter().skip(*scroll).take(room));
    frame.render_widget(Paragraph::new(shown), Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner });
}
