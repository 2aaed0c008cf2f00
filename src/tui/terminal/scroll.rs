//! Rows that moved up or down as they are: found by looking, so that no pane has to tell.

use ratatui::buffer::{Buffer, Cell};

/// Whole rows that moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    /// First row of the region.
    pub top: u16,
    /// Last row of the region.
    pub bottom: u16,
    /// So many rows up; less than zero: down.
    pub up: i32,
}

/// The cells of a row; empty where there is no such row.
pub fn row(buffer: &Buffer, y: u16) -> &[Cell] {
    let width = usize::from(buffer.area.width);
    let from = usize::from(y) * width;
    buffer.content.get(from..from + width).unwrap_or_default()
}

fn moved(y: u16, up: i32) -> Option<u16> {
    u16::try_from(i32::from(y) + up).ok()
}

/// The shift that spares the most rows, if one spares any. `changed` are the rows that differ, in order.
pub fn find(old: &Buffer, new: &Buffer, changed: &[u16]) -> Option<Shift> {
    let (&first, &last) = (changed.first()?, changed.last()?);
    if changed.len() < 3 {
        return None;
    }
    let mut best: Option<(usize, Shift)> = None;
    let mut tried: Vec<i32> = Vec::new();
    // Where three rows came from says where all came from.
    for quarter in 1..4 {
        let Some(&y) = changed.get(changed.len() * quarter / 4) else { continue };
        let probe = row(new, y);
        if probe.iter().all(|cell| cell.symbol() == " ") {
            continue;
        }
        for from in first..=last {
            let up = i32::from(from) - i32::from(y);
            if up == 0 || tried.contains(&up) || row(old, from) != probe {
                continue;
            }
            tried.push(up);
            if let Some(found) = weigh(old, new, changed, up)
                && best.is_none_or(|(spared, _)| spared < found.0)
            {
                best = Some(found);
            }
            if tried.len() > 8 {
                return best.map(|(_, shift)| shift);
            }
        }
    }
    best.map(|(_, shift)| shift)
}

/// How many rows a shift spares, less those that it would cost.
fn weigh(old: &Buffer, new: &Buffer, changed: &[u16], up: i32) -> Option<(usize, Shift)> {
    let (&first, &last) = (changed.first()?, changed.last()?);
    let fits =
        |y: u16| moved(y, up).filter(|from| (first..=last).contains(from)).is_some_and(|from| row(old, from) == row(new, y));
    let mut spared = 0;
    let (mut top, mut bottom) = (None, 0);
    for &y in changed {
        if fits(y) {
            top.get_or_insert(y);
            bottom = y;
            spared += 1;
        }
    }
    let (top, bottom) = (top?, bottom);
    let shift = if up > 0 { Shift { top, bottom: moved(bottom, up)?, up } } else { Shift { top: moved(top, up)?, bottom, up } };
    // Rows in between that were right where they were.
    let lost = (shift.top..=shift.bottom).filter(|y| changed.binary_search(y).is_err() && !fits(*y)).count();
    (spared > lost + 1).then(|| (spared - lost, shift))
}

/// Moves the rows of what is shown as the terminal does; those that come in are blank.
pub fn apply(shown: &mut Buffer, shift: Shift) {
    let width = usize::from(shown.area.width);
    let from = usize::from(shift.top) * width;
    let to = (usize::from(shift.bottom) + 1) * width;
    let Some(region) = shown.content.get_mut(from..to) else { return };
    let cells = (usize::try_from(shift.up.unsigned_abs()).unwrap_or(0) * width).min(region.len());
    if shift.up > 0 {
        region.rotate_left(cells);
        let kept = region.len() - cells;
        region[kept..].iter_mut().for_each(Cell::reset);
    } else {
        region.rotate_right(cells);
        region[..cells].iter_mut().for_each(Cell::reset);
    }
}
