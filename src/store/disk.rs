//! The few file operations that the journal stands on, behind a trait, so that tests can make the nth one fail.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, BufReader, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use crate::error::{Class, Failure};

/// Operations on names. Every file made is 0600 and every folder 0700, whatever the umask.
pub trait Disk: Send + Sync {
    /// The whole content.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// Opens for reading from the beginning, for what is too large to be read at once.
    fn reader(&self, path: &Path) -> io::Result<Box<dyn Read + Send>>;
    /// Opens for appending; makes the file when it is not there.
    fn append(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Makes a file that must not be there yet.
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Renames, replacing the target.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes names in a folder durable.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;
}

/// Operations on an open file.
pub trait DiskFile: Send {
    /// Writes some of `bytes` at the end; how many is told, as by write(2).
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize>;
    /// Makes content and length durable. After an error the content must not be trusted through this handle.
    fn sync(&mut self) -> io::Result<()>;
    /// Cuts the file to `len` bytes.
    fn truncate(&mut self, len: u64) -> io::Result<()>;
}

/// The disk of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn reader(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(BufReader::with_capacity(64 << 10, File::open(path)?)))
    }

    fn append(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new().append(true).create(true).mode(0o600).custom_flags(NO_LINK).open(path)?;
        own(&file)?;
        Ok(Box::new(RealFile(file)))
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new().append(true).create_new(true).mode(0o600).open(path)?;
        own(&file)?;
        Ok(Box::new(RealFile(file)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }
}

struct RealFile(File);

impl DiskFile for RealFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_all()
    }

    fn truncate(&mut self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }
}

/// The umask can only take rights away, and files of older versions may have had more.
pub fn own(file: &File) -> io::Result<()> {
    if file.metadata()?.permissions().mode() & 0o777 != 0o600 {
        file.set_permissions(Permissions::from_mode(0o600))?;
    }
    Ok(())
}

/// Writes everything; a write of nothing is an error, a short one goes on.
pub fn write_all(file: &mut dyn DiskFile, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match file.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(n) => bytes = &bytes[n.min(bytes.len())..],
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

/// Puts `bytes` under `path` so that a crash leaves the old content or the new one: temporary file, fsync, rename, fsync of the folder.
pub fn replace(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".tmp");
    let temp = folder.join(name);
    match disk.remove(&temp) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let written = disk.create(&temp).and_then(|mut file| {
        write_all(file.as_mut(), bytes)?;
        file.sync()
    });
    if let Err(e) = written.and_then(|()| disk.rename(&temp, path)) {
        let _ = disk.remove(&temp);
        return Err(e);
    }
    disk.sync_dir(folder)
}

/// A file of ours is never reached through a link: one that somebody planted would lead what is written elsewhere.
pub const NO_LINK: i32 = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();

/// Makes a folder 0700, with its parents, and their names durable: what is saved in it is worth nothing without its name.
pub fn private_dir(path: &Path) -> io::Result<()> {
    let missing: Vec<&Path> = path.ancestors().take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists()).collect();
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    for made in missing {
        let parent = made.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        RealDisk.sync_dir(parent)?;
    }
    if fs::metadata(path)?.permissions().mode() & 0o777 != 0o700 {
        fs::set_permissions(path, Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// The first of `stem-1`, `stem-2`, … (with `end` behind it) that is not there.
pub fn free_name(folder: &Path, stem: &str, end: &str) -> std::path::PathBuf {
    let name = |n: u32| folder.join(format!("{stem}-{n}{end}"));
    let mut n = 1;
    while name(n).symlink_metadata().is_ok() {
        n += 1;
    }
    name(n)
}

/// Whether the disk, or what one may have of it, is full.
pub fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge)
}

/// What to do about a limit on the size of files.
const LIMITED: &str = "Raise the limit on the size of files (ulimit -f) and do it again; nothing that was saved before is lost.";

/// What to do about a full disk.
pub const FULL: &str = "Free some space on that disk and do it again; nothing that was saved before is lost.";

/// Words for a disk that failed: what was tried, on which file, why, and what to do.
pub fn failed(what: &str, path: &Path, error: &io::Error) -> Failure {
    let failure = Failure::new(Class::Store, format!("{what} {}", path.display())).why(error);
    match error.kind() {
        io::ErrorKind::FileTooLarge => failure.hint(LIMITED),
        _ if is_full(error) => failure.hint(FULL),
        io::ErrorKind::PermissionDenied => {
            failure.hint("Make the folder and its files yours (chown, chmod u+rwX) and start again.")
        }
        io::ErrorKind::ReadOnlyFilesystem => {
            failure.hint("That disk is mounted read-only; mount it for writing, or choose another folder with --data-dir.")
        }
        _ => failure.hint("Check the disk (dmesg, df, smartctl) and try again; `juggler store verify` shows what is intact."),
    }
}
