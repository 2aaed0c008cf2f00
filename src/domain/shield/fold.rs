//! Text as the rules read it: one spelling for what is written to look like it.
//!
//! Case, accents, look-alike letters of other scripts, full-width and mathematical letters, digits for letters, marks of invisible
//! characters, letters set apart: all of them are ways to write a word past a filter. The words of the rules are folded the same
//! way, so a fold may be rough as long as it is the same for both.

use unicode_width::UnicodeWidthChar;

/// Folded text and where each of its bytes stood.
#[derive(Clone, Debug, Default)]
pub(super) struct Folded {
    pub text: String,
    /// The byte in the source, for each byte of the text, and the end.
    pub at: Vec<u32>,
}

impl Folded {
    fn push(&mut self, c: char, from: usize) {
        self.text.push(c);
        self.at.resize(self.text.len(), u32::try_from(from).unwrap_or(u32::MAX));
    }
}

/// Folds a text. An empty line becomes the end of a sentence.
pub(super) fn fold(raw: &str) -> Folded {
    let mut out = Folded { text: String::with_capacity(raw.len() + 1), at: Vec::with_capacity(raw.len() + 2) };
    let bytes = raw.as_bytes();
    let (mut earlier, mut before) = (' ', ' ');
    let (mut breaks, mut alone, mut apart) = (0, 0, false);
    let mut from = 0;
    while let Some(byte) = bytes.get(from) {
        // Most of most texts is ASCII letters and blanks.
        if byte.is_ascii_alphanumeric() {
            out.push(one(char::from(byte.to_ascii_lowercase())), from);
            (earlier, before, breaks) = (before, char::from(*byte), 0);
            from += 1;
            continue;
        }
        let Some(c) = raw[from..].chars().next() else { break };
        let here = from;
        from += c.len_utf8();
        if c == '<'
            && let Some(mark) = shown_mark(&raw[here..])
        {
            from = here + mark;
            continue;
        }
        breaks = if c == '\n' { breaks + 1 } else { breaks * usize::from(c.is_whitespace()) };
        let folded = match c {
            '\n' if breaks == 2 => '.',
            ' ' | '\n' => ' ',
            // Letters with dots between them.
            '.' if before.is_alphabetic() && !earlier.is_alphanumeric() && next(raw, from).is_alphabetic() => {
                (earlier, before) = (before, c);
                continue;
            }
            '-' | '_' | '*' | '~' | '·' | '\'' | '’' | '`' | '|'
                if before.is_alphanumeric() && next(raw, from).is_alphanumeric() =>
            {
                continue;
            }
            '!' | '|' if before.is_alphabetic() && next(raw, from).is_alphabetic() => c,
            '.' | '!' | '?' | '。' | '！' | '？' | '।' => '.',
            '@' | '+' | '/' | '$' | '€' | '£' | '₹' | '%' | '|' => c,
            '＠' => '@',
            c if c.is_ascii() => ' ',
            c if c.width() == Some(0) => continue,
            c => one(latin(c)),
        };
        (earlier, before) = (before, c);
        if folded == ' ' {
            let ends = out.text.as_bytes();
            if ends.last().is_none_or(|last| *last == b' ') {
                continue;
            }
            // Four letters with nothing but blanks between them are one word set apart.
            let lone = ends.last().is_some_and(|last| *last >= 0x80 || last.is_ascii_alphabetic())
                && out.text.chars().rev().nth(1).is_none_or(|c| !c.is_alphanumeric());
            alone = if lone { alone + 1 } else { 0 };
            apart |= alone >= 3;
        }
        out.push(folded, here);
        if c == '\n' && folded == '.' {
            // The sentence ends as others do: before a blank.
            out.push(' ', here);
        }
    }
    if apart {
        out = together(&out);
    }
    letters(&mut out, raw.len());
    out
}

fn next(raw: &str, from: usize) -> char {
    raw[from..].chars().next().unwrap_or(' ')
}

/// `l`, `i` and what looks like them are one letter.
fn one(c: char) -> char {
    if c == 'l' { 'i' } else { c }
}

/// The length of a mark that the scrubber put for a character that cannot be seen.
fn shown_mark(rest: &str) -> Option<usize> {
    let end = rest.bytes().take(10).position(|b| b == b'>')?;
    let inside = &rest[1..end];
    let named = matches!(
        inside,
        "SHY"
            | "ALM"
            | "ZWSP"
            | "ZWNJ"
            | "ZWJ"
            | "LRM"
            | "RLM"
            | "LRE"
            | "RLE"
            | "PDF"
            | "LRO"
            | "RLO"
            | "WJ"
            | "LRI"
            | "RLI"
            | "FSI"
            | "PDI"
            | "BOM"
    );
    (named || inside.strip_prefix("U+").is_some_and(|hex| hex.len() >= 4 && hex.bytes().all(|b| b.is_ascii_hexdigit())))
        .then_some(end + 1)
}

/// Letters set apart (`t e l e g r a m`) are put together when four or more stand in a row.
fn together(folded: &Folded) -> Folded {
    let chars: Vec<(usize, char)> = folded.text.char_indices().collect();
    let is_space = |at: usize| chars.get(at).is_none_or(|(_, c)| !c.is_alphanumeric());
    let lone =
        |at: usize| chars.get(at).is_some_and(|(_, c)| c.is_alphabetic()) && is_space(at + 1) && (at == 0 || is_space(at - 1));
    let mut out = Folded { text: String::with_capacity(folded.text.len()), at: Vec::with_capacity(folded.at.len() + 1) };
    let mut at = 0;
    while at < chars.len() {
        let mut end = at;
        while lone(end) && chars.get(end + 1).is_some_and(|(_, c)| *c == ' ') && lone(end + 2) {
            end += 2;
        }
        let run = (end - at) / 2 + 1;
        let step = if run >= 4 { 2 } else { 1 };
        while at <= end {
            let (byte, c) = chars[at];
            out.push(c, folded.at[byte] as usize);
            at += step;
        }
        if step == 2 {
            at = end + 1;
        }
    }
    out
}

