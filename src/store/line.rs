//! One line of the journal: `{"seq":N,"crc":"8 hex",…}` with the entry's own members behind, and the header that opens each file.
//!
//! The checksum is the CRC-32 (IEEE) of `<book>:<seq>:` and every byte behind `"crc":"8 hex",`, so that neither a changed byte, nor a
//! line moved to another place or file, goes unnoticed. Lines of a batch of more than one entry carry `"batch":[money,work]`: the last
//! number of the batch in each file (0: none), by which a batch that a crash cut in two is told from a whole one.

use serde::Deserialize;

use crate::domain::Entry;
use crate::domain::record::Book;
use crate::error::{Class, Failure, Result};

/// The format this version writes; a newer one is refused.
pub const FORMAT: u32 = 1;

/// Last numbers of a batch in each file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// In the money file; 0 when the batch has nothing there.
    pub money: u64,
    /// In the work file; 0 when the batch has nothing there.
    pub work: u64,
}

/// What a sound line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its number.
    pub seq: u64,
    /// The batch it belongs to, when that has more lines.
    pub ends: Option<Ends>,
    /// A place holder for a line that was damaged: it keeps the numbers whole.
    pub lost: bool,
}

/// The file's name, and the word in its checksums.
pub fn name(book: Book) -> &'static str {
    match book {
        Book::Money => "money",
        Book::Work => "work",
    }
}

/// CRC-32 in hex over several parts.
pub fn crc(parts: &[&[u8]]) -> String {
    let mut hasher = crc32fast::Hasher::new();
    for part in parts {
        hasher.update(part);
    }
    format!("{:08x}", hasher.finalize())
}

fn framed(book: Book, seq: u64, rest: &str, out: &mut Vec<u8>) {
    let sum = crc(&[format!("{}:{seq}:", name(book)).as_bytes(), rest.as_bytes()]);
    out.extend_from_slice(format!("{{\"seq\":{seq},\"crc\":\"{sum}\",").as_bytes());
    out.extend_from_slice(rest.as_bytes());
    out.push(b'\n');
}

/// Appends the line of `entry` to `out`, newline included.
///
/// # Errors
/// `Class::Internal` when the entry cannot be written as JSON that can be read back (a path that is not UTF-8, values nested too deeply).
pub fn encode(book: Book, seq: u64, ends: Option<Ends>, entry: &Entry, out: &mut Vec<u8>) -> Result<()> {
    let json = serde_json::to_string(entry).map_err(|e| unwritable(&e))?;
    // What cannot be read back must not get in: it would stop the next start.
    serde_json::from_str::<Entry>(&json).map_err(|e| unwritable(&e))?;
    let members = json.strip_prefix('{').unwrap_or(&json);
    match ends {
        None => framed(book, seq, members, out),
        Some(Ends { money, work }) => framed(book, seq, &format!("\"batch\":[{money},{work}],{members}"), out),
    }
    Ok(())
}

fn unwritable(error: &serde_json::Error) -> Failure {
    Failure::new(Class::Internal, "This cannot be written to the journal")
        .why(error)
        .hint("Nothing was changed. File names must be UTF-8.")
}

/// Appends a place holder for the damaged line `seq`; the damaged bytes are in the file `aside`.
pub fn encode_lost(book: Book, seq: u64, aside: &str, out: &mut Vec<u8>) {
    let aside = serde_json::Value::from(aside);
    framed(book, seq, &format!("\"lost\":{aside}}}"), out);
}

/// Splits a line (without its newline) and checks it; `None` when it is not sound.
pub fn head(book: Book, line: &[u8]) -> Option<Head> {
    let (seq, rest) = split(book, line)?;
    let batch = rest.strip_prefix(b"\"batch\":[").and_then(|tail| {
        let close = tail.iter().position(|b| *b == b']')?;
        let (money, work) = std::str::from_utf8(&tail[..close]).ok()?.split_once(',')?;
        Some(Ends { money: money.parse().ok()?, work: work.parse().ok()? })
    });
    Some(Head { seq, ends: batch, lost: rest.starts_with(b"\"lost\":") })
}

fn split(book: Book, line: &[u8]) -> Option<(u64, &[u8])> {
    let tail = line.strip_prefix(b"{\"seq\":")?;
    let comma = tail.iter().take(21).position(|b| *b == b',')?;
    let digits = std::str::from_utf8(&tail[..comma]).ok()?;
    let seq: u64 = digits.parse().ok().filter(|n: &u64| n.to_string() == digits)?;
    let tail = tail[comma..].strip_prefix(b",\"crc\":\"")?;
    let (sum, rest) = tail.split_at_checked(8)?;
    let rest = rest.strip_prefix(b"\",")?;
    (crc(&[format!("{}:{seq}:", name(book)).as_bytes(), rest]).as_bytes() == sum).then_some((seq, rest))
}

/// The entry of a line that [`head`] found sound.
///
/// # Errors
/// `Class::Store` when its kind is not known here: a newer version wrote it.
pub fn entry(line: &[u8]) -> Result<Entry> {
    #[derive(Deserialize)]
    struct Kind {
        kind: Option<String>,
    }
    serde_json::from_slice::<Entry>(line).map_err(|e| {
        let kind = serde_json::from_slice::<Kind>(line).ok().and_then(|k| k.kind).unwrap_or_default();
        newer(format!("a record of kind \"{kind}\" is not known here ({e})"))
    })
}

/// The refusal of what a newer version wrote.
pub fn newer(why: impl std::fmt::Display) -> Failure {
    Failure::new(Class::Store, "The store was written by a newer version of Juggler")
        .why(why)
        .hint("Install that version again, or choose another folder with --data-dir. Nothing was changed.")
}

/// The first line of a file whose first entry has the number `from`, newline included.
pub fn header(book: Book, from: u64) -> Vec<u8> {
    let members = format!("{{\"journal\":\"juggler\",\"format\":{FORMAT},\"book\":\"{}\",\"from\":{from}", name(book));
    let sum = crc(&[members.as_bytes()]);
    format!("{members},\"crc\":\"{sum}\"}}\n").into_bytes()
}

/// What a first line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header {
    /// A sound header: number of the first entry.
    From(u64),
    /// Not a header, or a damaged one.
    Damaged,
}

/// Reads a first line (without its newline).
///
/// # Errors
/// `Class::Store` when it is of a newer format.
pub fn read_header(book: Book, line: &[u8]) -> Result<Header> {
    #[derive(Deserialize)]
    struct Wire {
        journal: String,
        format: u32,
        #[serde(default)]
        book: String,
        #[serde(default)]
        from: u64,
        crc: Option<String>,
    }
    let Ok(wire) = serde_json::from_slice::<Wire>(line) else { return Ok(Header::Damaged) };
    let end = line.windows(8).rposition(|w| w == b",\"crc\":\"").unwrap_or(line.len());
    let sound = wire.crc.as_deref().is_none_or(|sum| sum == crc(&[&line[..end]]));
    if !sound || wire.journal != "juggler" {
        return Ok(Header::Damaged);
    }
    if wire.format > FORMAT {
        return Err(newer(format!("its journal has format {}, this version knows {FORMAT}", wire.format)));
    }
    if wire.book != name(book) || wire.from == 0 || wire.crc.is_none() {
        return Ok(Header::Damaged);
    }
    Ok(Header::From(wire.from))
}
