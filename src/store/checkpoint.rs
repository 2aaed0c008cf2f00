//! The work half of the book in one checksummed file, so that the work journal can begin anew behind it.
//!
//! Two lines: `{"checkpoint":"juggler","format":F,"seq":N,"crc":"8 hex"}` and the half as JSON; the checksum covers
//! `checkpoint:F:N:` and the second line (in format 1 `checkpoint:N:`), so that neither number can change unseen. What a platform said
//! word for word (`Record::Raw`) is not in it: what is kept of that opens the new work file (see `raw`).

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{Duration, DurationRound};
use serde::{Deserialize, Serialize};

use super::disk::{self, Disk};
use super::line;
use crate::domain::ai::Kept;
use crate::domain::book::Act;
use crate::domain::draft::FileItem;
use crate::domain::rule::RuleMemory;
use crate::domain::shield::Found;
use crate::domain::triage::Marks;
use crate::domain::work::Span;
use crate::domain::{AssignmentId, Block, Book, Draft, JobKey, KeptFile, Text, Time, Versions};
use crate::error::Result;

/// The format written; older ones are read, a newer one is refused.
pub const FORMAT: u32 = 4;
/// Spans older than this are kept as sums per assignment and hour.
pub const SPANS_KEPT_DAYS: i64 = 35;

/// What the work journal folds to. Independent of the money half: folding the files one after the other gives the same book.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WorkHalf {
    drafts: BTreeMap<AssignmentId, Draft>,
    versions: Versions,
    attached: Vec<(AssignmentId, Text, Text)>,
    kept: Vec<(AssignmentId, Text, KeptFile)>,
    attached_signs: BTreeMap<AssignmentId, Vec<Found>>,
    marks: BTreeMap<JobKey, Marks>,
    undo: Vec<Act>,
    redo: Vec<Act>,
    last_act: u64,
    spans: Vec<Span>,
    blocks: BTreeMap<u64, Block>,
    last_block: u64,
    rules: RuleMemory,
    assistants: Kept,
}

impl WorkHalf {
    /// The half of `book`.
    pub fn of(book: &Book) -> WorkHalf {
        WorkHalf {
            drafts: book.drafts.clone(),
            versions: book.versions.clone(),
            attached: book.attached.iter().map(|((id, name), text)| (id.clone(), name.clone(), text.clone())).collect(),
            kept: book.kept.iter().map(|((id, name), file)| (id.clone(), name.clone(), file.clone())).collect(),
            attached_signs: book.attached_signs.clone(),
            marks: book.marks.clone(),
            undo: book.undo.clone(),
            redo: book.redo.clone(),
            last_act: book.last_act,
            spans: book.spans.clone(),
            blocks: book.blocks.clone(),
            last_block: book.last_block,
            rules: book.rules.clone(),
            assistants: book.calls.kept.clone(),
        }
    }

    /// Puts it into `book` in place of what is there.
    pub fn put_into(self, book: &mut Book) {
        book.drafts = self.drafts;
        book.versions = self.versions;
        book.attached = self.attached.into_iter().map(|(id, name, text)| ((id, name), text)).collect();
        book.kept = self.kept.into_iter().map(|(id, name, file)| ((id, name), file)).collect();
        book.attached_signs = self.attached_signs;
        book.marks = self.marks;
        book.undo = self.undo;
        book.redo = self.redo;
        book.last_act = self.last_act;
        book.spans = self.spans;
        book.blocks = self.blocks;
        book.last_block = self.last_block;
        book.rules = self.rules;
        book.calls.kept = self.assistants;
        book.index();
    }

    /// Calls `change` with every file of every draft and answer.
    pub fn files_mut(&mut self, change: impl FnMut(&mut FileItem)) {
        let drafts = self.drafts.values_mut().flat_map(|d| &mut d.files).chain(self.versions.files_mut());
        drafts.chain(self.assistants.files_mut()).for_each(change);
    }

    /// Adds up what is older than [`SPANS_KEPT_DAYS`] before the latest span, per purpose and UTC hour. An hour and not a day, so that
    /// sums per local day stay right.
    #[must_use]
    pub fn summed(mut self) -> WorkHalf {
        let Some(latest) = self.spans.iter().map(|s| s.from).max() else { return self };
        let Some(limit) = latest.checked_sub_signed(Duration::days(SPANS_KEPT_DAYS)) else { return self };
        let mut sums: Vec<Span> = Vec::new();
        let mut places: BTreeMap<(String, Time), usize> = BTreeMap::new();
        let mut young = Vec::new();
        for span in self.spans {
            let hour = span.from.duration_trunc(Duration::hours(1)).unwrap_or(span.from);
            if span.from >= limit {
                young.push(span);
                continue;
            }
            let place = places.entry((format!("{:?}", span.spent), hour)).or_insert(sums.len());
            match sums.get_mut(*place).map(|sum| (sum.seconds.checked_add(span.seconds), sum)) {
                Some((Some(seconds), sum)) => sum.seconds = seconds,
                _ => {
                    *place = sums.len();
                    sums.push(span);
                }
            }
        }
        sums.append(&mut young);
        self.spans = sums;
        self
    }
}

