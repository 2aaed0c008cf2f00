//! The money: pending, approved and paid kept apart, each with its count; what the hour was worth; the goal; seven days.

use chrono::{Local, TimeDelta};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::ledger::{Figures, Hourly, Sums};
use crate::domain::{Money, Time};
use crate::engine::api::Earnings;
use crate::tui::model::{Focus, Model};
use crate::tui::theme::Theme;
use crate::tui::widget::bar::bar;
use crate::tui::widget::countdown::span;
use crate::tui::widget::text::{clip, left, right, width, wrap_line};

const LABEL: usize = 12;
const SUM: usize = 12;

/// Draws the earnings.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &mut Model, theme: &Theme, now: Time) {
    let focused = model.focus == Focus::Earnings;
    model.hits.panes.push((area, Focus::Earnings));
    let inner = super::framed(frame, area, theme, focused, Line::from(Span::styled(" Earnings ", theme.title())));
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let cells = usize::from(inner.width);
    let lines = match &model.earnings {
        None => vec![Line::styled("Summing the ledger …", theme.dim())],
        Some(earnings) => content(earnings, cells, usize::from(inner.height), theme, now),
    };
    let lines: Vec<Line<'static>> = lines.into_iter().map(|line| clip(line, cells)).collect();
    frame.render_widget(Paragraph::new(lines), inner);
}

fn content(earnings: &Earnings, cells: usize, rows: usize, theme: &Theme, now: Time) -> Vec<Line<'static>> {
    let mut out = Vec::new();
    if earnings.figures.is_empty() {
        let nothing = Line::styled("Nothing earned yet: the first submission shows here as pending.", theme.text());
        out.extend(wrap_line(&nothing, cells));
    }
    for figures in &earnings.figures {
        if !out.is_empty() {
            out.push(Line::default());
        }
        let goal = earnings.goal.filter(|goal| goal.asset == figures.asset);
        // Where no goal is set, the first asset says how to set one.
        let unset = (earnings.goal.is_none() && out.is_empty()).then_some("config.toml");
        asset(figures, goal, unset, cells, theme, &mut out);
    }
    if earnings.claims_lost > 0 || !earnings.states.is_empty() {
        // Seven days below are worth more than blank rows.
        if rows > out.len() + 1 + 7 {
            out.push(Line::default());
        }
        let mut words: Vec<String> =
            earnings.states.iter().filter(|(_, n)| *n > 0).map(|(s, n)| format!("{n} {}", s.word())).collect();
        if earnings.claims_lost > 0 {
            words.push(format!("{} claims lost", earnings.claims_lost));
        }
        out.extend(crate::tui::widget::text::wrap(&words.join(" · "), cells).into_iter().map(|l| Line::styled(l, theme.dim())));
    }
    for figures in &earnings.figures {
        if rows >= out.len() + figures.days.len() {
            if rows > out.len() + figures.days.len() {
                out.push(Line::default());
            }
            days(figures, cells, theme, now, &mut out);
        }
    }
    out
}

