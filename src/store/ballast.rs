//! Eight MiB that are given back to a full disk, so that the next save and a clean end have room.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long to wait before looking again whether there is room for it.
const RETRY: Duration = Duration::from_secs(60);

/// The file and its wanted size.
#[derive(Debug)]
pub struct Ballast {
    path: PathBuf,
    bytes: u64,
    tried: Option<Instant>,
}

impl Ballast {
    /// The ballast of the store under `dir`; nothing is written yet. `bytes` 0: none is wanted.
    pub fn new(dir: &Path, bytes: u64) -> Ballast {
        Ballast { path: dir.join("ballast"), bytes, tried: None }
    }

    /// Gives the room back; whether there was any.
    pub fn free(&mut self) -> bool {
        self.tried = Some(Instant::now());
        fs::remove_file(&self.path).is_ok()
    }

    /// Writes it when it is missing and the disk has at least four times as much free. Never fails: it is a precaution.
    pub fn keep(&mut self) {
        if self.bytes == 0 || self.tried.is_some_and(|at| at.elapsed() < RETRY) {
            return;
        }
        self.tried = Some(Instant::now());
        if fs::metadata(&self.path).is_ok_and(|m| m.len() == self.bytes) || !self.has_room() {
            return;
        }
        if self.write().is_err() {
            let _ = fs::remove_file(&self.path);
        }
    }

    fn has_room(&self) -> bool {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        rustix::fs::statvfs(folder).is_ok_and(|s| s.f_bavail.saturating_mul(s.f_frsize) >= self.bytes.saturating_mul(4))
    }

    fn write(&self) -> io::Result<()> {
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .custom_flags(super::disk::NO_LINK)
            .open(&self.path)?;
        // Not zeros: a file system that compresses or leaves holes would keep no room for them.
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut block = Vec::with_capacity(64 * 1024);
        let mut left = self.bytes;
        while left > 0 {
            block.clear();
            while block.len() < 64 * 1024 {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                block.extend_from_slice(&state.to_le_bytes());
            }
            let part = usize::try_from(left).unwrap_or(usize::MAX).min(block.len());
            file.write_all(&block[..part])?;
            left -= part as u64;
        }
        Ok(())
    }
}