/// An address has its dot within so many bytes behind the `@`; a text full of `@` must not be gone through for each of them.
const ADDRESS: usize = 80;

/// Digits and signs that stand for letters inside a word. Each is one byte, as the letter it stands for is.
fn letters(folded: &mut Folded, end: usize) {
    folded.at.push(u32::try_from(end).unwrap_or(u32::MAX));
    let is_letter = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80);
    let stands_for = |byte: u8| match byte {
        b'0' => Some(b'o'),
        b'1' | b'!' | b'|' => Some(b'i'),
        b'3' => Some(b'e'),
        b'4' | b'@' => Some(b'a'),
        b'5' | b'$' => Some(b's'),
        b'7' => Some(b't'),
        b'8' => Some(b'b'),
        _ => None,
    };
    if !folded.text.bytes().any(|byte| stands_for(byte).is_some()) {
        return;
    }
    let mut bytes = std::mem::take(&mut folded.text).into_bytes();
    for at in 0..bytes.len() {
        let Some(letter) = stands_for(bytes[at]) else { continue };
        let (before, behind) = (at.checked_sub(1).and_then(|at| bytes.get(at)), bytes.get(at + 1));
        let opens =
            bytes[at] == b'0' && before.is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte < 0x80) && is_letter(behind);
        // An address keeps its sign.
        let mail =
            bytes[at] == b'@' && bytes[at..].iter().take(ADDRESS).take_while(|byte| **byte != b' ').any(|byte| *byte == b'.');
        if !mail && (is_letter(before) && is_letter(behind) || opens) {
            bytes[at] = letter;
        }
    }
    // One ASCII byte for another leaves text what it was.
    folded.text = String::from_utf8(bytes).unwrap_or_default();
}

/// What a letter looks like.
fn latin(c: char) -> char {
    let small = c.to_lowercase().next().unwrap_or(c);
    match small {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ạ' | 'ả' | 'а' | 'α' | 'ɑ' => 'a',
        'ç' | 'ć' | 'č' | 'с' | 'ϲ' => 'c',
        'è'..='ë' | 'ē' | 'ę' | 'ě' | 'ệ' | 'ế' | 'ề' | 'е' | 'ё' | 'є' => 'e',
        'ì'..='ï' | 'ī' | 'ı' | 'і' | 'ї' | 'ι' | 'ӏ' | 'ⅼ' | 'ł' => 'i',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' | 'ộ' | 'ổ' | 'о' | 'ο' | 'օ' => 'o',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' | 'υ' | 'ս' => 'u',
        'ý' | 'ÿ' | 'у' | 'γ' => 'y',
        'ş' | 'š' | 'ś' | 'ѕ' | 'ß' => 's',
        'ğ' | 'ġ' | 'ɡ' => 'g',
        'ž' | 'ź' | 'ż' => 'z',
        'đ' | 'ð' | 'ԁ' => 'd',
        'р' | 'ρ' => 'p',
        'х' | 'χ' => 'x',
        'ţ' | 'ť' | 'т' | 'τ' => 't',
        'к' | 'κ' => 'k',
        'м' => 'm',
        'в' => 'b',
        'н' => 'h',
        'ν' => 'v',
        'η' => 'n',
        'ј' => 'j',
        'һ' => 'h',
        'ԛ' => 'q',
        'ѡ' | 'ԝ' => 'w',
        'ᴀ' => 'a',
        'ʙ' => 'b',
        'ᴄ' => 'c',
        'ᴅ' => 'd',
        'ᴇ' => 'e',
        'ɢ' => 'g',
        'ʜ' => 'h',
        'ɪ' | 'ʟ' => 'i',
        'ᴋ' => 'k',
        'ᴍ' => 'm',
        'ɴ' => 'n',
        'ᴏ' => 'o',
        'ᴘ' => 'p',
        'ʀ' => 'r',
        'ᴛ' => 't',
        'ᴜ' => 'u',
        'ᴡ' => 'w',
        // Full width.
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(small) - 0xfee0).map_or(small, |c| if c.is_alphanumeric() { c } else { ' ' })
        }
        // Mathematical: alphabets of fifty-two letters, then digits.
        '\u{1d400}'..='\u{1d6a3}' => {
            let place = (u32::from(small) - 0x1d400) % 26;
            char::from_u32(u32::from(b'a') + place).unwrap_or(small)
        }
        '\u{1d7ce}'..='\u{1d7ff}' => char::from_u32(u32::from(b'0') + (u32::from(small) - 0x1d7ce) % 10).unwrap_or(small),
        // Letters in circles.
        '\u{24d0}'..='\u{24e9}' => char::from_u32(u32::from(small) - 0x24d0 + u32::from(b'a')).unwrap_or(small),
        '\u{1f130}'..='\u{1f149}' => char::from_u32(u32::from(small) - 0x1f130 + u32::from(b'a')).unwrap_or(small),
        '\u{1f170}'..='\u{1f189}' => char::from_u32(u32::from(small) - 0x1f170 + u32::from(b'a')).unwrap_or(small),
        c if c.is_alphanumeric() => c,
        _ => ' ',
    }
}
