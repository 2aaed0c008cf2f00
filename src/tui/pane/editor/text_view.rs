//! What of the text is on the screen, and drawing it: wrapped rows, gutter, selection, what a search found, the cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use unicode_segmentation::UnicodeSegmentation;

use super::text_box::{Place, TextBox};
use super::wrap::{self, Row};
use crate::domain::check::{Finding, Verdict};
use crate::tui::theme::Theme;

/// The part of the text on the screen.
#[derive(Clone, Debug)]
pub struct View {
    /// Line at the top, and which of its rows.
    top: (usize, usize),
    /// Cells hidden at the left; only without wrap.
    left: usize,
    /// Cells across, the gutter not counted.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Long lines go on below.
    pub wrap: bool,
    /// The cursor must be in sight; off while the wheel looks elsewhere.
    pub follow: bool,
}

impl Default for View {
    fn default() -> Self {
        View { top: (0, 0), left: 0, width: 0, height: 0, wrap: true, follow: true }
    }
}

impl View {
    /// Cells that a row may fill; one is kept for a cursor at its end. `None` without wrap.
    pub fn limit(&self) -> Option<usize> {
        (self.wrap && self.width > 0).then(|| self.width.saturating_sub(1).max(1))
    }
}

/// Cells of the gutter: a mark and a blank.
const GUTTER: u16 = 2;
/// Under this width there is no gutter.
const GUTTER_FROM: u16 = 24;

impl TextBox {
    /// Draws into `area`; the cursor's cell when it is in sight. `findings` mark their lines in the gutter.
    pub fn draw(&mut self, buf: &mut Buffer, area: Rect, theme: &Theme, findings: &[Finding]) -> Option<Position> {
        if area.is_empty() {
            return None;
        }
        let gutter = gutter(area);
        let text = Rect { x: area.x + gutter, width: area.width - gutter, ..area };
        self.view.width = usize::from(text.width);
        self.view.height = usize::from(text.height);
        if self.view.follow {
            self.bring_into_sight();
        }
        self.clamp_top();
        let selection = self.selection();
        let cursor = self.cursor();
        let mut at = None;
        let (mut row, mut sub) = self.view.top;
        let mut rows = wrap::rows(self.line(row), self.view.limit());
        let mut marks = self.marks(self.line(row));
        let mut wrong = faults(findings, row);
        for y in text.y..text.bottom() {
            if sub == 0
                && gutter > 0
                && let Some(verdict) = worst(findings, row)
            {
                let (glyph, style) = super::checks_list::mark(verdict, theme);
                buf.set_stringn(area.x, y, glyph, 1, style);
            }
            let style_of = |byte: usize| {
                let here: Place = (row, byte);
                let mut style = theme.text();
                if let Some((_, _, verdict)) = wrong.iter().find(|(from, to, _)| (*from..*to).contains(&byte)) {
                    let (_, mark) = super::checks_list::mark(*verdict, theme);
                    style = style.patch(mark).add_modifier(Modifier::UNDERLINED);
                }
                if marks.iter().any(|(start, end)| (*start..*end).contains(&byte)) {
                    style = style.patch(theme.found());
                }
                if selection.is_some_and(|(from, to)| from <= here && here < to) {
                    style = style.patch(theme.marked());
                }
                style
            };
            self.draw_row(buf, Rect { y, height: 1, ..text }, self.line(row), &rows[sub], style_of);
            if cursor.0 == row && wrap::row_of(&rows, cursor.1) == sub {
                at = self.cell_of(text, y, self.line(row), &rows[sub], cursor.1);
            }
            sub += 1;
            if sub == rows.len() {
                row += 1;
                sub = 0;
                if row == self.lines().len() {
                    break;
                }
                rows = wrap::rows(self.line(row), self.view.limit());
                marks = self.marks(self.line(row));
                wrong = faults(findings, row);
            }
        }
        at
    }

    fn draw_row(&self, buf: &mut Buffer, area: Rect, line: &str, row: &Row, style_of: impl Fn(usize) -> Style) {
        let left = if self.view.wrap { 0 } else { self.view.left };
        let right = left + usize::from(area.width);
        let mut x = 0;
        for (at, grapheme) in line[row.clone()].grapheme_indices(true) {
            let wide = wrap::cells(grapheme);
            if x + wide > right {
                break;
            }
            if x >= left && wide > 0 {
                let cell = area.x + u16::try_from(x - left).unwrap_or(u16::MAX);
                buf.set_stringn(cell, area.y, grapheme, wide, style_of(row.start + at));
            }
            x += wide;
        }
    }

