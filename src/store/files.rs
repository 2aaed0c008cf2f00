//! Files that belong to drafts, and attachments that were fetched: kept by content, once, for good.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::disk::{self, RealDisk};
use crate::error::Result;

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// SHA-256 in hex.
pub fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

/// Keeps `bytes` as `dir/files/<sha256>`, 0600, durable before this returns; gives the path and the hash. The same bytes are kept
/// once. `dir` is the store's folder.
///
/// # Errors
/// `Class::Store` when the disk does not take them; nothing half-written stays.
pub fn keep_file(dir: &Path, bytes: &[u8]) -> Result<(PathBuf, String)> {
    keep(&dir.join("files"), bytes)
}

/// The folder of attachments, in the store's.
pub const ATTACHMENTS: &str = "attachments";

/// Keeps the bytes or the text of an attachment as `dir/attachments/<sha256>`, as [`keep_file`] does: what platforms hand out and what
/// the person adds never share a folder, and no name of theirs is used in it.
///
/// # Errors
/// As [`keep_file`].
pub fn keep_attachment(dir: &Path, bytes: &[u8]) -> Result<(PathBuf, String)> {
    keep(&dir.join(ATTACHMENTS), bytes)
}

/// Why a kept attachment cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// Nothing is there, or it cannot be read.
    Missing,
    /// Something else is there.
    Changed,
}

/// The bytes of a kept attachment, if they are what was kept.
///
/// # Errors
/// They are gone, or others.
pub fn attachment(dir: &Path, sha: &str) -> std::result::Result<Vec<u8>, Gone> {
    // A name from a journal that somebody wrote to is no path.
    if sha.len() != 64 || !sha.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Gone::Missing);
    }
    let path = dir.join(ATTACHMENTS).join(sha);
    if !path.symlink_metadata().is_ok_and(|there| there.is_file()) {
        return Err(Gone::Missing);
    }
    let bytes = std::fs::read(path).map_err(|_| Gone::Missing)?;
    if sha256(&bytes) == sha { Ok(bytes) } else { Err(Gone::Changed) }
}

/// Removes attachments that no record names: left by a crash between file and record. Those of the last day may be on their way into one.
pub fn sweep_attachments(dir: &Path, named: &BTreeSet<String>) {
    let Ok(entries) = std::fs::read_dir(dir.join(ATTACHMENTS)) else { return };
    let old = |path: &Path| {
        let age = path.symlink_metadata().and_then(|facts| facts.modified()).map(|at| at.elapsed().unwrap_or_default());
        age.is_ok_and(|age| age > Duration::from_secs(24 * 3600))
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        let is_named = path.file_name().and_then(|name| name.to_str()).is_some_and(|name| named.contains(name));
        if !is_named && old(&path) {
            let _ = std::fs::remove_file(&path);
        }
    }
}

fn keep(folder: &Path, bytes: &[u8]) -> Result<(PathBuf, String)> {
    let hash = sha256(bytes);
    disk::private_dir(folder).map_err(|e| disk::failed("Cannot make the folder", folder, &e))?;
    let path = folder.join(&hash);
    // What is there under this name may be cut short by a crash of the whole machine: only equal bytes count.
    // A link is none of ours, whatever it leads to: what is behind it may change.
    let ours = path.symlink_metadata().is_ok_and(|there| there.is_file());
    if !ours || !std::fs::read(&path).is_ok_and(|there| there == bytes) {
        disk::replace(&RealDisk, &path, bytes).map_err(|e| disk::failed("Cannot save the file", &path, &e))?;
    }
    Ok((path, hash))
}
