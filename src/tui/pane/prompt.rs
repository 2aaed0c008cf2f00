//! The line being typed, and above it what helps: the mistake under its character, the ways to go on.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};

use crate::domain::Time;
use crate::tui::command::Command;
use crate::tui::keymap::{Keymap, Stack};
use crate::tui::model::{Model, Overlay, Prompt};
use crate::tui::overlay::ArtLine;
use crate::tui::query_line::QueryLine;
use crate::tui::theme::Theme;
use crate::tui::when;
use crate::tui::widget::field::Field;
use crate::tui::widget::text::{clip, fit, left, line_width, thousands, width};

/// Completions in sight.
const OFFERS: usize = 6;

/// Draws the line into `area`, which is one row, and its help above it.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, theme: &Theme, keymap: &Keymap, now: Time) {
    let Some(Overlay::Prompt { what, field, line }) = &model.overlay else { return };
    let cells = usize::from(area.width);
    let label = match what {
        Prompt::Filter { .. } => " filter: ".to_owned(),
        Prompt::AddFile(_) => " file to add: ".to_owned(),
        Prompt::Picture(_) => " picture: ".to_owned(),
        Prompt::Override { word, .. } => format!(" type {word} to submit although checks fail: "),
        Prompt::Assist { action } => format!(" {} ", action.question().unwrap_or("anything to keep in mind?")),
        Prompt::Art { line: ArtLine::Prompt, .. } => " paint: ".to_owned(),
        Prompt::Art { line: ArtLine::Size, .. } => " pixels, as 1024x1536: ".to_owned(),
        Prompt::Art { line: ArtLine::Seed, .. } => " seed: ".to_owned(),
        Prompt::Art { line: ArtLine::Edit { .. }, .. } => " change it how? ".to_owned(),
        Prompt::Art { line: ArtLine::Inpaint { .. }, .. } => " x,y,width,height and what: ".to_owned(),
        Prompt::Snooze { keys } if keys.len() > 1 => format!(" snooze {} jobs until: ", keys.len()),
        Prompt::Snooze { .. } => " snooze until: ".to_owned(),
        Prompt::Block { expiry, .. } => format!(" hide {}: ", expiry.word()),
        Prompt::ViewName { .. } => " name of the view: ".to_owned(),
        Prompt::ViewEdit { name } => format!(" {}: ", fit(name.as_str(), 20)),
    };
    let mut note = note(what, field, model, theme, keymap, now);
    // The line itself goes first.
    if line_width(&note) + width(&label) + width(field.text()) + 3 > cells {
        note = Line::default();
    }
    let room = cells.saturating_sub(line_width(&note));
    let mut typed = clip(field.line(&label, room, theme.text(), theme), room);
    let blanks = room.saturating_sub(line_width(&typed));
    typed.spans.push(Span::raw(" ".repeat(blanks)));
    typed.spans.extend(note.spans);
    frame.render_widget(Clear, area);
    frame.render_widget(typed, area);
    let mut above = trouble(line, field, &label, cells, theme);
    if above.is_empty() {
        above = offers(line, cells, theme, keymap);
    }
    let rows = u16::try_from(above.len()).unwrap_or(0).min(area.y);
    let place = Rect { y: area.y - rows, height: rows, ..area };
    frame.render_widget(Clear, place);
    let skip = above.len() - usize::from(rows);
    frame.render_widget(Paragraph::new(above.into_iter().skip(skip).collect::<Vec<_>>()), place);
}

