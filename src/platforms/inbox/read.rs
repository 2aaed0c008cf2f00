//! Reads one file on from where it was left.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Result, Seek, SeekFrom};
use std::os::unix::fs::{FileExt, OpenOptionsExt};

use super::batch::Batch;
use super::known::hash;
use super::line::Line;
use super::mark::Place;
use super::piece::{Piece, Stamp};
use super::scan::{Raw, elements, members, values};

/// The longest line.
const LINE: usize = 1 << 20;
/// The largest document.
const DOCUMENT: u64 = 8 << 20;
/// Bytes that tell whether a file still begins as it did.
const TAIL: usize = 64;

/// Reads `piece` on from `place` until its end, or until the page is full. Returns where it was left.
pub fn read(piece: &Piece, place: Option<&Place>, batch: &mut Batch<'_>) -> Result<Place> {
    // Should a pipe have taken the file's place, opening it must not wait for a writer.
    let nonblock = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(nonblock).open(&piece.path)?;
    let facts = file.metadata()?;
    if !facts.is_file() {
        return Ok(Place { stamp: Stamp::of(&facts), done: true, ..Place::default() });
    }
    let stamp = Stamp::of(&facts);
    if piece.document {
        return document(piece, file, stamp, batch);
    }
    let mut place = match place {
        Some(place) if goes_on(place, &stamp, &file)? => Place { stamp, ..place.clone() },
        _ => Place { stamp, ..Place::default() },
    };
    lines(piece, &file, &mut place, batch)?;
    place.tail = tail(&file, place.at)?;
    Ok(place)
}

/// Whether the file only grew since it was left at `place`.
fn goes_on(place: &Place, stamp: &Stamp, file: &File) -> Result<bool> {
    // A whole list that changed is read as a whole.
    let again = place.whole && place.done && place.stamp != *stamp;
    Ok(!again && place.stamp.is_same_file(stamp) && stamp.size >= place.at && tail(file, place.at)? == place.tail)
}

fn tail(file: &File, at: u64) -> Result<u64> {
    let mut bytes = [0; TAIL];
    let some = &mut bytes[..usize::try_from(at).unwrap_or(TAIL).min(TAIL)];
    match file.read_exact_at(some, at - some.len() as u64) {
        Ok(()) => Ok(hash(&String::from_utf8_lossy(some))),
        // It shrank under our eyes; the next look begins anew.
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(0),
        Err(error) => Err(error),
    }
}

fn lines(piece: &Piece, file: &File, place: &mut Place, batch: &mut Batch<'_>) -> Result<()> {
    let mut reader = BufReader::with_capacity(256 << 10, file);
    reader.seek(SeekFrom::Start(place.at))?;
    (place.done, place.rest) = (false, false);
    if place.skip {
        skip(&mut reader, place)?;
    }
    let mut line = Vec::new();
    while !place.skip && !batch.is_full() {
        line.clear();
        let read = (&mut reader).take(LINE as u64 + 1).read_until(b'\n', &mut line)?;
        let number = place.line + 1;
        let whence = || format!("{} line {number}", piece.shown());
        if line.last() == Some(&b'\n') {
            place.at += read as u64;
            place.line = number;
            let text = if number == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line) } else { &line[..] };
            batch.line(text, place, whence);
        } else if line.len() > LINE {
            batch.wrong(&format!("{}: it is longer than 1 MiB", whence()), "", place);
            place.at += read as u64;
            skip(&mut reader, place)?;
        } else {
            place.done = true;
            rest(&line, place, batch, whence);
            return Ok(());
        }
    }
    place.done |= place.skip;
    Ok(())
}

/// What stands behind the last line feed: waits for its own, unless it is a whole object and nobody is writing any more.
fn rest(line: &[u8], place: &mut Place, batch: &mut Batch<'_>, whence: impl Fn() -> String) {
    if line.is_empty() {
        return;
    }
    if !place.stamp.is_quiet(batch.now()) {
        place.rest = true;
    } else if std::str::from_utf8(line).is_ok_and(|text| Line::read(text).is_ok()) {
        place.at += line.len() as u64;
        batch.line(line, place, whence);
    }
}

/// Passes over the rest of a line that is too long.
fn skip(reader: &mut impl BufRead, place: &mut Place) -> Result<()> {
    loop {
        let bytes = reader.fill_buf()?;
        let (used, ended) = match bytes.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (bytes.len(), bytes.is_empty()),
        };
        let found = used > 0 && ended;
        reader.consume(used);
        place.at += used as u64;
        place.skip = !found;
        if found {
            place.line += 1;
        }
        if ended {
            return Ok(());
        }
    }
}

/// A document: a list of jobs, `{"jobs": […]}`, or jobs one behind the other. As the whole inbox it is a whole list.
fn document(piece: &Piece, file: File, stamp: Stamp, batch: &mut Batch<'_>) -> Result<Place> {
    let mut place = Place { stamp, done: true, ..Place::default() };
    let shown = piece.shown();
    let mut bytes = Vec::new();
    if stamp.size > DOCUMENT || file.take(DOCUMENT + 1).read_to_end(&mut bytes)? as u64 > DOCUMENT {
        batch.wrong(&format!("{shown}: it is larger than 8 MiB; long lists go into a .jsonl file, a job a line"), "", &mut place);
        return Ok(place);
    }
    let text = match std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes)) {
        Ok(text) => text,
        Err(error) => {
            batch.wrong(&format!("{shown}: it is not UTF-8 (byte {})", error.valid_up_to() + 1), "", &mut place);
            return Ok(place);
        }
    };
    let mut found = Vec::new();
    if let Err(wrong) = values(text, |raw, _| found.push(raw)) {
        if wrong.at >= text.len() && !stamp.is_quiet(batch.now()) {
            // Somebody is still writing it.
            place.rest = true;
            return Ok(place);
        }
        let (line, column) = spot(text, wrong.at);
        let sentence = format!("{shown} line {line}, column {column}: {}", wrong.what);
        batch.wrong(&sentence, text.get(..2000).unwrap_or(text), &mut place);
        return Ok(place);
    }
    if piece.name.is_empty() {
        batch.whole(&mut place);
    }
    for raw in found.into_iter().flat_map(jobs) {
        let (at, line) = match raw {
            Raw::Record(record) => (record.as_ptr() as usize - text.as_ptr() as usize, record),
            Raw::List(other) | Raw::Number(other) | Raw::Plain(other) | Raw::Escaped(other) => {
                (other.as_ptr() as usize - text.as_ptr() as usize, other)
            }
            Raw::Null | Raw::Flag(_) => (0, "null"),
        };
        batch.line(line.as_bytes(), &mut place, || format!("{shown} line {}", spot(text, at).0));
    }
    Ok(place)
}

/// The jobs that a value of a document holds.
fn jobs(raw: Raw<'_>) -> Vec<Raw<'_>> {
    let mut inner = Vec::new();
    match raw {
        Raw::List(list) => {
            // The document was scanned whole: there is nothing wrong in it.
            let _ = elements(list, |raw| inner.push(raw));
            inner
        }
        Raw::Record(record) => {
            let mut list = None;
            let _ = members(record, |key, raw| {
                if let ("jobs", Raw::List(_)) = (&*key, raw) {
                    list = Some(raw);
                }
            });
            list.map_or_else(|| vec![raw], jobs)
        }
        other => vec![other],
    }
}

/// Line and column, from 1.
fn spot(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    (line, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1)
}
