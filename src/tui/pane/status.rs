//! The bottom: how each source is, and one line for messages and hints.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};

use crate::domain::Time;
use crate::engine::api::{SourceHealth, SourceState};
use crate::tui::command::Command;
use crate::tui::keymap::{Keymap, Stack};
use crate::tui::layout::SMALL;
use crate::tui::model::{Model, Overlay};
use crate::tui::theme::Theme;
use crate::tui::widget::countdown;
use crate::tui::widget::text::{clip, line_width};

/// Glyph, word and colour of a source's state.
fn word(state: SourceState, theme: &Theme) -> (&'static str, &'static str, Style) {
    match state {
        SourceState::New => ("○", "new", theme.dim()),
        SourceState::Ok => ("●", "ok", theme.ok()),
        SourceState::Limited => ("◐", "waiting", theme.warn()),
        SourceState::Down => ("✗", "down", theme.fail()),
        SourceState::SignIn => ("?", "key wanted", theme.fail()),
        SourceState::Off => ("-", "off", theme.dim()),
    }
}

fn source(health: &SourceHealth, theme: &Theme, now: Time, detail: usize) -> Line<'static> {
    let (glyph, word, style) = word(health.state, theme);
    let mut spans = vec![
        Span::styled(format!("{glyph} "), style),
        Span::styled(health.name.to_string(), theme.text()),
        Span::styled(format!(" {word}"), style),
    ];
    if detail > 0
        && let Some(at) = health.retry_at.filter(|at| *at > now)
    {
        spans.push(Span::styled(format!(" · again {}", countdown::clock(at)), theme.warn()));
    } else if detail > 0
        && let Some(at) = health.next_poll.filter(|_| health.state != SourceState::Off)
    {
        spans.push(Span::styled(format!(" · next {}", countdown::clock(at)), theme.dim()));
    }
    if detail > 1 {
        if let Some(at) = health.last_ok {
            let stale = health.next_poll.is_some_and(|next| now > next + (next - at));
            let style = if stale { theme.warn() } else { theme.dim() };
            let age = countdown::age(at, now);
            spans.push(Span::styled(if age == "now" { " · just now".to_owned() } else { format!(" · {age} ago") }, style));
        }
        if health.streaming {
            spans.push(Span::styled(" · live", theme.info()));
        }
        // A budget is news when it runs out.
        if let (Some(left), Some(limit)) = (health.budget.remaining, health.budget.limit)
            && left < limit / 4
        {
            spans.push(Span::styled(format!(" · {left} of {limit} calls left"), theme.warn()));
        }
    }
    Line::from(spans)
}

/// Draws the line of the sources.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, theme: &Theme, now: Time) {
    let cells = usize::from(area.width);
    let mut head = vec![Span::raw(" ")];
    if let Some(failure) = &model.saving {
        head.push(Span::styled(format!("✗ NOT SAVING: {failure}  "), theme.fail()));
    }
    if let Some(failure) = model.config.trouble() {
        head.push(Span::styled(format!("✗ {}  ", place(failure)), theme.fail()));
    }
    if let Some(failure) = &model.away {
        head.push(Span::styled(format!("✗ NO ENGINE: {}  ", failure.cause()), theme.fail()));
    }
    if !model.unknown.is_empty() {
        head.push(Span::styled(format!("✗ {} without an answer  ", model.unknown.len()), theme.fail()));
    }
    if model.polling > 0 {
        head.push(Span::styled("asking …  ", theme.info()));
    }
    // As much of each source as there is room for all of them.
    let mut line = Line::from(head.clone());
    for detail in [2, 1, 0] {
        line = Line::from(head.clone());
        for (i, health) in model.sources.iter().enumerate() {
            if i > 0 {
                line.spans.push(Span::styled("  │  ", theme.rule()));
            }
            line.spans.extend(source(health, theme, now, detail).spans);
        }
        if line_width(&line) <= cells {
            break;
        }
    }
    if line_width(&line) > cells && model.sources.len() > 1 {
        line = Line::from(head);
        line.spans.extend(crowd(&model.sources, theme, now));
    }
    frame.render_widget(clip(line, cells), area);
}

/// Too many for one line: how many are how, and behind that those in trouble by name.
fn crowd(sources: &[SourceHealth], theme: &Theme, now: Time) -> Vec<Span<'static>> {
    use SourceState::{Down, Limited, New, Off, Ok, SignIn};
    let mut spans = Vec::new();
    for state in [Down, SignIn, Limited, New, Ok, Off] {
        let count = sources.iter().filter(|health| health.state == state).count();
        if count > 0 {
            let (glyph, word, style) = word(state, theme);
            spans.push(Span::styled(format!("{glyph} "), style));
            spans.push(Span::styled(format!("{count} {word}  "), theme.text()));
        }
    }
    for health in sources.iter().filter(|health| matches!(health.state, Down | SignIn | Limited)) {
        spans.push(Span::styled("│  ", theme.rule()));
        spans.extend(source(health, theme, now, 1).spans);
        spans.push(Span::raw("  "));
    }
    spans
}

