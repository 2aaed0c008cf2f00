//! The tables of the parser: which sequence is which key.

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyEventState, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

/// The key of a single character.
pub fn character(c: char) -> KeyEvent {
    let ctrl = |c: u8| KeyEvent::new(KeyCode::Char(char::from(c)), KeyModifiers::CONTROL);
    let plain = |code| KeyEvent::new(code, KeyModifiers::NONE);
    match c {
        '\r' => plain(KeyCode::Enter),
        '\t' => plain(KeyCode::Tab),
        '\x7f' => plain(KeyCode::Backspace),
        '\x1b' => plain(KeyCode::Esc),
        '\0' => ctrl(b' '),
        '\x01'..='\x1a' => ctrl(c as u8 - 1 + b'a'),
        '\x1c'..='\x1f' => ctrl(c as u8 - 0x1c + b'4'),
        c if c.is_uppercase() => KeyEvent::new(KeyCode::Char(c), KeyModifiers::SHIFT),
        c => plain(KeyCode::Char(c)),
    }
}

/// xterm's number for modifiers is one more than their bits.
fn modifiers(number: u32) -> KeyModifiers {
    let bits = number.saturating_sub(1);
    let all = [
        (1, KeyModifiers::SHIFT),
        (2, KeyModifiers::ALT),
        (4, KeyModifiers::CONTROL),
        (8, KeyModifiers::SUPER),
        (16, KeyModifiers::HYPER),
        (32, KeyModifiers::META),
    ];
    all.into_iter().filter(|(bit, _)| bits & bit != 0).fold(KeyModifiers::NONE, |sum, (_, modifier)| sum | modifier)
}

/// Numbers between semicolons, each with its own after colons; what is missing is `None`.
struct Numbers<'a> {
    text: &'a [u8],
}

impl Numbers<'_> {
    fn get(&self, at: usize, sub: usize) -> Option<u32> {
        let part = self.text.split(|byte| *byte == b';').nth(at)?.split(|byte| *byte == b':').nth(sub)?;
        std::str::from_utf8(part).ok()?.parse().ok()
    }

    fn count(&self) -> usize {
        self.text.split(|byte| *byte == b';').count()
    }

    /// The key with modifiers and kind from the second number.
    fn key(&self, code: KeyCode) -> KeyEvent {
        let kind = match self.get(1, 1) {
            Some(2) => KeyEventKind::Repeat,
            Some(3) => KeyEventKind::Release,
            _ => KeyEventKind::Press,
        };
        KeyEvent::new_with_kind(code, modifiers(self.get(1, 0).unwrap_or(1)), kind)
    }
}

/// A whole control sequence: what is between `ESC [` and its end. What is no input gives nothing.
pub fn control(parameters: &[u8], end: u8) -> Option<Event> {
    if let Some(rest) = parameters.strip_prefix(b"<") {
        return matches!(end, b'M' | b'm').then(|| mouse(rest, end == b'm')).flatten();
    }
    // Private sequences, and those with bytes between parameters and end, are answers to questions.
    if parameters.iter().any(|byte| !matches!(byte, b'0'..=b'9' | b';' | b':')) {
        return None;
    }
    let numbers = Numbers { text: parameters };
    let bare = parameters.is_empty();
    let shifted = |code| Some(Event::Key(KeyEvent::new(code, KeyModifiers::SHIFT)));
    let code = match end {
        b'A'..=b'F' | b'H' | b'P' | b'Q' | b'S' => lettered(end)?,
        // A cursor report looks the same; only row 1 with a column that is a modifier is taken for the key, and nobody asks.
        b'R' if bare || numbers.get(0, 0) == Some(1) && numbers.get(1, 0).is_some_and(|n| (2..=16).contains(&n)) => KeyCode::F(3),
        b'Z' => return shifted(KeyCode::BackTab),
        b'I' if bare => return Some(Event::FocusGained),
        b'O' if bare => return Some(Event::FocusLost),
        // rxvt's shifted arrows.
        b'a' if bare => return shifted(KeyCode::Up),
        b'b' if bare => return shifted(KeyCode::Down),
        b'c' if bare => return shifted(KeyCode::Right),
        b'd' if bare => return shifted(KeyCode::Left),
        b'M' => return rxvt_mouse(&numbers),
        b'u' => return kitty(&numbers).map(Event::Key),
        b'~' if numbers.get(0, 0) == Some(27) => return other_key(&numbers).map(Event::Key),
        b'~' => numbered(numbers.get(0, 0)?)?,
        b'^' => return Some(Event::Key(KeyEvent::new(numbered(numbers.get(0, 0)?)?, KeyModifiers::CONTROL))),
        b'$' => return shifted(numbered(numbers.get(0, 0)?)?),
        b'@' => {
            let both = KeyModifiers::CONTROL | KeyModifiers::SHIFT;
            return Some(Event::Key(KeyEvent::new(numbered(numbers.get(0, 0)?)?, both)));
        }
        _ => return None,
    };
    Some(Event::Key(numbers.key(code)))
}

