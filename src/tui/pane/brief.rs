//! A job, whole: brief, terms, what it wants back, attachments, and how the requester paid before.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};

use crate::domain::deliverable::Rule;
use crate::domain::job::{Job, Met};
use crate::domain::{Time, shield};
use crate::net::Page;
use crate::tui::command::Command;
use crate::tui::keymap::{Keymap, Stack};
use crate::tui::model::Model;
use crate::tui::osc::Link;
use crate::tui::theme::Theme;
use crate::tui::widget::text::{fit, wrap, wrap_line};

/// Draws the brief over `area`; notes how far it can be scrolled.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &mut Model, theme: &Theme, keymap: &Keymap, now: Time) {
    let Some(brief) = &mut model.brief else { return };
    frame.render_widget(Clear, area);
    let hint = |command| keymap.hint(Stack::Brief, command);
    let mut title = vec![Span::styled(" Brief ", theme.title())];
    for (command, word) in [(Command::Claim, "claim"), (Command::Down, "next"), (Command::DialogCancel, "back")] {
        title.push(Span::styled(hint(command), theme.key()));
        title.push(Span::styled(format!(" {word} "), theme.dim()));
    }
    let inner = super::framed(frame, area, theme, true, Line::from(title));
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    // Long lines are hard to read: a measure of a hundred cells at most.
    let cells = usize::from(inner.width.min(100));
    let mut lines: Vec<Line<'static>> = Vec::new();
    let mut link = None;
    if let Some(row) = &brief.row {
        lines.extend(wrap(row.title.as_str(), cells).into_iter().map(|part| Line::styled(part, theme.title())));
        lines.extend(super::peek::facts(row, false, theme, now).iter().flat_map(|line| wrap_line(line, cells)));
        if let Some(url) = brief.job.as_ref().and_then(|(job, _)| job.url.as_ref()).filter(|url| !url.is_empty()) {
            let (line, page) = address(url.as_str(), cells, theme);
            link = page.map(|page| (lines.len(), line.to_string(), page));
            lines.push(line);
        }
        lines.push(Line::default());
    }
    match (&brief.job, &brief.failure) {
        (Some((job, _)), _) => lines.extend(whole(job, cells, theme)),
        (None, Some(failure)) => {
            lines.extend(paragraph(&failure.to_string(), cells, theme.fail()));
            lines.extend(paragraph(&failure.hint, cells, theme.dim()));
        }
        (None, None) => {
            lines.push(Line::styled("Fetching the whole brief …", theme.dim()));
        }
    }
    brief.lines = lines.len();
    brief.height = usize::from(inner.height);
    brief.scroll = brief.scroll.min(brief.lines.saturating_sub(brief.height));
    let shown: Vec<Line<'static>> = lines.into_iter().skip(brief.scroll).take(brief.height).collect();
    let more = brief.lines.saturating_sub(brief.scroll + brief.height);
    frame.render_widget(Paragraph::new(shown), inner);
    if let Some((n, text, page)) = link.filter(|(n, ..)| (brief.scroll..brief.scroll + brief.height).contains(n)) {
        let at = Position { x: inner.x, y: inner.y + u16::try_from(n - brief.scroll).unwrap_or_default() };
        model.hits.links.push(Link { at, text, page });
    }
    if more > 0 && area.width > 24 {
        let note = Line::styled(format!(" ↓ {more} more lines "), theme.dim()).right_aligned();
        frame.render_widget(note, Rect { x: area.x + 1, y: area.bottom() - 1, width: area.width - 2, height: 1 });
    }
    model.hits.scroll = area;
}

/// A job's page: a link where the address can be trusted and its host is seen whole, else mere text.
fn address(url: &str, cells: usize, theme: &Theme) -> (Line<'static>, Option<Page>) {
    match Page::check(url) {
        Ok(page) if "https://…".len() + page.host().len() <= cells => {
            (Line::styled(fit(page.url(), cells), theme.link()), Some(page))
        }
        _ => (Line::styled(fit(url, cells), theme.dim()), None),
    }
}

fn paragraph(text: &str, cells: usize, style: Style) -> Vec<Line<'static>> {
    wrap(text, cells).into_iter().map(|part| Line::styled(part, style)).collect()
}

