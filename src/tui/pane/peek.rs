//! The job under the cursor at a glance: pay, rate, terms, marks, and how its brief begins. Asks nothing of anybody.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::feed::{ai_style, rate_words, state};
use super::why::costs;
use crate::domain::job::Met;
use crate::domain::shield::Found;
use crate::domain::{JobKey, Time};
use crate::engine::api::{FitLine, JobRow, Peek};
use crate::tui::command::Command;
use crate::tui::keymap::{Keymap, Stack};
use crate::tui::model::Model;
use crate::tui::theme::Theme;
use crate::tui::widget::countdown;
use crate::tui::widget::text::{clip, fit, wrap, wrap_line};

/// Draws the peek.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, theme: &Theme, keymap: &Keymap, now: Time) {
    let mut title = vec![Span::styled(" Peek ", theme.title())];
    if let Some((row, _)) = shown(model) {
        let (command, word) = if row.mine.is_some() { (Command::PaneHand, " your hand ") } else { (Command::Claim, " claim ") };
        title.push(Span::styled(keymap.hint(Stack::Feed, Command::Brief), theme.key()));
        title.push(Span::styled(" whole brief · ", theme.dim()));
        title.push(Span::styled(keymap.hint(Stack::Feed, Command::Why), theme.key()));
        title.push(Span::styled(" why · ", theme.dim()));
        title.push(Span::styled(keymap.hint(Stack::Feed, command), theme.key()));
        title.push(Span::styled(word, theme.dim()));
    }
    let inner = super::framed(frame, area, theme, false, Line::from(title));
    let Some((row, gone)) = shown(model) else {
        let nothing = Line::styled(" The job under the cursor shows here.", theme.dim());
        return frame.render_widget(clip(nothing, usize::from(inner.width)), Rect { height: inner.height.min(1), ..inner });
    };
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let cells = usize::from(inner.width);
    let mut lines: Vec<Line<'static>> =
        wrap(row.title.as_str(), cells).into_iter().take(2).map(|part| Line::styled(part, theme.title())).collect();
    let peek = model.feed.known(&row.key);
    if let Some(why) = peek.and_then(|peek| peek.barred.as_ref()) {
        lines.push(Line::styled(fit(&format!("⊘ {why}"), cells), theme.fail()));
    }
    let signs = peek.map(|peek| peek.signs.as_slice()).unwrap_or_default();
    lines.extend(warned(row, signs).iter().flat_map(|warning| wrap(warning, cells)).map(|part| Line::styled(part, theme.fail())));
    lines.extend(facts(row, gone, theme, now).iter().flat_map(|line| wrap_line(line, cells)));
    lines.extend(known(peek, cells, theme));
    if inner.height > 8 {
        lines.push(Line::default());
    }
    let room = usize::from(inner.height).saturating_sub(lines.len());
    let mut brief = wrap(model.feed.peek(row), cells);
    if brief.len() > room {
        brief.truncate(room);
        while brief.last().is_some_and(|line| line.trim().is_empty()) {
            brief.pop();
        }
        if let Some(last) = brief.last_mut() {
            *last = crate::tui::widget::text::fit(&format!("{last} …"), cells);
        }
    }
    lines.extend(brief.into_iter().map(|part| Line::styled(part, theme.text())));
    frame.render_widget(Paragraph::new(lines), inner);
}

/// Signs of a scam, a sentence each; without their words while only the row is here.
pub fn warned(row: &JobRow, signs: &[Found]) -> Vec<String> {
    if signs.is_empty() {
        return row.signs.iter().map(|sign| format!("⚑ Looks like a scam. It {}.", sign.wants())).collect();
    }
    signs.iter().map(|found| format!("⚑ Looks like a scam. {}", found.told())).collect()
}

/// It is on the screen and shows another job than it should.
pub fn is_stale(model: &Model) -> bool {
    model.hits.peek && model.hits.peeked != shown_key(model)
}

/// The job that it shows.
pub fn shown_key(model: &Model) -> Option<JobKey> {
    shown(model).map(|(row, _)| row.key.clone())
}

/// The job that is shown: the one under the cursor, or, while the cursor is on its way, still the one where it rested last. So
/// a key that moves the cursor changes two rows and no more.
fn shown(model: &Model) -> Option<(&JobRow, bool)> {
    let feed = &model.feed;
    let row = feed.row()?;
    match &feed.peeked {
        Some(peek) if peek.row.key != row.key && model.peeking.is_some() => Some((&peek.row, false)),
        _ => Some((row, feed.gone)),
    }
}

