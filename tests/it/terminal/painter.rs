//! Frames go out as bytes; an independent terminal must end up with the very screen that was meant.

use juggler::tui::terminal::Patch;
use juggler::tui::terminal::painter::{Painter, Scrolling};
use proptest::prelude::*;
use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};

/// What a cell must show: text, colours, attributes. Of a blank only what can be seen.
type Shown = (String, vt100::Color, vt100::Color, [bool; 5]);

fn colour(colour: Color) -> vt100::Color {
    match colour {
        Color::Reset => vt100::Color::Default,
        Color::Indexed(n) => vt100::Color::Idx(n),
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        Color::Red => vt100::Color::Idx(1),
        Color::LightBlue => vt100::Color::Idx(12),
        other => panic!("{other:?} is not used here"),
    }
}

fn visible((text, fg, bg, attributes): Shown) -> Shown {
    let text = if text.is_empty() { " ".to_owned() } else { text };
    if text != " " {
        return (text, fg, bg, attributes);
    }
    let [_, _, _, underlined, reversed] = attributes;
    let fg = if reversed || underlined { fg } else { vt100::Color::Default };
    (text, fg, bg, [false, false, false, underlined, reversed])
}

/// What is meant, by the rules that ratatui follows: what lies under a wide character is not shown.
fn meant(buffer: &Buffer) -> Vec<Option<Shown>> {
    let mut all = Vec::new();
    for y in 0..buffer.area.height {
        let mut covered = false;
        for x in 0..buffer.area.width {
            if std::mem::take(&mut covered) {
                all.push(None);
                continue;
            }
            let cell = &buffer[(x, y)];
            let free = x + 1 < buffer.area.width && buffer[(x + 1, y)].symbol() == " ";
            let symbol = match cell.symbol().cell_width() {
                1 => cell.symbol(),
                2 if free => {
                    covered = true;
                    cell.symbol()
                }
                _ => " ",
            };
            let has = |modifier| cell.modifier.contains(modifier);
            let attributes = [
                has(Modifier::BOLD),
                has(Modifier::DIM),
                has(Modifier::ITALIC),
                has(Modifier::UNDERLINED),
                has(Modifier::REVERSED),
            ];
            all.push(Some(visible((symbol.to_owned(), colour(cell.fg), colour(cell.bg), attributes))));
        }
    }
    all
}

fn seen(terminal: &vt100::Parser, area: Rect) -> Vec<Option<Shown>> {
    let mut all = Vec::new();
    for y in 0..area.height {
        for x in 0..area.width {
            let cell = terminal.screen().cell(y, x).expect("the cell is on the screen");
            if cell.is_wide_continuation() {
                all.push(None);
                continue;
            }
            let attributes = [cell.bold(), cell.dim(), cell.italic(), cell.underline(), cell.inverse()];
            all.push(Some(visible((cell.contents().to_owned(), cell.fgcolor(), cell.bgcolor(), attributes))));
        }
    }
    all
}

fn compare(terminal: &vt100::Parser, buffer: &Buffer, bytes: &[u8]) {
    let (meant, seen) = (meant(buffer), seen(terminal, buffer.area));
    for (at, (meant, seen)) in meant.iter().zip(&seen).enumerate() {
        let (x, y) = buffer.pos_of(at);
        assert_eq!(seen, meant, "at {x},{y} after {}", bytes.escape_ascii());
    }
}

#[derive(Clone, Debug)]
enum Change {
    /// Text somewhere.
    Write(u16, u16, String, Style),
    /// A rectangle in another style.
    Paint(Rect, Style),
    /// A rectangle emptied, as popups do.
    Clear(Rect),
    /// Rows from..to moved up by so many, or down.
    Scroll(u16, u16, i32),
    /// The whole list anew.
    Rows(u16),
    /// Another size.
    Resize(u16, u16),
}

