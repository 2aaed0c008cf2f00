//! Keys as terminals send them, cut anywhere.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use juggler::tui::terminal::parser::{Heard, Parser};
use proptest::prelude::*;

fn heard<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Vec<Heard> {
    let mut parser = Parser::default();
    let mut all = Vec::new();
    for part in parts {
        parser.feed(part);
        all.extend(std::iter::from_fn(|| parser.pop()));
    }
    parser.expire();
    all.extend(std::iter::from_fn(|| parser.pop()));
    all
}

fn press(code: KeyCode, modifiers: KeyModifiers) -> Heard {
    Heard::Event(Event::Key(KeyEvent::new(code, modifiers)))
}

#[test]
fn every_key_in_every_dialect() {
    use KeyCode as K;
    const N: KeyModifiers = KeyModifiers::NONE;
    const S: KeyModifiers = KeyModifiers::SHIFT;
    const C: KeyModifiers = KeyModifiers::CONTROL;
    const A: KeyModifiers = KeyModifiers::ALT;
    let table: &[(&[u8], KeyCode, KeyModifiers)] = &[
        (b"j", K::Char('j'), N),
        (b"G", K::Char('G'), S),
        (b"\r", K::Enter, N),
        (b"\n", K::Char('j'), C),
        (b"\t", K::Tab, N),
        (b"\x7f", K::Backspace, N),
        (b"\x08", K::Char('h'), C),
        (b"\0", K::Char(' '), C),
        (b"\x13", K::Char('s'), C),
        (b"\x1c", K::Char('4'), C),
        (b"\x1f", K::Char('7'), C),
        (b"\x1b[A", K::Up, N),
        (b"\x1bOB", K::Down, N),
        (b"\x1b[1;5C", K::Right, C),
        (b"\x1b[1;2D", K::Left, S),
        (b"\x1bO5D", K::Left, C),
        (b"\x1bO1;5D", K::Left, C),
        (b"\x1b[a", K::Up, S),
        (b"\x1bOa", K::Up, C),
        (b"\x1b[H", K::Home, N),
        (b"\x1b[1~", K::Home, N),
        (b"\x1b[7~", K::Home, N),
        (b"\x1b[F", K::End, N),
        (b"\x1b[4~", K::End, N),
        (b"\x1b[8~", K::End, N),
        (b"\x1b[2~", K::Insert, N),
        (b"\x1b[3~", K::Delete, N),
        (b"\x1b[3;5~", K::Delete, C),
        (b"\x1b[3^", K::Delete, C),
        (b"\x1b[3$", K::Delete, S),
        (b"\x1b[3@", K::Delete, C.union(S)),
        (b"\x1b[5~", K::PageUp, N),
        (b"\x1b[6;3~", K::PageDown, A),
        (b"\x1b[Z", K::BackTab, S),
        (b"\x1bOP", K::F(1), N),
        (b"\x1b[11~", K::F(1), N),
        (b"\x1b[[A", K::F(1), N),
        (b"\x1b[[E", K::F(5), N),
        (b"\x1b[15~", K::F(5), N),
        (b"\x1b[17~", K::F(6), N),
        (b"\x1b[21~", K::F(10), N),
        (b"\x1b[23~", K::F(11), N),
        (b"\x1b[24;2~", K::F(12), S),
        (b"\x1b[25~", K::F(13), N),
        (b"\x1b[34~", K::F(20), N),
        (b"\x1b[1;2P", K::F(1), S),
        (b"\x1b[1;5R", K::F(3), C),
        (b"\x1bx", K::Char('x'), A),
        (b"\x1bX", K::Char('X'), A.union(S)),
        (b"\x1b\x7f", K::Backspace, A),
        (b"\x1b\x01", K::Char('a'), A.union(C)),
        (b"\x1b[27;5;105~", K::Char('i'), C),
        (b"\x1b[27;2;13~", K::Enter, S),
        (b"\x1b[27;2;97~", K::Char('A'), S),
        (b"\x1b[105;5u", K::Char('i'), C),
        (b"\x1b[27u", K::Esc, N),
        (b"\x1b[13;2u", K::Enter, S),
        (b"\x1b[9;2u", K::BackTab, S),
        (b"\x1b[97:65;2u", K::Char('A'), S),
        (b"\x1b[97;1;97u", K::Char('a'), N),
        (b"\x1b[57376u", K::F(13), N),
        ("é".as_bytes(), K::Char('é'), N),
        ("É".as_bytes(), K::Char('É'), S),
        ("日".as_bytes(), K::Char('日'), N),
        ("🦀".as_bytes(), K::Char('🦀'), N),
        ("\x1bö".as_bytes(), K::Char('ö'), A),
    ];
    for (bytes, code, modifiers) in table {
        assert_eq!(heard([*bytes]), [press(*code, *modifiers)], "{}", bytes.escape_ascii());
        // The same between two others, whole and byte by byte.
        let among = [b"a", *bytes, b"b"].concat();
        let whole = heard([&among[..]]);
        let wanted = [press(K::Char('a'), N), press(*code, *modifiers), press(K::Char('b'), N)];
        assert_eq!(whole, wanted, "{}", bytes.escape_ascii());
        assert_eq!(heard(among.chunks(1)), whole);
    }
}

