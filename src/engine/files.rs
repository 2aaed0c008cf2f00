//! Files of drafts: copied into the data folder, looked at, and laid out without a model. All of it blocks.

use std::path::Path;

use super::api::{Content, Scaffolded};
use crate::domain::draft::FileItem;
use crate::domain::{Job, Origin, Text};
use crate::error::{Class, Failure, Result};
use crate::{assist, documents, store};

/// A file that a person adds to a draft may weigh this much.
const FILE_CAP: u64 = 64 << 20;

/// Copies a person's file into the data folder; `content`: as it was sent along.
pub(super) fn keep_path(data: &Path, path: &Path, content: Option<Content>) -> Result<FileItem> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if let Some(Content(bytes)) = content {
        return keep_bytes(data, &name, &bytes, Origin::External);
    }
    let bytes = read(path, FILE_CAP)?;
    keep_bytes(data, &name, &bytes, Origin::External)
}

/// Reads a person's file, if it is one and within `cap`.
///
/// # Errors
/// `Usage`, with what is in the way.
pub fn read(path: &Path, cap: u64) -> Result<Vec<u8>> {
    let cannot = |why: std::io::Error| {
        Failure::new(Class::Usage, format!("{} cannot be added", path.display()))
            .why(why)
            .hint("check the path and its permissions")
    };
    let facts = std::fs::metadata(path).map_err(cannot)?;
    if !facts.is_file() || facts.len() > cap {
        let why = if facts.is_file() { format!("it is over {} MiB", cap >> 20) } else { "it is not a file".to_owned() };
        return Err(Failure::new(Class::Usage, format!("{} cannot be added", path.display())).why(why));
    }
    std::fs::read(path).map_err(cannot)
}

/// Keeps a file that came of a call to an assistant.
pub(super) fn keep_left(data: &Path, name: &Text, path: &Path, call: Text) -> Result<FileItem> {
    let bytes = read(path, FILE_CAP)?;
    keep_bytes(data, name.as_str(), &bytes, Origin::Ai { call })
}

fn keep_bytes(data: &Path, name: &str, bytes: &[u8], origin: Origin) -> Result<FileItem> {
    let facts = documents::facts(bytes);
    let (path, sha256) = store::keep_file(data, bytes)?;
    Ok(FileItem { name: Text::title(name), path, size: bytes.len() as u64, sha256, facts, origin })
}

/// A draft laid out by the scaffold, with the pictures it makes.
pub(super) fn lay_out(data: &Path, job: &Job) -> Result<Scaffolded> {
    let layout = assist::lay_out(job);
    let files = layout
        .pictures
        .iter()
        .map(|picture| keep_bytes(data, &picture.name, &picture.png_bytes, Origin::Scaffold))
        .collect::<Result<Vec<_>>>()?;
    Ok(Scaffolded { text: Text::own(&layout.text), files, label: Text::title(&layout.label) })
}
