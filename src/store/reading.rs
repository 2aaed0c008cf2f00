//! Reads a whole journal folder and folds it, changing nothing.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::checkpoint::{self, WorkHalf};
use super::disk::{self, Disk};
use super::line;
use super::scan::{Scan, scan};
use crate::domain::record::Book as Half;
use crate::domain::{Book, Entry, Text};
use crate::error::Result;

/// One file as read.
pub struct Part {
    /// Which.
    pub half: Half,
    /// Where.
    pub path: PathBuf,
    /// Its content; empty when there is no file.
    pub bytes: Vec<u8>,
    /// What is in it.
    pub scan: Scan,
    /// Number its first entry should have.
    pub from: u64,
    /// Sound lines that count: those behind belong to a batch that was cut short.
    pub counted: usize,
}

impl Part {
    /// The last number in use.
    pub fn last(&self) -> u64 {
        if self.counted < self.scan.lines.len() {
            return self.counted.checked_sub(1).map_or(self.from - 1, |n| self.scan.lines[n].head.seq);
        }
        self.scan.last(self.from - 1)
    }

    /// Where what does not count begins.
    pub fn torn(&self) -> Option<usize> {
        self.scan.lines.get(self.counted).map(|l| l.at.start).or(self.scan.torn)
    }

    /// Numbers in use that no sound line has.
    pub fn missing(&self) -> Vec<u64> {
        let mut missing = self.scan.gaps(self.from);
        let last = self.last();
        missing.retain(|seq| *seq <= last);
        if self.counted == self.scan.lines.len() {
            missing.extend(last + 1 - self.scan.taken..=last);
        }
        missing
    }

    /// The sound, counted lines: number, whether it only holds the place of a lost one, bytes.
    pub fn lines(&self) -> impl Iterator<Item = (u64, bool, &[u8])> {
        self.scan.lines[..self.counted].iter().map(|l| (l.head.seq, l.head.lost, &self.bytes[l.at.clone()]))
    }
}

/// A journal folder as read.
pub struct Reading {
    /// The money file.
    pub money: Part,
    /// The latest work file.
    pub work: Part,
    /// Older work files that are needed since a checkpoint was damaged.
    pub older: Vec<Part>,
    /// The checkpoint to begin from.
    pub checkpoint: Option<(u64, WorkHalf)>,
    /// Checkpoints that cannot be read.
    pub bad_checkpoints: Vec<PathBuf>,
}

/// Reads the folder.
///
/// # Errors
/// When the disk fails or a file is of a newer format.
pub fn read(disk: &dyn Disk, folder: &Path) -> Result<Reading> {
    let mut bad_checkpoints = Vec::new();
    let mut found = None;
    let unlisted = |e: std::io::Error| disk::failed("Cannot read", folder, &e);
    for seq in checkpoint::all(folder).map_err(unlisted)?.into_iter().rev() {
        let path = checkpoint::path(folder, seq);
        match checkpoint::decode(&load(disk, &path)?)? {
            Some(good) => {
                found = Some(good);
                break;
            }
            None => bad_checkpoints.push(path),
        }
    }
    let base = found.as_ref().map_or(0, |(seq, _)| *seq);
    let mut money = part(disk, Half::Money, folder.join("money.jsonl"), |_| 1)?;
    let mut older = Vec::new();
    let mut reached = base;
    for until in checkpoint::untils(folder).map_err(unlisted)?.into_iter().filter(|until| *until > base) {
        let part = part(disk, Half::Work, checkpoint::until_path(folder, until), |scan| first(scan).unwrap_or(1))?;
        reached = reached.max(part.last());
        older.push(part);
    }
    let mut work = part(disk, Half::Work, folder.join("work.jsonl"), |scan| first(scan).unwrap_or(reached + 1))?;
    if work.from <= base + 1 {
        older.clear();
    }
    drop_cut_batches(&mut money, &mut work);
    Ok(Reading { money, work, older, checkpoint: found, bad_checkpoints })
}

fn first(scan: &Scan) -> Option<u64> {
    scan.from.or_else(|| scan.lines.first().map(|l| l.head.seq))
}

fn load(disk: &dyn Disk, path: &Path) -> Result<Vec<u8>> {
    match disk.read(path) {
        Ok(bytes) => Ok(bytes),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(e) => Err(disk::failed("Cannot read", path, &e)),
    }
}

fn part(disk: &dyn Disk, half: Half, path: PathBuf, from: impl Fn(&Scan) -> u64) -> Result<Part> {
    let bytes = load(disk, &path)?;
    let scan = scan(half, &bytes)?;
    let from = from(&scan).max(1);
    let counted = scan.lines.len();
    Ok(Part { half, path, bytes, scan, from, counted })
}

