//! Files that belong to drafts: kept by content, once, for good.

use std::path::{Path, PathBuf};

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
    let hash = sha256(bytes);
    let folder = dir.join("files");
    disk::private_dir(&folder).map_err(|e| disk::failed("Cannot make the folder", &folder, &e))?;
    let path = folder.join(&hash);
    // What is there under this name may be cut short by a crash of the whole machine: only equal bytes count.
    // A link is none of ours, whatever it leads to: what is behind it may change.
    let ours = path.symlink_metadata().is_ok_and(|there| there.is_file());
    if !ours || !std::fs::read(&path).is_ok_and(|there| there == bytes) {
        disk::replace(&RealDisk, &path, bytes).map_err(|e| disk::failed("Cannot save the file", &path, &e))?;
    }
    Ok((path, hash))
}