fn style() -> impl Strategy<Value = Style> {
    let colours = vec![Color::Reset, Color::Red, Color::LightBlue, Color::Indexed(246), Color::Indexed(9), Color::Rgb(1, 2, 3)];
    let modifiers =
        vec![Modifier::empty(), Modifier::BOLD, Modifier::DIM, Modifier::ITALIC, Modifier::UNDERLINED, Modifier::REVERSED];
    let (fg, bg) = (proptest::sample::select(colours.clone()), proptest::sample::select(colours));
    (fg, bg, proptest::sample::select(modifiers)).prop_map(|(fg, bg, modifier)| {
        let ground = if modifier.is_empty() { bg } else { Color::Reset };
        Style::new().fg(fg).bg(ground).remove_modifier(Modifier::all() - modifier).add_modifier(modifier)
    })
}

fn rect() -> impl Strategy<Value = Rect> {
    (0u16..30, 0u16..12, 1u16..20, 1u16..6).prop_map(|(x, y, width, height)| Rect { x, y, width, height })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[ a-e]{1,24}",
        1 => "[日本語ab│ ]{1,10}",
        1 => " {1,30}",
        1 => "(e\u{301}|a|日|ö){1,6}",
    ]
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        6 => (0u16..30, 0u16..12, text(), style()).prop_map(|(x, y, text, style)| Change::Write(x, y, text, style)),
        2 => (rect(), style()).prop_map(|(rect, style)| Change::Paint(rect, style)),
        2 => rect().prop_map(Change::Clear),
        3 => (0u16..12, 0u16..12, -3i32..4).prop_map(|(a, b, by)| Change::Scroll(a.min(b), a.max(b), by)),
        2 => (0u16..500).prop_map(Change::Rows),
        1 => (3u16..34, 2u16..13).prop_map(|(width, height)| Change::Resize(width, height)),
    ]
}

fn apply(buffer: &mut Buffer, change: &Change) {
    let area = buffer.area;
    match change {
        Change::Write(x, y, text, style) => {
            if *x < area.width && *y < area.height {
                buffer.set_string(*x, *y, text, *style);
            }
        }
        Change::Paint(rect, style) => buffer.set_style(rect.intersection(area), *style),
        Change::Clear(rect) => {
            let rect = rect.intersection(area);
            rect.positions().for_each(|at| buffer[at].reset());
        }
        Change::Scroll(from, to, by) => {
            let before = buffer.clone();
            for y in *from..=(*to).min(area.height.saturating_sub(1)) {
                let source = i32::from(y) + by;
                let inside = (i32::from(*from)..=i32::from(*to)).contains(&source) && source < i32::from(area.height);
                for x in 0..area.width {
                    match u16::try_from(source).ok().filter(|_| inside) {
                        Some(source) => buffer[(x, y)] = before[(x, source)].clone(),
                        None => buffer[(x, y)].reset(),
                    }
                }
            }
        }
        Change::Rows(first) => {
            for y in 0..area.height {
                let text = format!("{:>4} row of the list {}", first + y, (first + y) * 7 % 13);
                (0..area.width).for_each(|x| buffer[(x, y)].reset());
                buffer.set_string(0, y, text, Style::new().fg(if y % 2 == 0 { Color::Reset } else { Color::Indexed(246) }));
            }
        }
        Change::Resize(width, height) => *buffer = Buffer::empty(Rect::new(0, 0, *width, *height)),
    }
}