/// Leaves out trailing lines of batches that are not whole. The work file is made durable before the money file: so a money line
/// only needs its own file to be whole, and a work line also waits for the money of its batch.
fn drop_cut_batches(money: &mut Part, work: &mut Part) {
    while let Some(ends) = last_ends(money)
        && ends.money > money.last()
    {
        money.counted -= 1;
    }
    while let Some(ends) = last_ends(work)
        && (ends.work > work.last() || ends.money > money.last())
    {
        work.counted -= 1;
    }
}

fn last_ends(part: &Part) -> Option<line::Ends> {
    part.scan.lines.get(part.counted.checked_sub(1)?)?.head.ends
}

impl Reading {
    /// The fold of everything that counts.
    ///
    /// # Errors
    /// When a record is of a kind only a newer version knows.
    pub fn fold(&self) -> Result<Book> {
        let mut book = Book::default();
        let mut reached = 0;
        if let Some((seq, half)) = &self.checkpoint {
            half.clone().put_into(&mut book);
            reached = *seq;
        }
        self.each_behind(reached, |_, _, entry| book.apply(&entry))?;
        Ok(book)
    }

    /// Calls `each` with every entry that counts and is not in the checkpoint: money first, then work, each in order.
    ///
    /// # Errors
    /// When a record is of a kind only a newer version knows.
    pub fn each(&self, each: impl FnMut(Half, u64, Entry)) -> Result<()> {
        self.each_behind(self.checkpoint.as_ref().map_or(0, |(seq, _)| *seq), each)
    }

    fn each_behind(&self, mut reached: u64, mut each: impl FnMut(Half, u64, Entry)) -> Result<()> {
        for (seq, lost, bytes) in self.money.lines() {
            if !lost {
                each(Half::Money, seq, line::entry(bytes)?);
            }
        }
        for part in self.older.iter().chain([&self.work]) {
            for (seq, lost, bytes) in part.lines() {
                if seq > reached && !lost {
                    each(Half::Work, seq, line::entry(bytes)?);
                }
                reached = reached.max(seq);
            }
        }
        Ok(())
    }

    /// Records that count.
    pub fn records(&self) -> u64 {
        let parts = self.older.iter().chain([&self.money, &self.work]);
        parts.map(|p| p.lines().filter(|(_, lost, _)| !lost).count() as u64).sum()
    }

    /// What is not as it should be, in sentences.
    pub fn findings(&self) -> Vec<Text> {
        let mut out = Vec::new();
        for path in &self.bad_checkpoints {
            out.push(format!("{} is damaged; the one before it is used", file(path)));
        }
        for part in self.older.iter().chain([&self.money, &self.work]) {
            let file = file(&part.path);
            for damage in &part.scan.damage {
                out.push(format!("{file}, line {}: {} is damaged", damage.line, damage.why));
            }
            for run in runs(&part.missing()) {
                out.push(format!("{file}: {run} cannot be read"));
            }
            for run in runs(&part.lines().filter(|(_, lost, _)| *lost).map(|(seq, ..)| seq).collect::<Vec<_>>()) {
                out.push(format!("{file}: {run} was lost to damage before"));
            }
        }
        out.extend(self.holes());
        out.iter().map(|s| Text::title(s)).collect()
    }

    /// Saves that were cut short before anybody was told that they were done, in sentences.
    pub fn torn(&self) -> Vec<Text> {
        let parts = self.older.iter().chain([&self.money, &self.work]);
        let torn = parts.filter_map(|part| Some((part, part.bytes.len() - part.torn()?)));
        let say = |(part, bytes): (&Part, usize)| {
            let file = file(&part.path);
            format!("{file} ends in a save that was cut short ({bytes} bytes, never confirmed); the next start sets them aside")
        };
        torn.map(|torn| Text::title(&say(torn))).collect()
    }

    /// Work records that neither the checkpoint nor a file has, in sentences.
    pub fn holes(&self) -> Vec<String> {
        let mut reached = self.checkpoint.as_ref().map_or(0, |(seq, _)| *seq);
        let mut out = Vec::new();
        for part in self.older.iter().chain([&self.work]) {
            if part.from > reached + 1 {
                out.push(format!("work records {} to {} are in no file", reached + 1, part.from - 1));
            }
            reached = reached.max(part.last());
        }
        out
    }
}

/// A path's last part, for sentences.
pub fn file(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// "record 5", "records 7 to 9".
pub fn runs(numbers: &[u64]) -> Vec<String> {
    let mut out: Vec<(u64, u64)> = Vec::new();
    for n in numbers {
        match out.last_mut() {
            Some((_, last)) if *last + 1 == *n => *last = *n,
            _ => out.push((*n, *n)),
        }
    }
    out.iter().map(|(a, b)| if a == b { format!("record {a}") } else { format!("records {a} to {b}") }).collect()
}
