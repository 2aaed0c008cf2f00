//! Bytes from the terminal, made into events: keys, pastes, the mouse, and answers to what the terminal was asked.
//!
//! A machine that takes one byte after the other, so that it makes no difference where the line cuts what it carries. Only a lone
//! Escape needs a clock, since it may be the beginning of something: [`Parser::waits`] says for how long to wait for more, and
//! [`Parser::expire`] that nothing came. Answers and whatever else is no input (device attributes, reports, strings) are taken out
//! here and reach nobody as keys. Nothing a terminal or a person at it can send makes it fail.
//!
//! Keys follow crossterm's conventions, since keymap and editor speak its words: capitals come with shift, `^H` is Ctrl-H, `ESC x`
//! is Alt-x. References: XTerm Control Sequences (ctlseqs), the kitty keyboard protocol, ECMA-48.

use std::collections::VecDeque;
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use super::keys;
use crate::tui::picture::Told;

/// What came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A person did something.
    Event(Event),
    /// The terminal answered that it is well (`ESC [ 0 n`).
    Well,
    /// It answered what was asked about pictures.
    Told(Told),
}

/// A lone Escape is one after this long.
pub const ESCAPE: Duration = Duration::from_millis(25);
/// What else began and does not go on is dropped after this long.
const BROKEN: Duration = Duration::from_millis(500);
/// The most of a paste that is kept.
const PASTE: usize = 8 << 20;
/// No control sequence is longer.
const LONGEST: usize = 64;
/// The answer of a terminal that is well.
const ANSWER: &str = "\x1b[0n";
/// Ends a paste.
const PASTED: &[u8] = b"\x1b[201~";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ground,
    /// Within a character of so many bytes.
    Character(usize),
    Escape,
    /// After `ESC [`.
    Control,
    /// After a control sequence that was too long: until its end.
    Overlong,
    /// After `ESC [ [`: function keys of the Linux console.
    Console,
    /// After `ESC [ M`: three bytes of an old mouse report.
    Mouse,
    /// After `ESC O`.
    Single,
    /// Within a string of the terminal's; `true` after an ESC that may end it.
    String(bool),
    Paste,
}

/// The machine.
#[derive(Debug)]
pub struct Parser {
    state: State,
    /// What belongs to the state: parameters, a character's bytes, the paste.
    held: Vec<u8>,
    /// ESC came before what is being read now.
    alt: bool,
    heard: VecDeque<Heard>,
}

impl Default for Parser {
    fn default() -> Parser {
        Parser { state: State::Ground, held: Vec::new(), alt: false, heard: VecDeque::new() }
    }
}

impl Parser {
    /// Takes bytes in.
    pub fn feed(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some((byte, after)) = rest.split_first() {
            if self.state == State::Paste {
                // Most of a paste is taken at once: up to the next byte that may end it.
                let end = rest.iter().position(|byte| *byte == b'~').map_or(rest.len(), |at| at + 1);
                let (part, after) = rest.split_at(end);
                self.paste(part);
                rest = after;
                continue;
            }
            self.byte(*byte);
            rest = after;
        }
    }

    /// The next thing that came.
    pub fn pop(&mut self) -> Option<Heard> {
        self.heard.pop_front()
    }

    /// For how long more is to be waited for, if something is unfinished. A paste is waited for as long as it takes.
    pub fn waits(&self) -> Option<Duration> {
        match self.state {
            State::Ground | State::Paste => None,
            State::Escape => Some(ESCAPE),
            State::Control | State::Single if self.held.is_empty() => Some(ESCAPE),
            State::String(false) if self.held.len() == 1 => Some(ESCAPE),
            _ => Some(BROKEN),
        }
    }

