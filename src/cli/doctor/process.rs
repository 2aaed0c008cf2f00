//! The process and what surrounds it: private files, core dumps, an engine that runs, the service, the runtime folder.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::{Check, Health};
use crate::cli::words;
use crate::config::{Config, Paths};
use crate::daemon::{self, Front, Kind, Role, unit};

/// Files looked at; a data folder has hundreds.
const LOOKED_AT: usize = 20_000;

/// Everything that needs no store.
pub async fn checks(config: &Config) -> Vec<Check> {
    vec![private(&config.paths), core_dumps(), engine(config).await, service(), runtime()]
}

/// Whether others may look into anything of ours.
fn private(paths: &Paths) -> Check {
    let mut loose = Vec::new();
    let mut seen = 0;
    look(&paths.data, &mut loose, &mut seen);
    let Some(first) = loose.first() else {
        return Check::ok("permissions", format!("{seen} files and folders, all of them for you only"));
    };
    let typed = paths.data.to_string_lossy();
    Check::new(
        "permissions",
        Health::Warn,
        format!("others may look into {}, such as {}", words::count(loose.len(), "file"), first.display()),
        format!("chmod -R go= {}", shell_words::quote(&typed)),
    )
}

fn look(at: &Path, loose: &mut Vec<PathBuf>, seen: &mut usize) {
    let Ok(meta) = std::fs::symlink_metadata(at) else { return };
    if meta.is_symlink() || *seen >= LOOKED_AT {
        return;
    }
    *seen += 1;
    if meta.permissions().mode() & 0o077 != 0 {
        loose.push(at.to_owned());
    }
    if meta.is_dir() {
        std::fs::read_dir(at).into_iter().flatten().flatten().for_each(|entry| look(&entry.path(), loose, seen));
    }
}

/// A dump of the memory would hold keys.
fn core_dumps() -> Check {
    use rustix::process::{Resource, getrlimit};
    let mut on = Vec::new();
    if getrlimit(Resource::Core).current != Some(0) {
        on.push("their size is not limited to nothing");
    }
    #[cfg(target_os = "linux")]
    if rustix::process::dumpable_behavior().ok() != Some(rustix::process::DumpableBehavior::NotDumpable) {
        on.push("the process can be dumped");
    }
    if on.is_empty() {
        Check::ok("core dumps", "off: no dump of the memory, and with it of a key, is written")
    } else {
        Check::new("core dumps", Health::Warn, on.join(", "), "ulimit -c 0 before juggler is started")
    }
}

async fn engine(config: &Config) -> Check {
    match daemon::find(&config.paths, &Front::of_process(Kind::Command)).await {
        Ok(None) => Check::ok("daemon", "none runs"),
        Ok(Some(connection)) => {
            let host = &connection.host;
            let role = match host.role {
                Role::Daemon => "runs",
                Role::Terminal => "none runs; an engine is in a terminal",
                Role::Command => "none runs; an engine is there for one command",
            };
            let found = format!("{role}: process {}, juggler {}", host.pid, host.program);
            if host.program.to_string() == env!("CARGO_PKG_VERSION") {
                Check::ok("daemon", found)
            } else {
                let fix = format!("this is juggler {}: juggler daemon restart", env!("CARGO_PKG_VERSION"));
                Check::new("daemon", Health::Warn, found, fix)
            }
        }
        Err(failure) => Check::new("daemon", Health::Warn, failure.to_string(), failure.hint),
    }
}

fn service() -> Check {
    match unit::folder().map(|folder| folder.join(unit::NAME)) {
        Err(failure) => Check::new("service", Health::Warn, failure.to_string(), failure.hint),
        Ok(file) if file.is_file() => Check::ok("service", format!("installed: {}", file.display())),
        Ok(_) => Check::ok("service", "not installed; juggler daemon unit --install does it"),
    }
}

/// Without it the socket is in the data folder, and a service of systemd's cannot be spoken to.
fn runtime() -> Check {
    match std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from) {
        None => Check::ok("runtime folder", "XDG_RUNTIME_DIR is not set; the socket is in the data folder"),
        Some(folder) => match std::fs::metadata(&folder) {
            Ok(meta) if meta.is_dir() => Check::ok("runtime folder", folder.display().to_string()),
            _ => Check::new(
                "runtime folder",
                Health::Warn,
                format!("XDG_RUNTIME_DIR names {}, which is no folder", folder.display()),
                "log in again, or unset it: the socket is in the data folder then",
            ),
        },
    }
}
