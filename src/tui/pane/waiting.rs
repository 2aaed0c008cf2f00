//! What is out of the person's hands: submitted, being judged, due, decided lately. A list below the hand, and the whole of each.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Paragraph};

use crate::domain::payment::PaymentStatus;
use crate::domain::{AssignmentState as S, Money, Time};
use crate::engine::api::AssignmentView;
use crate::tui::command::Command;
use crate::tui::keymap::{Keymap, Stack};
use crate::tui::model::Model;
use crate::tui::theme::Theme;
use crate::tui::widget::countdown;
use crate::tui::widget::text::{clip, left, right, width, wrap};

/// Glyph, word and colour of where something stands.
fn standing(state: S, theme: &Theme) -> (&'static str, &'static str, Style) {
    match state {
        S::Approved => ("✓", "pay due", theme.ok()),
        S::Paid => ("✓", "paid", theme.ok()),
        S::Rejected => ("✗", "rejected", theme.fail()),
        S::TimedOut => ("✗", "timed out", theme.fail()),
        S::Cancelled => ("✗", "cancelled", theme.fail()),
        S::UnderReview => ("→", "in review", theme.info()),
        other => ("→", other.word(), theme.info()),
    }
}

/// What came or is due: the platform's figures where it gave some, else what the job promises.
fn pay(view: &AssignmentView) -> Option<Money> {
    if matches!(view.assignment.state, S::Rejected | S::TimedOut | S::Cancelled) {
        return None;
    }
    let mut live =
        view.payments.iter().filter(|p| !matches!(p.status, PaymentStatus::Failed | PaymentStatus::Reversed)).map(|p| p.net);
    match live.next() {
        Some(first) => live.try_fold(first, |sum, net| sum.plus(net)).ok(),
        None => view.assignment.job.reward.net(),
    }
}

/// "2 in review · 1 pay due", for one line.
pub fn summary(waiting: &[AssignmentView], theme: &Theme) -> Vec<Span<'static>> {
    let mut counts: Vec<(&'static str, &'static str, Style, usize)> = Vec::new();
    for view in waiting {
        let (glyph, word, style) = standing(view.assignment.state, theme);
        match counts.iter_mut().find(|(_, known, ..)| *known == word) {
            Some((.., n)) => *n += 1,
            None => counts.push((glyph, word, style, 1)),
        }
    }
    let mut out = Vec::new();
    for (glyph, word, style, n) in counts {
        if !out.is_empty() {
            out.push(Span::styled(" · ", theme.dim()));
        }
        out.push(Span::styled(format!("{glyph} {n} {word}"), style));
    }
    out
}

fn row(view: &AssignmentView, cells: usize, here: bool, theme: &Theme, now: Time) -> Line<'static> {
    let mine = &view.assignment;
    let (glyph, word, style) = standing(mine.state, theme);
    let said = mine.feedback.as_str().split('\n').next().unwrap_or_default();
    let room = cells.saturating_sub(1 + 12 + 5 + 10);
    let title = if said.is_empty() { room } else { room.min((room * 3 / 5).max(24)) };
    let mut line = Line::from(vec![
        Span::styled(if here { "▌" } else { " " }, theme.gutter()),
        Span::styled(left(&format!("{glyph} {word}"), 12), style),
        Span::styled(right(&countdown::age(mine.moved_at, now), 4), theme.dim()),
        Span::raw(" "),
        Span::styled(right(&pay(view).map_or("–".to_owned(), |pay| pay.to_string()), 9), theme.money()),
        Span::raw(" "),
        Span::styled(left(mine.job.title.as_str(), title), theme.text()),
    ]);
    if room > title + 4 {
        line.spans.push(Span::styled(format!(" {said}"), theme.dim()));
    }
    let line = clip(line, cells);
    if here { line.patch_style(theme.selection()) } else { line }
}

/// The list in a frame of its own, as many as fit.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &mut Model, theme: &Theme, keymap: &Keymap, now: Time) {
    model.hits.commands.push((area, Command::Waiting));
    let waiting = &model.hand.waiting;
    let title = Line::from(vec![
        Span::styled(format!(" Waiting {} ", waiting.len()), theme.title()),
        Span::styled(keymap.hint(Stack::Hand, Command::Waiting), theme.key()),
        Span::styled(" opens ", theme.dim()),
    ]);
    let inner = super::framed(frame, area, theme, false, title);
    let cells = usize::from(inner.width);
    let rows: Vec<Line<'static>> =
        waiting.iter().take(usize::from(inner.height)).map(|view| row(view, cells, false, theme, now)).collect();
    frame.render_widget(Paragraph::new(rows), inner);
}

