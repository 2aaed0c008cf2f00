//! What the terminal's pen is believed to be: place and style; and the shortest bytes from there to another place and style.

use std::io::Write;

use ratatui::style::{Color, Modifier};

/// Colours and attributes of what is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Foreground.
    pub fg: Color,
    /// Background.
    pub bg: Color,
    /// Attributes.
    pub modifier: Modifier,
}

impl Look {
    /// The attributes that show on a blank.
    const ON_BLANK: Modifier = Modifier::UNDERLINED.union(Modifier::REVERSED).union(Modifier::CROSSED_OUT);

    /// As it shows on a blank cell: there a foreground is nothing, unless it is turned into the background or a line.
    pub fn on_blank(self) -> Look {
        let modifier = self.modifier & Look::ON_BLANK;
        let fg = if modifier.is_empty() { Color::Reset } else { self.fg };
        Look { fg, bg: self.bg, modifier }
    }

    /// A blank of this look is what erasing leaves behind.
    pub fn is_bare(self) -> bool {
        self.on_blank() == Look::default()
    }
}

/// Where the pen is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// Nobody knows.
    Lost,
    /// Column and row.
    Cell(u16, u16),
    /// Behind the last column of a row, where terminals differ in what a step means.
    Edge(u16),
}

/// The pen.
#[derive(Clone, Debug)]
pub struct Pen {
    at: At,
    look: Option<Look>,
}

impl Default for Pen {
    fn default() -> Pen {
        Pen { at: At::Lost, look: None }
    }
}

/// Bytes of a number in decimal.
fn digits(n: u16) -> usize {
    match n {
        0..10 => 1,
        10..100 => 2,
        100..1_000 => 3,
        1_000..10_000 => 4,
        _ => 5,
    }
}

/// Bytes of `ESC [ n x`, where a one goes without saying.
fn sequence(n: u16) -> usize {
    if n == 1 { 3 } else { 3 + digits(n) }
}

fn say(out: &mut Vec<u8>, n: u16, end: char) {
    // Writing to a vector does not fail.
    let _ = if n == 1 { write!(out, "\x1b[{end}") } else { write!(out, "\x1b[{n}{end}") };
}

#[derive(Clone, Copy)]
enum Along {
    Stay,
    Return,
    ReturnForward(u16),
    Forward(u16),
    Backspace(u16),
    Back(u16),
    Column(u16),
}

impl Along {
    fn cost(self) -> usize {
        match self {
            Along::Stay => 0,
            Along::Return => 1,
            Along::ReturnForward(n) => 1 + sequence(n),
            Along::Backspace(n) => usize::from(n),
            Along::Forward(n) | Along::Back(n) => sequence(n),
            Along::Column(x) => sequence(x + 1),
        }
    }

    /// The cheapest way along a row.
    fn best(from: u16, to: u16) -> Along {
        let ways = match (from, to) {
            (from, to) if from == to => return Along::Stay,
            (_, 0) => return Along::Return,
            (from, to) if from < to => [Along::Forward(to - from), Along::Column(to), Along::ReturnForward(to)],
            (from, to) if from - to < 4 => [Along::Backspace(from - to), Along::ReturnForward(to), Along::Column(to)],
            (from, to) => [Along::Back(from - to), Along::ReturnForward(to), Along::Column(to)],
        };
        ways.into_iter().min_by_key(|way| way.cost()).unwrap_or(Along::Column(to))
    }

    fn write(self, out: &mut Vec<u8>) {
        match self {
            Along::Stay => {}
            Along::Return => out.push(b'\r'),
            Along::ReturnForward(n) => {
                out.push(b'\r');
                say(out, n, 'C');
            }
            Along::Forward(n) => say(out, n, 'C'),
            Along::Backspace(n) => out.extend(std::iter::repeat_n(8, usize::from(n))),
            Along::Back(n) => say(out, n, 'D'),
            Along::Column(x) => say(out, x + 1, 'G'),
        }
    }
}

impl Pen {
    /// The place is not known any more.
    pub fn lose_place(&mut self) {
        self.at = At::Lost;
    }

    /// The pen is at the upper left.
    pub fn is_home(&mut self) {
        self.at = At::Cell(0, 0);
    }

    /// `cells` were written in a row of `width`.
    pub fn wrote(&mut self, cells: u16, width: u16) {
        if let At::Cell(x, y) = self.at {
            let x = x.saturating_add(cells);
            self.at = if x >= width { At::Edge(y) } else { At::Cell(x, y) };
        }
    }

    /// Bytes that [`Pen::go`] would write.
    pub fn distance(&self, x: u16, y: u16) -> usize {
        let jump = jump_cost(x, y);
        match self.at {
            At::Cell(from_x, from_y) if from_y == y => Along::best(from_x, x).cost().min(jump),
            _ => jump,
        }
    }

