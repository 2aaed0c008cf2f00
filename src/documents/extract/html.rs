//! The text of an HTML page: headings as `# …`, so that its sections are found again, tables cell by cell, scripts left out.

use super::{Read, Told};

/// Lines are wrapped where they are shown, not here; tables would grow as wide as this.
const WIDTH: usize = 100_000;
/// Most elements that may be open at once. Browsers stop at 512; beyond it pages are made to break readers.
const DEPTH: usize = 4_000;

pub(super) fn read(bytes: &[u8]) -> Read {
    if depth(bytes) > DEPTH {
        return Err(format!("it is nested deeper than {DEPTH} elements, as no page is that people read"));
    }
    let config = html2text::config::plain_no_decorate().raw_mode(true).link_footnotes(false).no_link_wrapping();
    let text = config.string_from_read(bytes, WIDTH).map_err(|why| format!("it cannot be read as HTML ({why})"))?;
    Ok(Told { text, notes: Vec::new() })
}

/// How deep a page is nested at most, told from its tags alone. Elements that need no end do not count; an end closes one.
fn depth(bytes: &[u8]) -> usize {
    const VOID: [&[u8]; 26] = [
        b"br", b"hr", b"img", b"input", b"link", b"meta", b"area", b"base", b"col", b"embed", b"source", b"track", b"wbr", b"p",
        b"li", b"td", b"th", b"tr", b"tbody", b"thead", b"tfoot", b"dt", b"dd", b"option", b"rt", b"rp",
    ];
    let (mut deep, mut deepest) = (0usize, 0usize);
    for at in memchr::memchr_iter(b'<', bytes) {
        let rest = &bytes[at + 1..];
        let name = |from: &[u8]| from.iter().take(12).take_while(|b| b.is_ascii_alphanumeric()).count();
        match rest.first() {
            Some(b'/') => {
                let length = name(&rest[1..]);
                let open = !VOID.iter().any(|void| void.eq_ignore_ascii_case(&rest[1..1 + length]));
                deep = deep.saturating_sub(usize::from(open && length > 0));
            }
            Some(first) if first.is_ascii_alphabetic() => {
                let void = VOID.iter().any(|void| void.eq_ignore_ascii_case(&rest[..name(rest)]));
                deep += usize::from(!void);
                deepest = deepest.max(deep);
            }
            _ => {}
        }
    }
    deepest
}