#[test]
fn kinds_of_presses_are_told_apart() {
    let kind = |bytes: &[u8]| match heard([bytes]).first() {
        Some(Heard::Event(Event::Key(key))) => Some(key.kind),
        _ => None,
    };
    assert_eq!(kind(b"\x1b[97;1:1u"), Some(KeyEventKind::Press));
    assert_eq!(kind(b"\x1b[97;1:2u"), Some(KeyEventKind::Repeat));
    assert_eq!(kind(b"\x1b[1;1:3A"), Some(KeyEventKind::Release));
    assert_eq!(kind(b"\x1b[57441;1u"), None, "shift alone is no key here");
}

#[test]
fn the_mouse_in_three_forms() {
    let at = |kind, column, row, modifiers| Heard::Event(Event::Mouse(MouseEvent { kind, column, row, modifiers }));
    const N: KeyModifiers = KeyModifiers::NONE;
    let down = MouseEventKind::Down(MouseButton::Left);
    assert_eq!(heard([&b"\x1b[<0;120;40M"[..]]), [at(down, 119, 39, N)]);
    assert_eq!(heard([&b"\x1b[<0;1;1m"[..]]), [at(MouseEventKind::Up(MouseButton::Left), 0, 0, N)]);
    assert_eq!(heard([&b"\x1b[<64;3;4M"[..]]), [at(MouseEventKind::ScrollUp, 2, 3, N)]);
    assert_eq!(
        heard([&b"\x1b[<52;3;4M"[..]]),
        [at(MouseEventKind::Drag(MouseButton::Left), 2, 3, KeyModifiers::SHIFT | KeyModifiers::CONTROL)]
    );
    assert_eq!(heard([&b"\x1b[M !!"[..]]), [at(down, 0, 0, N)]);
    assert_eq!(heard([&b"\x1b[32;5;6M"[..]]), [at(down, 4, 5, N)]);
    assert_eq!(heard([&b"\x1b[<0;99999999999;1M"[..]]), []);
}

/// What lines carry: keys, answers, pastes, text, and noise.
fn line() -> impl Strategy<Value = Vec<u8>> {
    let known: Vec<&'static [u8]> = vec![
        b"\x1b[0n",
        b"\x1b",
        b"\x1b[A",
        b"\x1b[1;5C",
        b"\x1b[200~",
        b"\x1b[201~",
        b"\x1b[200~a\x1b[0nb\x1b[201~",
        b"\x1b[<0;5;5M",
        b"\x1b[M",
        b"\x1b[[",
        b"\x1bO",
        b"\x1b]11;rgb:1/1/1\x1b\\",
        b"\x1bP1+r\x1b",
        b"\x1b[?2026;2$y",
        b"\x1b[97;5u",
        b"\x1b[27;5;105~",
        "日é🦀".as_bytes(),
        b"\xe6\x97",
        b"\xff",
    ];
    let part = prop_oneof![
        4 => proptest::sample::select(known).prop_map(<[u8]>::to_vec),
        2 => proptest::collection::vec(any::<u8>(), 0..6),
        1 => "[ -~]{0,8}".prop_map(String::into_bytes),
    ];
    proptest::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn it_makes_no_difference_where_the_line_cuts(bytes in line(), cuts in proptest::collection::vec(0usize..64, 0..16)) {
        let whole = heard([&bytes[..]]);
        prop_assert_eq!(&heard(bytes.chunks(1)), &whole);
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).chain([0, bytes.len()]).collect();
        cuts.sort_unstable();
        prop_assert_eq!(&heard(cuts.windows(2).map(|cut| &bytes[cut[0]..cut[1]])), &whole);
    }

    #[test]
    fn waiting_at_any_time_breaks_nothing(bytes in line(), pauses in proptest::collection::vec(0usize..64, 0..4)) {
        let mut parser = Parser::default();
        for (at, byte) in bytes.iter().enumerate() {
            parser.feed(&[*byte]);
            if pauses.contains(&at) && parser.waits().is_some() {
                parser.expire();
                prop_assert!(parser.waits().is_none());
            }
        }
    }

    /// Answers among keys are taken out, all of them, and the keys stay.
    #[test]
    fn answers_never_become_keys(words in proptest::collection::vec("[a-z]{1,5}", 1..6)) {
        let bytes = words.join("\x1b[0n").into_bytes();
        let got = heard(bytes.chunks(3));
        let answers = got.iter().filter(|heard| **heard == Heard::Well).count();
        prop_assert_eq!(answers, words.len() - 1);
        let typed: String = got.iter().filter_map(|heard| match heard {
            Heard::Event(Event::Key(KeyEvent { code: KeyCode::Char(c), .. })) => Some(*c),
            _ => None,
        }).collect();
        prop_assert_eq!(typed, words.concat());
    }
}
