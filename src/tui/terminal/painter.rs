//! From one screen to the next in few bytes.
//!
//! The painter keeps what the terminal shows and compares. Rows that moved as they are are moved by the terminal (a scroll region);
//! of what is left only cells that look different are written, with the shortest steps in between, the fewest changes of colour,
//! and erasing instead of writing blanks. Nothing is written when nothing changed.
//!
//! Wide characters are exact: one half of a wide character is never left alone. Characters made of several code points, about
//! whose width terminals disagree, lose the pen its place, and what is right of them is written anew.

use std::io::Write;

use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::{Position, Rect};

use super::patch::Patch;
use super::pen::{Look, Pen};
use super::scroll::{self, row};
use super::shown::Shown;

/// From this size a frame is shown as a whole where the terminal knows how (mode 2026); the marks cost 16 bytes.
const WHOLE: usize = 1_024;
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// How rows are moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scrolling {
    /// A region and SU or SD (ECMA-48): nearly everywhere.
    #[default]
    Region,
    /// A region and line feeds at its end: the Linux console and old terminals.
    Feeds,
}

impl Scrolling {
    /// For a value of `TERM`.
    pub fn of(term: &str) -> Scrolling {
        let old = ["linux", "vt1", "vt2", "cons25", "wsvt", "ansi"].iter().any(|name| term.starts_with(name));
        if old { Scrolling::Feeds } else { Scrolling::Region }
    }
}

/// What a cell shows.
#[derive(Clone, Copy)]
struct Seen<'a> {
    symbol: &'a str,
    look: Look,
    /// 0: the right half of the one before.
    width: u8,
}

const BLANK: &str = " ";

impl Seen<'_> {
    fn is_blank(self) -> bool {
        self.width == 1 && self.symbol == BLANK
    }

    fn is_bare(self) -> bool {
        self.is_blank() && self.look.is_bare()
    }

    fn is_same(self, other: Seen<'_>) -> bool {
        if self.width != other.width {
            return false;
        }
        if self.width == 0 {
            return true;
        }
        if self.symbol != other.symbol {
            return false;
        }
        if self.is_blank() { self.look.on_blank() == other.look.on_blank() } else { self.look == other.look }
    }

    /// Terminals may disagree about its width.
    fn is_doubtful(self) -> bool {
        self.symbol.len() > 1 && self.symbol.chars().nth(1).is_some()
    }
}

fn see<'a>(cells: &'a [Cell], into: &mut Vec<Seen<'a>>) {
    into.clear();
    let mut x = 0;
    while let Some(cell) = cells.get(x) {
        let look = Look { fg: cell.fg, bg: cell.bg, modifier: cell.modifier };
        let symbol = cell.symbol();
        let wide = if symbol.len() < 2 { 1 } else { symbol.cell_width() };
        let bad = symbol.len() < 2 && symbol.bytes().all(|byte| byte.is_ascii_control());
        let free = cells.get(x + 1).is_some_and(|next| next.symbol() == BLANK);
        match wide {
            _ if bad => into.push(Seen { symbol: BLANK, look, width: 1 }),
            1 => into.push(Seen { symbol, look, width: 1 }),
            2 if free => {
                into.push(Seen { symbol, look, width: 2 });
                into.push(Seen { symbol: "", look, width: 0 });
                x += 1;
            }
            // No width, or half of it lies under something else: a blank is what can be shown.
            _ => into.push(Seen { symbol: BLANK, look, width: 1 }),
        }
        x += 1;
    }
}

/// Marks what must be written, so that no half of a wide character is left.
fn mark(old: &[Seen<'_>], new: &[Seen<'_>], dirty: &mut Vec<bool>) -> Option<(usize, usize)> {
    dirty.clear();
    dirty.extend(old.iter().zip(new).map(|(old, new)| !old.is_same(*new)));
    let first = dirty.iter().position(|dirty| *dirty)?;
    if old.iter().chain(new).any(|seen| seen.width != 1) {
        loop {
            let mut grew = false;
            for x in 1..dirty.len() {
                let halves = old.get(x).is_some_and(|seen| seen.width == 0) || new.get(x).is_some_and(|seen| seen.width == 0);
                if halves && dirty[x - 1] != dirty[x] {
                    (dirty[x - 1], dirty[x]) = (true, true);
                    grew = true;
                }
            }
            if !grew {
                break;
            }
        }
    }
    let doubtful = |x: usize| [old, new].iter().any(|row| row.get(x).is_some_and(|seen| seen.is_doubtful()));
    if let Some(from) = (first.saturating_sub(1)..dirty.len()).find(|x| dirty[*x] && doubtful(*x)) {
        dirty[from..].fill(true);
    }
    let first = dirty.iter().position(|dirty| *dirty)?;
    let last = dirty.iter().rposition(|dirty| *dirty)?;
    Some((first, last))
}

