//! The text of a document, whatever its kind: plain text, Markdown, HTML, PDF, DOCX.
//!
//! A document comes from a stranger, and parsers of documents break: they panic, never end, or take all memory. So all but plain text is
//! read by a process of its own (this program once more, see [`desk`]) under limits of time, memory and output; whatever becomes of
//! it is a sentence here. What comes back is scrubbed, as everything from outside.

pub mod desk;
mod docx;
mod html;
mod pdf;
mod plain;

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::facts::{facts, sniff};
use super::picture;
use crate::child::{self, Broken, Limits, Sees};
use crate::domain::Text;
use crate::domain::draft::FileFacts;
use crate::domain::text::Cap;

/// How long a document may be read for.
const TIME: Duration = Duration::from_secs(30);
/// Most bytes of text that a reader may say; more is read and thrown away.
const OUTPUT: usize = Cap::SOURCE.bytes + (64 << 10);

/// What was found in a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extracted {
    /// What the file is, by its content.
    pub facts: FileFacts,
    /// Its text; `None` where it has none, or none could be read.
    pub text: Option<Text>,
    /// What a person should know of it, in sentences: why there is no text, which pages are thin. Often empty.
    pub note: Text,
}

/// What a reader says in its first line; the text follows.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Said {
    /// There is a text.
    read: bool,
    /// More was there than is kept.
    cut: bool,
    /// Sentences for the person.
    note: String,
}

/// A text and what is to be said of it; or, as the error, why there is none.
type Read = Result<Told, String>;

/// A text that was read.
#[derive(Debug, Default)]
struct Told {
    text: String,
    /// Sentences for the person.
    notes: Vec<String>,
}

/// Reads the document at `path`, whose bytes these are. `name`: as the platform calls it, which only helps where content does not tell.
pub async fn extract(path: &Path, bytes: Vec<u8>, name: &str) -> Extracted {
    let name = name.to_owned();
    let mime = sniff(&bytes);
    // A picture is a document like any other: whoever made it may want its decoder to break.
    let picture = if picture::is_known(mime) { Some(picture::apart::facts(path, mime).await) } else { None };
    let looked = tokio::task::spawn_blocking(move || {
        let facts = picture.unwrap_or_else(|| facts(&bytes));
        let own = plain::read(&bytes, &facts, &name);
        (facts, own)
    });
    let Ok((facts, own)) = looked.await else {
        // A picture's parser broke off; the file is kept all the same.
        return Extracted { note: Text::title("it could not be looked at: its parser gave up"), ..Extracted::default() };
    };
    let (read, cut) = match own {
        plain::Kind::Text(read) => (read, false),
        plain::Kind::Document(kind) => apart(path, kind).await,
        plain::Kind::None(why) => (Err(why), false),
    };
    match read {
        Err(why) => Extracted { facts, text: None, note: Text::line(&why, NOTE) },
        Ok(Told { text, mut notes }) => {
            let whole = text.len() <= Cap::SOURCE.bytes && !cut;
            // Scrubbing megabytes takes a while.
            let text = tokio::task::spawn_blocking(move || Text::source(&text)).await.unwrap_or_default();
            if !whole {
                notes.push(format!("only its first {} MB are kept as text", Cap::SOURCE.bytes >> 20));
            }
            if text.as_str().trim().is_empty() {
                notes.insert(0, "it holds no text".to_owned());
            }
            Extracted { facts, text: Some(text), note: Text::line(&notes.join("; "), NOTE) }
        }
    }
}

/// What is told of one document.
const NOTE: Cap = Cap { graphemes: 600, bytes: 4 << 10 };

/// Reads it in a process of its own.
async fn apart(path: &Path, kind: &str) -> (Read, bool) {
    let argv = [desk::program(), desk::WORD.to_owned(), kind.to_owned(), path.to_string_lossy().into_owned()];
    let limits = Limits { time: TIME, output: OUTPUT };
    let ran = match child::run(&argv, Sees::Harmless, None, limits).await {
        Ok(ran) => ran,
        Err(Broken::TooLong(limit)) => {
            return (Err(format!("reading it took longer than {} s and was stopped", limit.as_secs())), false);
        }
        Err(other) => return (Err(format!("the reader of documents could not be started: {other}")), false),
    };
    let end = ran.out.iter().position(|byte| *byte == b'\n').unwrap_or(ran.out.len());
    let (head, text) = ran.out.split_at(end);
    match serde_json::from_slice::<Said>(head) {
        Ok(said) if said.read => {
            let text = String::from_utf8_lossy(text.get(1..).unwrap_or_default()).into_owned();
            let notes = if said.note.is_empty() { Vec::new() } else { vec![said.note] };
            (Ok(Told { text, notes }), said.cut || ran.more)
        }
        Ok(said) => (Err(said.note), false),
        // It said nothing: it was ended.
        Err(_) => (Err(how_it_ended(ran.status)), false),
    }
}

fn how_it_ended(status: std::process::ExitStatus) -> String {
    use rustix::process::Signal;
    use std::os::unix::process::ExitStatusExt;
    let signal = status.signal();
    let is = |wanted: Signal| signal == Some(wanted.as_raw());
    if is(Signal::XCPU) || is(Signal::KILL) {
        "reading it took more time or memory than a document may take, and was stopped".to_owned()
    } else if is(Signal::ABORT) {
        "reading it took more memory than a document may take".to_owned()
    } else if is(Signal::SEGV) || is(Signal::BUS) {
        "it is nested so deep that its reader gave up".to_owned()
    } else {
        format!("its reader gave up ({status})")
    }
}
