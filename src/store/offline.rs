//! What the command line does with a store that nobody else holds: verify, rebuild, backup, its path.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::ballast::Ballast;
use super::cache::Cache;
use super::checkpoint::WorkHalf;
use super::disk::{Disk, RealDisk};
use super::files;
use super::folds::Compared;
use super::journal::{Journal, Stamp};
use super::reading::{self, Reading};
use super::{backup as backup_file, generations, lock, migrate, renew};
use crate::domain::draft::FileItem;
use crate::domain::record::Book as Half;
use crate::domain::{Book, Entry, Text};
use crate::error::{Class, Failure, Result};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// What is not as it should be; empty when all is well.
    pub findings: Vec<Text>,
    /// What a process that was killed leaves behind, and every start settles: nothing that was confirmed is touched by it.
    pub settles: Vec<Text>,
    /// Records read.
    pub records: u64,
}

/// What a rebuild did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// Records folded.
    pub records: u64,
    /// Rows of the feed that were kept.
    pub jobs: u64,
    /// Rows of the feed are gone; the platforms list them again.
    pub jobs_lost: bool,
    /// What was mended on the way.
    pub mended: Vec<Text>,
}

/// The folder of the store under `dir`, for people who look for their journal.
pub fn path(dir: &Path) -> PathBuf {
    dir.join("journal")
}

fn there(dir: &Path) -> Result<()> {
    if dir.join("journal").is_dir() {
        return Ok(());
    }
    Err(Failure::new(Class::NotFound, format!("There is no store in {}", dir.display()))
        .hint("Start `juggler` once to make one, or name another folder with --data-dir."))
}

/// Reads everything and compares it; changes nothing but sled's own housekeeping.
///
/// # Errors
/// `Class::Busy` when somebody holds it, `Class::NotFound` without a store, `Class::Store` when it cannot be read.
pub fn verify(dir: &Path) -> Result<Verified> {
    there(dir)?;
    let _lock = lock::take(dir)?;
    migrate::refuse_newer(dir)?;
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    let (mut findings, mut settles) = (Vec::new(), Vec::new());
    let opened = (generations::latest(dir) > 0).then(|| renew::look(dir));
    let cache = match opened {
        Some(Ok((cache, unreadable))) => {
            if unreadable > 0 {
                findings.push(Text::title(&format!("{unreadable} rows of the feed's cache cannot be read")));
            }
            Some(cache)
        }
        Some(Err(why)) => {
            findings.push(Text::title(&format!("the feed's cache cannot be opened ({why}); it is made again at the next start")));
            None
        }
        None => {
            settles.push(Text::title("there is no cache of the feed; it is made at the next start"));
            None
        }
    };
    let mut verified = examine(&disk, dir, cache.as_ref(), None)?;
    verified.findings.append(&mut findings);
    verified.settles.append(&mut settles);
    Ok(verified)
}

/// Reads the journal again and compares it with `cache`, with `book` (the fold in memory) and with the files of drafts.
pub fn examine(disk: &Arc<dyn Disk>, dir: &Path, cache: Option<&Cache>, book: Option<&Book>) -> Result<Verified> {
    let reading = reading::read(disk.as_ref(), &dir.join("journal"))?;
    let fold = reading.fold()?;
    let (mut findings, mut settles) = (reading.findings(), reading.torn());
    findings.extend(fold.findings.iter().cloned());
    if let Some(book) = book
        && !same(book, &fold)
    {
        findings.push(Text::title("what is in memory is not what the journal says; quit and start again"));
    }
    if let Some(cache) = cache {
        if cache.is_stale() {
            findings.push(Text::title("the cache could not be written to; it is made again at the next start"));
        } else {
            let compared = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| cache.compare(&fold, stamp(&reading))));
            match compared.unwrap_or_else(|_| Err("sled panicked".to_owned())) {
                Ok(Compared::Behind) => settles.push(Text::title(
                    "the cache is behind the journal, as a program leaves it that was killed; the next start brings it up to date",
                )),
                Ok(Compared::At(more)) => findings.extend(more),
                Err(e) => {
                    findings.push(Text::title(&format!("the cache cannot be read ({e}); it is made again at the next start")))
                }
            }
        }
    }
    findings.extend(missing_files(&fold));
    findings.extend(missing_attachments(dir, &fold));
    Ok(Verified { findings, settles, records: reading.records() })
}

