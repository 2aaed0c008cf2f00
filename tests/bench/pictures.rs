//! What pictures cost in the process of their own: time from start to end, and the most memory it held.
//!
//! ```text
//! cargo bench --bench pictures
//! ```
//! Memory is looked at every few milliseconds (`VmHWM`), so a process that ends sooner is told by its last look.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use juggler::assist::scaffold::picture::draw;
use juggler::domain::{Job, SourceName};

const LOOK: Duration = Duration::from_millis(4);

fn held(pid: u32) -> Option<u64> {
    let told = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = told.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib >> 10)
}

fn run(what: &str, path: &Path, edits: &str) -> f64 {
    let begin = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_juggler"));
    command.args(["read-document", what]).arg(path).arg(edits).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut out = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()).unwrap());
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        most = held(child.id()).unwrap_or(0).max(most);
        std::thread::sleep(LOOK);
    }
    let took = begin.elapsed().as_secs_f64() * 1e3;
    let bytes = reader.join().unwrap();
    println!("{took:>9.1} ms  {most:>5} MiB  {:>9} bytes out  {what} {edits}", bytes);
    took
}

fn main() {
    let dir = tempfile::tempdir().unwrap();
    let job = Job::new(&SourceName::new("practice"), "a1", "A heron on a drum", "2026-03-02T12:00:00Z".parse().unwrap());
    let art = draw(&job, 4500, 5400, 0, true).unwrap().png_bytes;
    let path = dir.path().join("art.png");
    std::fs::write(&path, &art).unwrap();
    let mut huge = art.clone();
    huge[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    let lying = dir.path().join("huge.png");
    std::fs::write(&lying, &huge).unwrap();

    println!("4500 × 5400, {} kB", art.len() / 1000);
    let facts = run("picture-facts", &path, "");
    run("picture-edit", &path, "dpi 300");
    run("picture-edit", &path, "resize 50%");
    run("picture-edit", &path, "margin 300");
    run("picture-view", &path, "900");
    let refused = run("picture-facts", &lying, "");
    println!("30,000 × 30,000 is refused in {:.3} of the time that looking at 4500 × 5400 takes", refused / facts);
}
