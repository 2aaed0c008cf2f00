//! The files of an inbox: one, or those of a folder, by name.

use std::fs::Metadata;
use std::io::{Error, ErrorKind, Result};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::mark::QUIET;
use crate::domain::Time;

/// What tells a file from itself a moment ago.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stamp {
    /// Device.
    pub dev: u64,
    /// Inode.
    pub ino: u64,
    /// Bytes.
    pub size: u64,
    /// Written, in seconds and nanoseconds since 1970.
    pub written: (i64, i64),
    /// Written, renamed or otherwise changed.
    pub changed: (i64, i64),
}

impl Stamp {
    /// As the file system says.
    pub fn of(facts: &Metadata) -> Stamp {
        Stamp {
            dev: facts.dev(),
            ino: facts.ino(),
            size: facts.size(),
            written: (facts.mtime(), facts.mtime_nsec()),
            changed: (facts.ctime(), facts.ctime_nsec()),
        }
    }

    /// The same file, whatever it holds now.
    pub fn is_same_file(&self, other: &Stamp) -> bool {
        (self.dev, self.ino) == (other.dev, other.ino)
    }

    /// Nobody wrote to it for a while.
    pub fn is_quiet(&self, now: Time) -> bool {
        let newest = self.written.max(self.changed);
        let millis = newest.0.saturating_mul(1000).saturating_add(newest.1 / 1_000_000);
        let since = now.timestamp_millis().saturating_sub(millis);
        // A stamp from the future is as good as an old one: waiting for it could take for ever.
        since >= QUIET.as_millis() as i64 || since < -60_000
    }
}

/// One file.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Its name in the folder; empty for the inbox that is a file.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// One JSON document rather than lines.
    pub document: bool,
    /// What it looks like now.
    pub stamp: Stamp,
}

impl Piece {
    /// The name for messages.
    pub fn shown(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// What is at an inbox's path.
#[derive(Debug)]
pub enum There {
    /// Nothing.
    Nothing,
    /// A file.
    File(Piece),
    /// A folder with these files.
    Folder(Vec<Piece>),
}

/// Looks what is there.
pub fn look(path: &Path) -> Result<There> {
    let facts = match path.metadata() {
        Ok(facts) => facts,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(There::Nothing),
        Err(error) => return Err(error),
    };
    if facts.is_file() {
        let document = holds(path) == Some(Holds::Document);
        return Ok(There::File(Piece { name: String::new(), path: path.to_owned(), document, stamp: Stamp::of(&facts) }));
    }
    if !facts.is_dir() {
        return Err(Error::new(ErrorKind::InvalidInput, "it is neither a file nor a folder"));
    }
    let mut pieces = Vec::new();
    for entry in path.read_dir()? {
        let entry = entry?;
        let Some(name) = entry.file_name().to_str().filter(|name| !name.starts_with('.')).map(str::to_owned) else { continue };
        let path = entry.path();
        let Some(holds) = holds(&path) else { continue };
        // One that went meanwhile, or cannot be looked at, is none.
        let Ok(facts) = path.metadata() else { continue };
        if facts.is_file() {
            pieces.push(Piece { name, path, document: holds == Holds::Document, stamp: Stamp::of(&facts) });
        }
    }
    pieces.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(There::Folder(pieces))
}

#[derive(PartialEq)]
enum Holds {
    Document,
    Lines,
}

fn holds(path: &Path) -> Option<Holds> {
    let extension = path.extension()?.to_str()?;
    if extension.eq_ignore_ascii_case("json") {
        Some(Holds::Document)
    } else {
        ["jsonl", "ndjson"].iter().any(|lines| extension.eq_ignore_ascii_case(lines)).then_some(Holds::Lines)
    }
}
