//! Who holds the store: an advisory lock on a file that names the holder.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use super::disk;
use crate::error::{Class, Failure, Result};

/// How long to wait for a holder that is about to let go.
const PATIENCE: Duration = Duration::from_millis(400);

/// The lock; let go when dropped, and by the kernel when the process dies.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Takes the lock of the store under `dir`, making the folder if need be.
///
/// # Errors
/// `Class::Busy` with the holder's process id when somebody has it; `Class::Store` when the folder cannot be written.
pub fn take(dir: &Path) -> Result<Lock> {
    disk::private_dir(dir).map_err(|e| disk::failed("Cannot make the folder", dir, &e))?;
    let path = dir.join("lock");
    let failed = |e: &std::io::Error| disk::failed("Cannot lock", &path, e);
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(disk::NO_LINK)
        .open(&path)
        .map_err(|e| failed(&e))?;
    let _ = disk::own(&file);
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => break,
            // A program that is just ending, or a child between its fork and its exec, lets go in a moment.
            Err(TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => std::thread::sleep(PATIENCE / 20),
            Err(TryLockError::WouldBlock) => return Err(busy(dir, &mut file)),
            Err(TryLockError::Error(e)) => return Err(failed(&e)),
        }
    }
    // Only for the eyes of a second instance: a full disk must not keep the program from starting.
    let words = format!("{} {}\n", std::process::id(), chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
    let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(words.as_bytes()));
    Ok(Lock { _file: file })
}

fn busy(dir: &Path, file: &mut File) -> Failure {
    let mut words = String::new();
    let _ = file.take(200).read_to_string(&mut words);
    let mut parts = words.split_whitespace();
    let pid = parts.next().filter(|p| p.bytes().all(|b| b.is_ascii_digit()));
    let since = parts.next().and_then(|at| chrono::DateTime::parse_from_rfc3339(at).ok());
    let holder = match (pid, since) {
        (Some(pid), Some(since)) => format!("process {pid}, since {} UTC", since.format("%Y-%m-%d %H:%M:%S")),
        (Some(pid), None) => format!("process {pid}"),
        _ => "another process".to_owned(),
    };
    let ending = pid.map_or_else(String::new, |pid| format!(" (kill {pid} ends it; nothing saved is lost)"));
    Failure::new(Class::Busy, format!("The store in {} is in use", dir.display()))
        .why(format!("it is held by {holder}"))
        .hint(format!("Go on in that terminal, or quit Juggler there first{ending}; --data-dir chooses another store."))
}