fn whole(job: &Job, cells: usize, theme: &Theme) -> Vec<Line<'static>> {
    let mut out: Vec<Line<'static>> = shield::of(job)
        .iter()
        .flat_map(|found| paragraph(&format!("⚑ Looks like a scam. {}", found.sentence()), cells, theme.fail()))
        .collect();
    if !out.is_empty() {
        out.push(Line::default());
    }
    out.extend(paragraph(job.brief.as_str(), cells, theme.text()));
    let mut section = |title: &str, rows: Vec<(String, Style)>| {
        if rows.is_empty() {
            return;
        }
        out.push(Line::default());
        out.push(Line::styled(title.to_owned(), theme.accent()));
        for (text, style) in rows {
            out.extend(paragraph(&text, cells, style));
        }
    };
    section(
        "What it wants back",
        job.deliverable.rules.iter().map(|rule| (format!("· {}", demand(rule)), theme.text())).collect(),
    );
    let mut needs: Vec<(String, Style)> = Vec::new();
    for need in &job.requirements {
        let (sign, style) = match need.met {
            Met::Yes => ("✓", theme.ok()),
            Met::No => ("✗", theme.fail()),
            Met::Unknown => ("?", theme.warn()),
        };
        needs.push((format!("{sign} {}", need.text), style));
    }
    section("What you must be or have", needs);
    if let Some(cost) = &job.cost {
        let amount = cost.amount.map(|amount| format!("{amount}: ")).unwrap_or_default();
        section("What it costs you first", vec![(format!("$ {amount}{}", cost.why), theme.fail())]);
    }
    if let Some(warning) = &job.warning {
        section("Warning about the content", vec![(format!("! {warning}"), theme.warn())]);
    }
    let attachments = job.attachments.iter().map(|a| {
        let size = a.size.map(|bytes| format!(", {} KB", bytes.div_ceil(1024))).unwrap_or_default();
        (format!("· {} ({}{size})", a.name, a.mime), theme.text())
    });
    section("Attachments", attachments.collect());
    section("The requester", vec![(record(job), theme.text())]);
    out
}

fn record(job: &Job) -> String {
    let mut known = Vec::new();
    let record = &job.requester.record;
    let figures = [
        (record.approved, "approved"),
        (record.rejected, "rejected"),
        (record.paid, "paid"),
        (record.late, "paid late"),
        (record.unpaid, "never paid"),
    ];
    for (count, word) in figures {
        if let Some(count) = count {
            known.push(format!("{count} {word}"));
        }
    }
    let verified = if job.requester.verified { ", verified by the platform" } else { "" };
    let record = if known.is_empty() { "the platform tells nothing of how they paid".to_owned() } else { known.join(", ") };
    let name = if job.requester.name.is_empty() { "no name given" } else { job.requester.name.as_str() };
    format!("{name}{verified}: {record}")
}

fn between(min: u32, max: u32, what: &str) -> String {
    match (min, max) {
        (min, max) if min == max => format!("exactly {min} {what}"),
        (0, max) => format!("at most {max} {what}"),
        (min, u32::MAX) => format!("at least {min} {what}"),
        (min, max) => format!("{min} to {max} {what}"),
    }
}

fn list(words: &[crate::domain::Text]) -> String {
    words.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(", ")
}

/// A demand in words.
fn demand(rule: &Rule) -> String {
    match rule {
        Rule::Items { min, max } => between(*min, *max, "items, one a line"),
        Rule::ItemChars { min, max } => between(*min, *max, "characters in each"),
        Rule::ItemWords { min, max } => between(*min, *max, "words in each"),
        Rule::Words { min, max } => between(*min, *max, "words"),
        Rule::Chars { min, max } => between(*min, *max, "characters"),
        Rule::Distinct { percent } => format!("no two alike (less than {percent} % the same)"),
        Rule::MustInclude { terms } => format!("must contain {}", list(terms)),
        Rule::MustNot { terms } => format!("must not contain {}", list(terms)),
        Rule::EachIncludes { term } => format!("each contains \"{term}\""),
        Rule::Spoken { seconds, wpm, tolerance } => {
            format!("read aloud at {wpm} words a minute it takes {seconds} s, give or take {tolerance} %")
        }
        Rule::Beats { min } => format!("at least {min} lines with a rising time stamp, the first [0:00]"),
        Rule::Grounded { source } if source.is_empty() => "every number is found in the attachments".to_owned(),
        Rule::Grounded { source } => format!("every number is found in {source}"),
        Rule::Chat { turns } => format!("dialogues of at least {turns} messages, one JSON object a line"),
        Rule::Rank { ids, reason_words, .. } => {
            format!("a choice for each of {} with a reason of {reason_words} words", ids.len())
        }
        Rule::Label { ids, labels } => format!("one of {} for each of {} items", list(labels), ids.len()),
        Rule::Parallel { source } => format!("line by line after {source}"),
        Rule::Schema { .. } => "JSON of the shape the brief gives".to_owned(),
        Rule::Image { width, height, mime, max_bytes, alpha, looks } => {
            let see_through = if *alpha { ", see-through in places" } else { "" };
            let looks: String = looks.words().into_iter().map(|word| format!(", {word}")).collect();
            format!("one picture of {width}×{height} ({mime}), at most {} KB{see_through}{looks}", max_bytes / 1024)
        }
        Rule::Advice { text } => text.as_str().to_owned(),
        rule => crate::domain::check::words(rule).as_str().to_owned(),
    }
}
