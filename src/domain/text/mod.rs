//! The one scrubber and the type of its own that only it makes.
//!
//! Whatever a platform, a file or a model says becomes [`Text`] before it is drawn, logged or exported. Control, bidirectional and
//! invisible characters are *shown* (`^[`, `<RLO>`), not dropped, so that an attack is seen; lengths are capped in graphemes and
//! bytes; combining marks are capped per grapheme. Scrubbing is idempotent.
//!
//! What is invisible and yet part of ordinary writing stays, and only there: zero-width joiners inside emoji and inside scripts that
//! need them, the text and emoji selectors right behind a character that has both looks (keycaps too), and the tags of the three
//! flags in general use (England, Scotland, Wales). Any other tag, selector or joiner is shown: they smuggle text.

mod inflow;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};
use unicode_width::UnicodeWidthChar;

pub use inflow::Inflow;

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
    /// The text of a document that comes with a job: 4 MiB.
    pub const SOURCE: Cap = Cap { graphemes: 4 << 20, bytes: 4 << 20 };
    /// What a person may write: 8 MiB. Also the cap of deserialising, since our own files hold nothing that was not capped before.
    pub const OWN: Cap = Cap { graphemes: 8 << 20, bytes: 8 << 20 };
}

/// Most code points kept in one grapheme: the longest emoji families have eleven, long Indic conjuncts a few more.
const GRAPHEME_CHARS: usize = 24;
/// Most combining marks kept on one base.
const MARKS: usize = 8;
/// The flags that are written with tags, whole.
const TAG_FLAGS: [&str; 3] = [
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}",
];

/// Text that is safe to draw, log and export. Made only by the scrubber; deserialising scrubs again.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text(Arc<str>);

impl Text {
    /// One line (title, name): line breaks and tabs become spaces.
    pub fn line(raw: &str, cap: Cap) -> Text {
        Text::scrubbed(raw, cap, false)
    }

    /// A title-sized line.
    pub fn title(raw: &str) -> Text {
        Text::line(raw, Cap::TITLE)
    }

    /// Several lines: `\n` stays, `\r\n` becomes `\n`, a tab becomes four spaces.
    pub fn body(raw: &str) -> Text {
        Text::scrubbed(raw, Cap::BODY, true)
    }

    /// The text of a document that comes with a job.
    pub fn source(raw: &str) -> Text {
        Text::scrubbed(raw, Cap::SOURCE, true)
    }

    /// A person's own work, which is never cut short of 8 MiB.
    pub fn own(raw: &str) -> Text {
        Text::scrubbed(raw, Cap::OWN, true)
    }

    /// Most texts are printable ASCII within their cap: scrubbing would copy them as they are, grapheme by grapheme, so they are
    /// copied at once. An empty text takes no memory of its own.
    fn scrubbed(raw: &str, cap: Cap, lines: bool) -> Text {
        if raw.len() <= cap.bytes.min(cap.graphemes) && is_plain(raw.as_bytes(), lines) {
            return if raw.is_empty() { Text::default() } else { Text(raw.into()) };
        }
        Text(scrub(raw, cap, lines).into())
    }

    /// The characters, shared: for the names made of them.
    pub(super) fn into_shared(self) -> Arc<str> {
        self.0
    }

    /// The scrubbed characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The beginning, of at most `bytes`, cut between two user-perceived characters. Nothing is scrubbed or (when all of it
    /// fits) copied again.
    pub fn head(&self, bytes: usize) -> Text {
        if self.0.len() <= bytes {
            return self.clone();
        }
        let cut = self.0.floor_char_boundary(bytes);
        let mut cursor = GraphemeCursor::new(cut, self.0.len(), true);
        let whole = cursor.is_boundary(&self.0, 0).unwrap_or(false);
        let end = if whole { cut } else { cursor.prev_boundary(&self.0, 0).ok().flatten().unwrap_or(0) };
        Text(self.0[..end].into())
    }

