//! Commands by name: fuzzy, with the key of each beside it, so that it teaches itself away.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Paragraph};

use super::field::Field;
use super::text::{clip, left, right};
use crate::tui::command::Command;
use crate::tui::keymap::{Keymap, Stack};
use crate::tui::theme::Theme;

/// The commands that match `typed`, the best first; all of them when nothing is typed.
pub fn matches(typed: &str, keymap: &Keymap) -> Vec<Command> {
    let offered: Vec<Command> =
        Command::ALL.iter().copied().filter(|command| !command.is_dialog() && keymap.offers(*command)).collect();
    let words = typed.trim().trim_start_matches(':').trim_start();
    if words.is_empty() {
        return offered;
    }
    if let Some((command, _)) = argument(words) {
        return vec![command];
    }
    if let Some(exact) = named(words, &offered, keymap) {
        return vec![exact];
    }
    let names: Vec<String> = offered.iter().map(|command| format!("{} {}", keymap.title(*command), command.id())).collect();
    let mut matcher = frizbee::Matcher::from_query(words, &frizbee::Config::default());
    matcher.match_list(&names).iter().filter_map(|found| offered.get(found.index as usize).copied()).collect()
}

/// Commands that take an argument, as they are typed.
const WITH_ARGUMENT: [(&str, Command); 16] = [
    ("picture ", Command::Picture),
    ("view save ", Command::ViewSave),
    ("view drop ", Command::ViewDrop),
    ("view.save ", Command::ViewSave),
    ("view.drop ", Command::ViewDrop),
    ("filter ", Command::Filter),
    ("sort ", Command::Sort),
    ("snooze ", Command::SnoozeAt),
    ("block ", Command::BlockWords),
    ("ai ", Command::AssistDecide),
    ("remove ", Command::RemoveFile),
    ("rewrite ", Command::AssistRewrite),
    ("shorten ", Command::AssistShorten),
    ("lengthen ", Command::AssistLengthen),
    ("tone ", Command::AssistTone),
    ("translate ", Command::AssistTranslate),
];

/// A command with its argument, when what is typed is one: `view save cheap art`.
pub fn argument(typed: &str) -> Option<(Command, &str)> {
    let words = typed.trim().trim_start_matches(':').trim_start();
    let found = WITH_ARGUMENT.iter().find_map(|(name, command)| words.strip_prefix(name).map(|rest| (*command, rest.trim())));
    let view = || {
        let name = words.strip_prefix("view ")?.trim();
        (!matches!(name, "save" | "drop" | "edit" | "last")).then_some((Command::View1, name))
    };
    found.or_else(view).filter(|(_, argument)| !argument.is_empty())
}

/// The command of exactly this name: its id, the last part of it when no other ends so, its title, or what vim calls it.
fn named(words: &str, offered: &[Command], keymap: &Keymap) -> Option<Command> {
    let vim = match words {
        "view save" => Some(Command::ViewSave),
        "view drop" => Some(Command::ViewDrop),
        "view edit" => Some(Command::ViewEdit),
        "view last" => Some(Command::ViewLast),
        "q" | "q!" | "qa" | "wq" | "x" => Some(Command::Quit),
        "w" => Some(Command::Save),
        "remove" => Some(Command::RemoveFile),
        "h" => Some(Command::Help),
        "e" => Some(Command::Edit),
        "messages" | "mes" => Some(Command::Messages),
        _ => None,
    };
    let id = Command::by_id(words).filter(|command| !command.is_dialog() && keymap.offers(*command));
    let alone = |found: Vec<Command>| if let [one] = found[..] { Some(one) } else { None };
    let last = || offered.iter().copied().filter(|c| c.id().rsplit('.').next() == Some(words)).collect();
    let title = || offered.iter().copied().filter(|c| keymap.title(*c).eq_ignore_ascii_case(words)).collect();
    vim.or(id).or_else(|| alone(last())).or_else(|| alone(title()))
}

/// What a command does; while edits of a picture are typed, what they take.
fn help(command: Command, typed: &str, keymap: &Keymap) -> String {
    match argument(typed) {
        Some((Command::Picture, edits)) if command == Command::Picture => {
            let open = if typed.ends_with(' ') { " " } else { "" };
            crate::tui::update::pictures::hint(&format!("{edits}{open}"))
        }
        _ => keymap.help(command).to_owned(),
    }
}

/// Draws the palette at the top of `area`.
pub fn draw(frame: &mut Frame<'_>, area: Rect, theme: &Theme, keymap: &Keymap, field: &Field, at: usize, from: Stack) {
    let found = matches(field.text(), keymap);
    let outer = area.width.min(84);
    let height = u16::try_from(found.len() + 3).unwrap_or(u16::MAX).clamp(4.min(area.height), area.height.min(20));
    let y = area.y + (area.height - height) / 4;
    let rect = Rect { x: area.x + (area.width - outer) / 2, y, width: outer, height };
    frame.render_widget(Clear, rect);
    let title = Span::styled(" Commands ", theme.title());
    let block = Block::bordered().border_type(BorderType::Rounded).border_style(theme.border(true)).title(title);
    let inner = block.inner(rect);
    frame.render_widget(block, rect);
    let cells = usize::from(inner.width.saturating_sub(2));
    let mut lines = vec![field.line(": ", cells, theme.text(), theme)];
    let room = usize::from(inner.height.saturating_sub(1));
    let first = at.saturating_sub(room.saturating_sub(1)).min(found.len().saturating_sub(room));
    if found.is_empty() {
        lines.push(Line::styled("No command is called that; erase a little with backspace.", theme.dim()));
    }
    let (title, key) = (24.min(cells / 2), 9);
    for (i, command) in found.iter().enumerate().skip(first).take(room) {
        let here = i == at;
        let hint = keymap.hint(from, *command);
        let hint = if hint.is_empty() { keymap.anywhere(*command) } else { hint };
        let rest = cells.saturating_sub(title + key + 4);
        let line = Line::from(vec![
            Span::styled(if here { "▌" } else { " " }, theme.gutter()),
            Span::styled(left(keymap.title(*command), title), if here { theme.title() } else { theme.text() }),
            Span::raw(" "),
            Span::styled(right(&hint, key), theme.key()),
            Span::raw("  "),
            Span::styled(left(&help(*command, field.text(), keymap), rest), theme.dim()),
        ]);
        lines.push(clip(if here { line.patch_style(theme.selection()) } else { line }, cells));
    }
    frame.render_widget(Paragraph::new(lines), Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner });
}
