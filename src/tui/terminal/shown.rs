//! What the terminal shows, row by row: rows that it moved are moved here without their cells being touched.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

use super::scroll::{Shift, row};

/// The rows on the screen.
#[derive(Debug)]
pub struct Shown {
    /// The whole screen.
    pub area: Rect,
    rows: Vec<Vec<Cell>>,
}

/// They look the same to the painter.
fn same(a: &Cell, b: &Cell) -> bool {
    if (a.fg, a.bg, a.modifier) != (b.fg, b.bg, b.modifier) {
        return false;
    }
    // Nearly every cell is a single byte: no call for those.
    match (a.symbol().as_bytes(), b.symbol().as_bytes()) {
        ([a], [b]) => a == b,
        (a, b) => a == b,
    }
}

/// Two rows look the same.
pub fn alike(a: &[Cell], b: &[Cell]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
}

impl Shown {
    /// An empty screen.
    pub fn empty(area: Rect) -> Shown {
        Shown { area, rows: vec![vec![Cell::default(); usize::from(area.width)]; usize::from(area.height)] }
    }

    /// The cells of a row; empty where there is no such row.
    pub fn row(&self, y: u16) -> &[Cell] {
        self.rows.get(usize::from(y)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The row looks as in `next`.
    pub fn is(&self, y: u16, next: &Buffer) -> bool {
        alike(self.row(y), row(next, y))
    }

    /// A row is shown anew.
    pub fn set(&mut self, y: u16, cells: &[Cell]) {
        if let Some(to) = self.rows.get_mut(usize::from(y)).filter(|to| to.len() == cells.len()) {
            to.clone_from_slice(cells);
        }
    }

    /// A row of the screen with this line over it, and where it is; `None` where the screen has no such row.
    pub fn with(&self, line: Buffer) -> Option<(u16, Vec<Cell>)> {
        let at = line.area;
        let row = self.rows.get(usize::from(at.y))?;
        if at.x == 0 && line.content.len() == row.len() {
            return Some((at.y, line.content));
        }
        let mut next = row.clone();
        let place = next.get_mut(usize::from(at.x)..usize::from(at.right()))?;
        place.clone_from_slice(line.content.get(..usize::from(at.width))?);
        Some((at.y, next))
    }

    /// A row is shown anew, and its cells are handed over.
    pub fn put(&mut self, y: u16, cells: Vec<Cell>) {
        if let Some(to) = self.rows.get_mut(usize::from(y)).filter(|to| to.len() == cells.len()) {
            *to = cells;
        }
    }

    /// Moves rows as the terminal does; those that come in are blank.
    pub fn shift(&mut self, shift: Shift) {
        let Some(region) = self.rows.get_mut(usize::from(shift.top)..=usize::from(shift.bottom)) else { return };
        let rows = usize::try_from(shift.up.unsigned_abs()).unwrap_or(0).min(region.len());
        let new = if shift.up > 0 {
            region.rotate_left(rows);
            let kept = region.len() - rows;
            &mut region[kept..]
        } else {
            region.rotate_right(rows);
            &mut region[..rows]
        };
        new.iter_mut().flatten().for_each(Cell::reset);
    }
}