    /// Goes to a cell.
    pub fn go(&mut self, x: u16, y: u16, out: &mut Vec<u8>) {
        let jump = jump_cost(x, y);
        // Rows down are line feeds: they keep the column, and the last row never scrolls, since no step goes beyond it.
        match self.at {
            At::Cell(from_x, from_y) if from_y <= y => {
                let (down, along) = (y - from_y, Along::best(from_x, x));
                if usize::from(down) + along.cost() <= jump {
                    out.extend(std::iter::repeat_n(b'\n', usize::from(down)));
                    along.write(out);
                } else {
                    jump_to(x, y, out);
                }
            }
            At::Cell(from_x, from_y) => {
                let (up, along) = (from_y - y, Along::best(from_x, x));
                if sequence(up) + along.cost() < jump {
                    say(out, up, 'A');
                    along.write(out);
                } else {
                    jump_to(x, y, out);
                }
            }
            At::Edge(from_y) if from_y <= y => {
                let (down, along) = (y - from_y, Along::best(0, x));
                if 1 + usize::from(down) + along.cost() <= jump {
                    out.push(b'\r');
                    out.extend(std::iter::repeat_n(b'\n', usize::from(down)));
                    along.write(out);
                } else {
                    jump_to(x, y, out);
                }
            }
            At::Lost | At::Edge(_) => jump_to(x, y, out),
        }
        self.at = At::Cell(x, y);
    }

    /// What is written next looks like this.
    pub fn take(&mut self, look: Look, out: &mut Vec<u8>) {
        if self.look == Some(look) {
            return;
        }
        let fresh = fresh(look);
        let step = self.look.map(|from| step(from, look));
        match step.filter(|step| step.len <= fresh.len) {
            Some(step) => step.write(out),
            None => fresh.write(out),
        }
        self.look = Some(look);
    }

    /// A blank that looks like this is written next.
    pub fn take_for_blank(&mut self, look: Look, out: &mut Vec<u8>) {
        if self.look.is_none_or(|now| now.on_blank() != look.on_blank()) {
            self.take(look.on_blank(), out);
        }
    }

    /// Bytes that [`Pen::take`] would write at most for one cell; 0 where nothing changes.
    pub fn is_dressed(&self, look: Look, blank: bool) -> bool {
        self.look.is_some_and(|now| now == look || blank && now.on_blank() == look.on_blank())
    }

    /// What erases and scrolls now leaves blanks of the terminal's own ground.
    pub fn bare_ground(&mut self, out: &mut Vec<u8>) {
        if self.look.is_none_or(|look| look.bg != Color::Reset || look.modifier.intersects(Look::ON_BLANK)) {
            self.take(Look::default(), out);
        }
    }
}

fn jump_cost(x: u16, y: u16) -> usize {
    match (x, y) {
        (0, 0) => 3,
        (0, y) => 3 + digits(y + 1),
        (x, 0) => 4 + digits(x + 1),
        (x, y) => 4 + digits(x + 1) + digits(y + 1),
    }
}

fn jump_to(x: u16, y: u16, out: &mut Vec<u8>) {
    let _ = match (x, y) {
        (0, 0) => write!(out, "\x1b[H"),
        (0, y) => write!(out, "\x1b[{}H", y + 1),
        (x, 0) => write!(out, "\x1b[;{}H", x + 1),
        (x, y) => write!(out, "\x1b[{};{}H", y + 1, x + 1),
    };
}

/// Parameters of one SGR sequence.
struct Sgr {
    codes: [u16; 24],
    used: usize,
    /// Bytes of the whole sequence.
    len: usize,
}

impl Sgr {
    fn new() -> Sgr {
        Sgr { codes: [0; 24], used: 0, len: 3 }
    }

    fn add(&mut self, code: u16) {
        if let Some(place) = self.codes.get_mut(self.used) {
            // A zero is nothing between separators.
            self.len += if code == 0 { 0 } else { digits(code) } + usize::from(self.used > 0);
            *place = code;
            self.used += 1;
        }
    }

