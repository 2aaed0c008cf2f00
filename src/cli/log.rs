//! The log: a file a day under the data folder, never standard output. `JUGGLER_LOG` sets the level.

use std::os::unix::fs::DirBuilderExt;

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

use crate::config::Paths;

/// Files kept.
const DAYS: usize = 7;
/// Lines that wait for a slow disk; more are dropped rather than anybody held up.
const WAITING: usize = 4096;

/// Starts logging; hold the guard until the end. Without a place for the file there is no log, which stops nobody's work.
pub fn start(paths: &Paths) -> Option<WorkerGuard> {
    let wish = std::env::var("JUGGLER_LOG").ok().filter(|wish| !wish.is_empty());
    if wish.as_deref() == Some("off") {
        return None;
    }
    let filter = EnvFilter::try_new(wish.as_deref().unwrap_or("juggler=info,warn")).unwrap_or_else(|_| EnvFilter::new("info"));
    paths.prepare().ok()?;
    // The appender complains on standard error about a folder that is not there yet.
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(paths.logs()).ok()?;
    // The appender would write through a link, wherever that leads.
    let mut entries = std::fs::read_dir(paths.logs()).ok()?.flatten();
    if entries.any(|entry| entry.file_type().is_ok_and(|kind| kind.is_symlink())) {
        return None;
    }
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("juggler")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(paths.logs())
        .ok()?;
    let (writer, guard) = NonBlockingBuilder::default().buffered_lines_limit(WAITING).finish(file);
    let installed = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_ansi(false).try_init();
    installed.ok().map(|()| guard)
}
