//! Rows that moved up or down as they are: found by looking, so that no pane has to tell.

use ratatui::buffer::{Buffer, Cell};

use super::shown::{Shown, alike};

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
pub fn find(old: &Shown, new: &Buffer, changed: &[u16]) -> Option<Shift> {
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
            if up == 0 || tried.contains(&up) || !alike(old.row(from), probe) {
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

/// The shift of a whole region by so many rows up (less than zero: down), unless nothing of it would stay.
pub fn whole(region: ratatui::layout::Rect, up: i32) -> Option<Shift> {
    let stays = up != 0 && up.unsigned_abs() < u32::from(region.height);
    stays.then(|| Shift { top: region.y, bottom: region.bottom() - 1, up })
}

/// How many rows a shift spares, less those that it would cost.
fn weigh(old: &Shown, new: &Buffer, changed: &[u16], up: i32) -> Option<(usize, Shift)> {
    let (&first, &last) = (changed.first()?, changed.last()?);
    let fits =
        |y: u16| moved(y, up).filter(|from| (first..=last).contains(from)).is_some_and(|from| alike(old.row(from), row(new, y)));
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
