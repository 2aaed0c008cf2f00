//! The one scrubber and the type of its own that only it makes.
//!
//! Whatever a platform, a file or a model says becomes [`Text`] before it is drawn, logged or exported. Control, bidirectional and
//! invisible characters are *shown* (`^[`, `<RLO>`), not dropped, so that an attack is seen; lengths are capped in graphemes and
//! bytes; combining marks are capped per grapheme. Scrubbing is idempotent. Zero-width joiners stay inside emoji and inside
//! scripts that need them.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

/// How much of a text is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cap {
    /// Most user-perceived characters.
    pub graphemes: usize,
    /// Most bytes of UTF-8.
    pub bytes: usize,
}

impl Cap {
    /// Titles, names, tags: 300 graphemes.
    pub const TITLE: Cap = Cap { graphemes: 300, bytes: 4 * 1024 };
    /// Briefs, messages, attachments' text: 256 KiB.
    pub const BODY: Cap = Cap { graphemes: 256 * 1024, bytes: 256 * 1024 };
    /// What a person may write: 8 MiB. Also the cap of deserialising, since our own files hold nothing that was not capped before.
    pub const OWN: Cap = Cap { graphemes: 8 << 20, bytes: 8 << 20 };
}

/// Most code points kept in one grapheme (a base and its marks; the longest emoji families have eleven).
const GRAPHEME_CHARS: usize = 12;
/// Most combining marks kept on one base.
const MARKS: usize = 8;

/// Text that is safe to draw, log and export. Made only by the scrubber; deserialising scrubs again.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text(Arc<str>);

impl Text {
    /// One line (title, name): line breaks and tabs become spaces.
    pub fn line(raw: &str, cap: Cap) -> Text {
        Text(scrub(raw, cap, false).into())
    }

    /// A title-sized line.
    pub fn title(raw: &str) -> Text {
        Text::line(raw, Cap::TITLE)
    }

    /// Several lines: `\n` stays, `\r\n` becomes `\n`, a tab becomes four spaces.
    pub fn body(raw: &str) -> Text {
        Text(scrub(raw, Cap::BODY, true).into())
    }

    /// A person's own work, which is never cut short of 8 MiB.
    pub fn own(raw: &str) -> Text {
        Text(scrub(raw, Cap::OWN, true).into())
    }

    /// The scrubbed characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether scrubbing `raw` as a body changed more than line endings, tabs and length: the mark of a text that tried something.
    pub fn is_suspicious(raw: &str) -> bool {
        raw.chars().take(Cap::BODY.bytes).any(|c| !matches!(c, '\n' | '\r' | '\t') && mark_for(c).is_some())
    }
}

impl Default for Text {
    fn default() -> Self {
        Text("".into())
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

impl From<&str> for Text {
    /// As a body.
    fn from(raw: &str) -> Self {
        Text::body(raw)
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Serialize for Text {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(Text::own(&String::deserialize(d)?))
    }
}

fn scrub(raw: &str, cap: Cap, lines: bool) -> String {
    // A grapheme can be megabytes long; cutting by bytes first bounds all later work. Marks can make text longer, hence both cuts.
    let raw = cut(raw, cap.bytes);
    let mut out = String::with_capacity(raw.len());
    let mut graphemes = 0;
    for grapheme in raw.graphemes(true) {
        let before = out.len();
        if graphemes == cap.graphemes {
            break;
        }
        graphemes += 1;
        push_grapheme(&mut out, grapheme, lines);
        if out.len() > cap.bytes {
            out.truncate(before);
            break;
        }
    }
    out
}

fn cut(raw: &str, bytes: usize) -> &str {
    if raw.len() <= bytes { raw } else { &raw[..raw.floor_char_boundary(bytes)] }
}

fn push_grapheme(out: &mut String, grapheme: &str, lines: bool) {
    if grapheme == "\r\n" {
        out.push(if lines { '\n' } else { ' ' });
        return;
    }
    let mut marks = 0;
    let mut previous = None;
    let mut chars = grapheme.chars().take(GRAPHEME_CHARS).peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' | '\r' if lines => out.push('\n'),
            '\n' | '\r' => out.push(' '),
            '\t' => out.push_str(if lines { "    " } else { " " }),
            '\u{200c}' | '\u{200d}' if joins(previous, chars.peek().copied()) => out.push(c),
            c => match mark_for(c) {
                Some(mark) => out.push_str(&mark),
                None if is_mark(c) => {
                    marks += 1;
                    if marks <= MARKS {
                        out.push(c);
                    }
                }
                None => out.push(c),
            },
        }
        previous = Some(c);
    }
}

/// Combining marks, broadly: the blocks that floods are made of.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Whether a joiner between these two is part of how the script or emoji is written.
fn joins(before: Option<char>, after: Option<char>) -> bool {
    let Some(before) = before else { return false };
    let emoji = |c: char| matches!(c, '\u{203c}'..='\u{3299}' | '\u{1f000}'..='\u{1faff}' | '\u{fe0f}');
    let script =
        |c: char| matches!(c, '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{fb50}'..='\u{fdff}' | '\u{1780}'..='\u{17ff}');
    match after {
        Some(after) => emoji(before) && emoji(after) || script(before) && script(after),
        // A grapheme ends behind its joiner; the letter it joins to opens the next one.
        None => script(before),
    }
}

/// What is shown for a character that must not reach a terminal, a file or a model as itself.
fn mark_for(c: char) -> Option<String> {
    let named = match c {
        '\u{0}'..='\u{1f}' => return Some(format!("^{}", char::from(b'@' + c as u8))),
        '\u{7f}' => "^?",
        '\u{80}'..='\u{9f}' => return Some(format!("<U+{:04X}>", c as u32)),
        '\u{ad}' => "<SHY>",
        '\u{61c}' => "<ALM>",
        '\u{200b}' => "<ZWSP>",
        '\u{200c}' => "<ZWNJ>",
        '\u{200d}' => "<ZWJ>",
        '\u{200e}' => "<LRM>",
        '\u{200f}' => "<RLM>",
        '\u{2028}' => "<LS>",
        '\u{2029}' => "<PS>",
        '\u{202a}' => "<LRE>",
        '\u{202b}' => "<RLE>",
        '\u{202c}' => "<PDF>",
        '\u{202d}' => "<LRO>",
        '\u{202e}' => "<RLO>",
        '\u{2060}' => "<WJ>",
        '\u{2066}' => "<LRI>",
        '\u{2067}' => "<RLI>",
        '\u{2068}' => "<FSI>",
        '\u{2069}' => "<PDI>",
        '\u{feff}' => "<BOM>",
        '\u{34f}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{2061}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0d}'
        | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => return Some(format!("<U+{:04X}>", c as u32)),
        // Private use draws differently everywhere, and wide glyphs of width 1 break the grid.
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' | '\u{fdfd}' | '\u{1242b}' => {
            return Some(format!("<U+{:04X}>", c as u32));
        }
        _ => return None,
    };
    Some(named.to_owned())
}
