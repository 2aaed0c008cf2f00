//! Where everything of the pane goes, from a wide screen down to one cell.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Alignment, Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Paragraph, Widget, Wrap};

use super::tab::Tab;
use super::{EditorPane, KeyHints, checks_list, file_list, standing, tab_bar, wrap};
use crate::domain::{AssignmentState, Time};
use crate::tui::theme::Theme;

/// Where things were drawn last, for the mouse.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    /// There was room for the brief beside the text.
    pub wide: bool,
    /// Each tab.
    pub tabs: Vec<(usize, Rect)>,
    /// The text.
    pub text: Rect,
    /// The brief.
    pub brief: Rect,
    /// The text of a source, where one is open.
    pub source: Rect,
    /// The list of checks.
    pub checks: Rect,
    /// The line of the text that each row of it is about.
    pub lines: Vec<Option<u32>>,
}

/// From this width on the brief stands beside the text.
const WIDE: u16 = 84;

impl EditorPane {
    /// Draws the pane and, when it has the focus, places the terminal's cursor.
    pub fn draw(&mut self, frame: &mut Frame, area: Rect, theme: &Theme, focused: bool, now: Time) {
        self.now = Some(now);
        let area = area.intersection(frame.area());
        self.hits = Hits::default();
        let cursor = self.paint(frame.buffer_mut(), area, theme, focused, now);
        if let Some(cursor) = cursor.filter(|at| focused && area.contains(*at)) {
            frame.set_cursor_position(cursor);
        }
    }

    fn paint(&mut self, buf: &mut Buffer, area: Rect, theme: &Theme, focused: bool, now: Time) -> Option<Position> {
        let mut inner = area;
        if area.width >= 20 && area.height >= 7 {
            let block = Block::bordered().border_style(theme.border(focused)).title(Span::styled(" Editor ", theme.title()));
            inner = block.inner(area);
            block.render(area, buf);
        }
        if inner.is_empty() {
            return None;
        }
        let Some(selected) = self.tabs.get(self.selected) else {
            empty(buf, inner, theme, &self.hints);
            return None;
        };
        self.hits.wide = inner.width >= WIDE && inner.height >= 6;
        let sentences = standing::sentences(selected, theme);
        let mut rows = inner;
        // The smallest screens show the text alone; each further row brings what matters next.
        if inner.height >= 3 {
            self.hits.tabs = tab_bar::draw(buf, take_top(&mut rows, 1), theme, &self.tabs, self.selected, self.over, now);
        }
        let foot = (inner.height >= 2).then(|| take_bottom(&mut rows, 1));
        if self.hits.wide && inner.height >= 8 {
            line_across(buf, take_top(&mut rows, 1), theme);
        }
        let room = usize::from(rows.height.saturating_sub(1)).min(2);
        // A reason to do it again is read before anything is done again: up to four rows of it.
        let room = if selected.view.assignment.state == AssignmentState::RevisionAsked && rows.height >= 12 { 4 } else { room };
        let parts = sentences.into_iter().flat_map(|(words, style)| {
            let parts = crate::tui::widget::text::wrap(&words, usize::from(inner.width).max(1));
            parts.into_iter().map(move |part| (part, style))
        });
        for (words, style) in parts.take(room).collect::<Vec<_>>() {
            one_line(buf, take_top(&mut rows, 1), vec![Span::styled(words, style)]);
        }
        let asking = self.prompt.is_some();
        let tab = self.tabs.get_mut(self.selected)?;
        let mut cursor = if self.hits.wide && self.beside {
            // A source is read line by line, and wants more room than a brief.
            let reads = tab.source.is_open();
            let across = if reads { (rows.width / 2).clamp(30, 100) } else { (rows.width * 2 / 5).clamp(30, 72) };
            let side = Rect { x: rows.right() - across, width: across, ..rows };
            rows.width -= across + 1;
            for y in rows.y..rows.bottom() {
                buf.set_stringn(rows.right(), y, "│", 1, theme.rule());
            }
            let mut side = Rect { x: side.x + 1, width: side.width - 1, ..side };
            let share = if reads { 4 } else { 2 };
            let wanted = checks_list::rows(&tab.findings, side.width).min(usize::from(side.height) / share);
            self.hits.checks = take_bottom(&mut side, wanted);
            self.hits.lines = checks_list::draw(buf, self.hits.checks, theme, &list_of(tab, &self.hints));
            if side.height > 2 {
                line_across(buf, take_bottom(&mut side, 1), theme);
            }
            self.hits.brief = side;
            if reads {
                self.hits.source = tab.source.draw(buf, side, theme, &self.hints);
            } else {
                tab.brief.draw(buf, side, theme, &tab.view.assignment, now, self.zone);
            }
            text(buf, rows, theme, tab, &self.hints, &mut self.hits)
        } else {
            let wanted = checks_list::rows(&tab.findings, rows.width);
            let covered = self.covers && !self.hits.wide;
            let checks = if rows.height >= 5 && !covered { wanted.min(usize::from(rows.height) / 3) } else { 0 };
            self.hits.checks = take_bottom(&mut rows, checks);
            self.hits.lines = checks_list::draw(buf, self.hits.checks, theme, &list_of(tab, &self.hints));
            if checks > 0 && rows.height > 3 {
                line_across(buf, take_bottom(&mut rows, 1), theme);
            }
            if covered {
                self.hits.brief = rows;
                if tab.source.is_open() {
                    self.hits.source = tab.source.draw(buf, rows, theme, &self.hints);
                } else {
                    tab.brief.draw(buf, rows, theme, &tab.view.assignment, now, self.zone);
                }
                None
            } else {
                text(buf, rows, theme, tab, &self.hints, &mut self.hits)
            }
        };
        if let Some(foot) = foot {
            if let Some(prompt) = &self.prompt {
                let found = tab.text.lines().iter().any(|line| !tab.text.marks(line).is_empty());
                cursor = prompt.draw(buf, foot, theme, found);
            } else {
                let left = state(tab, theme, self.zone);
                let hint = match (self.hits.wide, self.covers) {
                    (true, _) => String::new(),
                    (false, true) if self.hints.typing => "Esc text".to_owned(),
                    (false, true) => format!("{} text", self.hints.brief),
                    (false, false) => format!("{} brief", self.hints.brief),
                };
                foot_line(buf, foot, theme, left, tab, &hint);
            }
        } else if asking {
            cursor = None;
        }
        cursor
    }
}