fn run(frames: &[Vec<Change>], scrolling: Scrolling) {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 30, 12));
    let mut terminal = vt100::Parser::new(12, 30, 0);
    // Whatever was there before must not shine through.
    terminal.process(b"\x1b[41mleft over\x1b[5;5Hfrom others");
    let mut painter = Painter::new(scrolling);
    for frame in frames {
        for change in frame {
            apply(&mut buffer, change);
            if let Change::Resize(width, height) = change {
                terminal.screen_mut().set_size(*height, *width);
            }
        }
        let cursor = (frame.len() % 2 == 0).then_some(Position { x: buffer.area.width / 2, y: buffer.area.height / 2 });
        let bytes = painter.paint(&buffer, cursor).to_vec();
        terminal.process(&bytes);
        compare(&terminal, &buffer, &bytes);
        assert_eq!(terminal.screen().hide_cursor(), cursor.is_none());
        if let Some(at) = cursor {
            assert_eq!(terminal.screen().cursor_position(), (at.y, at.x));
        }
        assert!(painter.paint(&buffer, cursor).is_empty(), "nothing changed and something was written");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_terminal_shows_what_was_meant(frames in proptest::collection::vec(proptest::collection::vec(change(), 0..5), 1..12)) {
        run(&frames, Scrolling::Region);
    }

    #[test]
    fn so_does_an_old_one(frames in proptest::collection::vec(proptest::collection::vec(change(), 0..5), 1..12)) {
        run(&frames, Scrolling::Feeds);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_patch_leaves_what_a_whole_frame_would(
        frame in proptest::collection::vec(change(), 0..8).prop_filter("one size", |all| !all.iter().any(|c| matches!(c, Change::Resize(..)))),
        patches in proptest::collection::vec((0..10_u16, 1..8_u16, -6..7_i32, any::<bool>(), proptest::collection::vec((0..8_u16, text()), 0..4)), 1..6),
    ) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 30, 12));
        frame.iter().for_each(|change| apply(&mut buffer, change));
        let mut terminal = vt100::Parser::new(12, 30, 0);
        let mut painter = Painter::new(Scrolling::Region);
        terminal.process(painter.paint(&buffer, None));
        prop_assert!(painter.can_be_patched((30, 12)) && !painter.can_be_patched((30, 13)));
        for (top, height, up, whole, rows) in patches {
            let region = Rect::new(if whole { 0 } else { 4 }, top, if whole { 30 } else { 20 }, height.min(12 - top));
            // A part of a row cannot be moved, nor can more rows than there are.
            let up = if whole && up.unsigned_abs() < u32::from(region.height) { up } else { 0 };
            let line = |(y, text): &(u16, String)| {
                let mut line = Buffer::empty(Rect { y: region.y + y % region.height, height: 1, ..region });
                line.set_string(region.x, line.area.y, text, Style::new().fg(Color::Red));
                line
            };
            let patch = Patch { region, up, rows: rows.iter().map(line).collect() };
            crate::tui::apply(&patch, &mut buffer);
            let bytes = painter.patch(patch).to_vec();
            terminal.process(&bytes);
            compare(&terminal, &buffer, &bytes);
            prop_assert!(painter.paint(&buffer, None).is_empty(), "the painter knows what is shown");
        }
    }
}

fn list(first: u16, cursor: u16) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 40));
    buffer.set_string(0, 0, "a head that stays", Style::new());
    buffer.set_string(0, 39, "a foot that stays", Style::new());
    for y in 1..39 {
        let n = first + y;
        let here = if y == cursor { ">" } else { " " };
        buffer.set_string(
            0,
            y,
            format!("{here} {n:>5} ${:.2} what is to be done there, {}", f64::from(n) / 7.0, n * 31 % 101),
            Style::new(),
        );
    }
    buffer
}

#[test]
fn a_step_costs_little_and_nothing_costs_nothing() {
    let mut painter = Painter::new(Scrolling::Region);
    painter.paint(&list(0, 5), None);
    assert!(painter.paint(&list(0, 5), None).is_empty());
    let step = painter.paint(&list(0, 6), None).to_vec();
    assert!(step.len() <= 12, "{}", step.escape_ascii());
    let scrolled = painter.paint(&list(1, 6), None).to_vec();
    assert!(scrolled.starts_with(b"\x1b[2;39r\x1b[S\x1b[r"), "{}", scrolled.escape_ascii());
    assert!(scrolled.len() <= 75, "{}", scrolled.escape_ascii());
    let back = painter.paint(&list(0, 6), None).to_vec();
    assert!(back.starts_with(b"\x1b[2;39r\x1b[T\x1b[r") && back.len() <= 75, "{}", back.escape_ascii());
    let half = painter.paint(&list(18, 6), None).to_vec();
    assert!(
        half.starts_with(b"\x1b[2;39r\x1b[18S") || half.windows(5).any(|part| part == b"\x1b[18S"),
        "{}",
        half.escape_ascii()
    );
}

#[test]
fn a_large_frame_is_shown_as_a_whole() {
    let mut painter = Painter::new(Scrolling::Region);
    let first = painter.paint(&list(0, 5), None);
    assert!(first.starts_with(b"\x1b[?2026h") && first.ends_with(b"\x1b[?2026l"));
}