    /// Nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether scrubbing `raw` as a body shows a character that would have been hidden or have steered the terminal: the mark of a
    /// text that tried something. Line endings, tabs and length do not count.
    pub fn is_suspicious(raw: &str) -> bool {
        let raw = cut(raw, Cap::BODY.bytes);
        // Printable ASCII tries nothing; most texts are done here.
        if is_plain(raw.as_bytes(), true) || raw.bytes().all(|b| matches!(b, b' '..=b'~' | b'\n' | b'\r' | b'\t')) {
            return false;
        }
        let mut shown = String::new();
        let mut rest = raw;
        while let Some((grapheme, plain)) = next_piece(&mut rest) {
            if !plain && !matches!(grapheme, "\n" | "\r" | "\r\n" | "\t") {
                shown.clear();
                push_grapheme(&mut shown, grapheme, true);
                if shown != grapheme {
                    return true;
                }
            }
        }
        false
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
        struct Scrubbing;
        impl serde::de::Visitor<'_> for Scrubbing {
            type Value = Text;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_str<E: serde::de::Error>(self, raw: &str) -> Result<Text, E> {
                Ok(Text::own(raw))
            }
        }
        d.deserialize_str(Scrubbing)
    }
}

/// Printable ASCII (and line feeds, where several lines are meant): what the scrubber leaves as it is. Blocks are looked at without
/// branching, which compilers turn into wide instructions.
fn is_plain(raw: &[u8], lines: bool) -> bool {
    let odd = |byte: u8| (byte.wrapping_sub(b' ') > b'~' - b' ') & !(lines & (byte == b'\n'));
    raw.chunks(64).all(|block| !block.iter().fold(false, |found, byte| found | odd(*byte)))
}

fn scrub(raw: &str, cap: Cap, lines: bool) -> String {
    // A grapheme can be megabytes long; cutting by bytes first bounds all later work. Marks can make text longer, hence both cuts.
    let mut rest = cut(raw, cap.bytes);
    let mut out = String::with_capacity(rest.len());
    let mut graphemes = 0;
    while graphemes < cap.graphemes
        && let Some((piece, plain)) = next_piece(&mut rest)
    {
        let before = out.len();
        if plain {
            let room = piece.len().min(cap.graphemes - graphemes).min(cap.bytes.saturating_sub(before));
            out.push_str(&piece[..room]);
            graphemes += room;
            if room < piece.len() {
                break;
            }
        } else {
            push_grapheme(&mut out, piece, lines);
            // What was made visible counts as it is drawn, so that scrubbing again finds nothing more to cut.
            graphemes += if out[before..] == *piece { 1 } else { out[before..].graphemes(true).count() };
        }
        if out.len() > cap.bytes || graphemes > cap.graphemes {
            out.truncate(before);
            break;
        }
    }
    out
}

/// Takes the next piece off: printable ASCII as far as it goes (true), where each character is a grapheme of its own and stays as it
/// is, or the one grapheme that comes first.
fn next_piece<'a>(rest: &mut &'a str) -> Option<(&'a str, bool)> {
    let bytes = rest.as_bytes();
    let printable = bytes.iter().position(|b| !matches!(b, b' '..=b'~')).unwrap_or(bytes.len());
    // The last of them may carry marks that follow.
    let plain = if bytes.get(printable).is_none_or(u8::is_ascii) { printable } else { printable.saturating_sub(1) };
    let length = if plain > 0 { plain } else { rest.graphemes(true).next()?.len() };
    let (piece, behind) = rest.split_at(length);
    *rest = behind;
    Some((piece, plain > 0))
}

fn cut(raw: &str, bytes: usize) -> &str {
    let mut end = raw.len().min(bytes);
    while !raw.is_char_boundary(end) {
        end -= 1;
    }
    &raw[..end]
}