/// What is said at the right end of the line.
fn note(what: &Prompt, field: &Field, model: &Model, theme: &Theme, keymap: &Keymap, now: Time) -> Line<'static> {
    let key = |command| keymap.hint(Stack::Prompt, command);
    let text = match what {
        Prompt::Filter { .. } => {
            let feed = &model.feed;
            let count = match feed.counting {
                Some(percent) => format!("≈ {} … {percent} %", thousands(feed.total)),
                None if feed.asking => "…".to_owned(),
                None => format!("{} of this", thousands(feed.total)),
            };
            let count = count.replace(" of this", if feed.total == 1 { " job" } else { " jobs" });
            if feed.fuzzy { format!("nearest letters: {count}") } else { count }
        }
        Prompt::Snooze { .. } if field.text().trim().is_empty() => when::FORMS.to_owned(),
        Prompt::Snooze { .. } => match when::parse(field.text(), now) {
            Ok(at) => format!("until {}", when::words(at, now)),
            Err(_) => when::FORMS.to_owned(),
        },
        Prompt::Block { hides, .. } => {
            let count = match hides {
                Some((of, n)) if of.as_str() == field.text() => format!("hides {} now · ", thousands(*n)),
                _ => String::new(),
            };
            format!("{count}{} for how long", key(Command::PromptExpiry))
        }
        Prompt::Override { .. } => "Enter sends it, and the override is recorded".to_owned(),
        Prompt::Assist { action } if field.text().is_empty() => action.hint().to_owned(),
        Prompt::Picture(_) => crate::tui::update::pictures::hint(field.text()),
        Prompt::Art { .. } | Prompt::Assist { .. } | Prompt::AddFile(_) | Prompt::ViewName { .. } | Prompt::ViewEdit { .. } => {
            return Line::default();
        }
    };
    Line::styled(format!("  {text} "), theme.dim())
}

/// The mistake, pointing at its character: on the row above the line, or on two where one is too short.
fn trouble(line: &QueryLine, field: &Field, label: &str, cells: usize, theme: &Theme) -> Vec<Line<'static>> {
    let Some(trouble) = &line.trouble else { return Vec::new() };
    let text = trouble.to_string();
    let column = field.column(label, cells, trouble.at).unwrap_or(0);
    let (wide, caret) = (width(&text), Span::styled("^", theme.fail()));
    let said = |text: String| Span::styled(text, theme.warn());
    if column + 2 + wide <= cells {
        return vec![Line::from(vec![Span::raw(" ".repeat(column)), caret, said(format!(" {text}"))])];
    }
    if wide < column {
        return vec![Line::from(vec![Span::raw(" ".repeat(column - wide - 1)), said(format!("{text} ")), caret])];
    }
    vec![
        Line::from(said(format!(" {}", fit(&text, cells.saturating_sub(1))))),
        Line::from(vec![Span::raw(" ".repeat(column)), caret]),
    ]
}

/// The ways to go on with their meaning; the one that was taken is highlighted.
fn offers(line: &QueryLine, cells: usize, theme: &Theme, keymap: &Keymap) -> Vec<Line<'static>> {
    if line.offers.is_empty() {
        return Vec::new();
    }
    let at = line.at.unwrap_or(0);
    let first = (at + 1).saturating_sub(OFFERS);
    let shown = line.offers.iter().enumerate().skip(first).take(OFFERS);
    let wide = line.offers.iter().map(|offer| width(&offer.shown)).max().unwrap_or(0).clamp(8, 34);
    let mut rows: Vec<Line<'static>> = shown
        .map(|(i, offer)| {
            let here = line.at == Some(i);
            let row = Line::from(vec![
                Span::styled(if here { " ▌" } else { "  " }, theme.gutter()),
                Span::styled(left(&offer.shown, wide), if here { theme.title() } else { theme.text() }),
                Span::styled(format!("  {}", offer.about), theme.dim()),
            ]);
            clip(if here { row.patch_style(theme.selection()) } else { row }, cells)
        })
        .collect();
    let more = line.offers.len().saturating_sub(first + OFFERS);
    let more = if more > 0 { format!("{more} more · ") } else { String::new() };
    let (next, help) = (keymap.hint(Stack::Prompt, Command::PromptNext), keymap.hint(Stack::Prompt, Command::PromptHelp));
    rows.push(clip(Line::styled(format!("  {more}{next} takes one · {help} shows every field"), theme.dim()), cells));
    rows
}
