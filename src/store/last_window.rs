//! The last window a front end showed, kept beside the store so that the next start can show it before anything is opened.
//!
//! One file of one line, `{"crc":"8 hex","window":…}`. It is a picture and nothing else: when it is missing, cut or changed there is
//! none, and nobody is told.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::disk::{self, Disk, RealDisk};
use super::line;
use crate::error::{Class, Failure, Result};

/// Most bytes of the file.
pub const LIMIT: usize = 256 << 10;

fn path(dir: &Path) -> PathBuf {
    dir.join("last-window.json")
}

fn sum(window: &[u8]) -> String {
    line::crc(&[b"window:", window])
}

/// Keeps `window` in the store's folder `dir` in place of the one before, whole or not at all.
///
/// # Errors
/// `Class::Usage` when it is over [`LIMIT`], `Class::Store` when the disk does not take it; the one before stays.
pub fn save(dir: &Path, window: &Value) -> Result<()> {
    save_on(&RealDisk, dir, window)
}

/// [`save`] on a disk of the caller's.
///
/// # Errors
/// As [`save`].
#[doc(hidden)]
pub fn save_on(disk: &dyn Disk, dir: &Path, window: &Value) -> Result<()> {
    let path = path(dir);
    let window = window.to_string();
    let line = format!("{{\"crc\":\"{}\",\"window\":{window}}}\n", sum(window.as_bytes()));
    if line.len() > LIMIT {
        return Err(Failure::new(Class::Usage, "The last window is too large to be kept")
            .why(format!("it has {} bytes, and {LIMIT} are kept", line.len()))
            .hint("Nothing is lost: the next start draws it from the feed."));
    }
    disk::private_dir(dir)
        .and_then(|()| disk::replace(disk, &path, line.as_bytes()))
        .map_err(|e| disk::failed("Cannot save", &path, &e))
}

/// The window kept under `dir`, if a whole one is.
pub fn load(dir: &Path) -> Option<Value> {
    load_on(&RealDisk, dir)
}

/// [`load`] from a disk of the caller's.
#[doc(hidden)]
pub fn load_on(disk: &dyn Disk, dir: &Path) -> Option<Value> {
    let bytes = disk.read(&path(dir)).ok().filter(|bytes| bytes.len() <= LIMIT)?;
    let body = bytes.strip_suffix(b"}\n")?.strip_prefix(b"{\"crc\":\"")?;
    let (crc, rest) = body.split_at_checked(8)?;
    let window = rest.strip_prefix(b"\",\"window\":")?;
    (sum(window).as_bytes() == crc).then(|| serde_json::from_slice(window).ok())?
}
