//! Pictures looked at, edited and made small by a process of its own: this program once more, with little to lose.
//!
//! `juggler read-document picture-facts PATH`, `picture-edit PATH EDITS`, `picture-view PATH WIDTH HEIGHT` write a line of JSON to standard
//! output, and behind it bytes: the new file, or the pixels. Memory and time are limited as they are for documents, more of both for
//! edits.

use std::path::Path;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::super::extract::desk;
use super::super::facts::sniff;
use super::{edit, look, view};
use crate::child::{self, Broken, Limits, Sees};
use crate::domain::Text;
use crate::domain::draft::FileFacts;
use crate::domain::picture::{Edit, Kind, PictureFacts};

/// How long a picture may be worked on.
const TIME: Duration = Duration::from_secs(60);
/// Most bytes of a new file.
const OUTPUT: usize = 256 << 20;
/// Memory for edits.
const MEMORY: u64 = 1_500 << 20;
/// Seconds of processor time for edits.
const SECONDS: u64 = 50;

/// What an edit came to, beside the bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Told {
    /// Kind of the new file.
    pub kind: Kind,
    /// What a person should know.
    pub told: Vec<Text>,
    /// What it is now.
    pub facts: FileFacts,
}

/// What is known of the picture at this path; of what cannot be looked at, why not.
pub async fn facts(path: &Path, mime: &str) -> FileFacts {
    match run::<FileFacts>("picture-facts", path, &[]).await {
        Ok((facts, _)) => facts,
        Err(why) => {
            let picture = PictureFacts { trouble: Text::title(&why), ..PictureFacts::default() };
            FileFacts { mime: Text::title(mime), picture: Some(Box::new(picture)), ..FileFacts::default() }
        }
    }
}

/// The edits carried out on the picture at this path: the new file, and what is to be said of it. The old one is not touched.
///
/// # Errors
/// A sentence: which edit cannot be carried out, and why.
pub async fn edited(path: &Path, edits: &[Edit]) -> Result<(Told, Vec<u8>), String> {
    let words = edits.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    run("picture-edit", path, &[words]).await
}

/// The picture at this path, no larger than so many pixels: width, height, and red, green, blue and alpha of each.
///
/// # Errors
/// A sentence.
pub async fn small(path: &Path, (width, height): (u32, u32)) -> Result<(u32, u32, Vec<u8>), String> {
    let ((width, height), pixels) = run::<(u32, u32)>("picture-view", path, &[width.to_string(), height.to_string()]).await?;
    match pixels.len() as u64 == u64::from(width) * u64::from(height) * 4 {
        true => Ok((width, height, pixels)),
        false => Err("its pixels did not come whole".to_owned()),
    }
}

async fn run<T: DeserializeOwned>(work: &str, path: &Path, more: &[String]) -> Result<(T, Vec<u8>), String> {
    let mut argv = vec![desk::program(), desk::WORD.to_owned(), work.to_owned(), path.to_string_lossy().into_owned()];
    argv.extend_from_slice(more);
    let ran = match child::run(&argv, Sees::Harmless, None, Limits { time: TIME, output: OUTPUT }).await {
        Ok(ran) => ran,
        Err(Broken::TooLong(limit)) => return Err(format!("it took longer than {} s and was stopped", limit.as_secs())),
        Err(other) => return Err(format!("the reader of pictures could not be started: {other}")),
    };
    let end = ran.out.iter().position(|byte| *byte == b'\n').unwrap_or(ran.out.len());
    let (head, rest) = ran.out.split_at(end);
    match serde_json::from_slice::<Result<T, String>>(head) {
        Ok(Ok(said)) if !ran.more => Ok((said, rest.get(1..).unwrap_or_default().to_vec())),
        Ok(Ok(_)) => Err(format!("the new file is over {} MiB", OUTPUT >> 20)),
        Ok(Err(why)) => Err(why),
        Err(_) => Err("it took more time or memory than a picture may take, and was stopped".to_owned()),
    }
}

/// What is done on the other side: a line of JSON and bytes. Nothing for words of documents.
pub(in crate::documents) fn serve(work: &str, path: &Path, more: &[String]) -> Option<(String, Vec<u8>)> {
    let read = || desk::bytes(path).map(|bytes| (sniff(&bytes), bytes));
    let line = |told: Result<serde_json::Value, String>| serde_json::to_string(&told).unwrap_or_default();
    Some(match work {
        "picture-facts" => (line(read().map(|(mime, bytes)| json(look(&bytes, mime)))), Vec::new()),
        "picture-edit" => {
            let edits = Edit::parse_all(&more.join(" "));
            match edits.and_then(|edits| read().and_then(|(mime, bytes)| edit(&bytes, mime, &edits))) {
                Ok(done) => {
                    let told = done.told.iter().map(|words| Text::title(words)).collect();
                    (line(Ok(json(Told { kind: done.kind, told, facts: done.facts }))), done.bytes)
                }
                Err(why) => (line(Err(why)), Vec::new()),
            }
        }
        "picture-view" => {
            let side = |at: usize| more.get(at).and_then(|word| word.parse().ok()).unwrap_or(1);
            match read().and_then(|(mime, bytes)| view(&bytes, mime, (side(0), side(1)))) {
                Ok((width, height, pixels)) => (line(Ok(json((width, height)))), pixels),
                Err(why) => (line(Err(why)), Vec::new()),
            }
        }
        _ => return None,
    })
}

/// Memory and seconds for this work, where it is work on a picture.
pub(in crate::documents) fn allowance(work: &str) -> Option<(u64, u64)> {
    matches!(work, "picture-edit" | "picture-view").then_some((MEMORY, SECONDS))
}

fn json(told: impl Serialize) -> serde_json::Value {
    serde_json::to_value(told).unwrap_or_default()
}
