//! Makes a store from a backup: into an empty one only, and only when every byte of the backup is as it was written.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::backup::{FORMAT, Line};
use super::ballast::Ballast;
use super::checkpoint::{self, WorkHalf};
use super::disk::{self, Disk, RealDisk};
use super::drill;
use super::journal::Journal;
use super::open_cache::{self, Opening};
use super::{files, line, lock, migrate, reading};
use crate::domain::draft::FileItem;
use crate::domain::record::Book as Half;
use crate::domain::{Entry, Job, Record};
use crate::error::{Class, Failure, Result};

/// What a restore made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Records of the journal.
    pub records: u64,
    /// Rows of the feed.
    pub jobs: u64,
    /// Files of drafts.
    pub files: u64,
}

#[derive(Default)]
struct Content {
    folder: PathBuf,
    checkpoint: Option<(u64, WorkHalf)>,
    entries: BTreeMap<Half, Vec<(u64, Entry)>>,
    files: Vec<Vec<u8>>,
    attachments: Vec<Vec<u8>>,
    jobs: Vec<Job>,
    cursors: BTreeMap<String, serde_json::Value>,
}

/// Restores the backup `from` into the store under `dir`, which must be empty.
///
/// # Errors
/// `Class::Usage` when the file is not a whole backup, `Class::Refused` when the store is not empty, `Class::Busy` when it is held,
/// `Class::Store` when a disk fails; until the last step the store stays empty.
pub fn restore(dir: &Path, from: &Path) -> Result<Restored> {
    restore_on(Arc::new(RealDisk), dir, from)
}

/// [`restore`] on a disk of the caller's.
///
/// # Errors
/// As [`restore`].
#[doc(hidden)]
pub fn restore_on(disk: Arc<dyn Disk>, dir: &Path, from: &Path) -> Result<Restored> {
    let bytes = fs::read(from).map_err(|e| disk::failed("Cannot read the backup", from, &e))?;
    let content = parse(from, &bytes)?;
    let _lock = lock::take(dir)?;
    migrate::refuse_newer(dir)?;
    let journal = dir.join("journal");
    let there = reading::read(disk.as_ref(), &journal)?;
    if there.money.last() > 0 || there.work.last() > 0 || !there.findings().is_empty() {
        return Err(Failure::new(Class::Refused, format!("The store in {} is not empty", dir.display()))
            .why("a backup is restored into an empty store only, so that nothing is mixed or replaced")
            .hint("Restore into another folder with --data-dir, or move this one away first."));
    }
    for bytes in &content.files {
        files::keep_file(dir, bytes)?;
    }
    for bytes in &content.attachments {
        files::keep_attachment(dir, bytes)?;
    }
    drill::point("restore.written");
    let fresh = dir.join("journal.new");
    let failed = |e: std::io::Error| disk::failed("Cannot restore into", dir, &e);
    if fresh.exists() {
        fs::remove_dir_all(&fresh).map_err(failed)?;
    }
    disk::private_dir(&fresh).map_err(failed)?;
    write_journal(disk.as_ref(), &content, dir, &fresh)?;
    if journal.exists() {
        fs::remove_dir_all(&journal).map_err(failed)?;
    }
    drill::point("restore.half");
    disk.rename(&fresh, &journal).and_then(|()| disk.sync_dir(dir)).map_err(failed)?;
    drill::point("restore.switched");
    let loaded = Journal::open(disk, &journal)?;
    let stamp = loaded.journal.stamp();
    let opening = Opening::offline(dir, stamp, false);
    let mut feed = open_cache::open(&opening, &mut Ballast::new(dir, 0))?;
    feed.settle(&loaded.book, stamp, true);
    if let Some(mut cache) = feed.cache {
        open_cache::put_all(&mut cache, &content.jobs, &content.cursors);
        cache.flush();
    }
    Ok(Restored { records: loaded.records, jobs: content.jobs.len() as u64, files: content.files.len() as u64 })
}

fn damaged(from: &Path, why: impl std::fmt::Display) -> Failure {
    Failure::new(Class::Usage, format!("{} is not a whole backup", from.display()))
        .why(why)
        .hint("Use another backup; nothing was changed.")
}