fn push_grapheme(out: &mut String, grapheme: &str, lines: bool) {
    if grapheme == "\r\n" {
        out.push(if lines { '\n' } else { ' ' });
        return;
    }
    if TAG_FLAGS.contains(&grapheme) {
        out.push_str(grapheme);
        return;
    }
    let start = out.len();
    let mut marks = 0;
    let mut previous = None;
    // Behind a mark a skin tone stands on its own: what would have been joined to the person before it is not.
    let mut severed = false;
    let mut chars = grapheme.chars().take(most_of(grapheme)).peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' | '\r' if lines => out.push('\n'),
            '\n' | '\r' => out.push(' '),
            '\t' => out.push_str(if lines { "    " } else { " " }),
            '\u{200c}' | '\u{200d}' if !severed && joins(previous, c, chars.peek().copied()) => out.push(c),
            '\u{fe0e}' | '\u{fe0f}' if previous.is_some_and(has_two_looks) => out.push(c),
            c => match mark_for(c) {
                Some(mark) => {
                    out.push_str(&mark);
                    severed = true;
                }
                None if c.width() == Some(0) => {
                    marks += 1;
                    if marks > MARKS {
                        continue;
                    }
                    out.push(c);
                }
                None => {
                    out.push(c);
                    severed &= matches!(c, '\u{1f3fb}'..='\u{1f3ff}');
                }
            },
        }
        // What stands there now, so that a second scrubbing sees the same neighbours.
        previous = out[start..].chars().next_back();
    }
}

/// How many code points of a grapheme are kept. Marks without a base hang on to what is put before them, which then is one of them.
fn most_of(grapheme: &str) -> usize {
    let mut chars = grapheme.chars();
    let long = chars.clone().nth(GRAPHEME_CHARS - 1).is_some();
    let hangs_on = |first: char| ['a', first].iter().collect::<String>().graphemes(true).count() == 1;
    if long && chars.next().is_some_and(hangs_on) { GRAPHEME_CHARS - 1 } else { GRAPHEME_CHARS }
}

/// Emoji, roughly: what a joiner may join and a selector may colour.
fn is_emoji(c: char) -> bool {
    matches!(c, '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{27ff}' | '\u{2900}'..='\u{2bff}' | '\u{3030}' | '\u{303d}'
        | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}')
}

/// Drawn as text or as emoji, as the selector behind it says.
fn has_two_looks(c: char) -> bool {
    is_emoji(c) || matches!(c, '0'..='9' | '#' | '*' | '©' | '®')
}

/// Letters of a script that needs joiners: Arabic, the scripts of India, Khmer.
fn is_script(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{fb50}'..='\u{fdff}' | '\u{1780}'..='\u{17ff}')
}

/// Whether a joiner between these two is part of how the script or emoji is written.
fn joins(before: Option<char>, joiner: char, after: Option<char>) -> bool {
    let Some(before) = before else { return false };
    match after {
        Some(after) => {
            joiner == '\u{200d}' && (is_emoji(before) || before == '\u{fe0f}') && is_emoji(after)
                || is_script(before) && is_script(after)
        }
        // A grapheme ends behind its joiner; the letter it joins to opens the next one.
        None => is_script(before),
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
        | '\u{fe0e}'
        | '\u{fe0f}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{fdd0}'..='\u{fdef}'
        | '\u{40000}'..='\u{effff}' => return Some(format!("<U+{:04X}>", c as u32)),
        // Private use draws differently everywhere, and wide glyphs of width 1 break the grid.
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' | '\u{fdfd}' | '\u{1242b}' => {
            return Some(format!("<U+{:04X}>", c as u32));
        }
        // Noncharacters, which some programs end a text at.
        c if u32::from(c) & 0xfffe == 0xfffe => return Some(format!("<U+{:04X}>", c as u32)),
        _ => return None,
    };
    Some(named.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The short way and the long way make the same text.
        #[test]
        fn plain_text_is_what_scrubbing_makes_of_it(raw in "[ -~\n\t\r]{0,400}|\\PC{0,40}", lines: bool) {
            let cap = if lines { Cap::BODY } else { Cap::TITLE };
            let text = Text::scrubbed(&raw, cap, lines);
            prop_assert_eq!(text.as_str(), scrub(&raw, cap, lines));
            prop_assert_eq!(Text::scrubbed(text.as_str(), cap, lines), text.clone());
        }
    }
}
