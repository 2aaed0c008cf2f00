//! Folders, permissions, space left.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use super::{Check, Health};
use crate::config::Paths;

/// Below this, saving may soon fail.
const SPACE_WARN: u64 = 500 << 20;
/// Below this, it will.
const SPACE_FAIL: u64 = 20 << 20;

/// The data folder, the key files' folder, the space left.
pub fn checks(paths: &Paths) -> Vec<Check> {
    vec![folder(&paths.data), space(&paths.data)]
}

fn folder(data: &Path) -> Check {
    let shown = data.display();
    match std::fs::metadata(data) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Check::ok("data", format!("{shown} is made when it is first needed"))
        }
        Err(error) => Check::new("data", Health::Fail, format!("{shown}: {error}"), "choose another folder with --data-dir"),
        Ok(meta) if !meta.is_dir() => {
            Check::new("data", Health::Fail, format!("{shown} is not a folder"), "choose another one with --data-dir")
        }
        Ok(meta) if meta.uid() != rustix::process::geteuid().as_raw() => Check::new(
            "data",
            Health::Fail,
            format!("{shown} belongs to user {}", meta.uid()),
            "choose another folder with --data-dir",
        ),
        Ok(meta) if meta.permissions().mode() & 0o077 != 0 => {
            Check::new("data", Health::Warn, format!("others can look into {shown}"), format!("chmod 700 {shown}"))
        }
        Ok(_) => match rustix::fs::access(data, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK) {
            Ok(()) => Check::ok("data", shown.to_string()),
            Err(error) => {
                Check::new("data", Health::Fail, format!("{shown} cannot be written to: {error}"), format!("chmod 700 {shown}"))
            }
        },
    }
}

/// Space where the data folder is, or will be.
fn space(data: &Path) -> Check {
    let there = data.ancestors().find(|path| path.exists()).unwrap_or(Path::new("/"));
    match rustix::fs::statvfs(there) {
        Err(error) => Check::new("space", Health::Warn, error.to_string(), "the space left is not known"),
        Ok(stat) => {
            let left = stat.f_bavail.saturating_mul(stat.f_frsize);
            let text = format!("{} MiB left", left >> 20);
            match left {
                0..SPACE_FAIL => Check::new("space", Health::Fail, text, "free some: nothing can be saved soon"),
                SPACE_FAIL..SPACE_WARN => Check::new("space", Health::Warn, text, "free some before long"),
                _ => Check::ok("space", text),
            }
        }
    }
}
