//! Hostile text, and the judge of what came out: a terminal's parser that knows nothing of ours but our own grammar.

use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What terminals obey and what people cannot see, each in the forms that were seen in the wild.
const ATTACKS: &[&str] = &[
    // Seven bits.
    "\u{1b}[2J",
    "\u{1b}[31m",
    "\u{1b}[1;1H",
    "\u{1b}[?1049l",
    "\u{1b}[6n",
    "\u{1b}[21t",
    "\u{1b}c",
    "\u{1b}(0",
    "\u{1b}#8",
    // Titles, links, notifications, the clipboard, files.
    "\u{1b}]0;owned\u{7}",
    "\u{1b}]2;owned\u{1b}\\",
    "\u{1b}]8;;https://evil.example\u{1b}\\here\u{1b}]8;;\u{1b}\\",
    "\u{1b}]9;4;1;50\u{7}",
    "\u{1b}]52;c;cm0gLXJmIC8=\u{7}",
    "\u{1b}]777;notify;a;b\u{7}",
    "\u{1b}]1337;File=name=eA==;inline=1:AAAA\u{7}",
    "\u{1b}]99;i=1:d=0;x\u{1b}\\",
    "\u{1b}]4;1;?\u{7}",
    // Strings of control: DCS, APC, PM, SOS.
    "\u{1b}P$q\"p\u{1b}\\",
    "\u{1b}_Gf=24;AAAA\u{1b}\\",
    "\u{1b}^pm\u{1b}\\",
    "\u{1b}Xsos\u{1b}\\",
    "\u{1b}Ptmux;\u{1b}\u{1b}[2J\u{1b}\\",
    // Eight bits.
    "\u{9b}2J",
    "\u{9b}31m",
    "\u{9d}0;owned\u{9c}",
    "\u{90}q\u{9c}",
    "\u{9f}x\u{9c}",
    "\u{9e}x\u{9c}",
    "\u{98}x\u{9c}",
    "\u{85}",
    "\u{84}",
    // Halves, to be put together by whoever joins them.
    "\u{1b}",
    "\u{1b}[",
    "\u{1b}]",
    "\u{1b}]52;c;",
    "\u{9b}",
    "\u{7}",
    "\u{1b}\\",
    "[31m",
    "]0;x",
    // Line tricks.
    "\r",
    "\n",
    "\r\n",
    "\t",
    "\u{8}\u{8}\u{8}",
    "\u{b}",
    "\u{c}",
    "\u{0}",
    "\u{7f}",
    "\u{2028}",
    "\u{2029}",
    // Not seen.
    "\u{202e}",
    "\u{202d}",
    "\u{2066}",
    "\u{2069}",
    "\u{200e}",
    "\u{200f}",
    "\u{61c}",
    "\u{200b}",
    "\u{200c}",
    "\u{200d}",
    "\u{2060}",
    "\u{feff}",
    "\u{ad}",
    "\u{34f}",
    "\u{115f}",
    "\u{1160}",
    "\u{3164}",
    "\u{2800}",
    "\u{180e}",
    "\u{fe00}",
    "\u{fe0f}",
    "\u{e0001}\u{e0068}\u{e0069}\u{e007f}",
    "\u{e0100}",
    "\u{fff9}",
    "\u{1d173}",
    "\u{206a}",
    // Too much, and wider than told.
    "a\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "\u{fdfd}",
    "\u{1242b}",
    "\u{e000}",
    "\u{10ffff}",
    "👩‍👩‍👧‍👦",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "नमस्ते",
    "שָׁלוֹם",
    "中文",
    "한국어",
    "ก็ที่",
    "é",
    // For those that read rows and quotes.
    "=cmd|' /C calc'!A0",
    "\"",
    "'",
    "`",
    "$(id)",
    ";",
    "|",
    "&&",
    "\\",
    "%s",
    "{{7*7}}",
    "<script>",
    "-rf",
    "../",
    "~",
    "#",
    ",",
];

/// Hostile texts from a seed.
pub struct Nasty(ChaCha8Rng);

impl Nasty {
    pub fn new(seed: u64) -> Nasty {
        Nasty(ChaCha8Rng::seed_from_u64(seed))
    }

    pub fn text(&mut self) -> String {
        let dice = &mut self.0;
        let mut out = String::new();
        for _ in 0..dice.random_range(1..8) {
            match dice.random_range(0..10) {
                0..6 => out.push_str(ATTACKS.choose(dice).unwrap()),
                6..8 => out.push_str(["job", " pay ", "five taglines", " now ", "x"].choose(dice).unwrap()),
                8 => out.push(dice.random::<char>()),
                _ => out.push(char::from_u32(dice.random_range(0x80..0xa0)).unwrap()),
            }
        }
        // A stray quarter is one long stretch of one character.
        if dice.random_range(0..40) == 0 {
            out.extend(std::iter::repeat_n(dice.random::<char>(), 400));
        }
        out
    }