    /// Nothing more came: a lone Escape is the key, anything else unfinished is dropped.
    pub fn expire(&mut self) {
        let state = std::mem::replace(&mut self.state, State::Ground);
        let alone = self.held.is_empty();
        match state {
            State::Paste => {
                self.state = State::Paste;
                return;
            }
            State::Escape => self.key(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE)),
            // They were typed: Alt with the second character.
            State::Control if alone => self.alt_key('['),
            State::Single if alone => self.alt_key('O'),
            State::String(_) if self.held.len() == 1 => {
                if let Some(kind) = self.held.first().copied() {
                    self.alt_key(char::from(kind));
                }
            }
            _ => {}
        }
        self.held.clear();
        self.alt = false;
    }

    fn key(&mut self, key: KeyEvent) {
        self.heard.push_back(Heard::Event(Event::Key(key)));
    }

    fn alt_key(&mut self, c: char) {
        self.alt = true;
        self.character(c);
    }

    fn character(&mut self, c: char) {
        let mut key = keys::character(c);
        if std::mem::take(&mut self.alt) {
            key.modifiers |= KeyModifiers::ALT;
        }
        self.key(key);
    }

    fn ground(&mut self) {
        self.state = State::Ground;
        self.held.clear();
        self.alt = false;
    }

    fn byte(&mut self, byte: u8) {
        match self.state {
            State::Ground => self.plain(byte),
            State::Character(wanted) => self.within_character(byte, wanted),
            State::Escape => self.escaped(byte),
            State::Control => self.control(byte),
            State::Overlong => match byte {
                0x20..=0x3f => {}
                0x40..=0x7e => self.ground(),
                _ => self.again(byte),
            },
            State::Console => {
                self.ground();
                match byte {
                    b'A'..=b'E' => self.key(KeyEvent::new(KeyCode::F(byte - b'A' + 1), KeyModifiers::NONE)),
                    0x20..=0x7e => {}
                    _ => self.plain(byte),
                }
            }
            State::Mouse => {
                self.held.push(byte);
                if self.held.len() == 3 {
                    if let Some(event) = keys::old_mouse(&self.held) {
                        self.heard.push_back(Heard::Event(event));
                    }
                    self.ground();
                }
            }
            State::Single => self.single(byte),
            State::String(escaped) => self.string(byte, escaped),
            State::Paste => self.paste(&[byte]),
        }
    }

    /// What was begun is dropped, and the byte is looked at as if it were the first.
    fn again(&mut self, byte: u8) {
        self.ground();
        self.plain(byte);
    }

    fn plain(&mut self, byte: u8) {
        match byte {
            0x1b => {
                self.ground();
                self.state = State::Escape;
            }
            0x00..0x80 => {
                self.state = State::Ground;
                self.character(char::from(byte));
            }
            // The first byte of a character says how many there are; what cannot be one is dropped.
            0xc2..=0xf4 => {
                self.state = State::Character(match byte {
                    0xc2..=0xdf => 2,
                    0xe0..=0xef => 3,
                    _ => 4,
                });
                self.held.clear();
                self.held.push(byte);
            }
            _ => self.ground(),
        }
    }

    fn within_character(&mut self, byte: u8, wanted: usize) {
        if !(0x80..0xc0).contains(&byte) {
            return self.again(byte);
        }
        self.held.push(byte);
        if self.held.len() < wanted {
            return;
        }
        let c = std::str::from_utf8(&self.held).ok().and_then(|text| text.chars().next());
        self.held.clear();
        self.state = State::Ground;
        match c {
            Some(c) => self.character(c),
            None => self.alt = false,
        }
    }

    fn escaped(&mut self, byte: u8) {
        match byte {
            b'[' => self.state = State::Control,
            b'O' => self.state = State::Single,
            // Device control, operating system command, privacy message, application command.
            b'P' | b']' | b'^' | b'_' => {
                self.state = State::String(false);
                self.held.push(byte);
            }
            // Escape twice: the first one is a key, the second may begin something.
            0x1b => self.key(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE)),
            _ => {
                self.alt = true;
                self.plain(byte);
            }
        }
    }

    fn control(&mut self, byte: u8) {
        match byte {
            b'[' if self.held.is_empty() => self.state = State::Console,
            b'M' if self.held.is_empty() => self.state = State::Mouse,
            // rxvt ends shifted keys with what is no end in the standard.
            b'$' if self.held.iter().all(u8::is_ascii_digit) && !self.held.is_empty() => self.finish(byte),
            0x20..=0x3f if self.held.len() < LONGEST => self.held.push(byte),
            0x20..=0x3f => self.state = State::Overlong,
            0x40..=0x7e => self.finish(byte),
            _ => self.again(byte),
        }
    }

    /// A control sequence ended.
    fn finish(&mut self, end: u8) {
        self.state = State::Ground;
        let parameters = std::mem::take(&mut self.held);
        match (parameters.as_slice(), end) {
            (b"200", b'~') => self.state = State::Paste,
            (b"0" | b"3", b'n') => self.heard.push_back(Heard::Well),
            (parameters, b'c') if parameters.starts_with(b"?") => {
                let sixel = parameters.get(1..).unwrap_or_default().split(|byte| *byte == b';').any(|one| one == b"4");
                self.heard.push_back(Heard::Told(Told::Attributes { sixel }));
            }
            (parameters, b't') if parameters.starts_with(b"6;") => {
                let mut sides =
                    parameters.split(|byte| *byte == b';').skip(1).map(|side| std::str::from_utf8(side).ok()?.parse().ok());
                if let (Some(Some(height)), Some(Some(width))) = (sides.next(), sides.next()) {
                    self.heard.push_back(Heard::Told(Told::Cell(width, height)));
                }
            }
            (parameters, end) => {
                if let Some(event) = keys::control(parameters, end) {
                    self.heard.push_back(Heard::Event(event));
                }
            }
        }
    }

    fn single(&mut self, byte: u8) {
        match byte {
            // Some terminals put the modifiers here.
            b'0'..=b'9' | b';' if self.held.len() < LONGEST => self.held.push(byte),
            0x20..=0x7e => {
                let parameters = std::mem::take(&mut self.held);
                self.state = State::Ground;
                if let Some(key) = keys::single(&parameters, byte) {
                    self.key(key);
                }
            }
            _ => self.again(byte),
        }
    }

    fn string(&mut self, byte: u8, escaped: bool) {
        match (byte, escaped) {
            (b'\\', true) => {
                match self.held.as_slice() {
                    b"_Gi=31;OK\0" => self.heard.push_back(Heard::Told(Told::Kitty { packed: false })),
                    b"_Gi=32;OK\0" => self.heard.push_back(Heard::Told(Told::Kitty { packed: true })),
                    _ => {}
                }
                self.ground();
            }
            (0x07 | 0x18 | 0x1a, _) => self.ground(),
            (0x1b, _) => {
                self.state = State::String(true);
                self.held.push(0);
            }
            // The string ended without its end, and something new began.
            (_, true) => {
                self.ground();
                self.state = State::Escape;
                self.escaped(byte);
            }
            (_, false) => {
                // Only of answers that are known more is held than that there is something.
                if self.held.len() < 2 || self.held.first() == Some(&b'_') && self.held.len() < LONGEST {
                    self.held.push(if byte == 0 { 1 } else { byte });
                }
            }
        }
    }

    fn paste(&mut self, part: &[u8]) {
        self.held.extend_from_slice(part);
        if self.held.ends_with(PASTED) {
            self.held.truncate((self.held.len() - PASTED.len()).min(PASTE));
            let mut text = match String::from_utf8(std::mem::take(&mut self.held)) {
                Ok(text) => text,
                Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
            };
            // An answer that the terminal put in between is no part of it.
            let answers = text.matches(ANSWER).count();
            if answers > 0 {
                text = text.replace(ANSWER, "");
                self.heard.extend(std::iter::repeat_n(Heard::Well, answers));
            }
            self.heard.push_back(Heard::Event(Event::Paste(text)));
            self.ground();
        } else if self.held.len() > PASTE + PASTED.len() {
            // The end is still to be recognised; what is too much goes before it.
            let tail = self.held.split_off(self.held.len() - PASTED.len());
            self.held.truncate(PASTE);
            self.held.extend_from_slice(&tail);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(bytes: &[u8]) -> Vec<Heard> {
        let mut parser = Parser::default();
        parser.feed(bytes);
        parser.expire();
        std::iter::from_fn(|| parser.pop()).collect()
    }

    fn pressed(bytes: &[u8]) -> Vec<KeyEvent> {
        let key = |heard| match heard {
            Heard::Event(Event::Key(key)) => Some(key),
            _ => None,
        };
        heard(bytes).into_iter().filter_map(key).collect()
    }

    const NONE: KeyModifiers = KeyModifiers::NONE;
    const ALT: KeyModifiers = KeyModifiers::ALT;

    #[test]
    fn escape_alone_twice_and_before_others() {
        let esc = KeyEvent::new(KeyCode::Esc, NONE);
        assert_eq!(pressed(b"\x1b"), [esc]);
        assert_eq!(pressed(b"\x1b\x1b"), [esc, esc]);
        assert_eq!(pressed(b"\x1b\x1b[A"), [esc, KeyEvent::new(KeyCode::Up, NONE)]);
        assert_eq!(pressed(b"\x1bx"), [KeyEvent::new(KeyCode::Char('x'), ALT)]);
        assert_eq!(pressed("\x1bä".as_bytes()), [KeyEvent::new(KeyCode::Char('ä'), ALT)]);
        assert_eq!(pressed(b"\x1b["), [KeyEvent::new(KeyCode::Char('['), ALT)]);
        assert_eq!(pressed(b"\x1bO"), [KeyEvent::new(KeyCode::Char('O'), ALT | KeyModifiers::SHIFT)]);
        assert_eq!(pressed(b"\x1b]"), [KeyEvent::new(KeyCode::Char(']'), ALT)]);
        assert_eq!(pressed(b"\x1b\r"), [KeyEvent::new(KeyCode::Enter, ALT)]);
        assert_eq!(pressed(b"\x1b[1;5"), []);
    }

    #[test]
    fn answers_and_reports_are_no_input() {
        assert_eq!(heard(b"\x1b[0n"), [Heard::Well]);
        let quiet: [&[u8]; 12] = [
            b"\x1b[62;22c",
            b"\x1b[>1;4402;0c",
            b"\x1b[24;80R",
            b"\x1b[?2026;2$y",
            b"\x1b[8;40;120t",
            b"\x1b[?1u",
            b"\x1b[?997;1n",
            b"\x1b]11;rgb:0000/0000/0000\x1b\\",
            b"\x1b]11;rgb:0000/0000/0000\x07",
            b"\x1bP>|XTerm(390)\x1b\\",
            b"\x1b_Gi=30;OK\x1b\\",
            b"\x1b[=0;1;2;3;4;5;6;7;8;9;0;1;2;3;4;5;6;7;8;9;0;1;2;3;4;5;6;7;8;9;0;1;2;3;4;5;6;7;8;9x",
        ];
        for bytes in quiet {
            assert_eq!(heard(bytes), [], "{}", bytes.escape_ascii());
            let mut among = b"a".to_vec();
            among.extend_from_slice(bytes);
            among.push(b'b');
            assert_eq!(pressed(&among).len(), 2, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn answers_about_pictures_are_told_wherever_the_line_cuts_them() {
        let all = b"a\x1b_Gi=31;OK\x1b\\\x1b_Gi=32;EINVAL:no\x1b\\\x1b[6;18;9t\x1b[?62;4;22cb\x1b_Gi=32;OK\x1b\\\x1b[?1;2c";
        let told = [
            Told::Kitty { packed: false },
            Told::Cell(9, 18),
            Told::Attributes { sixel: true },
            Told::Kitty { packed: true },
            Told::Attributes { sixel: false },
        ];
        for cut in 0..all.len() {
            let mut parser = Parser::default();
            parser.feed(&all[..cut]);
            parser.feed(&all[cut..]);
            let heard: Vec<Heard> = std::iter::from_fn(|| parser.pop()).collect();
            let said: Vec<Told> =
                heard.iter().filter_map(|heard| if let Heard::Told(told) = heard { Some(*told) } else { None }).collect();
            assert_eq!((said.as_slice(), heard.len()), (&told[..], 7), "cut at {cut}: {heard:?}");
        }
        // What is no answer of ours, or too long for one, says nothing.
        for other in [&b"\x1b_Gi=31;ENOENT\x1b\\"[..], b"\x1b]Gi=31;OK\x1b\\", b"\x1b[6;;9t", b"\x1b[8;40;120t"] {
            assert_eq!(heard(other), [], "{}", other.escape_ascii());
        }
        let long = [b"\x1b_G".to_vec(), vec![b'x'; 90_000], b"\x1b\\z".to_vec()].concat();
        assert_eq!(heard(&long).len(), 1);
    }

    #[test]
    fn a_paste_is_one_event_and_never_a_command() {
        let paste = |text: &str| vec![Heard::Event(Event::Paste(text.to_owned()))];
        assert_eq!(heard(b"\x1b[200~q\x1b[A~\r\n\x1b[201\x1b[201~"), paste("q\x1b[A~\r\n\x1b[201"));
        assert_eq!(heard(b"\x1b[200~\x1b[201~"), paste(""));
        assert_eq!(heard(b"\x1b[200~\xff\x1b[201~"), paste("\u{fffd}"));
        assert_eq!(heard(b"\x1b[200~not ended"), []);
        let mut among = vec![Heard::Well];
        among.extend(paste("ab"));
        assert_eq!(heard(b"\x1b[200~a\x1b[0nb\x1b[201~"), among);
        let long = [b"\x1b[200~".to_vec(), vec![b'x'; PASTE + 999], b"\x1b[201~z".to_vec()].concat();
        let got = heard(&long);
        assert_eq!(got.len(), 2);
        assert!(matches!(&got[0], Heard::Event(Event::Paste(text)) if text.len() >= PASTE - 16 && text.len() <= PASTE + 16));
    }

    #[test]
    fn broken_text_is_dropped_and_the_next_key_counts() {
        assert_eq!(pressed(b"\xff\x80a"), [KeyEvent::new(KeyCode::Char('a'), NONE)]);
        assert_eq!(pressed(b"\xe4\xbda"), [KeyEvent::new(KeyCode::Char('a'), NONE)]);
        assert_eq!(pressed(b"\xed\xa0\x80a"), [KeyEvent::new(KeyCode::Char('a'), NONE)]);
        assert_eq!(pressed("日".as_bytes()), [KeyEvent::new(KeyCode::Char('日'), NONE)]);
    }
}