/// What is known beyond the row: what is not met, and how long it has been about.
fn known(peek: Option<&Peek>, cells: usize, theme: &Theme) -> Vec<Line<'static>> {
    let Some(peek) = peek else { return Vec::new() };
    let mut lines = Vec::new();
    let unmet: Vec<&str> =
        peek.fit_why.iter().filter(|line| line.met == Met::No && !is_points(line)).map(|line| line.what.as_str()).collect();
    if !unmet.is_empty() && peek.barred.is_none() {
        lines.push(Line::styled(fit(&format!("✗ not met: {}", unmet.join(", ")), cells), theme.warn()));
    }
    if !peek.history.is_empty() {
        let words: Vec<String> = peek.history.iter().map(|(label, value)| format!("{label} {value}")).collect();
        lines.push(Line::styled(fit(&words.join(" · "), cells), theme.dim()));
    }
    lines
}

/// A line of the fit that is about points and no requirement.
fn is_points(line: &FitLine) -> bool {
    line.what.as_str().parse::<i32>().is_ok()
}

/// The facts of a row, in two or three lines.
pub fn facts(row: &JobRow, gone: bool, theme: &Theme, now: Time) -> Vec<Line<'static>> {
    let dot = || Span::styled(" · ", theme.dim());
    let mut money = vec![Span::styled(row.pay.map_or("pay not told".to_owned(), |pay| pay.to_string()), theme.money())];
    if let Some(net) = row.net.filter(|net| Some(*net) != row.pay) {
        money.push(Span::styled(format!(" ({net} after fees)"), theme.dim()));
    }
    if let Some(rate) = row.rate {
        money.push(dot());
        money.push(Span::styled(rate_words(row), theme.text()));
        let minutes = row.seconds.map(|seconds| format!(" for {} min", seconds.div_ceil(60))).unwrap_or_default();
        let doubts: String = rate.doubts.words().map(|doubt| format!(" · {doubt}")).collect();
        money.push(Span::styled(format!("{minutes}{doubts}"), theme.dim()));
    }
    if let Some(worth) = row.fit {
        money.push(dot());
        money.push(Span::styled(format!("fit {worth}"), theme.text()));
    }
    let (word, style) = state(row, gone && row.mine.is_none(), now, theme);
    let mut terms = vec![Span::styled(word, style)];
    if let Some(at) = row.expires_at.filter(|_| row.mine.is_none() && !gone) {
        terms.push(Span::styled(format!(" · claim within {}", countdown::left(at, now)), theme.dim()));
    }
    if let Some(ttl) = row.claim_ttl.filter(|_| row.mine.is_none()) {
        terms.push(Span::styled(format!(" · then {} to deliver", countdown::span(i64::from(ttl))), theme.dim()));
    }
    if let Some(slots) = row.slots_left.filter(|slots| row.mine.is_none() && *slots != 1) {
        terms.push(Span::styled(format!(" · {slots} left"), theme.dim()));
    }
    // Not every platform names the requester or the kind.
    let blank = if row.requester.is_empty() { "" } else { " " };
    let kind = if row.kind.is_empty() { String::new() } else { format!("{} · ", row.kind) };
    let place = format!("{blank}on {} · {kind}", row.source);
    let mut who = vec![
        Span::styled(row.requester.as_str().to_owned(), theme.text()),
        Span::styled(place, theme.dim()),
        Span::styled(row.ai.sentence(), ai_style(row.ai, theme)),
    ];
    if row.suspicious {
        who.push(Span::styled(" · ! hides characters in its text", theme.fail()));
    }
    if !row.costs.none() {
        let all: Vec<&str> = costs(row.costs).into_iter().map(|words| words.split(':').next().unwrap_or(words)).collect();
        who.push(Span::styled(format!(" · $ takes {} first", all.join(", ")), theme.fail()));
    }
    if row.alike > 1 {
        terms.push(Span::styled(format!(" · one of {} identical jobs", row.alike), theme.info()));
    }
    if row.barred {
        who.push(Span::styled(" · ⊘ not for you", theme.fail()));
    }
    vec![Line::from(money), Line::from(terms), Line::from(who)]
}
