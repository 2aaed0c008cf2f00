//! Text as it is, in whatever encoding; and which kind of document all else is.

use super::{Read, Told};
use crate::domain::draft::FileFacts;

/// How a file is read.
pub(super) enum Kind {
    /// Here.
    Text(Read),
    /// By a reader in a process of its own.
    Document(&'static str),
    /// Not at all, and why.
    None(String),
}

/// What becomes of a file: content decides, the name only where content does not.
pub(super) fn read(bytes: &[u8], facts: &FileFacts, name: &str) -> Kind {
    let name = name.to_lowercase();
    match facts.mime.as_str() {
        "application/pdf" => Kind::Document("pdf"),
        "application/zip" => Kind::Document("docx"),
        "text/html" => Kind::Document("html"),
        "text/plain" if [".html", ".htm", ".xhtml"].iter().any(|end| name.ends_with(end)) => Kind::Document("html"),
        "text/plain" | "image/svg+xml" => Kind::Text(Ok(told(&String::from_utf8_lossy(bytes), None))),
        picture if picture.starts_with("image/") => Kind::None(match (facts.width, facts.height) {
            (Some(width), Some(height)) => format!("a picture of {width} × {height} pixels; pictures have no text"),
            _ => "a picture that cannot be read: it is cut short, or too large to look at".to_owned(),
        }),
        _ if bytes.starts_with(b"\xd0\xcf\x11\xe0") => Kind::None(
            "it is locked with a password, or in the format of an old office program; save it as DOCX or PDF".to_owned(),
        ),
        "application/octet-stream" => match decoded(bytes) {
            Some((text, encoding)) => Kind::Text(Ok(told(&text, Some(encoding)))),
            None => Kind::None("nobody here knows what kind of file it is; it is kept as it came".to_owned()),
        },
        other => Kind::None(format!("no text is read from {other}; the file is kept as it came")),
    }
}

fn told(text: &str, encoding: Option<&str>) -> Told {
    let text = text.trim_start_matches('\u{feff}');
    let notes = encoding.map(|name| format!("read as {name}")).into_iter().collect();
    // A form feed ends a page, as pdftotext writes it; the scrubber would show it as ^L.
    if text.contains('\u{c}') {
        return Told { text: paged(text.split('\u{c}').map(str::to_owned)), notes };
    }
    Told { text: text.to_owned(), notes }
}

/// Text that is not UTF-8: UTF-16 with its mark, else bytes of the West without control characters.
fn decoded(bytes: &[u8]) -> Option<(String, &'static str)> {
    let units = |read: fn([u8; 2]) -> u16| bytes[2..].chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect::<Vec<_>>();
    match bytes {
        [0xff, 0xfe, ..] => String::from_utf16(&units(u16::from_le_bytes)).ok().map(|text| (text, "UTF-16")),
        [0xfe, 0xff, ..] => String::from_utf16(&units(u16::from_be_bytes)).ok().map(|text| (text, "UTF-16")),
        _ if bytes.iter().all(|byte| !matches!(byte, 0..=8 | 0xe..=0x1f | 0x7f)) => {
            Some((bytes.iter().map(|byte| western(*byte)).collect(), "Windows-1252"))
        }
        _ => None,
    }
}

/// Windows-1252, which is Latin-1 but for this row.
fn western(byte: u8) -> char {
    const ROW: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’', '“',
        '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    ROW.get(usize::from(byte).wrapping_sub(0x80)).copied().unwrap_or(char::from(byte))
}

/// Pages one below the other, each under its anchor. What looks like an anchor inside a page is marked as none.
pub(super) fn paged(pages: impl Iterator<Item = String>) -> String {
    let mut out = String::new();
    for (number, page) in (1..).zip(pages) {
        if number > 1 && page.trim().is_empty() && out.len() > MOST {
            break;
        }
        out.push_str(&format!("--- page {number} ---\n"));
        push_guarded(&mut out, page.trim_start_matches(['\n', '\r']).trim_end());
        out.push('\n');
    }
    out
}

/// Beyond this nothing is kept anyway.
const MOST: usize = crate::domain::text::Cap::SOURCE.bytes;

/// Adds lines; one that looks like an anchor of ours is marked as none.
pub(super) fn push_guarded(out: &mut String, text: &str) {
    for line in text.split('\n') {
        if crate::domain::pages::anchor(line).is_some() {
            out.push_str("· ");
        }
        out.push_str(line);
        out.push('\n');
    }
}
