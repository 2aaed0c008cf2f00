//! What platforms said word for word, across compactions: what belongs to an assignment stays as long as that is in the book; what could
//! not be read stays for a while.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use chrono::Duration;

use super::checkpoint;
use super::disk::Disk;
use super::line;
use super::scan::scan;
use crate::domain::record::Book as Half;
use crate::domain::{AssignmentId, Book, Entry, Record};

/// Days that a record of no assignment is kept, counted from the latest record.
pub const DAYS: i64 = 30;
/// Bytes of such records that are kept, the latest first.
pub const BYTES: usize = 1 << 20;

/// Every such record of the work file and the older ones, in their order, each once.
///
/// # Errors
/// When a file cannot be read.
pub fn read(disk: &dyn Disk, folder: &Path, work: &Path) -> io::Result<Vec<Entry>> {
    let mut paths: Vec<_> = checkpoint::untils(folder)?.into_iter().map(|until| checkpoint::until_path(folder, until)).collect();
    paths.push(work.to_owned());
    let (mut out, mut seen) = (Vec::new(), BTreeSet::new());
    for path in paths {
        let bytes = disk.read(&path)?;
        // Of a newer format: it was refused when the journal was opened.
        let Ok(found) = scan(Half::Work, &bytes) else { continue };
        let raw =
            found.lines.iter().filter(|line| !line.head.lost).map(|line| &bytes[line.at.clone()]).filter(|line| is_raw(line));
        for entry in raw.filter_map(|line| line::entry(line).ok()) {
            if let Record::Raw { about, text } = &entry.record
                && seen.insert((entry.at, about.clone(), text.clone()))
            {
                out.push(entry);
            }
        }
    }
    Ok(out)
}

/// Most lines are something else, and are not taken apart.
fn is_raw(line: &[u8]) -> bool {
    const KIND: &[u8] = b"\"kind\":\"raw\"";
    line.windows(KIND.len()).any(|window| window == KIND)
}

/// Which of them are kept, in their order.
pub fn kept(entries: Vec<Entry>, book: &Book) -> Vec<Entry> {
    let latest = entries.iter().map(|entry| entry.at).max();
    let mut bytes = 0;
    let mut out: Vec<Entry> = entries
        .into_iter()
        .rev()
        .filter(|entry| {
            let Record::Raw { about, text } = &entry.record else { return false };
            if book.assignments.contains_key(&AssignmentId::new(about.as_str())) {
                return true;
            }
            bytes += text.as_str().len();
            bytes <= BYTES && latest.is_some_and(|latest| latest - entry.at <= Duration::days(DAYS))
        })
        .collect();
    out.reverse();
    out
}
