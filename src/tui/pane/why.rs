//! Why a job's figures are what they are: the rate, the fit, what it costs, and what was seen of it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::domain::Costs;
use crate::domain::job::Met;
use crate::domain::shield::Found;
use crate::engine::api::{JobRow, Peek};
use crate::error::Failure;
use crate::tui::theme::Theme;
use crate::tui::widget::text::{left, width, wrap};

/// What a job takes from the worker first, one phrase for each.
pub fn costs(costs: Costs) -> Vec<&'static str> {
    let all = [
        (Costs::STAKE, "a stake: money put down, given back on success"),
        (Costs::FEE, "a fee to see or take it"),
        (Costs::POST, "a post under your own name"),
        (Costs::ID, "papers: identity, a face, a phone number"),
        (Costs::OTHER, "something of yours: the brief says what"),
    ];
    all.into_iter().filter(|(cost, _)| costs.has(*cost)).map(|(_, words)| words).collect()
}

/// Glyph and word of a requirement.
fn met(met: Met) -> &'static str {
    match met {
        Met::Yes => "✓",
        Met::No => "✗",
        Met::Unknown => "?",
    }
}

/// Draws the panel.
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    row: &JobRow,
    peek: Option<&Peek>,
    failure: Option<&Failure>,
    scroll: &mut usize,
    theme: &Theme,
) {
    let inner = super::sheet(frame, area, theme, "Why", "j/k read on · Esc closes");
    super::scrolled(frame, inner, lines(row, peek, failure, usize::from(inner.width), theme), scroll);
}

fn lines(row: &JobRow, peek: Option<&Peek>, failure: Option<&Failure>, cells: usize, theme: &Theme) -> Vec<Line<'static>> {
    let mut out: Vec<Line<'static>> =
        wrap(row.title.as_str(), cells).into_iter().map(|part| Line::styled(part, theme.title())).collect();
    let head = |out: &mut Vec<Line<'static>>, text: String| {
        out.push(Line::default());
        out.push(Line::styled(text, theme.accent()));
    };
    let table = |out: &mut Vec<Line<'static>>, rows: &[(String, String)]| {
        let label = rows.iter().map(|(label, _)| width(label)).max().unwrap_or(0).min(cells * 2 / 5);
        for (name, value) in rows {
            for (i, part) in wrap(value, cells.saturating_sub(label + 4).max(8)).into_iter().enumerate() {
                let name = if i == 0 { name.as_str() } else { "" };
                out.push(Line::from(vec![
                    Span::styled(format!("  {}", left(name, label)), theme.dim()),
                    Span::styled(format!("  {part}"), theme.text()),
                ]));
            }
        }
    };
    if let Some(failure) = failure {
        out.push(Line::styled(failure.to_string(), theme.fail()));
    } else if peek.is_none() {
        out.push(Line::styled("Looking it up …", theme.dim()));
    }
    if let Some(why) = peek.and_then(|peek| peek.barred.as_ref()) {
        head(&mut out, "⊘ It cannot or should not be taken".to_owned());
        out.extend(
            wrap(why.as_str(), cells.saturating_sub(2)).into_iter().map(|part| Line::styled(format!("  {part}"), theme.fail())),
        );
    } else if row.barred {
        head(&mut out, "⊘ It cannot or should not be taken".to_owned());
    }
    let signs = super::peek::warned(row, peek.map(|peek| peek.signs.as_slice()).unwrap_or_default());
    if !signs.is_empty() {
        head(&mut out, "⚑ Signs of a scam".to_owned());
        let known = peek.map(|peek| peek.signs.as_slice()).unwrap_or_default();
        let sentences = if known.is_empty() { signs } else { known.iter().map(Found::sentence).collect() };
        for sentence in sentences {
            out.extend(
                wrap(&sentence, cells.saturating_sub(2)).into_iter().map(|part| Line::styled(format!("  {part}"), theme.fail())),
            );
        }
    }
    head(&mut out, format!("Expected rate: {}", super::feed::rate_words(row)));
    let strings = |rows: &[(crate::domain::Text, crate::domain::Text)]| -> Vec<(String, String)> {
        rows.iter().map(|(label, value)| (label.to_string(), value.to_string())).collect()
    };
    match peek {
        Some(peek) if !peek.rate_why.is_empty() => table(&mut out, &strings(&peek.rate_why)),
        _ if row.rate.is_none() => out.push(Line::styled("  Pay or time is not told, so nothing can be said.", theme.dim())),
        _ => {}
    }
    head(&mut out, row.fit.map_or("Fit: not known".to_owned(), |fit| format!("Fit: {fit} of 100")));
    match peek {
        Some(peek) if !peek.fit_why.is_empty() => {
            for line in &peek.fit_why {
                let style = match line.met {
                    Met::Yes => theme.ok(),
                    Met::No => theme.fail(),
                    Met::Unknown => theme.dim(),
                };
                let text = if line.why.is_empty() { line.what.to_string() } else { format!("{}: {}", line.what, line.why) };
                for (i, part) in wrap(&text, cells.saturating_sub(4).max(8)).into_iter().enumerate() {
                    let glyph = if i == 0 { met(line.met) } else { " " };
                    out.push(Line::from(vec![Span::styled(format!("  {glyph} "), style), Span::styled(part, theme.text())]));
                }
            }
        }
        _ => out.push(Line::styled("  It asks for nothing that the profile could answer.", theme.dim())),
    }
    if !row.costs.none() {
        head(&mut out, "$ What it takes from you first".to_owned());
        out.extend(costs(row.costs).into_iter().map(|words| Line::styled(format!("  {words}"), theme.warn())));
    }
    if let Some(peek) = peek.filter(|peek| !peek.history.is_empty()) {
        head(&mut out, "Seen".to_owned());
        table(&mut out, &strings(&peek.history));
    }
    out
}
