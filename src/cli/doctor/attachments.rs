//! Attachments that were fetched: how many files they are, and what reads PDFs.

use super::{Check, Health};
use crate::cli::words;
use crate::config::Paths;
use crate::store::ATTACHMENTS;

/// Above this the folder is worth a look.
const LARGE: u64 = 2 << 30;

/// The folder of attachments, and the program that reads PDFs best.
pub fn checks(paths: &Paths) -> [Check; 2] {
    [folder(paths), pdftotext()]
}

fn folder(paths: &Paths) -> Check {
    let folder = paths.store().join(ATTACHMENTS);
    let sizes = std::fs::read_dir(&folder).into_iter().flatten().flatten().filter_map(|file| Some(file.metadata().ok()?.len()));
    let (n, bytes) = sizes.fold((0, 0u64), |(n, bytes), size| (n + 1, bytes + size));
    let found = format!("{}, {}, in {}", words::count(n, "file"), words::bytes(bytes), folder.display());
    if bytes <= LARGE {
        return Check::ok("attachments", found);
    }
    let fix = "move the oldest away: whoever needs one again is told how to fetch it";
    Check::new("attachments", Health::Warn, found, fix)
}

fn pdftotext() -> Check {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let there = std::env::split_paths(&path).map(|folder| folder.join("pdftotext")).find(|program| program.is_file());
    match there {
        Some(program) => Check::ok("PDF", format!("read by {}", program.display())),
        None => {
            Check::ok("PDF", "read by the library that is built in; pdftotext (poppler-utils) would read more fonts".to_owned())
        }
    }
}
