//! Rows of a list as cells, kept from frame to frame: a row is made only when something it shows has changed.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::text::is_plain;
use crate::domain::Time;

/// Rows kept when they come one by one, without a whole frame.
const KEPT: usize = 512;

/// A row as it was made.
#[derive(Debug)]
struct Made<K> {
    of: K,
    /// What it shows becomes untrue then.
    until: Time,
    cells: Vec<Cell>,
}

/// The rows of the last frame. `K` is everything that a row is made of but the time.
#[derive(Debug)]
pub struct RowCache<K> {
    before: Vec<Made<K>>,
    now: Vec<Made<K>>,
    /// Where the next row most likely is among those before.
    at: usize,
}

impl<K> Default for RowCache<K> {
    fn default() -> RowCache<K> {
        RowCache { before: Vec::new(), now: Vec::new(), at: 0 }
    }
}

impl<K> RowCache<K> {
    /// A new frame begins; rows that it does not ask for are let go.
    pub fn begin(&mut self) {
        std::mem::swap(&mut self.before, &mut self.now);
        self.now.clear();
        self.at = 0;
    }

    /// Draws a row into the one line `area`: as made before, if `same` says that it is made of the same things, else by `make`, which
    /// also tells until when it is true. Returns that time.
    pub fn draw(
        &mut self,
        buffer: &mut Buffer,
        area: Rect,
        now: Time,
        same: impl Fn(&K) -> bool,
        make: impl FnOnce() -> (K, Line<'static>, Time),
    ) -> Time {
        let area = area.intersection(buffer.area);
        let cells = usize::from(area.width);
        let all = self.before.len();
        // Lists are asked for in order; a scrolled one begins a little later.
        let good = |made: &Made<K>| now < made.until && made.cells.len() == cells && same(&made.of);
        let found = (self.at..all).chain(0..self.at.min(all)).find(|at| self.before.get(*at).is_some_and(good));
        let made = match found {
            Some(at) => {
                // What comes after moves on by one; so does nothing else, since rows are taken in order.
                self.at = at;
                self.before.remove(at)
            }
            None => Made::new(area.width, make()),
        };
        made.put(buffer, area);
        let until = made.until;
        self.now.push(made);
        until
    }

    /// A row to be drawn over the frame last drawn: as it was made for that frame or since, if `same` says so, else by `make`.
    pub fn line(
        &mut self,
        area: Rect,
        now: Time,
        same: impl Fn(&K) -> bool,
        make: impl FnOnce() -> (K, Line<'static>, Time),
    ) -> Buffer {
        let good = |made: &Made<K>| now < made.until && made.cells.len() == usize::from(area.width) && same(&made.of);
        // The latest are those that the cursor is near.
        if let Some(made) = self.now.iter().rev().find(|made| good(made)) {
            return Buffer { area, content: made.cells.clone() };
        }
        let made = Made::new(area.width, make());
        let content = made.cells.clone();
        if self.now.len() >= KEPT {
            self.now.drain(..KEPT / 2);
        }
        self.now.push(made);
        Buffer { area, content }
    }
}

impl<K> Made<K> {
    fn new(width: u16, (of, line, until): (K, Line<'static>, Time)) -> Made<K> {
        let mut row = Buffer::empty(Rect { x: 0, y: 0, width, height: 1 });
        let mut at = 0;
        for span in &line.spans {
            let left = width.saturating_sub(at);
            if left == 0 {
                break;
            }
            if is_plain(&span.content) {
                let style = line.style.patch(span.style);
                for (i, cell) in row.content.iter_mut().skip(usize::from(at)).take(span.content.len()).enumerate() {
                    cell.set_symbol(span.content.get(i..=i).unwrap_or(" ")).set_style(style);
                    at += 1;
                }
            } else {
                at = row.set_span(at, 0, span, left).0;
            }
        }
        Made { of, until, cells: row.content }
    }

    fn put(&self, buffer: &mut Buffer, area: Rect) {
        if area.height == 0 || area.width == 0 {
            return;
        }
        let from = buffer.index_of(area.x, area.y);
        if let Some(to) = buffer.content.get_mut(from..from + self.cells.len()) {
            to.clone_from_slice(&self.cells);
        }
    }
}