fn asset(figures: &Figures, goal: Option<Money>, unset: Option<&str>, cells: usize, theme: &Theme, out: &mut Vec<Line<'static>>) {
    let all = cells >= LABEL + 3 * (SUM + 1);
    let mut head = vec![Span::styled(left(figures.asset.code(), LABEL), theme.accent())];
    for name in ["today", "week"].into_iter().chain(all.then_some("ever")) {
        head.push(Span::styled(right(name, SUM + 1), theme.heading()));
    }
    out.push(Line::from(head));
    let spans = [&figures.today, &figures.week, &figures.all];
    let shown = if all { 3 } else { 2 };
    let mut row = |label: &str, style, value: &dyn Fn(&Sums) -> String| {
        let mut line = vec![Span::styled(left(label, LABEL), theme.dim())];
        line.extend(spans.iter().take(shown).map(|sums| Span::styled(right(&value(sums), SUM + 1), style)));
        out.push(Line::from(line));
    };
    row("paid", theme.money(), &|s| s.paid.to_string());
    row("  n", theme.dim(), &|s| s.paid_n.to_string());
    row("  bonus", theme.text(), &|s| s.bonus.to_string());
    row("  fees", theme.dim(), &|s| s.fees.to_string());
    let now_sums = &figures.all;
    let standing = |label: &str, sum: Money, n: u32, style| {
        Line::from(vec![
            Span::styled(left(label, LABEL), theme.dim()),
            Span::styled(right(&sum.to_string(), SUM + 1), style),
            Span::styled(format!("  n={n}, as of now"), theme.dim()),
        ])
    };
    out.push(standing("approved", now_sums.approved, now_sums.approved_n, theme.ok()));
    out.push(standing("pending", now_sums.pending, now_sums.pending_n, theme.warn()));
    for (label, hourly) in
        [("$/h today", figures.hourly_today), ("$/h week", figures.hourly_week), ("$/h ever", figures.hourly_all)]
    {
        out.push(hourly_line(label, hourly, cells, theme));
    }
    if let Some(goal) = goal {
        let wide = cells.saturating_sub(LABEL + 28).clamp(6, 30);
        let mut line = vec![Span::styled(left("goal today", LABEL), theme.dim()), Span::raw(" ")];
        line.extend(bar(figures.today.paid.minor, goal.minor, wide, theme));
        line.push(Span::styled(format!(" {} of {goal}", figures.today.paid), theme.text()));
        out.push(Line::from(line));
    } else if let Some(file) = unset {
        let none = Line::from(vec![
            Span::styled(left("goal today", LABEL), theme.dim()),
            Span::styled(format!(" none; goal_day = \"40.00 {}\" under [general] in {file}", figures.asset.code()), theme.dim()),
        ]);
        out.extend(wrap_line(&none, cells));
    }
}

/// Too little to say what an hour is worth: a fact all the same, and shown as one.
fn is_few(hourly: &Hourly) -> bool {
    hourly.n < 3 || hourly.worked + hourly.unpaid < 600
}

fn hourly_line(label: &str, hourly: Hourly, cells: usize, theme: &Theme) -> Line<'static> {
    let rate = hourly.rate.map_or("no time yet".to_owned(), |rate| rate.to_string());
    let few = if hourly.rate.is_some() && is_few(&hourly) { " (few)" } else { "" };
    let (worked, unpaid) = (span(hourly.worked), span(hourly.unpaid));
    let mut detail = format!("  n={}{few}, {worked} work, {unpaid} unpaid", hourly.n);
    if LABEL + SUM + 1 + width(&detail) > cells {
        detail = format!("  n={}{few}, {worked}+{unpaid}", hourly.n);
    }
    Line::from(vec![
        Span::styled(left(label, LABEL), theme.dim()),
        Span::styled(right(&rate, SUM + 1), theme.text()),
        Span::styled(detail, theme.dim()),
    ])
}

fn days(figures: &Figures, cells: usize, theme: &Theme, now: Time, out: &mut Vec<Line<'static>>) {
    let most = figures.days.iter().copied().max().unwrap_or(0);
    let today = now.with_timezone(&Local).date_naive();
    let wide = cells.saturating_sub(7 + SUM).clamp(4, 40);
    for (i, minor) in figures.days.iter().enumerate() {
        let back = i64::try_from(figures.days.len() - 1 - i).unwrap_or(0);
        let day = if back == 0 { "today".to_owned() } else { (today - TimeDelta::days(back)).format("%a %d").to_string() };
        let sum = Money::new(*minor, figures.asset).to_string();
        let mut line = vec![Span::styled(left(&day, 7), if back == 0 { theme.title() } else { theme.dim() })];
        line.extend(bar(*minor, most, wide, theme));
        line.push(Span::styled(right(&sum, SUM), if *minor > 0 { theme.money() } else { theme.dim() }));
        out.push(Line::from(line));
    }
}

/// Today in a few words, for the header.
pub fn today(earnings: &Earnings, theme: &Theme) -> Vec<Span<'static>> {
    let Some(figures) = earnings.figures.first() else { return Vec::new() };
    let mut out = vec![
        Span::styled("today ", theme.dim()),
        Span::styled(figures.today.paid.to_string(), theme.money()),
        Span::styled(format!(" paid n={}", figures.today.paid_n), theme.dim()),
        Span::styled(format!(" · {} approved", figures.all.approved), theme.dim()),
        Span::styled(format!(" · {} pending", figures.all.pending), theme.dim()),
    ];
    if let Some(rate) = figures.hourly_today.rate {
        let few = if is_few(&figures.hourly_today) { " (few)" } else { "" };
        out.push(Span::styled(format!(" · {rate}/h n={}{few}", figures.hourly_today.n), theme.text()));
    }
    out
}
