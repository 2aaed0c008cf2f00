//! The hand as a row of tabs, each with its clock.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::tab::Tab;
use super::{checks_list, clock, wrap};
use crate::domain::check::{Verdict, passes};
use crate::domain::{AssignmentState, Time};
use crate::tui::theme::Theme;

/// Cells of a title in a tab: at least, and at most when there is room.
const TITLE: usize = 18;
const LONG_TITLE: usize = 64;
/// Cells of a tab beside its title, about.
const BESIDE: usize = 16;

/// Draws the tabs; where each was drawn, by its number.
pub fn draw(
    buf: &mut Buffer,
    area: Rect,
    theme: &Theme,
    tabs: &[Tab],
    selected: usize,
    over: Option<i64>,
    now: Time,
) -> Vec<(usize, Rect)> {
    if area.is_empty() {
        return Vec::new();
    }
    let mut area = area;
    if let Some(seconds) = over.filter(|s| *s > 0) {
        let words = format!(" ! over by {}", clock::span(seconds));
        let wide = u16::try_from(wrap::width(&words)).unwrap_or(0);
        // The tab being worked on is worth more than this.
        if wide + 24 <= area.width {
            area.width -= wide;
            buf.set_stringn(area.right(), area.y, words, usize::from(wide), theme.fail());
        }
    }
    let room = usize::from(area.width);
    let title = (room / tabs.len().max(1)).saturating_sub(BESIDE).clamp(TITLE, LONG_TITLE);
    let labels: Vec<Vec<(String, Style)>> =
        tabs.iter().enumerate().map(|(n, tab)| label(tab, n == selected, theme, now, room, title)).collect();
    let width = |n: usize| labels[n].iter().map(|(text, _)| wrap::width(text)).sum::<usize>();
    // As many as fit around the selected one; marks at the ends say how many are beyond, and how pressing they are.
    let (mut first, mut end, mut used) = (selected, selected + 1, width(selected));
    while first > 0 || end < tabs.len() {
        let marks = |first: usize, end: usize| {
            wrap::width(&beyond(&tabs[..first], theme, now).0) + wrap::width(&beyond(&tabs[end..], theme, now).0)
        };
        if end < tabs.len() && used + width(end) + marks(first, end + 1) + 2 <= room {
            used += width(end);
            end += 1;
        } else if first > 0 && used + width(first - 1) + marks(first - 1, end) + 2 <= room {
            first -= 1;
            used += width(first);
        } else {
            break;
        }
    }
    let mut x = area.x;
    let put = |x: &mut u16, text: &str, style: Style, buf: &mut Buffer| {
        let room = usize::from(area.right().saturating_sub(*x));
        let (end, _) = buf.set_stringn(*x, area.y, text, room, style);
        *x = end;
    };
    if first > 0 {
        let (words, style) = beyond(&tabs[..first], theme, now);
        put(&mut x, &format!("‹{words}"), style, buf);
    }
    let mut places = Vec::new();
    for (n, label) in labels.iter().enumerate().take(end).skip(first) {
        let from = x;
        for (text, style) in label {
            if x < area.right() {
                put(&mut x, text, *style, buf);
            }
        }
        places.push((n, Rect { x: from, width: x - from, height: 1, ..area }));
    }
    if end < tabs.len() && x < area.right() {
        let (words, style) = beyond(&tabs[end..], theme, now);
        put(&mut x, &format!("{words}›"), style, buf);
    }
    places
}

/// How many tabs these are and, when it presses, the least time one of them has: "2 ! 3m ".
fn beyond(tabs: &[Tab], theme: &Theme, now: Time) -> (String, Style) {
    if tabs.is_empty() {
        return (String::new(), theme.dim());
    }
    let mine = tabs.iter().map(|tab| &tab.view.assignment).filter(|mine| mine.state.is_in_hand());
    let worst = mine
        .filter_map(|mine| Some((mine.deadline?, clock::read(mine, now)?)))
        .max_by_key(|(deadline, clock)| (clock.pressure, std::cmp::Reverse(*deadline)));
    match worst.filter(|(_, clock)| clock.pressure > clock::Pressure::Half) {
        Some((_, clock)) => (format!(" {} {} ", tabs.len(), clock.label()), clock.pressure.style(theme)),
        None => (format!(" {} ", tabs.len()), theme.dim()),
    }
}

fn label(tab: &Tab, selected: bool, theme: &Theme, now: Time, room: usize, title: usize) -> Vec<(String, Style)> {
    let mine = &tab.view.assignment;
    let base = if selected { theme.accent().patch(theme.selection()) } else { theme.dim() };
    let mut parts = vec![(if selected { "▸".to_owned() } else { " ".to_owned() }, base)];
    if tab.is_unsaved() {
        parts.push(("●".to_owned(), theme.warn().patch(base.bg.map_or(Style::new(), |bg| Style::new().bg(bg)))));
    }
    let (state, state_style) = state(tab, theme);
    let clock = if mine.state.is_in_hand() { clock::read(mine, now) } else { None };
    let lacking = lacking(tab, now).map(|words| (words, theme.fail()));
    let tail: usize = lacking.as_ref().map_or(0, |(words, _)| words.chars().count())
        + state.chars().count()
        + clock.as_ref().map_or(0, |c| c.label().chars().count() + 1)
        + 4;
    let words = mine.job.title.as_str();
    let room = title.min(room.saturating_sub(tail));
    let short = if wrap::width(words) <= room {
        words.to_owned()
    } else if room > 1 {
        format!("{}…", checks_list::clip(words, room - 1).trim_end())
    } else {
        String::new()
    };
    parts.push((short, base));
    parts.push((format!(" {state}"), state_style));
    if let Some(clock) = clock {
        parts.push((format!(" {}", clock.label()), clock.pressure.style(theme)));
        parts.extend(lacking);
    }
    parts.push((" ".to_owned(), base));
    parts
}

/// " -12m" when the work still expected does not fit before the deadline, by the deadline of now and the engine's estimate.
fn lacking(tab: &Tab, now: Time) -> Option<String> {
    let mine = &tab.view.assignment;
    let left = (mine.deadline.filter(|_| mine.state.is_editable())? - now).num_seconds();
    let slack = left - tab.view.work_left;
    (left > 0 && slack < 0).then(|| format!(" -{}", clock::span(-slack)))
}

/// A glyph while it is worked on, the state's word after.
fn state(tab: &Tab, theme: &Theme) -> (&'static str, Style) {
    let state = tab.view.assignment.state;
    match state {
        AssignmentState::Rejected | AssignmentState::TimedOut | AssignmentState::Cancelled => (state.word(), theme.fail()),
        AssignmentState::Approved | AssignmentState::Paid => (state.word(), theme.ok()),
        AssignmentState::RevisionAsked => ("revise", theme.warn()),
        AssignmentState::Claimed | AssignmentState::InProgress => {
            if tab.is_checking() {
                ("…", theme.dim())
            } else if !passes(&tab.findings) {
                ("✗", theme.fail())
            } else if tab.findings.iter().any(|f| f.verdict == Verdict::Pass) {
                ("✓", theme.ok())
            } else {
                ("·", theme.dim())
            }
        }
        _ => (state.word(), theme.info()),
    }
}