    fn cell_of(&self, area: Rect, y: u16, line: &str, row: &Row, byte: usize) -> Option<Position> {
        let left = if self.view.wrap { 0 } else { self.view.left };
        let x = wrap::width(&line[row.start..byte]).checked_sub(left)?;
        // Blanks that hang over the edge keep the cursor at it.
        let x = x.min(usize::from(area.width).saturating_sub(1));
        Some(Position { x: area.x + u16::try_from(x).ok()?, y })
    }

    fn bring_into_sight(&mut self) {
        let limit = self.view.limit();
        let (row, byte) = self.cursor();
        let mut rows = wrap::rows(self.line(row), limit);
        let mut sub = wrap::row_of(&rows, byte);
        let column = wrap::width(&self.line(row)[rows[sub].start..byte]);
        if self.view.top > (row, sub) {
            self.view.top = (row, sub);
        } else {
            // The lowest top that still shows the cursor.
            let mut at = row;
            for _ in 1..self.view.height {
                if sub > 0 {
                    sub -= 1;
                } else if at > 0 {
                    at -= 1;
                    rows = wrap::rows(self.line(at), limit);
                    sub = rows.len() - 1;
                } else {
                    break;
                }
            }
            self.view.top = self.view.top.max((at, sub));
        }
        if limit.is_none() {
            self.view.left = self.view.left.min(column).max((column + 2).saturating_sub(self.view.width));
        }
    }

    fn clamp_top(&mut self) {
        let (row, sub) = self.view.top;
        let row = row.min(self.lines().len() - 1);
        let rows = wrap::rows(self.line(row), self.view.limit()).len();
        self.view.top = (row, sub.min(rows - 1));
    }

    /// Looks `count` rows further down, or up, without moving the cursor.
    pub fn scroll(&mut self, count: isize) {
        self.view.follow = false;
        let (mut row, mut sub) = self.view.top;
        for _ in 0..count.unsigned_abs() {
            if count > 0 {
                let rows = wrap::rows(self.line(row), self.view.limit()).len();
                if sub + 1 < rows {
                    sub += 1;
                } else if row + 1 < self.lines().len() {
                    (row, sub) = (row + 1, 0);
                }
            } else if sub > 0 {
                sub -= 1;
            } else if row > 0 {
                row -= 1;
                sub = wrap::rows(self.line(row), self.view.limit()).len() - 1;
            }
        }
        self.view.top = (row, sub);
    }

    /// The place drawn at a cell of `area`; beyond the text, the nearest.
    pub fn place_at(&self, area: Rect, cell: Position) -> Place {
        let (mut row, mut sub) = self.view.top;
        let mut rows = wrap::rows(self.line(row), self.view.limit());
        for _ in area.y..cell.y {
            if sub + 1 < rows.len() {
                sub += 1;
            } else if row + 1 < self.lines().len() {
                row += 1;
                sub = 0;
                rows = wrap::rows(self.line(row), self.view.limit());
            } else {
                return (row, self.line(row).len());
            }
        }
        let left = if self.view.wrap { 0 } else { self.view.left };
        let x = usize::from(cell.x.saturating_sub(area.x + gutter(area))) + left;
        let sub = sub.min(rows.len() - 1);
        (row, wrap::byte_under(self.line(row), &rows[sub], x, sub + 1 == rows.len()))
    }
}

fn gutter(area: Rect) -> u16 {
    if area.width >= GUTTER_FROM { GUTTER } else { 0 }
}

/// What is worst about line `row`.
fn worst(findings: &[Finding], row: usize) -> Option<Verdict> {
    let here = |f: &&Finding| f.is_open() && f.places().any(|place| usize::try_from(place.line) == Ok(row));
    let bad: Vec<Verdict> = findings.iter().filter(here).map(|f| f.verdict).collect();
    [Verdict::Fail, Verdict::Warn].into_iter().find(|v| bad.contains(v))
}

/// The stretches of line `row` that findings are about, the worst first.
fn faults(findings: &[Finding], row: usize) -> Vec<(usize, usize, Verdict)> {
    let open = findings.iter().filter(|f| f.is_open());
    let mut spans: Vec<(usize, usize, Verdict)> = open
        .flat_map(|f| f.places().map(|place| (place, f.verdict)))
        .filter(|(place, _)| usize::try_from(place.line) == Ok(row))
        .filter_map(|(place, verdict)| {
            let (from, to) = place.columns?;
            Some((usize::try_from(from).ok()?, usize::try_from(to).ok()?, verdict))
        })
        .collect();
    spans.sort_by_key(|(from, to, verdict)| (*verdict != Verdict::Fail, to.saturating_sub(*from)));
    spans
}