#[derive(Serialize, Deserialize)]
struct Head {
    checkpoint: String,
    format: u32,
    seq: u64,
    crc: String,
}

/// Bytes of a checkpoint up to and with the work entry `seq`.
///
/// # Errors
/// When the half cannot be written as JSON.
pub fn encode(seq: u64, half: &WorkHalf) -> serde_json::Result<Vec<u8>> {
    let body = serde_json::to_string(half)?;
    let crc = sum(FORMAT, seq, body.as_bytes());
    let head = serde_json::to_string(&Head { checkpoint: "juggler".into(), format: FORMAT, seq, crc })?;
    Ok(format!("{head}\n{body}\n").into_bytes())
}

fn sum(format: u32, seq: u64, body: &[u8]) -> String {
    let name = if format == 1 { format!("checkpoint:{seq}:") } else { format!("checkpoint:{format}:{seq}:") };
    line::crc(&[name.as_bytes(), body])
}

/// Reads a checkpoint; `None` when it is damaged.
///
/// # Errors
/// When a newer version wrote it.
pub fn decode(bytes: &[u8]) -> Result<Option<(u64, WorkHalf)>> {
    let Some(newline) = bytes.iter().position(|b| *b == b'\n') else { return Ok(None) };
    let (head, body) = (&bytes[..newline], &bytes[newline + 1..]);
    let body = body.strip_suffix(b"\n").unwrap_or(body);
    let Ok(head) = serde_json::from_slice::<Head>(head) else { return Ok(None) };
    let fits = |format: u32| sum(format, head.seq, body) == head.crc;
    // The checksum says which format it is: a changed digit makes no other version of a sound one.
    if !(1..=FORMAT).any(fits) {
        if head.format > FORMAT && fits(head.format) {
            return Err(line::newer(format!("its checkpoint has format {}, this version knows {FORMAT}", head.format)));
        }
        return Ok(None);
    }
    match serde_json::from_slice(body) {
        Ok(half) => Ok(Some((head.seq, half))),
        // Sound, and not to be read: somebody else wrote it so.
        Err(e) => Err(line::newer(format!("its checkpoint holds what is not known here ({e})"))),
    }
}

/// Path of the checkpoint up to `seq`.
pub fn path(folder: &Path, seq: u64) -> PathBuf {
    folder.join(format!("work.checkpoint-{seq}.json"))
}

/// Path of the older file whose last entry is `seq`.
pub fn until_path(folder: &Path, seq: u64) -> PathBuf {
    folder.join(format!("work.until-{seq}.jsonl"))
}

/// Numbers in the names `prefix<number>suffix` of a folder, rising; none when there is no folder.
///
/// # Errors
/// When the folder cannot be read: a checkpoint that is overlooked would be a loss.
pub fn numbers(folder: &Path, prefix: &str, suffix: &str) -> io::Result<Vec<u64>> {
    let names = match std::fs::read_dir(folder) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let number = |name: &OsStr| name.to_str()?.strip_prefix(prefix)?.strip_suffix(suffix)?.parse::<u64>().ok();
    let mut found = Vec::new();
    for entry in names {
        found.extend(number(&entry?.file_name()));
    }
    found.sort_unstable();
    Ok(found)
}

/// Numbers of the checkpoints of a folder, as [`numbers`].
pub fn all(folder: &Path) -> io::Result<Vec<u64>> {
    numbers(folder, "work.checkpoint-", ".json")
}

/// Numbers of the older work files of a folder, as [`numbers`].
pub fn untils(folder: &Path) -> io::Result<Vec<u64>> {
    numbers(folder, "work.until-", ".jsonl")
}

/// Writes a checkpoint and reads it back.
///
/// # Errors
/// When the disk fails, or gives back something else.
pub fn write(disk: &dyn Disk, folder: &Path, seq: u64, half: &WorkHalf) -> io::Result<()> {
    let bytes = encode(seq, half)?;
    let path = path(folder, seq);
    disk::replace(disk, &path, &bytes)?;
    if disk.read(&path)? == bytes && matches!(decode(&bytes), Ok(Some(_))) {
        return Ok(());
    }
    let _ = disk.remove(&path);
    Err(io::Error::other("the checkpoint does not read back as it was written"))
}

/// Removes what is older than the generation before the latest: it will never be read again.
pub fn prune(disk: &dyn Disk, folder: &Path) {
    // What cannot be listed now is removed another time.
    let (Ok(kept), Ok(untils)) = (all(folder), untils(folder)) else { return };
    let Some(oldest) = kept.len().checked_sub(2).and_then(|n| kept.get(n)) else { return };
    for seq in kept.iter().filter(|seq| *seq < oldest) {
        let _ = disk.remove(&path(folder, *seq));
    }
    for seq in untils.iter().filter(|seq| *seq <= oldest) {
        let _ = disk.remove(&until_path(folder, *seq));
    }
}
