//! JSON without building anything: each member of a line is found where it stands, and only what is used is ever decoded.
//!
//! Everything is checked as RFC 8259 asks (but for lone surrogates, which the decoding finds), so a line is malformed here exactly
//! when it is malformed to a whole parser.

use std::borrow::Cow;

/// Values inside values are followed so far.
const DEPTH: usize = 64;

/// A value where it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Raw<'a> {
    /// `null`, or not there.
    #[default]
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// As written.
    Number(&'a str),
    /// With its quotes; no escapes inside.
    Plain(&'a str),
    /// With its quotes and escapes.
    Escaped(&'a str),
    /// With its brackets.
    List(&'a str),
    /// With its braces.
    Record(&'a str),
}

/// What is wrong, and at which byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Offset in the text.
    pub at: usize,
    /// In words.
    pub what: &'static str,
}

type Found<T> = Result<T, Wrong>;

/// Calls `each` with every member of the one object that `text` holds.
pub fn members<'a>(text: &'a str, mut each: impl FnMut(Cow<'a, str>, Raw<'a>)) -> Found<()> {
    let mut scan = Scan { text, bytes: text.as_bytes(), at: 0 };
    scan.space();
    if scan.peek() != Some(b'{') {
        return Err(scan.wrong("a line holds one object: it begins with {"));
    }
    scan.record(DEPTH, |key, raw| each(decoded(key), raw))?;
    scan.space();
    if scan.at < text.len() { Err(scan.wrong("something follows the object")) } else { Ok(()) }
}

/// Calls `each` with the elements of a list.
pub fn elements<'a>(list: &'a str, mut each: impl FnMut(Raw<'a>)) -> Found<()> {
    let mut scan = Scan { text: list, bytes: list.as_bytes(), at: 0 };
    scan.list(DEPTH, &mut each)
}

/// The values of a text, one behind the other with nothing but space between: how far each reaches.
pub fn values<'a>(text: &'a str, mut each: impl FnMut(Raw<'a>, usize)) -> Found<()> {
    let mut scan = Scan { text, bytes: text.as_bytes(), at: 0 };
    loop {
        scan.space();
        if scan.at == text.len() {
            return Ok(());
        }
        let start = scan.at;
        let raw = scan.value(DEPTH)?;
        each(raw, start);
    }
}

fn decoded(quoted: Raw<'_>) -> Cow<'_, str> {
    match quoted {
        Raw::Plain(quoted) => Cow::Borrowed(inside(quoted)),
        Raw::Escaped(quoted) => serde_json::from_str::<String>(quoted).map_or(Cow::Borrowed(quoted), Cow::Owned),
        _ => Cow::Borrowed(""),
    }
}

/// Without its first and last byte.
pub fn inside(quoted: &str) -> &str {
    quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default()
}

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn wrong(&self, what: &'static str) -> Wrong {
        Wrong { at: self.at, what: if self.at >= self.bytes.len() { "it ends in the middle" } else { what } }
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn from(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn value(&mut self, depth: usize) -> Found<Raw<'a>> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number().map(|()| Raw::Number(self.from(start))),
            Some(b'{') => self.record(depth, |_, _| {}).map(|()| Raw::Record(self.from(start))),
            Some(b'[') => self.list(depth, &mut |_| {}).map(|()| Raw::List(self.from(start))),
            Some(b't') => self.word("true").map(|()| Raw::Flag(true)),
            Some(b'f') => self.word("false").map(|()| Raw::Flag(false)),
            Some(b'n') => self.word("null").map(|()| Raw::Null),
            _ => Err(self.wrong("no value begins like this")),
        }
    }

    fn word(&mut self, word: &'static str) -> Found<()> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.wrong("no value begins like this"));
        }
        self.at += word.len();
        Ok(())
    }

    fn digits(&mut self) -> Found<()> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start { Err(self.wrong("a digit is missing in this number")) } else { Ok(()) }
    }

    fn number(&mut self) -> Found<()> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    /// From quote to quote.
    fn string(&mut self) -> Found<Raw<'a>> {
        let start = self.at;
        self.at += 1;
        let mut escaped = false;
        loop {
            self.at += unremarkable(&self.bytes[self.at..]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    let quoted = self.from(start);
                    return Ok(if escaped { Raw::Escaped(quoted) } else { Raw::Plain(quoted) });
                }
                Some(b'\\') => {
                    escaped = true;
                    self.at += 1;
                    match self.peek() {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
                        Some(b'u') => {
                            self.at += 1;
                            for _ in 0..4 {
                                if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                                    return Err(self.wrong("\\u takes four hexadecimal digits"));
                                }
                                self.at += 1;
                            }
                        }
                        _ => return Err(self.wrong("there is no such escape")),
                    }
                }
                _ => return Err(self.wrong("a control character in a text is written as an escape")),
            }
        }
    }

    fn record(&mut self, depth: usize, mut each: impl FnMut(Raw<'a>, Raw<'a>)) -> Found<()> {
        let deeper = depth.checked_sub(1).ok_or(self.wrong("values lie too deep in each other"))?;
        self.at += 1;
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.wrong("a name in quotes is missing here"));
            }
            let key = self.string()?;
            self.space();
            if self.peek() != Some(b':') {
                return Err(self.wrong("a colon is missing here"));
            }
            self.at += 1;
            self.space();
            let value = self.value(deeper)?;
            each(key, value);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(self.wrong("a comma or } is missing here")),
            }
        }
    }

    fn list(&mut self, depth: usize, each: &mut dyn FnMut(Raw<'a>)) -> Found<()> {
        let deeper = depth.checked_sub(1).ok_or(self.wrong("values lie too deep in each other"))?;
        self.at += 1;
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.space();
            each(self.value(deeper)?);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(self.wrong("a comma or ] is missing here")),
            }
        }
    }
}

