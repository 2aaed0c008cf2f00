//! What becomes of a bug: a report that can be sent to anybody, and its place said at the end.
//!
//! A report holds the version, the place and the names of functions. It holds no message that was put together from data: that may
//! quote a job's text.

use std::backtrace::Backtrace;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::Out;
use crate::config::{Overrides, Paths};
use crate::error::{Class, Failure};
use crate::store;

/// Reports kept; a bug that comes again and again does not fill the disk.
const KEPT: usize = 10;
/// Functions named.
const CALLS: usize = 60;

/// Reports of this process that nobody was told of.
static UNTOLD: Mutex<Vec<Report>> = Mutex::new(Vec::new());

struct Report {
    place: String,
    file: Option<PathBuf>,
}

/// From now on every panic is reported under the data folder. Nothing is said: a screen may be on the terminal.
pub fn catch(flags: &Overrides) {
    let folder = Paths::of_process(flags).ok().map(|paths| paths.data.join("crash"));
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() == Some(store::OPENING) {
            // sled panics over a damaged file; the store catches that and mends it.
            tracing::warn!(place = place(panic), "the cache is damaged");
            return;
        }
        let text = report(panic);
        tracing::error!(place = place(panic), "a bug");
        let file = folder.as_deref().and_then(|folder| keep(folder, &text).ok());
        let mut untold = UNTOLD.lock().unwrap_or_else(PoisonError::into_inner);
        if untold.len() < KEPT {
            untold.push(Report { place: place(panic), file });
        }
    }));
}

/// Says where the reports are.
pub fn tell(out: &Out) {
    for report in std::mem::take(&mut *UNTOLD.lock().unwrap_or_else(PoisonError::into_inner)) {
        let file = report.file.map_or_else(
            || "its report could not be written".to_owned(),
            |file| format!("a report without your texts and keys is in {}", file.display()),
        );
        out.note(format!("juggler: a bug at {}; {file}", report.place));
    }
}

/// Where the latest report is, in a sentence for somebody who goes on working; it is told again at the end.
pub fn latest() -> String {
    let untold = UNTOLD.lock().unwrap_or_else(PoisonError::into_inner);
    let file = untold.last().and_then(|report| report.file.as_deref());
    file.map_or_else(|| "its report could not be written".to_owned(), |file| format!("its report is {}", file.display()))
}

/// The command that a bug ended.
pub fn failure() -> Failure {
    Failure::new(Class::Internal, "a bug ended the command")
        .why("juggler met something that it was not made for")
        .hint("everything confirmed so far is saved: try again, and please send the report")
}

/// Where it happened, without the folders of whoever built the program.
fn place(panic: &PanicHookInfo<'_>) -> String {
    let Some(at) = panic.location() else { return "an unknown place".to_owned() };
    let parts: Vec<&str> = at.file().split('/').collect();
    let own = parts.first() == Some(&"src");
    let file = if own { at.file().to_owned() } else { parts[parts.len().saturating_sub(4)..].join("/") };
    format!("{file}:{}:{}", at.line(), at.column())
}

fn report(panic: &PanicHookInfo<'_>) -> String {
    // Words that stand in the code are told; what was put together while it ran may hold anything.
    let said = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("(words made of data are left out)");
    let calls = Backtrace::force_capture().to_string();
    let names = calls.lines().map(str::trim).filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
    let names: String = names.take(CALLS).map(|line| format!("  {line}\n")).collect();
    format!(
        "juggler {} on {}\nat {}\nthread: {}\nplace: {}\nsaid: {said}\ncalls:\n{names}",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        std::thread::current().name().unwrap_or("without a name"),
        place(panic),
    )
}

/// Writes it beside the others, for its owner only; the oldest beyond [`KEPT`] go.
fn keep(folder: &Path, text: &str) -> std::io::Result<PathBuf> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    if !fs::symlink_metadata(folder)?.is_dir() {
        return Err(std::io::ErrorKind::NotADirectory.into());
    }
    let stamp = chrono::Utc::now().format("%Y%m%dT%H%M%S%.6f");
    let path = folder.join(format!("{stamp}-{}.txt", std::process::id()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let mut all: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    all.retain(|path| path.extension().is_some_and(|end| end == "txt"));
    all.sort();
    for old in all.iter().take(all.len().saturating_sub(KEPT)) {
        // Another process may have been faster.
        let _ = fs::remove_file(old);
    }
    Ok(path)
}
