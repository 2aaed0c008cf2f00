//! A disk that fails on demand: for tests of what the store does then.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::disk::{Disk, DiskFile, RealDisk};

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// EIO; nothing was done.
    Io,
    /// ENOSPC; nothing was done.
    Full,
    /// A write does half of it, and the next call fails with ENOSPC; other calls fail with EIO.
    Short,
}

/// What is asked of a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// A whole file is read, or opened for that.
    Read,
    /// A file is opened for writing, or made.
    Open,
    /// Bytes are written.
    Write,
    /// A file or a folder is made durable.
    Sync,
    /// A name changes or goes.
    Name,
    /// A file is cut.
    Cut,
}

/// A plan of failures, shared with the files it opened.
#[derive(Clone)]
pub struct FaultyDisk {
    calls: Arc<AtomicU64>,
    only: Option<Op>,
    fail_at: u64,
    fault: Fault,
    persistent: bool,
}

impl FaultyDisk {
    /// The `fail_at`th call (from 1) fails; with `persistent` every later one too. 0 never fails and only counts.
    pub fn new(fail_at: u64, fault: Fault, persistent: bool) -> FaultyDisk {
        FaultyDisk { calls: Arc::default(), only: None, fail_at, fault, persistent }
    }

    /// Only calls of this kind count and fail.
    #[must_use]
    pub fn only(self, op: Op) -> FaultyDisk {
        FaultyDisk { only: Some(op), ..self }
    }

    /// Calls so far.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::SeqCst)
    }

    fn turn(&self, op: Op) -> Option<u64> {
        if self.only.is_some_and(|only| only != op) {
            return None;
        }
        let call = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        let past = call.checked_sub(self.fail_at).filter(|_| self.fail_at > 0)?;
        // A short write needs the call behind it to fail as well, or it would only be a slow one.
        let hit = past == 0 || self.persistent || (self.fault == Fault::Short && past == 1);
        hit.then_some(past)
    }

    fn check(&self, op: Op) -> io::Result<()> {
        if self.turn(op).is_some() { Err(self.error()) } else { Ok(()) }
    }

    fn error(&self) -> io::Error {
        match self.fault {
            Fault::Io => io::Error::from_raw_os_error(5),
            Fault::Full | Fault::Short => io::Error::from_raw_os_error(28),
        }
    }
}

impl Disk for FaultyDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        // A full disk can be read.
        let hit = self.turn(Op::Read).is_some();
        if hit && self.fault == Fault::Io {
            return Err(self.error());
        }
        RealDisk.read(path)
    }

    fn reader(&self, path: &Path) -> io::Result<Box<dyn io::Read + Send>> {
        let hit = self.turn(Op::Read).is_some();
        if hit && self.fault == Fault::Io {
            return Err(self.error());
        }
        RealDisk.reader(path)
    }

    fn append(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.check(Op::Open)?;
        Ok(Box::new(FaultyFile { file: RealDisk.append(path)?, disk: self.clone() }))
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.check(Op::Open)?;
        Ok(Box::new(FaultyFile { file: RealDisk.create(path)?, disk: self.clone() }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.check(Op::Name)?;
        RealDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.check(Op::Name)?;
        RealDisk.remove(path)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.check(Op::Sync)?;
        RealDisk.sync_dir(path)
    }
}

struct FaultyFile {
    file: Box<dyn DiskFile>,
    disk: FaultyDisk,
}

impl DiskFile for FaultyFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.disk.turn(Op::Write) {
            None => self.file.write(bytes),
            Some(0) if self.disk.fault == Fault::Short && bytes.len() > 1 => self.file.write(&bytes[..bytes.len() / 2]),
            Some(_) => Err(self.disk.error()),
        }
    }

    fn sync(&mut self) -> io::Result<()> {
        self.disk.check(Op::Sync)?;
        self.file.sync()
    }

    fn truncate(&mut self, len: u64) -> io::Result<()> {
        self.disk.check(Op::Cut)?;
        self.file.truncate(len)
    }
}