fn parse(from: &Path, bytes: &[u8]) -> Result<Content> {
    let body = bytes.strip_suffix(b"\n").ok_or_else(|| damaged(from, "its last line is cut short"))?;
    let end_at = body.iter().rposition(|b| *b == b'\n').map_or(0, |n| n + 1);
    let (lines, end) = (&bytes[..end_at], &body[end_at..]);
    match serde_json::from_slice::<Line>(end) {
        Ok(Line::End { end, sha256, .. }) if end == "juggler" && sha256 == files::sha256(lines) => {}
        Ok(Line::End { .. }) => return Err(damaged(from, "its checksum does not fit")),
        _ => return Err(damaged(from, "its end is missing")),
    }
    let mut content = Content::default();
    for (n, raw) in lines.split(|b| *b == b'\n').filter(|l| !l.is_empty()).enumerate() {
        let line = serde_json::from_slice::<Line>(raw).map_err(|_| {
            // The checksum fits, so somebody wrote this on purpose.
            line::newer(format!("line {} of the backup is not known here", n + 1))
        })?;
        match line {
            Line::Head { format, .. } if format > FORMAT => {
                return Err(line::newer(format!("the backup has format {format}, this version knows {FORMAT}")));
            }
            Line::Head { folder, .. } => content.folder = folder,
            Line::Checkpoint { checkpoint, half } => content.checkpoint = Some((checkpoint, *half)),
            Line::Entry { book, seq, entry } => content.entries.entry(book).or_default().push((seq, *entry)),
            Line::File { file, hex } => content.files.push(kept(from, &file, &hex)?),
            Line::Attachment { attachment, hex } => content.attachments.push(kept(from, &attachment, &hex)?),
            Line::Job { job } => content.jobs.push(*job),
            Line::Cursor { cursor, at } => drop(content.cursors.insert(cursor, at)),
            Line::End { .. } => return Err(damaged(from, "something follows its end")),
        }
    }
    Ok(content)
}

/// The bytes of a file, if they are what its name says.
fn kept(from: &Path, name: &str, hex: &str) -> Result<Vec<u8>> {
    let bytes = unhex(hex).filter(|bytes| files::sha256(bytes) == name);
    bytes.ok_or_else(|| damaged(from, format!("the file {name} in it is not what its name says")))
}

fn unhex(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes();
    let pairs = digits.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    pairs.map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

fn write_journal(disk: &dyn Disk, content: &Content, dir: &Path, folder: &Path) -> Result<()> {
    let base = content.checkpoint.as_ref().map_or(0, |(seq, _)| *seq);
    for (half, before, name) in [(Half::Money, 0, "money.jsonl"), (Half::Work, base, "work.jsonl")] {
        let mut out = line::header(half, before + 1);
        let mut last = before;
        for (seq, entry) in content.entries.get(&half).map_or(&[][..], Vec::as_slice) {
            for lost in last + 1..*seq {
                line::encode_lost(half, lost, "lost before the backup was made", &mut out);
            }
            last = *seq;
            line::encode(half, *seq, None, &moved(entry, &content.folder, dir), &mut out)?;
        }
        let path = folder.join(name);
        disk::replace(disk, &path, &out).map_err(|e| disk::failed("Cannot write", &path, &e))?;
    }
    if let Some((seq, half)) = &content.checkpoint {
        let mut half = half.clone();
        half.files_mut(|item| rebase(item, &content.folder, dir));
        checkpoint::write(disk, folder, *seq, &half)
            .map_err(|e| disk::failed("Cannot write", &checkpoint::path(folder, *seq), &e))?;
    }
    Ok(())
}

/// The entry with its files where this store keeps them.
fn moved(entry: &Entry, old: &Path, new: &Path) -> Entry {
    let mut entry = entry.clone();
    match &mut entry.record {
        Record::Drafted { files, .. } | Record::Answer { files, .. } => files.iter_mut().for_each(|item| rebase(item, old, new)),
        Record::Queued { submission } => submission.files.iter_mut().for_each(|item| rebase(item, old, new)),
        _ => {}
    }
    entry
}

fn rebase(item: &mut FileItem, old: &Path, new: &Path) {
    let new = std::path::absolute(new).unwrap_or_else(|_| new.to_owned());
    let kept = item.path.file_name().is_some_and(|name| name == item.sha256.as_str());
    if kept && item.path.parent() == Some(&old.join("files")) {
        item.path = new.join("files").join(&item.sha256);
    }
}
