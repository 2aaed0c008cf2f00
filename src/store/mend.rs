//! Makes journal files fit to be written to again: sets damage and torn tails aside, loses nothing that is intact.

use std::path::Path;

use super::disk::{self, Disk, DiskFile};
use super::line;
use super::reading::{Part, Reading, file, runs};
use crate::domain::Text;
use crate::error::Result;

/// A file that can be appended to.
pub struct Ready {
    /// The handle.
    pub file: Box<dyn DiskFile>,
    /// Bytes in it, all sound.
    pub len: u64,
    /// The last number in use.
    pub last: u64,
}

/// Mends what needs it; the sentences say what was done.
///
/// # Errors
/// When the disk fails; everything is as it was, or mended in part, and can be tried again.
pub fn mend(disk: &dyn Disk, folder: &Path, reading: &Reading) -> Result<(Ready, Ready, Vec<Text>)> {
    let mut said = Vec::new();
    let holes = reading.holes();
    let instead = match (&reading.checkpoint, holes.is_empty()) {
        (Some(_), true) => "the one before it is used, nothing is lost",
        (None, true) => "the journal is read from its beginning, nothing is lost",
        (Some(_), false) => "the one before it is used",
        (None, false) => "there is no other",
    };
    for path in &reading.bad_checkpoints {
        let aside = disk::free_name(folder, &format!("{}.damaged", file(path)), "");
        disk.rename(path, &aside).map_err(|e| disk::failed("Cannot set aside", path, &e))?;
        said.push(Text::title(&format!("{} is damaged and was set aside as {}; {instead}", file(path), file(&aside))));
    }
    for hole in holes {
        said.push(Text::title(&format!(
            "{hole}: drafts, marks and hours of that time are missing. Quit, and restore a backup or the folder's copy if there is one"
        )));
    }
    let money = part(disk, folder, &reading.money, &mut said)?;
    let work = part(disk, folder, &reading.work, &mut said)?;
    Ok((money, work, said))
}

fn part(disk: &dyn Disk, folder: &Path, part: &Part, said: &mut Vec<Text>) -> Result<Ready> {
    let path = &part.path;
    let failed = |what: &str, e: &std::io::Error| disk::failed(what, path, e);
    let last = part.last();
    let scan = &part.scan;
    let missing = part.missing();
    let ready = |len: usize| -> Result<Ready> {
        Ok(Ready { file: disk.append(path).map_err(|e| failed("Cannot open", &e))?, len: len as u64, last })
    };
    if scan.lines.is_empty() && scan.from.is_none() && scan.damage.is_empty() {
        if !part.bytes.is_empty() {
            let aside = set_aside(disk, folder, part, ".torn", "", &part.bytes)?;
            said.push(Text::title(&format!("{} held nothing that can be read; it was set aside as {aside}", file(path))));
        }
        let header = line::header(part.half, part.from);
        disk::replace(disk, path, &header).map_err(|e| failed("Cannot make", &e))?;
        return ready(header.len());
    }
    if !scan.damage.is_empty() || !missing.is_empty() {
        let aside = set_aside(disk, folder, part, ".damaged", ".jsonl", &part.bytes)?;
        let rebuilt = rebuild(part, &missing, &aside);
        disk::replace(disk, path, &rebuilt).map_err(|e| failed("Cannot mend", &e))?;
        said.push(Text::title(&sentence(part, &missing, &aside)));
        return ready(rebuilt.len());
    }
    let Some(at) = part.torn() else {
        let mut ready = ready(part.bytes.len())?;
        if scan.open_end {
            disk::write_all(ready.file.as_mut(), b"\n")
                .and_then(|()| ready.file.sync())
                .map_err(|e| failed("Cannot mend", &e))?;
            ready.len += 1;
        }
        return Ok(ready);
    };
    let aside = set_aside(disk, folder, part, ".torn", "", &part.bytes[at..])?;
    let mut ready = ready(at)?;
    ready.file.truncate(at as u64).and_then(|()| ready.file.sync()).map_err(|e| failed("Cannot mend", &e))?;
    said.push(Text::title(&format!(
        "{} ended in a save that was cut short ({} bytes, never confirmed); they were set aside in {aside}",
        file(path),
        part.bytes.len() - at,
    )));
    Ok(ready)
}

fn set_aside(disk: &dyn Disk, folder: &Path, part: &Part, what: &str, end: &str, bytes: &[u8]) -> Result<String> {
    let path = disk::free_name(folder, &format!("{}{what}", line::name(part.half)), end);
    disk::replace(disk, &path, bytes).map_err(|e| disk::failed("Cannot set aside", &part.path, &e))?;
    Ok(file(&path))
}

/// The file with its sound lines, and a place holder for each number that was lost.
fn rebuild(part: &Part, missing: &[u64], aside: &str) -> Vec<u8> {
    let mut out = line::header(part.half, part.from);
    let mut missing = missing.iter().copied().peekable();
    for (seq, _, bytes) in part.lines() {
        while let Some(lost) = missing.next_if(|lost| *lost < seq) {
            line::encode_lost(part.half, lost, aside, &mut out);
        }
        out.extend_from_slice(bytes);
        out.push(b'\n');
    }
    for lost in missing {
        line::encode_lost(part.half, lost, aside, &mut out);
    }
    out
}

fn sentence(part: &Part, missing: &[u64], aside: &str) -> String {
    let lines: Vec<String> = part.scan.damage.iter().take(5).map(|d| d.line.to_string()).collect();
    let place = if lines.is_empty() { String::new() } else { format!(" (line {})", lines.join(", ")) };
    let lost = match runs(missing).as_slice() {
        [] => "nothing was lost".to_owned(),
        some => format!("lost: {}", some.join(", ")),
    };
    format!(
        "{} was damaged{place}; {lost}; everything else is intact, and the file as it was is kept as {aside}",
        file(&part.path)
    )
}