fn text(buf: &mut Buffer, area: Rect, theme: &Theme, tab: &mut Tab, hints: &KeyHints, hits: &mut Hits) -> Option<Position> {
    let mut area = area;
    let files = file_list::rows(&tab.view.assignment.job.deliverable, tab.files()).min(usize::from(area.height) * 2 / 3);
    if files > 0 {
        let hint = format!("Add one with {}.", hints.add_file);
        file_list::draw(buf, take_top(&mut area, files), theme, tab.files(), &hint);
    }
    hits.text = area;
    if tab.is_editable() {
        let cursor = tab.text.draw(buf, area, theme, &tab.findings);
        if tab.text.bytes() == 0 && area.width > 24 {
            let hint = match (hints.write.as_str(), hints.lay_out.as_str()) {
                ("", _) => "Nothing written yet.".to_owned(),
                (write, "") => format!("Nothing written yet: {write} starts."),
                (write, lay) => format!("Nothing written yet: {write} starts, {lay} lays it out."),
            };
            buf.set_stringn(area.x + 3, area.y, hint, usize::from(area.width) - 3, theme.dim());
        }
        return cursor;
    }
    tab.text.draw(buf, area, theme, &[]);
    None
}

/// "● not saved yet", "saved 12:03:04", or that it is read only.
fn state(tab: &Tab, theme: &Theme, zone: chrono::FixedOffset) -> (String, Style) {
    match tab.saved_at {
        _ if tab.is_unsaved() => ("● not saved yet".to_owned(), theme.warn()),
        _ if !tab.is_editable() => (format!("read only ({})", tab.view.assignment.state.word()), theme.dim()),
        Some(at) => (format!("saved {}", at.with_timezone(&zone).format("%H:%M:%S")), theme.ok()),
        None => ("nothing written yet".to_owned(), theme.dim()),
    }
}

fn foot_line(buf: &mut Buffer, area: Rect, theme: &Theme, left: (String, Style), tab: &Tab, hint: &str) {
    let (row, byte) = tab.text.cursor();
    let column = {
        use unicode_segmentation::UnicodeSegmentation;
        tab.text.lines().get(row).and_then(|line| line.get(..byte)).map_or(0, |text| text.graphemes(true).count())
    };
    let place = format!("L{} C{}", row + 1, column + 1);
    let room = usize::from(area.width);
    let wide = wrap::width(hint);
    let kept = if hint.is_empty() { 0 } else { wide + 2 };
    let counts = tab.counts.words(&tab.shares.short(), room.saturating_sub(wrap::width(&left.0) + kept + 3));
    let mut spans = vec![Span::styled(left.0, left.1), Span::styled(format!(" · {counts}"), theme.dim())];
    let used = |spans: &[Span<'_>]| spans.iter().map(|span| wrap::width(&span.content)).sum::<usize>();
    if used(&spans) + place.len() + kept + 3 <= room {
        spans.push(Span::styled(format!(" · {place}"), theme.dim()));
    }
    let used = used(&spans);
    if kept > 0 && used + kept <= room {
        spans.push(Span::raw(" ".repeat(room - used - wide)));
        spans.push(Span::styled(hint.to_owned(), theme.key()));
    }
    one_line(buf, area, spans);
}

fn list_of<'a>(tab: &'a Tab, hints: &'a KeyHints) -> checks_list::List<'a> {
    let (key, explain) = (hints.problem.as_str(), hints.explain.as_str());
    checks_list::List { findings: &tab.findings, checking: tab.is_checking(), key, explain }
}

fn empty(buf: &mut Buffer, area: Rect, theme: &Theme, hints: &KeyHints) {
    let words = Line::from(vec![
        Span::styled("Nothing in hand: claim a job in the feed with ", theme.text()),
        Span::styled(hints.claim.clone(), theme.key()),
        Span::styled(".", theme.text()),
    ]);
    let y = area.y + area.height / 3;
    let place = Rect { y, height: area.bottom() - y, ..area };
    Paragraph::new(words).alignment(Alignment::Center).wrap(Wrap { trim: true }).render(place, buf);
}

fn one_line(buf: &mut Buffer, area: Rect, spans: Vec<Span<'_>>) {
    if !area.is_empty() {
        Line::from(checks_list::cut(spans, usize::from(area.width))).render(area, buf);
    }
}

fn line_across(buf: &mut Buffer, area: Rect, theme: &Theme) {
    if !area.is_empty() {
        buf.set_stringn(area.x, area.y, "─".repeat(usize::from(area.width)), usize::from(area.width), theme.rule());
    }
}

fn take_top(area: &mut Rect, rows: usize) -> Rect {
    let rows = u16::try_from(rows).unwrap_or(u16::MAX).min(area.height);
    let top = Rect { height: rows, ..*area };
    area.y += rows;
    area.height -= rows;
    top
}

fn take_bottom(area: &mut Rect, rows: usize) -> Rect {
    let rows = u16::try_from(rows).unwrap_or(u16::MAX).min(area.height);
    area.height -= rows;
    Rect { y: area.bottom(), height: rows, ..*area }
}