/// Keys that end in the same letter with and without parameters.
fn lettered(end: u8) -> Option<KeyCode> {
    Some(match end {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'E' => KeyCode::KeypadBegin,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P'..=b'S' => KeyCode::F(end - b'P' + 1),
        _ => return None,
    })
}

/// `ESC [ n ~`.
fn numbered(n: u32) -> Option<KeyCode> {
    Some(match n {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(small(n - 10)),
        17..=21 => KeyCode::F(small(n - 11)),
        23..=26 => KeyCode::F(small(n - 12)),
        28..=29 => KeyCode::F(small(n - 13)),
        31..=34 => KeyCode::F(small(n - 14)),
        _ => return None,
    })
}

fn small(n: u32) -> u8 {
    u8::try_from(n).unwrap_or(0)
}

/// A key by the number of its character.
fn by_number(number: u32) -> Option<KeyCode> {
    Some(match number {
        9 => KeyCode::Tab,
        13 => KeyCode::Enter,
        27 => KeyCode::Esc,
        8 | 127 => KeyCode::Backspace,
        1..=26 => KeyCode::Char(char::from(small(number - 1) + b'a')),
        n => KeyCode::Char(char::from_u32(n).filter(|c| !c.is_control())?),
    })
}

/// xterm's modifyOtherKeys: `ESC [ 27 ; modifiers ; character ~`.
fn other_key(numbers: &Numbers<'_>) -> Option<KeyEvent> {
    let key = numbers.key(by_number(numbers.get(2, 0)?)?);
    Some(with_case(key))
}

/// Capitals come with shift and shift makes capitals, as they do from an ordinary line.
fn with_case(mut key: KeyEvent) -> KeyEvent {
    match key.code {
        KeyCode::Char(c) if key.modifiers.contains(KeyModifiers::SHIFT) => {
            let mut upper = c.to_uppercase();
            if let (Some(c), None) = (upper.next(), upper.next()) {
                key.code = KeyCode::Char(c);
            }
        }
        KeyCode::Char(c) if c.is_uppercase() => key.modifiers |= KeyModifiers::SHIFT,
        KeyCode::Tab if key.modifiers.contains(KeyModifiers::SHIFT) => key.code = KeyCode::BackTab,
        _ => {}
    }
    key
}

/// The kitty protocol: `ESC [ number:shifted:base ; modifiers:kind ; text u`.
fn kitty(numbers: &Numbers<'_>) -> Option<KeyEvent> {
    let number = numbers.get(0, 0)?;
    let (code, state) = match number {
        57_344 => (KeyCode::Esc, KeyEventState::NONE),
        57_358 => (KeyCode::CapsLock, KeyEventState::NONE),
        57_359 => (KeyCode::ScrollLock, KeyEventState::NONE),
        57_360 => (KeyCode::NumLock, KeyEventState::NONE),
        57_361 => (KeyCode::PrintScreen, KeyEventState::NONE),
        57_362 => (KeyCode::Pause, KeyEventState::NONE),
        57_363 => (KeyCode::Menu, KeyEventState::NONE),
        57_376..=57_398 => (KeyCode::F(small(number - 57_376 + 13)), KeyEventState::NONE),
        57_399..=57_408 => (KeyCode::Char(char::from(small(number - 57_399) + b'0')), KeyEventState::KEYPAD),
        57_409 => (KeyCode::Char('.'), KeyEventState::KEYPAD),
        57_410 => (KeyCode::Char('/'), KeyEventState::KEYPAD),
        57_411 => (KeyCode::Char('*'), KeyEventState::KEYPAD),
        57_412 => (KeyCode::Char('-'), KeyEventState::KEYPAD),
        57_413 => (KeyCode::Char('+'), KeyEventState::KEYPAD),
        57_414 => (KeyCode::Enter, KeyEventState::KEYPAD),
        57_415 => (KeyCode::Char('='), KeyEventState::KEYPAD),
        57_416 => (KeyCode::Char(','), KeyEventState::KEYPAD),
        57_417 => (KeyCode::Left, KeyEventState::KEYPAD),
        57_418 => (KeyCode::Right, KeyEventState::KEYPAD),
        57_419 => (KeyCode::Up, KeyEventState::KEYPAD),
        57_420 => (KeyCode::Down, KeyEventState::KEYPAD),
        57_421 => (KeyCode::PageUp, KeyEventState::KEYPAD),
        57_422 => (KeyCode::PageDown, KeyEventState::KEYPAD),
        57_423 => (KeyCode::Home, KeyEventState::KEYPAD),
        57_424 => (KeyCode::End, KeyEventState::KEYPAD),
        57_425 => (KeyCode::Insert, KeyEventState::KEYPAD),
        57_426 => (KeyCode::Delete, KeyEventState::KEYPAD),
        57_427 => (KeyCode::KeypadBegin, KeyEventState::KEYPAD),
        // Media keys and modifiers alone: nothing here listens to them.
        number if (57_344..=63_743).contains(&number) => return None,
        number => (by_number(number)?, KeyEventState::NONE),
    };
    let mut key = numbers.key(code);
    key.state = state;
    if let (true, Some(shifted)) = (key.modifiers.contains(KeyModifiers::SHIFT), numbers.get(0, 1))
        && let Some(c) = char::from_u32(shifted).filter(|c| !c.is_control())
    {
        key.code = KeyCode::Char(c);
    }
    Some(with_case(key))
}