/// The painter.
#[derive(Debug)]
pub struct Painter {
    /// What the terminal shows, if that is known.
    shown: Option<Shown>,
    /// Where the cursor is shown; `None` while it is not known whether it is.
    cursor: Option<Option<Position>>,
    pen: Pen,
    scrolling: Scrolling,
    frame: Vec<u8>,
    out: Vec<u8>,
    changed: Vec<u16>,
    /// Rows were moved by the terminal, or all of them written anew.
    moved: bool,
    dirty: Vec<bool>,
}

impl Painter {
    /// A painter for a terminal of which nothing is known.
    pub fn new(scrolling: Scrolling) -> Painter {
        Painter {
            shown: None,
            cursor: None,
            pen: Pen::default(),
            scrolling,
            frame: Vec::with_capacity(16 * 1024),
            out: Vec::with_capacity(16 * 1024),
            changed: Vec::new(),
            moved: false,
            dirty: Vec::new(),
        }
    }

    /// Nothing is known of the screen any more: the next frame is drawn whole.
    pub fn forget(&mut self) {
        self.shown = None;
        self.cursor = None;
        self.pen = Pen::default();
    }

    /// The bytes that make the terminal show `next`, with the cursor there or hidden. Empty when it does already.
    pub fn paint(&mut self, next: &Buffer, cursor: Option<Position>) -> &[u8] {
        self.out.clear();
        self.frame.clear();
        self.moved = false;
        let mut shown = match self.shown.take() {
            Some(shown) if shown.area == next.area => shown,
            _ => {
                self.moved = true;
                self.wiped(next.area)
            }
        };
        self.changed.clear();
        self.changed.extend((0..next.area.height).filter(|y| !shown.is(*y, next)));
        let mut changed = std::mem::take(&mut self.changed);
        if let Some(shift) = scroll::find(&shown, next, &changed) {
            self.moved = true;
            self.shift(shift);
            shown.shift(shift);
            changed.clear();
            changed.extend((0..next.area.height).filter(|y| !shown.is(*y, next)));
        }
        let (mut old, mut new) = (Vec::new(), Vec::new());
        for y in &changed {
            see(shown.row(*y), &mut old);
            see(row(next, *y), &mut new);
            self.row(*y, &old, &new);
        }
        drop((old, new));
        for y in &changed {
            shown.set(*y, row(next, *y));
        }
        self.changed = changed;
        self.shown = Some(shown);
        self.place(cursor);
        self.finish()
    }

    /// The frame painted last wrote into rows of this area, or moved them.
    pub fn touched(&self, area: Rect) -> bool {
        self.moved || self.changed.iter().any(|y| (area.y..area.bottom()).contains(y))
    }

    /// A whole frame of this size is shown, and no cursor in it.
    pub fn can_be_patched(&self, (width, height): (u16, u16)) -> bool {
        let fits = |shown: &Shown| (shown.area.width, shown.area.height) == (width, height);
        self.cursor == Some(None) && self.shown.as_ref().is_some_and(fits)
    }

    /// The bytes that make the terminal show `patch` over what it shows. Empty when it does already, or when nothing is known of it.
    pub fn patch(&mut self, patch: Patch) -> &[u8] {
        self.out.clear();
        self.frame.clear();
        let Some(mut shown) = self.shown.take() else { return &self.out };
        let region = patch.region.intersection(shown.area);
        // The terminal moves rows over its whole width only.
        if let Some(shift) = scroll::whole(region, patch.up).filter(|_| region.width == shown.area.width) {
            self.shift(shift);
            shown.shift(shift);
        }
        for line in patch.rows {
            let Some((y, next)) = shown.with(line) else { continue };
            let (mut old, mut new) = (Vec::with_capacity(next.len()), Vec::with_capacity(next.len()));
            see(shown.row(y), &mut old);
            see(&next, &mut new);
            self.row(y, &old, &new);
            drop((old, new));
            shown.put(y, next);
        }
        self.shown = Some(shown);
        self.finish()
    }

    /// A long frame is shown as a whole.
    fn finish(&mut self) -> &[u8] {
        if self.frame.len() > WHOLE {
            self.out.extend_from_slice(BEGIN);
            self.out.extend_from_slice(&self.frame);
            self.out.extend_from_slice(END);
        } else {
            std::mem::swap(&mut self.out, &mut self.frame);
        }
        &self.out
    }

    /// An empty screen, and the pen in a known state.
    fn wiped(&mut self, area: Rect) -> Shown {
        self.pen = Pen::default();
        self.pen.take(Look::default(), &mut self.frame);
        self.frame.extend_from_slice(b"\x1b[H\x1b[2J");
        self.pen.is_home();
        Shown::empty(area)
    }