/// Draws the lowest line: what is being typed, else the latest message, else the keys that matter here.
pub fn message(frame: &mut Frame<'_>, area: Rect, model: &Model, theme: &Theme, keymap: &Keymap, now: Time) {
    let cells = usize::from(area.width);
    if matches!(model.overlay, Some(Overlay::Prompt { .. })) {
        return super::prompt::draw(frame, area, model, theme, keymap, now);
    }
    if let Some((toast, more)) = model.toast(now) {
        let lines = toast.lines(more, cells, theme);
        // A long one borrows the row above; it is gone in a few seconds.
        let rows = u16::try_from(lines.len()).unwrap_or(1).min(area.y + 1);
        let place = Rect { y: area.y + 1 - rows, height: rows, ..area };
        frame.render_widget(Clear, place);
        return frame.render_widget(Paragraph::new(lines), place);
    }
    // Where there is no line of the sources, what threatens the work is said here.
    let bare = model.size.0 < SMALL.0 || model.size.1 < SMALL.1;
    if let Some(failure) = model.away.as_ref().filter(|_| bare) {
        let line = Line::styled(format!(" ✗ NO ENGINE: {}", failure.cause()), theme.fail());
        return frame.render_widget(clip(line, cells), area);
    }
    if let Some(failure) = model.saving.as_ref().filter(|_| bare) {
        let line = Line::styled(format!(" ✗ NOT SAVING: {failure}"), theme.fail());
        return frame.render_widget(clip(line, cells), area);
    }
    if let Some(failure) = model.config.trouble().filter(|_| bare) {
        return frame.render_widget(clip(Line::styled(format!(" ✗ {failure}"), theme.fail()), cells), area);
    }
    frame.render_widget(hints(model, theme, keymap, cells), area);
}

/// Where the config file is wrong, without the folders: `config.toml:12:3 in `general.theme``.
fn place(failure: &crate::error::Failure) -> String {
    failure.what.rsplit('/').next().unwrap_or_default().to_owned()
}

/// The commands that matter most where the keys go now.
fn hints(model: &Model, theme: &Theme, keymap: &Keymap, cells: usize) -> Line<'static> {
    use Command as C;
    let stack = model.stack();
    let wanted: &[(Command, &str)] = match stack {
        Stack::Feed if model.feed.range.is_some() => &[
            (C::Down, "longer"),
            (C::MarkRange, "keep as marks"),
            (C::Star, "star"),
            (C::Hide, "hide"),
            (C::Repeat, "again"),
            (C::Unmark, "let go"),
        ],
        Stack::Feed if !model.feed.marked.is_empty() => &[
            (C::Star, "star"),
            (C::Hide, "hide"),
            (C::SnoozeAt, "snooze"),
            (C::Repeat, "again"),
            (C::MarkInvert, "invert"),
            (C::Unmark, "forget marks"),
            (C::Help, "help"),
        ],
        Stack::Feed => &[
            (C::Help, "help"),
            (C::Claim, "claim"),
            (C::Brief, "brief"),
            (C::Star, "star"),
            (C::Hide, "hide"),
            (C::Undo, "undo"),
            (C::Filter, "filter"),
            (C::Poll, "poll"),
            (C::Why, "why"),
            (C::PaneNext, "panes"),
            (C::Palette, "commands"),
            (C::Quit, "quit"),
        ],
        Stack::Grade => &[(C::GradeClose, "closes"), (C::GradeKeep, "keeps it"), (C::GradeDown, "scroll the brief")],
        Stack::Assist => {
            &[(C::DialogCancel, "closes"), (C::AssistNext, "another assistant"), (C::AssistTemplate, "another template")]
        }
        // The sheet names its own keys.
        Stack::Preview => &[(C::PreviewClose, "stop, close")],
        Stack::Brief => &[(C::Help, "help"), (C::Claim, "claim"), (C::Down, "next"), (C::DialogCancel, "back")],
        Stack::Hand => &[
            (C::Help, "help"),
            (C::Edit, "write"),
            (C::Scaffold, "lay out"),
            (C::AssistMenu, "assistant"),
            (C::Check, "check"),
            (C::Submit, "submit"),
            (C::HandNext, "next"),
            (C::Waiting, "waiting"),
            (C::EditorExternal, "$EDITOR"),
            (C::Release, "give back"),
            (C::PaneNext, "panes"),
        ],
        Stack::Typing => &[
            (C::StopEdit, "stop typing"),
            (C::Submit, "submit"),
            (C::Check, "check"),
            (C::EditorUndo, "undo"),
            (C::EditorExternal, "$EDITOR"),
            (C::HandNext, "next"),
            (C::Help, "help"),
        ],
        Stack::Earnings => &[(C::Help, "help"), (C::EarningsRefresh, "refresh"), (C::Zoom, "zoom"), (C::PaneNext, "panes")],
        // Where there is nothing to choose, Enter is not offered.
        Stack::Dialog | Stack::Prompt => match &model.overlay {
            Some(Overlay::Blocks { .. }) => &[(C::DialogDown, "next"), (C::DialogRemove, "lift it"), (C::DialogCancel, "close")],
            Some(Overlay::Pace { .. } | Overlay::Confirm(_) | Overlay::Palette { .. } | Overlay::Prompt { .. }) | None => {
                &[(C::DialogAccept, "choose"), (C::DialogCancel, "close")]
            }
            Some(_) => &[(C::DialogDown, "scroll"), (C::DialogPageDown, "page"), (C::DialogCancel, "close")],
        },
    };
    let mut line = Line::from(Span::raw(" "));
    for (command, word) in wanted {
        let key = keymap.hint(stack, *command);
        if key.is_empty() {
            continue;
        }
        let next = [Span::styled(key, theme.key()), Span::styled(format!(" {word}   "), theme.dim())];
        if line_width(&line) + next.iter().map(|s| crate::tui::widget::text::width(&s.content)).sum::<usize>() > cells {
            break;
        }
        line.spans.extend(next);
    }
    line
}
