//! Files of drafts: copied into the data folder, looked at, and laid out without a model.

use std::path::{Path, PathBuf};

use super::api::{Content, Reply, Scaffolded};
use crate::domain::draft::{FileFacts, FileItem};
use crate::domain::picture::Edit;
use crate::domain::{Job, Origin, Text};
use crate::error::{Class, Failure, Result};
use crate::{assist, documents, store};

/// A file that a person adds to a draft may weigh this much.
const FILE_CAP: u64 = 64 << 20;

/// Copies a person's file into the data folder; `content`: as it was sent along.
pub(super) async fn keep_path(data: PathBuf, path: PathBuf, content: Option<Content>) -> Result<FileItem> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let kept = beside(move || {
        let bytes = match content {
            Some(Content(bytes)) => bytes,
            None => read(&path, FILE_CAP)?,
        };
        keep(&data, &name, &bytes, Origin::External)
    });
    looked(kept.await?).await
}

/// A kept file with its facts. Pictures are looked at by a process of their own: what a person adds came from somewhere as well.
async fn looked(kept: FileItem) -> Result<FileItem> {
    let mime = kept.facts.mime.as_str();
    if !documents::picture::is_known(mime) {
        return Ok(kept);
    }
    let facts = documents::picture::apart::facts(&kept.path, mime).await;
    Ok(FileItem { facts, ..kept })
}

async fn beside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Failure::new(Class::Internal, "a bug ended the keeping of a file").hint("please send its report"))?
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

/// Keeps a file that came of a call to an assistant; a picture is looked at by a process of its own.
pub(super) async fn keep_left(data: PathBuf, name: Text, path: PathBuf, call: Text) -> Result<FileItem> {
    let kept = beside(move || keep(&data, name.as_str(), &read(&path, FILE_CAP)?, Origin::Ai { call }));
    looked(kept.await?).await
}

/// A picture edited by a process of its own, kept under its old name (with another ending where its kind changed) and its old origin: what
/// is made of an AI's picture is an AI's.
pub(super) async fn edit(data: PathBuf, file: FileItem, edits: Vec<Edit>) -> Result<Reply> {
    let not = |why: String| Failure::new(Class::Refused, format!("“{}” was not changed", file.name)).why(why);
    let (told, bytes) = documents::picture::apart::edited(&file.path, &edits).await.map_err(not)?;
    let name = documents::picture::named(file.name.as_str(), told.kind);
    let (origin, facts) = (file.origin.clone(), told.facts);
    let kept = beside(move || keep(&data, &name, &bytes, origin)).await?;
    Ok(Reply::Picture { file: Box::new(FileItem { facts, ..kept }), told: told.told })
}

/// Keeps it, with no more facts than its kind.
fn keep(data: &Path, name: &str, bytes: &[u8], origin: Origin) -> Result<FileItem> {
    let facts = FileFacts { mime: Text::title(documents::kind(bytes)), ..FileFacts::default() };
    let (path, sha256) = store::keep_file(data, bytes)?;
    Ok(FileItem { name: Text::title(name), path, size: bytes.len() as u64, sha256, facts, origin })
}

/// Keeps bytes of our own making.
fn keep_bytes(data: &Path, name: &str, bytes: &[u8], origin: Origin) -> Result<FileItem> {
    Ok(FileItem { facts: documents::facts(bytes), ..keep(data, name, bytes, origin)? })
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
