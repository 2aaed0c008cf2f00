//! The menu of assistants: what may be done and who says so, whom to ask, what it cost.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::domain::Text;
use crate::domain::ai::AiRule;
use crate::engine::api::AssistDesk;
use crate::tui::command::Command;
use crate::tui::keymap::{Keymap, Stack};
use crate::tui::preview::Preview;
use crate::tui::theme::Theme;
use crate::tui::widget::text::{clip, left, wrap, wrap_line};

/// What was chosen for the next question.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// The assistant; `None`: the one that is meant when none is named.
    pub assistant: Option<Text>,
    /// Which of the fitting templates, from the best.
    pub template: usize,
    /// The sheet that was closed last.
    pub last: Option<Box<Preview>>,
}

/// Draws it over `area`.
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    desk: Option<&AssistDesk>,
    chosen: &Chosen,
    scroll: &mut usize,
    theme: &Theme,
    keymap: &Keymap,
) {
    let inner = super::sheet(
        frame,
        area,
        theme,
        "Ask an assistant",
        &format!("a letter asks · {} the last answer · Esc closes", keymap.hint(Stack::Assist, Command::AssistLast)),
    );
    let cells = usize::from(inner.width);
    let lines = match desk {
        None => vec![Line::styled("Looking it up …", theme.dim())],
        Some(desk) => lines(desk, chosen, cells, theme, keymap),
    };
    super::scrolled(frame, inner, lines, scroll);
}

fn lines(desk: &AssistDesk, chosen: &Chosen, cells: usize, theme: &Theme, keymap: &Keymap) -> Vec<Line<'static>> {
    let key = |command| keymap.hint(Stack::Assist, command);
    let mut lines = Vec::new();
    let style = match desk.ruling.rule {
        AiRule::HumanOnly => theme.fail(),
        AiRule::Unknown | AiRule::AssistOnly | AiRule::Disclose => theme.warn(),
        _ => theme.ok(),
    };
    let said = format!("{}{}", desk.ruling.rule.sentence(), desk.ruling.by());
    lines.extend(wrap(&said, cells).into_iter().map(|line| Line::styled(line, style)));
    if desk.ruling.rule == AiRule::Unknown {
        let choices = [
            (Command::AssistAllow, "allowed"),
            (Command::AssistDisclose, "with disclosure"),
            (Command::AssistOnly, "assist only"),
            (Command::AssistHuman, "human only"),
        ];
        let words = choices.map(|(command, word)| format!("{} {word}", key(command)));
        lines.push(Line::styled(format!("Decide for this job: {}", words.join(" · ")), theme.text()));
    }
    lines.push(Line::default());
    for view in &desk.actions {
        let open = view.closed.is_empty();
        let template = view.templates.get(chosen.template.min(view.templates.len().saturating_sub(1)));
        let more = match template {
            // Said above, once.
            _ if desk.ruling.closed(view.action).is_some() => match desk.ruling.rule {
                AiRule::AssistOnly => "write it yourself first".to_owned(),
                AiRule::Unknown => "off until you decide".to_owned(),
                _ => "not on this job".to_owned(),
            },
            _ if !open => view.closed.to_string(),
            Some(template) => match template.record() {
                record if record.is_empty() => template.name.to_string(),
                record => format!("{} ({record})", template.name),
            },
            None => String::new(),
        };
        let (letter, words) = (view.action.key().to_string(), left(view.action.label(), 30));
        let style = if open { theme.text() } else { theme.dim() };
        lines.push(clip(
            Line::from(vec![
                Span::styled(format!(" {letter}  "), if open { theme.key() } else { theme.dim() }),
                Span::styled(words, style),
                Span::styled(format!("  {more}"), theme.dim()),
            ]),
            cells,
        ));
    }
    lines.push(Line::default());
    let asked = desk.assistants.iter().find(|one| Some(&one.name) == chosen.assistant.as_ref()).or(desk.assistants.first());
    match asked {
        Some(one) => {
            let place = if one.local { "on this machine".to_owned() } else { format!("at {}", one.host) };
            let model = if one.model.is_empty() { "no model".to_owned() } else { one.model.to_string() };
            let next = if desk.assistants.len() > 1 { format!("   {} another", key(Command::AssistNext)) } else { String::new() };
            lines.push(clip(
                Line::from(vec![
                    Span::styled("asks  ", theme.dim()),
                    Span::styled(format!("{}: {model}, {place}", one.name), theme.text()),
                    Span::styled(next, theme.dim()),
                ]),
                cells,
            ));
        }
        None => {
            let words = "No assistant is in the config: juggler assist --help shows what to write. The scaffold needs none.";
            lines.extend(wrap(words, cells).into_iter().map(|line| Line::styled(line, theme.warn())));
        }
    }
    let money = Line::from(vec![Span::styled("spent ", theme.dim()), Span::styled(desk.spent().join(" · "), theme.money())]);
    lines.extend(wrap_line(&money, cells));
    if desk.actions.iter().any(|view| view.templates.len() > 1) {
        lines.push(Line::styled(format!("{} another template", key(Command::AssistTemplate)), theme.dim()));
    }
    let outside = "Your own editor, the clipboard and your own commands are outside of this gate: what you paste elsewhere, nobody here sees.";
    if desk.ruling.rule == AiRule::HumanOnly {
        lines.push(Line::default());
        lines.extend(wrap(outside, cells).into_iter().map(|line| Line::styled(line, theme.dim())));
    }
    for problem in &desk.problems {
        lines.extend(wrap(problem.as_str(), cells).into_iter().map(|line| Line::styled(line, theme.warn())));
    }
    lines
}
