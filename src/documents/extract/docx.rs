//! The text of a DOCX: paragraphs, headings as `# …`, cells of tables side by side, page breaks as they were when it was last saved.

use std::io::{Cursor, Read as _};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::plain::push_guarded;
use super::{Read, Told};
use crate::domain::text::Cap;

/// Most bytes of one part, unpacked: a bomb unpacks to more.
const PART: u64 = 64 << 20;
/// Most files in the archive.
const FILES: usize = 20_000;
/// Most elements that may be open at once.
const DEPTH: usize = 2_000;

pub(super) fn read(bytes: &[u8]) -> Read {
    let damaged = |why: String| format!("it is damaged: {why}");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged("it cannot be unpacked".to_owned()))?;
    if archive.len() > FILES {
        return Err(format!("it holds more than {FILES} files, as no document does"));
    }
    let Some(body) = part(&mut archive, "word/document.xml") else {
        return Err("it is an archive and no document of text; the file is kept as it came".to_owned());
    };
    let mut pages = Pages::default();
    pages.read(&body?)?;
    if let Some(Ok(notes)) = part(&mut archive, "word/footnotes.xml") {
        let before = pages.out.len();
        pages.text.push_str("# Footnotes");
        pages.end_paragraph();
        let heading = pages.out.len();
        // Footnotes that are damaged leave the text readable.
        let whole = pages.read(&notes).is_ok();
        if !whole || pages.out[heading..].trim().is_empty() {
            pages.out.truncate(before);
        }
    }
    let notes =
        if pages.number > 1 { vec!["its page breaks are those of when it was last saved".to_owned()] } else { Vec::new() };
    Ok(Told { text: pages.out, notes })
}

/// A part of the archive; `None` where there is none of that name.
fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Option<Result<Vec<u8>, String>> {
    let file = archive.by_name(name).ok()?;
    let mut bytes = Vec::new();
    Some(match file.take(PART + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 > PART => Err(format!("it unpacks to more than {} MiB, as no document does", PART >> 20)),
        Ok(_) => Ok(bytes),
        Err(_) => Err("it is damaged: it cannot be unpacked, or is locked with a password".to_owned()),
    })
}

/// Pages as they come.
#[derive(Default)]
struct Pages {
    out: String,
    number: u32,
    /// The paragraph being read.
    text: String,
    /// Its heading's level; 0: none.
    heading: usize,
    in_text: bool,
    /// Cells of the row being read.
    cells: usize,
}

impl Pages {
    fn read(&mut self, xml: &[u8]) -> Result<(), String> {
        let xml = String::from_utf8_lossy(xml);
        let mut reader = Reader::from_str(&xml);
        let mut depth = 0usize;
        loop {
            match reader.read_event().map_err(|_| "it is damaged: its text is not XML".to_owned())? {
                Event::Start(tag) => {
                    depth += 1;
                    if depth > DEPTH {
                        return Err(format!("it is nested deeper than {DEPTH} elements, as no document is"));
                    }
                    self.start(&tag);
                }
                Event::Empty(tag) => {
                    self.start(&tag);
                    self.end(tag.local_name().as_ref());
                }
                Event::End(tag) => {
                    depth = depth.saturating_sub(1);
                    self.end(tag.local_name().as_ref());
                }
                Event::Text(text) if self.in_text => self.text.push_str(&text),
                Event::CData(text) if self.in_text => self.text.push_str(&text),
                // Only what XML itself names: what a document defines is how small files become large ones.
                Event::GeneralRef(name) if self.in_text => match name.resolve_char_ref() {
                    Ok(Some(c)) => self.text.push(c),
                    _ => self.text.push_str(match name.as_ref() {
                        "amp" => "&",
                        "lt" => "<",
                        "gt" => ">",
                        "quot" => "\"",
                        "apos" => "'",
                        _ => "\u{fffd}",
                    }),
                },
                Event::DocType(_) => {
                    return Err("it defines words of its own, as only files do that want to break readers".to_owned());
                }
                Event::Eof if depth > 0 => return Err("it is damaged: its end is missing".to_owned()),
                Event::Eof => {
                    self.end_paragraph();
                    return Ok(());
                }
                _ => {}
            }
            if self.out.len() + self.text.len() > Cap::SOURCE.bytes {
                self.end_paragraph();
                return Ok(());
            }
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>) {
        let value =
            |name: &str| tag.attributes().flatten().find(|a| a.key.local_name().as_ref() == name).map(|a| a.value.into_owned());
        match tag.local_name().as_ref() {
            "t" => self.in_text = true,
            "tab" => self.text.push(' '),
            "br" | "cr" => match value("type").as_deref() {
                Some("page") => self.end_page(),
                _ => self.text.push('\n'),
            },
            "lastRenderedPageBreak" => self.end_page(),
            "noBreakHyphen" => self.text.push('-'),
            "pStyle" => self.heading = value("val").map_or(0, |style| level(&style)),
            "tc" => {
                if self.cells > 0 {
                    self.text.push_str(" | ");
                }
                self.cells += 1;
            }
            "tr" => self.cells = 0,
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "t" => self.in_text = false,
            // A cell's paragraphs stand in its row.
            "p" if self.cells > 0 => self.text.push(' '),
            "p" => self.end_paragraph(),
            "tr" => {
                self.cells = 0;
                self.end_paragraph();
            }
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        let text = std::mem::take(&mut self.text);
        let heading = std::mem::take(&mut self.heading);
        let text = text.trim_end();
        if heading > 0 && !text.trim().is_empty() {
            self.out.push_str(&"#".repeat(heading));
            self.out.push(' ');
        }
        push_guarded(&mut self.out, text);
    }

    fn end_page(&mut self) {
        if !self.text.trim().is_empty() {
            let heading = self.heading;
            self.end_paragraph();
            self.heading = heading;
        }
        if self.number == 0 {
            // A break before the first word, which writers leave there, ends nothing.
            if self.out.trim().is_empty() {
                return;
            }
            self.out.insert_str(0, "--- page 1 ---\n");
            self.number = 1;
        }
        self.number += 1;
        self.out.push_str(&format!("--- page {} ---\n", self.number));
    }
}

/// The level of a heading by its style's name.
fn level(style: &str) -> usize {
    let style = style.to_ascii_lowercase();
    match style.strip_prefix("heading").or_else(|| style.strip_prefix("berschrift")).map(str::parse::<usize>) {
        Some(Ok(level)) => level.clamp(1, 6),
        _ if style == "title" => 1,
        _ => 0,
    }
}