/// After `ESC O`: arrows, the first function keys, the keypad in its application mode.
pub fn single(parameters: &[u8], end: u8) -> Option<KeyEvent> {
    let code = match end {
        b'A'..=b'F' | b'H' | b'P'..=b'S' => lettered(end)?,
        b'I' => KeyCode::Tab,
        b'M' => KeyCode::Enter,
        b'X' => KeyCode::Char('='),
        b' ' => KeyCode::Char(' '),
        b'j'..=b'y' => KeyCode::Char(char::from(end - b'j' + b'*')),
        // rxvt's arrows with control.
        b'a' => return Some(KeyEvent::new(KeyCode::Up, KeyModifiers::CONTROL)),
        b'b' => return Some(KeyEvent::new(KeyCode::Down, KeyModifiers::CONTROL)),
        b'c' => return Some(KeyEvent::new(KeyCode::Right, KeyModifiers::CONTROL)),
        b'd' => return Some(KeyEvent::new(KeyCode::Left, KeyModifiers::CONTROL)),
        _ => return None,
    };
    let numbers = Numbers { text: parameters };
    let number = numbers.get(numbers.count().saturating_sub(1), 0).unwrap_or(1);
    Some(KeyEvent::new(code, modifiers(number)))
}

/// Button, movement and modifiers in one number.
fn button(bits: u32) -> Option<(MouseEventKind, KeyModifiers)> {
    let button = bits & 0b11 | (bits & 0b1100_0000) >> 4;
    let kind = match (button, bits & 0b10_0000 != 0) {
        (0, false) => MouseEventKind::Down(MouseButton::Left),
        (1, false) => MouseEventKind::Down(MouseButton::Middle),
        (2, false) => MouseEventKind::Down(MouseButton::Right),
        (0, true) => MouseEventKind::Drag(MouseButton::Left),
        (1, true) => MouseEventKind::Drag(MouseButton::Middle),
        (2, true) => MouseEventKind::Drag(MouseButton::Right),
        (3, false) => MouseEventKind::Up(MouseButton::Left),
        (3..=5, true) => MouseEventKind::Moved,
        (4, false) => MouseEventKind::ScrollUp,
        (5, false) => MouseEventKind::ScrollDown,
        (6, false) => MouseEventKind::ScrollLeft,
        (7, false) => MouseEventKind::ScrollRight,
        _ => return None,
    };
    let all = [(4, KeyModifiers::SHIFT), (8, KeyModifiers::ALT), (16, KeyModifiers::CONTROL)];
    let held = all.into_iter().filter(|(bit, _)| bits & bit != 0).fold(KeyModifiers::NONE, |sum, (_, modifier)| sum | modifier);
    Some((kind, held))
}

fn place(n: u32) -> u16 {
    u16::try_from(n.saturating_sub(1)).unwrap_or(u16::MAX)
}

/// `ESC [ < bits ; column ; row M`, or `m` when a button was let go.
fn mouse(parameters: &[u8], released: bool) -> Option<Event> {
    let numbers = Numbers { text: parameters };
    let (kind, modifiers) = button(numbers.get(0, 0)?)?;
    let kind = match kind {
        MouseEventKind::Down(button) if released => MouseEventKind::Up(button),
        kind => kind,
    };
    Some(Event::Mouse(MouseEvent { kind, column: place(numbers.get(1, 0)?), row: place(numbers.get(2, 0)?), modifiers }))
}

/// `ESC [ bits ; column ; row M`.
fn rxvt_mouse(numbers: &Numbers<'_>) -> Option<Event> {
    let (kind, modifiers) = button(numbers.get(0, 0)?.checked_sub(32)?)?;
    Some(Event::Mouse(MouseEvent { kind, column: place(numbers.get(1, 0)?), row: place(numbers.get(2, 0)?), modifiers }))
}

/// `ESC [ M` and three bytes, each 32 more than it means.
pub fn old_mouse(bytes: &[u8]) -> Option<Event> {
    let &[bits, column, row] = bytes else { return None };
    let (kind, modifiers) = button(u32::from(bits).checked_sub(32)?)?;
    let place = |byte: u8| u16::from(byte).checked_sub(33);
    Some(Event::Mouse(MouseEvent { kind, column: place(column)?, row: place(row)?, modifiers }))
}
