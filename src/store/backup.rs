//! The logical backup: one JSON Lines file with everything that cannot be fetched again, the feed's rows besides, and a checksum of the
//! whole. Never a copy of sled's files: copies of a live database may not open.
//!
//! ```text
//! {"backup":"juggler","format":1,"made":…,"folder":…}
//! {"checkpoint":N,"half":{…}}                       the work half up to entry N, when there is one
//! {"book":"money"|"work","seq":N,"entry":{…}}       the journal, in order
//! {"file":"sha-256","hex":"…"}                      files of drafts
//! {"attachment":"sha-256","hex":"…"}                attachments that were fetched, and their texts
//! {"job":{…}}  {"cursor":"source/list","at":…}      the feed
//! {"end":"juggler","lines":N,"sha256":"…"}          lines before this one, and SHA-256 over their bytes
//! ```

use std::collections::BTreeMap;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sled::Tree;

use super::cache::Cache;
use super::checkpoint::WorkHalf;
use super::disk::{self, Disk, DiskFile};
use super::drill;
use super::rows::{job_in, run_of};
use super::{files, reading};
use crate::domain::record::Book as Half;
use crate::domain::{Entry, Job, Time};
use crate::error::{Class, Failure, Result};

/// The format written; a newer one is refused.
pub const FORMAT: u32 = 2;

/// A line.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub enum Line {
    Head { backup: String, format: u32, made: Time, folder: PathBuf },
    Checkpoint { checkpoint: u64, half: Box<WorkHalf> },
    Entry { book: Half, seq: u64, entry: Box<Entry> },
    File { file: String, hex: String },
    Attachment { attachment: String, hex: String },
    Job { job: Box<Job> },
    Cursor { cursor: String, at: serde_json::Value },
    End { end: String, lines: u64, sha256: String },
}

struct Out {
    file: BufWriter<Plain>,
    hash: Sha256,
    lines: u64,
}

impl Out {
    fn line(&mut self, line: &Line) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        self.hash.update(&bytes);
        self.lines += 1;
        self.file.write_all(&bytes)
    }
}

/// What a backup is written from: the journal as it is now, and the way to the feed's rows, which others may go on writing.
pub struct Source {
    reading: reading::Reading,
    rows: Option<(Tree, BTreeMap<String, serde_json::Value>)>,
}

/// Reads what must not change while it is read.
///
/// # Errors
/// `Class::Store` when it cannot be read, or a newer version wrote it.
pub fn source(disk: &dyn Disk, dir: &Path, cache: Option<&Cache>) -> Result<Source> {
    let reading = reading::read(disk, &dir.join("journal"))?;
    // What only a newer version can read is told as that, before anything is written.
    reading.each(|_, _, _| {})?;
    let rows = cache.map(|cache| {
        // Read before the rows: what is listed behind them is listed again.
        let cursors = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| cache.cursors()));
        (cache.jobs.clone(), cursors.ok().and_then(|read| read.ok()).unwrap_or_default())
    });
    Ok(Source { reading, rows })
}

/// Writes the backup of the store under `dir` to the new file `to`; gives the number of lines.
///
/// # Errors
/// `Class::Usage` when `to` exists, `Class::Store` when a disk fails; then nothing is left under `to`.
pub fn write(disk: &dyn Disk, dir: &Path, source: &Source, to: &Path) -> Result<u64> {
    let exists = || {
        Failure::new(Class::Usage, format!("{} exists already", to.display()))
            .hint("Name a file that does not exist; a backup never replaces another.")
    };
    if to.symlink_metadata().is_ok() {
        return Err(exists());
    }
    // What has the name is whole: a kill leaves the other name at most, which the next attempt replaces.
    let mut name = to.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = to.with_file_name(name);
    let failed = |e: io::Error| disk::failed("Cannot write the backup", to, &e);
    match disk.remove(&part) {
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(disk::failed("Cannot make", &part, &e)),
        _ => {}
    }
    let file = disk.create(&part).map_err(|e| disk::failed("Cannot make", to, &e))?;
    let mut out = Out { file: BufWriter::with_capacity(256 << 10, Plain(file)), hash: Sha256::new(), lines: 0 };
    let folder = to.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let done = content(&mut out, source, dir).and_then(|()| {
        finish(&mut out)?;
        out.file.get_mut().0.sync()?;
        drill::point("backup.written");
        if to.symlink_metadata().is_ok() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        disk.rename(&part, to)?;
        drill::point("backup.named");
        disk.sync_dir(folder)
    });
    let lines = out.lines;
    // What was not written yet is not to be written while it is removed.
    drop(out.file.into_parts());
    match done {
        Ok(()) => Ok(lines),
        Err(e) if e.kind() == ErrorKind::AlreadyExists => {
            let _ = disk.remove(&part);
            Err(exists())
        }
        Err(e) => {
            // It may have its name already: nothing that is not surely durable is left behind.
            if disk.remove(&part).is_err() {
                let _ = disk.remove(to);
            }
            Err(failed(e))
        }
    }
}

/// A file of the disk as others write to files.
struct Plain(Box<dyn DiskFile>);

impl Write for Plain {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn content(out: &mut Out, source: &Source, dir: &Path) -> io::Result<()> {
    let reading = &source.reading;
    out.line(&Line::Head {
        backup: "juggler".into(),
        format: FORMAT,
        made: chrono::Utc::now(),
        folder: std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned()),
    })?;
    if let Some((checkpoint, half)) = &reading.checkpoint {
        out.line(&Line::Checkpoint { checkpoint: *checkpoint, half: Box::new(half.clone()) })?;
    }
    let mut written = Ok(());
    reading
        .each(|book, seq, entry| {
            if written.is_ok() {
                written = out.line(&Line::Entry { book, seq, entry: Box::new(entry) });
            }
        })
        .map_err(io::Error::other)?;
    written?;
    kept_files(out, &dir.join("files"), |file, hex| Line::File { file, hex })?;
    kept_files(out, &dir.join(files::ATTACHMENTS), |attachment, hex| Line::Attachment { attachment, hex })?;
    let Some((jobs, cursors)) = &source.rows else { return Ok(()) };
    let mut after = None;
    loop {
        let run = run_of(jobs, after.as_ref(), 1024);
        for job in run.rows.iter().filter_map(|(_, value)| job_in(value)) {
            out.line(&Line::Job { job: Box::new(job) })?;
        }
        after = run.after;
        if after.is_none() {
            break;
        }
    }
    for (cursor, at) in cursors {
        out.line(&Line::Cursor { cursor: cursor.clone(), at: at.clone() })?;
    }
    Ok(())
}

fn kept_files(out: &mut Out, folder: &Path, line: impl Fn(String, String) -> Line) -> io::Result<()> {
    let entries = match std::fs::read_dir(folder) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    let mut paths: Vec<PathBuf> = entries.map(|e| Ok(e?.path())).collect::<io::Result<_>>()?;
    paths.sort();
    for path in paths {
        let bytes = std::fs::read(&path)?;
        let hash = files::sha256(&bytes);
        // Left-overs of a save that was cut short are not named after their content.
        if path.file_name().is_some_and(|name| name == hash.as_str()) {
            out.line(&line(hash, files::hex(&bytes)))?;
        }
    }
    Ok(())
}

fn finish(out: &mut Out) -> io::Result<()> {
    let end = Line::End { end: "juggler".into(), lines: out.lines, sha256: files::hex(&out.hash.clone().finalize()) };
    out.line(&end)?;
    out.file.flush()
}