/// How many bytes at the beginning are neither a quote, a backslash nor a control character. Eight are looked at in one go: a byte of
/// `(x - 0x01…) & !x & 0x80…` is set where `x` has a zero (Hacker's Delight, 6–1), and the lowest such byte is always a true one.
fn unremarkable(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let (words, rest) = bytes.as_chunks::<8>();
    for (n, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let found = zero(word ^ (ONES * u64::from(b'"'))) | zero(word ^ (ONES * u64::from(b'\\'))) | control;
        if found != 0 {
            return n * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let remarkable = |byte: &u8| *byte < 0x20 || matches!(byte, b'"' | b'\\');
    bytes.len() - rest.len() + rest.iter().position(remarkable).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::de::IgnoredAny;

    use super::*;

    proptest! {
        /// A line is malformed here when it is to a whole parser, and each member is the value that it finds.
        #[test]
        fn it_agrees_with_a_whole_parser(line in r#"\{("[a-c]{0,2}(\\n|é|\\u00e9)?": ?(-?0?[0-9]{1,3}(\.[0-9])?(e-?5)?|"[ -~é]{0,20}"|\[[0-9, \]\[]{0,6}\]|\{\}|null|tru?e|"\PC{0,9}"),?){0,4}\}[ x]?"#) {
            let whole: Result<serde_json::Map<String, serde_json::Value>, _> = serde_json::from_str(&line);
            let ignored = serde_json::from_str::<IgnoredAny>(&line).is_ok();
            let mut found = serde_json::Map::new();
            let scanned = members(&line, |key, raw| {
                let text = match raw {
                    Raw::Null => "null",
                    Raw::Flag(true) => "true",
                    Raw::Flag(false) => "false",
                    Raw::Number(text) | Raw::Plain(text) | Raw::Escaped(text) | Raw::List(text) | Raw::Record(text) => text,
                };
                found.insert(key.into_owned(), serde_json::from_str(text).unwrap_or_default());
            });
            prop_assert_eq!(scanned.is_ok(), ignored, "{:?}", scanned);
            if let Ok(whole) = whole {
                prop_assert_eq!(found, whole);
            }
        }

        #[test]
        fn eight_at_once_are_as_good_as_one(bytes in prop::collection::vec(prop_oneof![8 => 0x20_u8..=255, 1 => any::<u8>()], 0..60)) {
            let slow = bytes.iter().position(|b| *b < 0x20 || *b == b'"' || *b == b'\\').unwrap_or(bytes.len());
            prop_assert_eq!(unremarkable(&bytes), slow);
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let at = |line: &str| members(line, |_, _| {}).unwrap_err();
        assert_eq!(at("[1]"), Wrong { at: 0, what: "a line holds one object: it begins with {" });
        assert_eq!(at("{\"a\":1} x").at, 8);
        assert_eq!(at("{\"a\":").what, "it ends in the middle");
        assert_eq!(at("{\"a\" 1}").what, "a colon is missing here");
        assert_eq!(at("{\"a\":\"x\ty\"}").at, 7);
        assert!(at(&format!("{{\"a\":{}", "[".repeat(100))).what.contains("too deep"));
    }
}
