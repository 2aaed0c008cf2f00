//! Rows of a list as cells, kept from frame to frame: a row is made only when something it shows has changed.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::domain::Time;

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
            None => {
                let (of, line, until) = make();
                let mut row = Buffer::empty(Rect { x: 0, y: 0, width: area.width, height: 1 });
                row.set_line(0, 0, &line, area.width);
                Made { of, until, cells: row.content }
            }
        };
        if area.height > 0 && cells > 0 {
            let from = buffer.index_of(area.x, area.y);
            if let Some(to) = buffer.content.get_mut(from..from + cells) {
                to.clone_from_slice(&made.cells);
            }
        }
        let until = made.until;
        self.now.push(made);
        until
    }
}