    fn colour(&mut self, colour: Color, base: u16) {
        let basic = |n: u16| if n < 8 { base + n } else { base + 60 + n - 8 };
        match colour {
            Color::Reset => self.add(base + 9),
            Color::Black => self.add(basic(0)),
            Color::Red => self.add(basic(1)),
            Color::Green => self.add(basic(2)),
            Color::Yellow => self.add(basic(3)),
            Color::Blue => self.add(basic(4)),
            Color::Magenta => self.add(basic(5)),
            Color::Cyan => self.add(basic(6)),
            Color::Gray => self.add(basic(7)),
            Color::DarkGray => self.add(basic(8)),
            Color::LightRed => self.add(basic(9)),
            Color::LightGreen => self.add(basic(10)),
            Color::LightYellow => self.add(basic(11)),
            Color::LightBlue => self.add(basic(12)),
            Color::LightMagenta => self.add(basic(13)),
            Color::LightCyan => self.add(basic(14)),
            Color::White => self.add(basic(15)),
            Color::Indexed(n) if n < 16 => self.add(basic(u16::from(n))),
            Color::Indexed(n) => [base + 8, 5, u16::from(n)].into_iter().for_each(|code| self.add(code)),
            Color::Rgb(r, g, b) => {
                [base + 8, 2, u16::from(r), u16::from(g), u16::from(b)].into_iter().for_each(|code| self.add(code));
            }
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        if self.used == 0 {
            return;
        }
        out.extend_from_slice(b"\x1b[");
        for (i, code) in self.codes.iter().take(self.used).enumerate() {
            if i > 0 {
                out.push(b';');
            }
            if *code > 0 {
                let _ = write!(out, "{code}");
            }
        }
        out.push(b'm');
    }
}

/// Attributes, the code that puts each on and the one that takes it off.
const ATTRIBUTES: [(Modifier, u16, u16); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// From nothing.
fn fresh(look: Look) -> Sgr {
    let mut sgr = Sgr::new();
    sgr.add(0);
    for (attribute, on, _) in ATTRIBUTES {
        if look.modifier.contains(attribute) {
            sgr.add(on);
        }
    }
    if look.fg != Color::Reset {
        sgr.colour(look.fg, 30);
    }
    if look.bg != Color::Reset {
        sgr.colour(look.bg, 40);
    }
    sgr
}

/// Only what changes.
fn step(from: Look, to: Look) -> Sgr {
    let mut sgr = Sgr::new();
    let mut has = from.modifier;
    let gone = from.modifier - to.modifier;
    for (attribute, _, off) in ATTRIBUTES {
        if gone.contains(attribute) && has.contains(attribute) {
            sgr.add(off);
            // Some are taken off in pairs.
            for (other, _, same) in ATTRIBUTES {
                if same == off {
                    has -= other;
                }
            }
        }
    }
    for (attribute, on, _) in ATTRIBUTES {
        if to.modifier.contains(attribute) && !has.contains(attribute) {
            sgr.add(on);
        }
    }
    if from.fg != to.fg {
        sgr.colour(to.fg, 30);
    }
    if from.bg != to.bg {
        sgr.colour(to.bg, 40);
    }
    sgr
}

#[cfg(test)]
mod tests {
    use super::*;

    fn went(from: (u16, u16), to: (u16, u16)) -> String {
        let mut pen = Pen { at: At::Cell(from.0, from.1), look: None };
        let mut out = Vec::new();
        pen.go(to.0, to.1, &mut out);
        String::from_utf8_lossy(&out).replace('\x1b', "^")
    }

    #[test]
    fn the_shortest_way_is_taken() {
        assert_eq!(went((5, 5), (5, 5)), "");
        assert_eq!(went((5, 5), (0, 6)), "\n\r");
        assert_eq!(went((5, 5), (5, 7)), "\n\n");
        assert_eq!(went((5, 5), (6, 5)), "^[C");
        assert_eq!(went((5, 5), (3, 5)), "\u{8}\u{8}");
        assert_eq!(went((5, 5), (40, 5)), "^[35C");
        assert_eq!(went((105, 5), (8, 5)), "^[9G");
        assert_eq!(went((5, 5), (5, 4)), "^[A");
        assert_eq!(went((50, 30), (0, 0)), "^[H");
        assert_eq!(went((50, 30), (0, 11)), "^[12H");
    }

    fn dressed(from: Look, to: Look) -> String {
        let mut pen = Pen { at: At::Lost, look: Some(from) };
        let mut out = Vec::new();
        pen.take(to, &mut out);
        String::from_utf8_lossy(&out).replace('\x1b', "^")
    }

    #[test]
    fn only_what_changes_is_said() {
        let plain = Look::default();
        let bold = Look { modifier: Modifier::BOLD, ..plain };
        let dim = Look { modifier: Modifier::DIM, ..plain };
        let gray = Look { fg: Color::Indexed(246), ..plain };
        assert_eq!(dressed(plain, bold), "^[1m");
        assert_eq!(dressed(bold, plain), "^[m");
        assert_eq!(dressed(bold, dim), "^[;2m");
        assert_eq!(dressed(gray, plain), "^[m");
        assert_eq!(dressed(plain, gray), "^[38;5;246m");
        assert_eq!(dressed(gray, Look { fg: Color::Red, ..plain }), "^[31m");
        assert_eq!(dressed(gray, Look { modifier: Modifier::BOLD, ..gray }), "^[1m");
        assert_eq!(dressed(plain, Look { fg: Color::Indexed(9), ..plain }), "^[91m");
    }
}
