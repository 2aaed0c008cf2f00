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

    fn ends_in(&self, c: char) -> bool {
        self.text.ends_with(c)
    }
}

/// Folds a text. An empty line becomes the end of a sentence.
pub(super) fn fold(raw: &str) -> Folded {
    let mut out = Folded { text: String::with_capacity(raw.len()), at: Vec::with_capacity(raw.len() + 1) };
    let mut chars = raw.char_indices().peekable();
    let (mut earlier, mut before) = (' ', ' ');
    let mut breaks = 0;
    while let Some((from, c)) = chars.next() {
        if c == '<'
            && let Some(mark) = shown_mark(&raw[from..])
        {
            while chars.next_if(|(at, _)| *at < from + mark).is_some() {}
            continue;
        }
        if c == '\n' {
            breaks += 1;
        } else if !c.is_whitespace() {
            breaks = 0;
        }
        let next = chars.peek().map_or(' ', |(_, next)| *next);
        let folded = match c {
            '\n' if breaks == 2 => '.',
            'a'..='z' | 'A'..='Z' | '0'..='9' => one(c.to_ascii_lowercase()),
            // Letters with dots between them.
            '.' if before.is_alphabetic() && next.is_alphabetic() && !earlier.is_alphanumeric() => {
                (earlier, before) = (before, c);
                continue;
            }
            '-' | '_' | '*' | '~' | '·' | '\'' | '’' | '`' | '|' if before.is_alphanumeric() && next.is_alphanumeric() => {
                continue;
            }
            '!' | '|' if before.is_alphabetic() && next.is_alphabetic() => c,
            '.' | '!' | '?' | '。' | '！' | '？' | '।' => '.',
            '@' | '+' | '/' | '$' | '€' | '£' | '₹' | '%' | '|' => c,
            '＠' => '@',
            c if c.is_ascii() => ' ',
            c if c.width() == Some(0) => continue,
            c => one(latin(c)),
        };
        (earlier, before) = (before, c);
        if folded == ' ' && (out.ends_in(' ') || out.text.is_empty()) {
            continue;
        }
        out.push(folded, from);
    }
    let mut out = together(&out);
    letters(&mut out, raw.len());
    out
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

/// Digits and signs that stand for letters inside a word.
fn letters(folded: &mut Folded, end: usize) {
    let mut chars: Vec<char> = folded.text.chars().collect();
    for at in 0..chars.len() {
        let letter = match chars[at] {
            '0' => 'o',
            '1' | '!' | '|' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            '8' => 'b',
            _ => continue,
        };
        let (before, behind) = (at.checked_sub(1).map_or(' ', |at| chars[at]), chars.get(at + 1).copied().unwrap_or(' '));
        let opens = chars[at] == '0' && !before.is_alphanumeric() && behind.is_alphabetic();
        // An address keeps its sign.
        let mail = chars[at] == '@' && chars[at..].iter().take_while(|c| **c != ' ').any(|c| *c == '.');
        if !mail && (before.is_alphabetic() && behind.is_alphabetic() || opens) {
            chars[at] = letter;
        }
    }
    // Every letter put in takes one byte, as what it stands for does.
    folded.text = chars.into_iter().collect();
    folded.at.push(u32::try_from(end).unwrap_or(u32::MAX));
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
