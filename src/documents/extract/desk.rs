//! The other side of [`extract`](super::extract()): this program, started once more to read one document, with little to lose.
//!
//! `juggler read-document KIND PATH` writes a line of JSON and the text to standard output. Before it looks at the file it takes
//! memory, time and the writing of files away from itself; what breaks, breaks here.

use std::fs::File;
use std::io::{Read as _, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};

use super::{Read, Said, docx, html, pdf};
use crate::documents::picture::apart;
use crate::domain::text::Cap;

/// The first argument.
pub const WORD: &str = "read-document";
/// Most bytes of a document.
const LARGEST: u64 = 64 << 20;
/// Memory it may hold. A 30 MB document's parser takes ten times that.
const MEMORY: u64 = 640 << 20;
/// How often it is looked at. The system stops a single large wish at once.
const LOOK: Duration = Duration::from_millis(20);
/// Seconds of processor time.
const SECONDS: u64 = 25;
/// Parsers go down into what is nested.
const STACK: usize = 128 << 20;

static PROGRAM: OnceLock<&str> = OnceLock::new();

/// The program that is started.
pub(in crate::documents) fn program() -> String {
    if let Some(named) = PROGRAM.get() {
        return (*named).to_owned();
    }
    // The running program, even when another one took its place on the disk meanwhile.
    let running = if cfg!(target_os = "linux") { Some("/proc/self/exe".into()) } else { std::env::current_exe().ok() };
    running.unwrap_or_default().to_string_lossy().into_owned()
}

/// Names another program than the running one: for whoever is not this program but its library.
#[doc(hidden)]
pub fn use_program(path: &'static str) {
    let _ = PROGRAM.set(path);
}

/// Reads the document that the command line names, if it names one so; then the process has nothing more to do.
pub fn serve() -> Option<ExitCode> {
    let mut args = std::env::args_os().skip(1);
    if args.next()? != WORD {
        return None;
    }
    let (kind, path) = (args.next()?.to_string_lossy().into_owned(), args.next()?);
    let more: Vec<String> = args.map(|word| word.to_string_lossy().into_owned()).collect();
    let (memory, seconds) = apart::allowance(&kind).unwrap_or((MEMORY, SECONDS));
    limit(memory, seconds);
    // A parser's panic is its answer; nobody reads a report of it.
    std::panic::set_hook(Box::new(|_| {}));
    if kind.starts_with("picture-") {
        return Some(serve_picture(kind, path, more));
    }
    let read = move || read(&kind, Path::new(&path));
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(read);
    let answer = match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err("its parser gave up: it is damaged, or made in an unusual way".to_owned()),
        Err(why) => Err(format!("its reader could not begin ({why})")),
    };
    Some(if say(answer).is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The same for a picture: see [`apart`].
fn serve_picture(work: String, path: std::ffi::OsString, more: Vec<String>) -> ExitCode {
    let done = std::thread::spawn(move || apart::serve(&work, Path::new(&path), &more)).join();
    let broken = || (r#"{"Err":"its decoder gave up: it is damaged, or made in an unusual way"}"#.to_owned(), Vec::new());
    let (line, bytes) = done.ok().flatten().unwrap_or_else(broken);
    let mut out = std::io::stdout().lock();
    let said = out.write_all(line.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.write_all(&bytes));
    if said.and_then(|()| out.flush()).is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn limit(memory: u64, seconds: u64) {
    let lower = |resource, most: u64| {
        let hard = getrlimit(resource).maximum;
        let most = Some(hard.map_or(most, |hard| hard.min(most)));
        // A system without that limit still has the one on time.
        let _ = setrlimit(resource, Rlimit { current: most, maximum: most });
    };
    // The allocator has set addresses aside that hold nothing yet.
    lower(Resource::As, in_use().map_or(3 * memory, |(addresses, _)| addresses + memory));
    lower(Resource::Cpu, seconds);
    lower(Resource::Fsize, 2 * Cap::SOURCE.bytes as u64);
    lower(Resource::Core, 0);
    lower(Resource::Nofile, 32);
    let watch = move || {
        while in_use().is_none_or(|(_, held)| held < memory) {
            std::thread::sleep(LOOK);
        }
        // As the system ends it that runs out of memory.
        let _ = rustix::process::kill_process(rustix::process::getpid(), Signal::KILL);
    };
    let _ = std::thread::Builder::new().stack_size(64 << 10).spawn(watch);
}

/// Addresses taken and memory held, in bytes, where the system tells.
fn in_use() -> Option<(u64, u64)> {
    let told = std::fs::read_to_string("/proc/self/statm").ok()?;
    let mut pages = told.split_whitespace().map(|n| n.parse::<u64>().ok().map(|n| n * rustix::param::page_size() as u64));
    Some((pages.next()??, pages.next()??))
}

/// Runs `start` so that what it starts may take no more addresses than a document's memory: a program of others has no arena.
pub(super) fn narrow<T>(start: impl FnOnce() -> T) -> T {
    let own = getrlimit(Resource::As);
    let most = Some(own.maximum.map_or(MEMORY, |hard| hard.min(MEMORY)));
    let _ = setrlimit(Resource::As, Rlimit { current: most, ..own });
    let started = start();
    let _ = setrlimit(Resource::As, own);
    started
}

fn read(kind: &str, path: &Path) -> Read {
    match kind {
        "pdf" => pdf::read(path),
        "html" => html::read(&bytes(path)?),
        "docx" => docx::read(&bytes(path)?),
        _ => Err("no reader knows this kind of document".to_owned()),
    }
}

/// The file, if it is no larger than may be.
pub(in crate::documents) fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|why| format!("its file cannot be opened ({why})"))?;
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|why| format!("its file cannot be read ({why})"))?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!("it is larger than {} MiB", LARGEST >> 20));
    }
    Ok(bytes)
}

fn say(answer: Read) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let (said, text) = match answer {
        Ok(told) => {
            let cut = told.text.len() > Cap::SOURCE.bytes;
            (Said { read: true, cut, note: told.notes.join("; ") }, told.text)
        }
        Err(note) => (Said { note, ..Said::default() }, String::new()),
    };
    serde_json::to_writer(&mut out, &said)?;
    out.write_all(b"\n")?;
    let end = text.floor_char_boundary(Cap::SOURCE.bytes);
    out.write_all(&text.as_bytes()[..end])?;
    out.flush()
}