    fn shift(&mut self, shift: scroll::Shift) {
        self.pen.bare_ground(&mut self.frame);
        let (top, bottom, rows) = (shift.top + 1, shift.bottom + 1, shift.up.unsigned_abs());
        let out = &mut self.frame;
        // Writing to a vector does not fail.
        let _ = write!(out, "\x1b[{top};{bottom}r");
        let _ = match (self.scrolling, shift.up > 0) {
            (Scrolling::Region, true) if rows == 1 => write!(out, "\x1b[S"),
            (Scrolling::Region, true) => write!(out, "\x1b[{rows}S"),
            (Scrolling::Region, false) if rows == 1 => write!(out, "\x1b[T"),
            (Scrolling::Region, false) => write!(out, "\x1b[{rows}T"),
            (Scrolling::Feeds, true) => {
                let went = write!(out, "\x1b[{bottom}H");
                out.extend((0..rows).map(|_| b'\n'));
                went
            }
            (Scrolling::Feeds, false) => {
                let went = write!(out, "\x1b[{top}H");
                (0..rows).for_each(|_| out.extend_from_slice(b"\x1bM"));
                went
            }
        };
        out.extend_from_slice(b"\x1b[r");
        // Setting the region puts the cursor home.
        self.pen.is_home();
    }

    fn row(&mut self, y: u16, old: &[Seen<'_>], new: &[Seen<'_>]) {
        let mut dirty = std::mem::take(&mut self.dirty);
        let Some((first, last)) = mark(old, new, &mut dirty) else {
            self.dirty = dirty;
            return;
        };
        let width = new.len();
        let cell = |x: usize| u16::try_from(x).unwrap_or(u16::MAX);
        // The pen is in this row, before this cell.
        let mut here: Option<usize> = None;
        let mut x = first;
        while x <= last {
            if !dirty[x] || new[x].width == 0 {
                x += 1;
                continue;
            }
            if new[x].is_bare() {
                let end = (x..width).find(|x| !new[*x].is_bare()).unwrap_or(width);
                let until = (x..end).rev().find(|x| dirty[*x]).map_or(x, |x| x) + 1;
                let cells = until - x;
                let tail = end == width && cells > 3;
                let gap = cells > if until > last { 5 } else { 10 };
                if tail || gap {
                    self.reach(y, &mut here, x, new);
                    self.pen.bare_ground(&mut self.frame);
                    let _ = if tail { write!(self.frame, "\x1b[K") } else { write!(self.frame, "\x1b[{cells}X") };
                    x = until;
                    continue;
                }
            }
            self.reach(y, &mut here, x, new);
            x += self.put(new[x], cell(width));
            here = (x < width && !new.get(x - 1).is_some_and(|seen| seen.is_doubtful())).then_some(x);
        }
        self.dirty = dirty;
    }

    /// Goes to a cell of a row: over cells that are right already, where writing them again is no longer than going.
    fn reach(&mut self, y: u16, here: &mut Option<usize>, x: usize, row: &[Seen<'_>]) {
        let target = u16::try_from(x).unwrap_or(u16::MAX);
        if let Some(from) = here.filter(|from| *from < x && x - *from <= 6) {
            let between = row.get(from..x).unwrap_or_default();
            let cost: usize = between.iter().map(|seen| seen.symbol.len()).sum();
            let plain = between
                .iter()
                .all(|seen| seen.width > 0 && !seen.is_doubtful() && self.pen.is_dressed(seen.look, seen.is_blank()));
            if plain && cost <= self.pen.distance(target, y) {
                let width = u16::try_from(row.len()).unwrap_or(u16::MAX);
                for seen in between {
                    self.put(*seen, width);
                }
            }
        }
        self.pen.go(target, y, &mut self.frame);
        *here = Some(x);
    }

    /// Writes a cell, and says how many it took.
    fn put(&mut self, seen: Seen<'_>, width: u16) -> usize {
        if seen.is_blank() {
            self.pen.take_for_blank(seen.look, &mut self.frame);
        } else {
            self.pen.take(seen.look, &mut self.frame);
        }
        self.frame.extend_from_slice(seen.symbol.as_bytes());
        self.pen.wrote(u16::from(seen.width), width);
        if seen.is_doubtful() {
            self.pen.lose_place();
        }
        usize::from(seen.width)
    }

    fn place(&mut self, cursor: Option<Position>) {
        if let Some(at) = cursor {
            if !self.frame.is_empty() || self.cursor != Some(Some(at)) {
                self.pen.go(at.x, at.y, &mut self.frame);
            }
            if !matches!(self.cursor, Some(Some(_))) {
                self.frame.extend_from_slice(b"\x1b[?25h");
            }
        } else if self.cursor != Some(None) {
            self.frame.extend_from_slice(b"\x1b[?25l");
        }
        self.cursor = Some(cursor);
    }
}