/// The same in one line.
pub fn line(frame: &mut Frame<'_>, area: Rect, model: &mut Model, theme: &Theme, keymap: &Keymap) {
    model.hits.commands.push((area, Command::Waiting));
    let key = keymap.hint(Stack::Hand, Command::Waiting);
    let mut spans = vec![Span::raw(" "), Span::styled(key, theme.key()), Span::styled(" waiting  ", theme.dim())];
    spans.extend(summary(&model.hand.waiting, theme));
    frame.render_widget(clip(Line::from(spans), usize::from(area.width)), area);
}

/// The whole list with all of the highlighted one below it.
#[allow(clippy::too_many_arguments)]
pub fn overlay(
    frame: &mut Frame<'_>,
    area: Rect,
    waiting: &[AssignmentView],
    at: &mut usize,
    scroll: &mut usize,
    theme: &Theme,
    now: Time,
) {
    frame.render_widget(Clear, area);
    let title = Line::from(vec![
        Span::styled(format!(" Waiting {} ", waiting.len()), theme.title()),
        Span::styled("· j/k choose · PgDn reads on · Esc closes ", theme.dim()),
    ]);
    let block = Block::bordered().border_type(BorderType::Rounded).border_style(theme.border(true)).title(title);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let cells = usize::from(inner.width);
    *at = (*at).min(waiting.len().saturating_sub(1));
    let Some(view) = waiting.get(*at) else {
        let nothing = Line::styled(" Nothing waits for anybody else: what you submit shows here.", theme.dim());
        return frame.render_widget(clip(nothing, cells), Rect { height: inner.height.min(1), ..inner });
    };
    let rows = waiting.len().min(usize::from(inner.height) / 2).max(1);
    let first = at.saturating_sub(rows.saturating_sub(1));
    let list: Vec<Line<'static>> =
        waiting.iter().enumerate().skip(first).take(rows).map(|(i, view)| row(view, cells, i == *at, theme, now)).collect();
    let height = u16::try_from(rows).unwrap_or(inner.height).min(inner.height);
    frame.render_widget(Paragraph::new(list), Rect { height, ..inner });
    let rest = Rect { x: inner.x + 1, y: inner.y + height, width: inner.width.saturating_sub(2), height: inner.height - height };
    let text = whole(view, usize::from(rest.width), theme);
    *scroll = (*scroll).min(text.len().saturating_sub(usize::from(rest.height)));
    let text: Vec<Line<'static>> = text.into_iter().skip(*scroll).take(usize::from(rest.height)).collect();
    frame.render_widget(Paragraph::new(text), rest);
}

/// Everything about one of them.
fn whole(view: &AssignmentView, cells: usize, theme: &Theme) -> Vec<Line<'static>> {
    let mine = &view.assignment;
    let (glyph, word, style) = standing(mine.state, theme);
    let mut out = vec![Line::styled("─".repeat(cells), theme.rule())];
    let mut say = |text: &str, style: Style| {
        out.extend(wrap(text, cells).into_iter().map(|part| Line::styled(part, style)));
    };
    say(mine.job.title.as_str(), theme.title());
    let requester = mine.job.requester.name.as_str();
    say(&format!("{glyph} {word} since {} · {requester} on {}", countdown::clock(mine.moved_at), mine.id.source()), style);
    if !mine.feedback.is_empty() {
        say(&format!("{requester} says: {}", mine.feedback), theme.warn());
    }
    for payment in &view.payments {
        let state = match payment.status {
            PaymentStatus::Paid => "paid",
            PaymentStatus::Failed => "failed",
            PaymentStatus::Reversed => "taken back",
            PaymentStatus::Held => "held by the platform",
            PaymentStatus::Expected | PaymentStatus::Disbursing => "on its way",
        };
        say(&format!("{} {state} ({} less a fee of {})", payment.net, payment.gross, payment.fee), theme.money());
    }
    if view.payments.is_empty()
        && let Some(pay) = pay(view)
    {
        say(&format!("{pay} after fees, if it is accepted"), theme.dim());
    }
    let sent = view.submission.as_ref().map(|s| &s.text).or(view.draft.as_ref().map(|d| &d.text));
    if let Some(overridden) = view.submission.as_ref().and_then(|sent| sent.overridden.as_ref()) {
        say(&overridden.words(), theme.warn());
    }
    if let Some(text) = sent.filter(|text| width(text.as_str()) > 0) {
        say("", theme.text());
        say("What was sent:", theme.accent());
        say(text.as_str(), theme.text());
    }
    out
}
