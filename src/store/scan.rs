//! Reads the bytes of one journal file: which lines are sound, where damage is, and where a torn tail begins. Changes nothing.

use std::ops::Range;

use super::line::{self, Head, Header};
use crate::domain::record::Book;
use crate::error::Result;

/// A sound line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// What it is.
    pub head: Head,
    /// Its bytes, without the newline.
    pub at: Range<usize>,
}

/// Bytes that are no sound line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Line of the file, from 1.
    pub line: usize,
    /// Why, in a few words.
    pub why: &'static str,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// Number of the first entry as the header says; `None` without a sound header.
    pub from: Option<u64>,
    /// Sound lines; numbers rise.
    pub lines: Vec<Sound>,
    /// Damage before the tail.
    pub damage: Vec<Damage>,
    /// Damaged whole lines behind the last sound one: their numbers are taken.
    pub taken: u64,
    /// Where an unfinished last line begins.
    pub torn: Option<usize>,
    /// The last line is sound, but its newline is missing or something else.
    pub open_end: bool,
}

impl Scan {
    /// The last number in use; `before` when the file has none.
    pub fn last(&self, before: u64) -> u64 {
        self.lines.last().map_or(before, |l| l.head.seq) + self.taken
    }

    /// Numbers between the first expected one and the last sound one that no line has.
    pub fn gaps(&self, from: u64) -> Vec<u64> {
        let mut missing = Vec::new();
        let mut expected = from;
        for sound in &self.lines {
            missing.extend((expected..sound.head.seq).take(1_000_000));
            expected = sound.head.seq + 1;
        }
        missing
    }
}

/// Reads `bytes` of the file of `book`.
///
/// # Errors
/// Only when the header is of a newer format.
pub fn scan(book: Book, bytes: &[u8]) -> Result<Scan> {
    let mut found = Scan::default();
    let mut start = 0;
    let mut number = 0;
    while start < bytes.len() {
        number += 1;
        let end = bytes[start..].iter().position(|b| *b == b'\n').map(|n| start + n);
        let range = start..end.unwrap_or(bytes.len());
        start = end.map_or(bytes.len(), |e| e + 1);
        if number == 1 {
            match line::read_header(book, &bytes[range.clone()])? {
                Header::From(from) => {
                    found.from = Some(from);
                    found.open_end = end.is_none();
                    continue;
                }
                // A header cut short: the file was never written to.
                Header::Damaged if end.is_none() && line::head(book, &bytes[range.clone()]).is_none() => {
                    let mut pieces = Vec::new();
                    salvage(book, bytes, range.clone(), &mut pieces);
                    if pieces.is_empty() {
                        found.torn = Some(range.start);
                        continue;
                    }
                }
                Header::Damaged => {}
            }
            found.damage.push(Damage { line: 1, why: "its header" });
            if !bytes[range.clone()].windows(7).any(|w| w == b"{\"seq\":") {
                continue;
            }
        }
        take_line(book, bytes, range, end.is_some(), number, &mut found);
    }
    Ok(found)
}

fn take_line(book: Book, bytes: &[u8], range: Range<usize>, whole: bool, number: usize, found: &mut Scan) {
    let before = found.lines.len();
    let last = found.lines.last().map_or(0, |l| l.head.seq);
    if let Some(head) = line::head(book, &bytes[range.clone()]) {
        if head.seq > last {
            found.lines.push(Sound { head, at: range });
            found.taken = 0;
            found.open_end = !whole;
        } else {
            found.damage.push(Damage { line: number, why: "its number was used before" });
        }
        return;
    }
    let mut pieces = Vec::new();
    let all = salvage(book, bytes, range.clone(), &mut pieces);
    for piece in pieces {
        if found.lines.last().is_none_or(|l| l.head.seq < piece.head.seq) {
            found.lines.push(piece);
            found.taken = 0;
        }
    }
    let saved = found.lines.len() > before;
    if whole || saved {
        found.damage.push(Damage { line: number, why: if all { "the end of a line" } else { "a line" } });
        found.taken += u64::from(!saved);
        found.open_end = !whole;
    } else {
        found.torn = Some(range.start);
    }
}

/// Finds sound lines in a stretch whose newlines were damaged; whether the whole stretch was accounted for.
fn salvage(book: Book, bytes: &[u8], range: Range<usize>, out: &mut Vec<Sound>) -> bool {
    const OPENING: &[u8] = b"{\"seq\":";
    let stretch = &bytes[range.clone()];
    let mut starts: Vec<usize> =
        stretch.windows(OPENING.len()).enumerate().filter(|(_, w)| *w == OPENING).map(|(n, _)| n).collect();
    let mut all = starts.first() == Some(&0);
    starts.push(stretch.len());
    for pair in starts.windows(2) {
        // One byte may stand where the newline was.
        let sound = [pair[1], pair[1].saturating_sub(1)].into_iter().filter(|end| *end > pair[0]).find_map(|end| {
            let head = line::head(book, &stretch[pair[0]..end])?;
            Some(Sound { head, at: range.start + pair[0]..range.start + end })
        });
        all &= sound.is_some();
        out.extend(sound);
    }
    all
}