    pub fn texts(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.text()).collect()
    }
}

/// Characters that no way out may let through as themselves.
pub fn is_foreign(c: char) -> bool {
    matches!(c, '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'
        | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e000}'..='\u{f8ff}' | '\u{e0080}'..='\u{10ffff}')
}

/// What may stand in some output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// Words and line feeds.
    Plain,
    /// What our painter draws with: cursor steps, erasing, colours, regions, the marks of a whole frame.
    Painter,
    /// One of our own operating system commands, and the bell.
    Command,
}

/// What a terminal would do with bytes, judged by the grammar. Empty when all is ours.
pub fn foreign(bytes: &[u8], grammar: Grammar) -> Vec<String> {
    let mut judge = Judge { grammar, found: Vec::new() };
    let mut parser = vte::Parser::new();
    parser.advance(&mut judge, bytes);
    // A sequence without its end would take the next words in.
    if matches!(grammar, Grammar::Plain) && bytes.contains(&0x1b) {
        judge.found.push("an escape".to_owned());
    }
    if String::from_utf8(bytes.to_vec()).is_err() {
        judge.found.push("bytes that are no text".to_owned());
    }
    judge.found
}

struct Judge {
    grammar: Grammar,
    found: Vec<String>,
}

impl vte::Perform for Judge {
    fn print(&mut self, c: char) {
        if is_foreign(c) {
            self.found.push(format!("the character U+{:04X}", c as u32));
        }
    }

    fn execute(&mut self, byte: u8) {
        let ours = match self.grammar {
            Grammar::Plain => byte == b'\n',
            Grammar::Painter => matches!(byte, b'\r' | b'\n' | 8),
            Grammar::Command => byte == 7,
        };
        if !ours {
            self.found.push(format!("the control character {byte:#x}"));
        }
    }

    fn csi_dispatch(&mut self, params: &vte::Params, intermediates: &[u8], _: bool, action: char) {
        let first = params.iter().next().and_then(|part| part.first()).copied().unwrap_or(0);
        let ours = self.grammar == Grammar::Painter
            && match (intermediates, action) {
                ([], 'm' | 'H' | 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'd' | 'J' | 'K' | 'X' | 'r' | 'S' | 'T' | 'b') => true,
                (b"?", 'h' | 'l') => matches!(first, 25 | 2026),
                _ => false,
            };
        if !ours {
            self.found.push(format!("the sequence CSI {params:?} {action}"));
        }
    }

    fn osc_dispatch(&mut self, params: &[&[u8]], _: bool) {
        let text = |part: &&[u8]| std::str::from_utf8(part).is_ok_and(|part| !part.chars().any(is_foreign));
        let code = params.first().copied().unwrap_or_default();
        let base64 = |part: &[u8]| part.iter().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(b));
        let ours = self.grammar == Grammar::Command
            && params.iter().all(text)
            && match code {
                b"9" | b"8" => true,
                b"777" => params.get(1) == Some(&&b"notify"[..]),
                b"52" => params.get(1) == Some(&&b"c"[..]) && params.len() == 3 && base64(params[2]),
                b"99" => params.last().is_some_and(|last| base64(last)),
                _ => false,
            }
            // A guarded nine is no command of ConEmu's.
            && !(code == b"9" && params.get(1).is_some_and(|part| part.first().is_some_and(u8::is_ascii_digit)));
        if !ours {
            self.found.push(format!(
                "the command OSC {:?}",
                params.iter().map(|part| part.escape_ascii().to_string()).collect::<Vec<_>>()
            ));
        }
    }

    fn esc_dispatch(&mut self, intermediates: &[u8], _: bool, byte: u8) {
        // The end of a string of ours.
        if !(self.grammar == Grammar::Command && intermediates.is_empty() && byte == b'\\') {
            self.found.push(format!("the escape {}", char::from(byte)));
        }
    }

    fn hook(&mut self, _: &vte::Params, _: &[u8], _: bool, action: char) {
        self.found.push(format!("a device control string {action}"));
    }
}

#[test]
fn the_judge_sees_every_attack() {
    for attack in ATTACKS.iter().filter(|attack| attack.chars().any(|c| is_foreign(c) && c != '\n')) {
        assert!(!foreign(attack.as_bytes(), Grammar::Plain).is_empty(), "{attack:?}");
    }
    assert_eq!(foreign("ordinary\nlines".as_bytes(), Grammar::Plain), Vec::<String>::new());
}