/// Equal, but for old spans that one of them keeps as sums.
fn same(a: &Book, b: &Book) -> bool {
    let level = |book: &Book| {
        let mut book = book.clone();
        WorkHalf::of(&book).summed().put_into(&mut book);
        book
    };
    a == b || level(a) == level(b)
}

fn stamp(reading: &Reading) -> Stamp {
    Stamp { money: reading.money.last(), work: reading.work.last() }
}

fn missing_files(book: &Book) -> Vec<Text> {
    let drafts = book.drafts.values().flat_map(|d| &d.files);
    let mut items: Vec<&FileItem> =
        drafts.chain(book.submissions.values().flat_map(|s| &s.files)).chain(book.calls.kept.files()).collect();
    items.sort_by_key(|item| &item.path);
    items.dedup_by_key(|item| &item.path);
    items
        .into_iter()
        .filter_map(|item| match std::fs::read(&item.path) {
            Ok(bytes) if files::sha256(&bytes) == item.sha256 => None,
            Ok(_) => Some(Text::title(&format!("the file {} ({}) is not what it was", item.path.display(), item.name))),
            Err(e) => Some(Text::title(&format!("the file {} ({}) cannot be read: {e}", item.path.display(), item.name))),
        })
        .collect()
}

/// Attachments that are not what was fetched. Only the open work needs them; the others are told all the same.
fn missing_attachments(dir: &Path, book: &Book) -> Vec<Text> {
    let mut told = Vec::new();
    for ((id, name), file) in &book.kept {
        let hashes = std::iter::once(&file.sha256).chain(file.text.as_ref().map(|text| &text.sha256));
        let Some(gone) = hashes.filter_map(|sha| files::attachment(dir, sha).err()).next() else { continue };
        let what = match gone {
            files::Gone::Missing => "is missing",
            files::Gone::Changed => "is not what it was",
        };
        let cure = format!("`juggler attachments {id} --fetch {name}` fetches it again");
        told.push(Text::title(&format!("the attachment {name} of {id} {what}; {cure}")));
    }
    told
}

/// Makes sled again from the journal in a folder of its own; the feed's rows that can be read are taken along.
///
/// # Errors
/// As [`verify`].
pub fn rebuild(dir: &Path) -> Result<Rebuilt> {
    there(dir)?;
    let _lock = lock::take(dir)?;
    // Before the journal is mended: a newer store is not to be touched.
    migrate::refuse_newer(dir)?;
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    let loaded = Journal::open(disk, &dir.join("journal"))?;
    if let Some(failure) = loaded.hindered {
        return Err(failure);
    }
    let mut ballast = Ballast::new(dir, 0);
    let stamp = loaded.journal.stamp();
    let mut mended = loaded.mended;
    let none = generations::latest(dir) == 0;
    let mut feed = renew::renew(dir, &loaded.book, stamp, &mut ballast)?;
    if feed.cache.is_none() {
        let why = feed.said.last().map(ToString::to_string).unwrap_or_default();
        return Err(Failure::new(Class::Store, "The cache could not be made again")
            .why(why)
            .hint("The journal is intact; see to the cause and do it again."));
    }
    mended.append(&mut feed.said);
    Ok(Rebuilt {
        records: loaded.records,
        jobs: feed.cache.as_ref().map_or(0, Cache::count),
        jobs_lost: none || feed.lost,
        mended,
    })
}

/// Writes a logical backup to the new file `to`; gives the number of lines.
///
/// # Errors
/// As [`verify`]; `Class::Usage` when `to` exists.
pub fn backup(dir: &Path, to: &Path) -> Result<u64> {
    there(dir)?;
    let _lock = lock::take(dir)?;
    migrate::refuse_newer(dir)?;
    // Without a cache the backup holds everything but rows that the platforms list again.
    let cache = (generations::latest(dir) > 0).then(|| renew::look(dir).ok()).flatten();
    let source = backup_file::source(&RealDisk, dir, cache.as_ref().map(|(cache, _)| cache))?;
    backup_file::write(&RealDisk, dir, &source, to)
}

/// Every entry behind the checkpoint with its file and number, for scripts and tests; takes no lock and changes nothing.
///
/// # Errors
/// `Class::Store` when it cannot be read.
pub fn entries(dir: &Path) -> Result<Vec<(Half, u64, Entry)>> {
    let mut out = Vec::new();
    reading::read(&RealDisk, &dir.join("journal"))?.each(|half, seq, entry| out.push((half, seq, entry)))?;
    Ok(out)
}
