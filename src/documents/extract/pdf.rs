//! The text of a PDF, page by page: by `pdftotext` where it is installed, which reads more fonts, else by a library.

use std::io::Read as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::{Command, Stdio};

use pdf_extract::{Document, PlainTextOutput};

use super::plain::paged;
use super::{Read, Told, desk};
use crate::domain::text::Cap;

/// Most pages that are read.
const PAGES: usize = 2_000;
/// A page with fewer characters than this is thin: a picture, or fonts that nobody could read.
const THIN: usize = 40;

pub(super) fn read(path: &Path) -> Read {
    match installed(path) {
        Some(Ok(pages)) => Ok(told(pages, true)),
        // It says itself what is wrong, and knows better.
        Some(Err(why)) if why.contains("password") => Err(why),
        Some(Err(_)) | None => library(&desk::bytes(path)?).map(|pages| told(pages, false)),
    }
}

/// Pages by `pdftotext`; `None` where it is not installed.
fn installed(path: &Path) -> Option<Result<Vec<String>, String>> {
    let last = (PAGES + 1).to_string();
    let mut command = Command::new("pdftotext");
    command.args(["-enc", "UTF-8", "-l", &last, "--"]).arg(path).arg("-");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut reader = desk::narrow(|| command.spawn()).ok()?;
    let mut out = Vec::new();
    let read = reader.stdout.take().map(|said| said.take(Cap::SOURCE.bytes as u64 + 1).read_to_end(&mut out));
    if out.len() > Cap::SOURCE.bytes {
        // Enough was read; it need not go on.
        let _ = reader.kill();
    }
    let mut said = String::new();
    let _ = reader.stderr.take().map(|errors| errors.take(4096).read_to_string(&mut said));
    let ended = reader.wait();
    let whole = out.len() > Cap::SOURCE.bytes || ended.is_ok_and(|status| status.success());
    if !whole || !matches!(read, Some(Ok(_))) {
        let locked = said.to_lowercase().contains("password");
        return Some(Err(if locked { LOCKED.to_owned() } else { "it is not a PDF that can be read".to_owned() }));
    }
    let text = String::from_utf8_lossy(&out);
    let mut pages: Vec<String> = text.split('\u{c}').map(str::to_owned).collect();
    // Each page ends with a form feed.
    if pages.last().is_some_and(|rest| rest.trim().is_empty()) {
        pages.pop();
    }
    Some(Ok(pages))
}

const LOCKED: &str = "it is locked with a password; ask the requester for an open one";

fn library(bytes: &[u8]) -> Result<Vec<String>, String> {
    let mut document = Document::load_mem(bytes).map_err(|_| "it is damaged: it cannot be read as a PDF".to_owned())?;
    if document.is_encrypted() && document.decrypt("").is_err() {
        return Err(LOCKED.to_owned());
    }
    let mut numbers: Vec<u32> = document.get_pages().into_keys().collect();
    if numbers.is_empty() {
        return Err("it is damaged: it has no pages".to_owned());
    }
    numbers.truncate(PAGES + 1);
    let mut bytes = 0;
    let page = |number| {
        let mut text = String::new();
        // A page that breaks the parser is an empty one; the others may be fine.
        let read = catch_unwind(AssertUnwindSafe(|| {
            let mut out = PlainTextOutput::new(&mut text);
            pdf_extract::output_doc_page(&document, &mut out, number).is_ok()
        }));
        if matches!(read, Ok(true)) { text } else { String::new() }
    };
    Ok(numbers
        .into_iter()
        .map(page)
        .take_while(|page| {
            bytes += page.len();
            bytes <= Cap::SOURCE.bytes + page.len()
        })
        .collect())
}

/// Pages with their anchors, and what is to be said of them.
fn told(mut pages: Vec<String>, installed: bool) -> Told {
    let mut notes = Vec::new();
    if pages.len() > PAGES {
        pages.truncate(PAGES);
        notes.push(format!("only its first {PAGES} pages were read"));
    }
    let letters = |page: &String| page.chars().filter(|c| !c.is_whitespace()).take(THIN).count();
    let thin: Vec<usize> = (1..).zip(&pages).filter(|(_, page)| letters(page) < THIN).map(|(number, _)| number).collect();
    if !thin.is_empty() {
        let which = match thin.len() {
            n if n == pages.len() => "none of its pages holds more than a few words".to_owned(),
            1 => format!("page {} holds hardly any text", thin[0]),
            n => {
                let shown: Vec<String> = thin.iter().take(8).map(ToString::to_string).collect();
                let more = if n > 8 { ", …" } else { "" };
                format!("{n} of its {} pages hold hardly any text ({}{more})", pages.len(), shown.join(", "))
            }
        };
        let cure = if installed {
            "they may be pictures: look at the file itself"
        } else {
            "they may be pictures, or fonts that only pdftotext reads: install poppler-utils and fetch it again"
        };
        notes.push(format!("{which}; {cure}"));
    }
    Told { text: paged(pages.into_iter()), notes }
}
