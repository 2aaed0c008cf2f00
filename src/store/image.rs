//! The image of the feed's columns: what the front of the house needs at the start, in one checksummed file.
//!
//! ```text
//! "JUGGLERI" version:u32 schema:u32 lineage:u64 serial:u64 generation:u64 rows:u64 crc:u32      the head
//! "SECT" number:u32 tag:u32 len:u64 crc:u32 bytes                                              a section, any number of times
//! "ENDS" sections:u32 bytes:u64 crc:u32                                                        the end; nothing is behind it
//! ```
//! Numbers are little-endian. Every checksum is a CRC-32 that begins with the head's, so that no piece of another image fits; the
//! end's covers the sections' checksums in order. The file is written under another name, made durable and renamed: what is found
//! under its own name is whole, or the disk lost it, which the checksums show. The store knows nothing about what is in the sections.

use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crc32fast::Hasher;

use super::checkpoint::numbers;
use super::disk::Disk;
use crate::domain::Text;

/// Version of this container.
const VERSION: u32 = 1;
const MAGIC: &[u8; 8] = b"JUGGLERI";
const SECTION: &[u8; 4] = b"SECT";
const END: &[u8; 4] = b"ENDS";
const HEAD: usize = 8 + 4 + 4 + 4 * 8 + 4;
const SECTION_HEAD: usize = 4 + 4 + 4 + 8 + 4;
const END_LEN: usize = 4 + 4 + 8 + 4;
/// A section is read in pieces, so that a length that lies costs nothing.
const PIECE: usize = 1 << 20;

/// Which state of the rows an image shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImageStamp {
    /// Everything up to this change is in it; later ones may be in it as well.
    pub serial: u64,
    /// Which cache counted the changes: made anew, it counts from the beginning.
    pub lineage: u64,
    /// Generation of sled's folder, for the eye.
    pub generation: u64,
    /// Rows there were.
    pub rows: u64,
}

/// A part of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// What it is, as the columns' codec says.
    pub tag: u32,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// An image that was read through and found whole. What is in it is read again piece by piece, so that it is never in memory at once.
#[derive(Clone)]
pub struct Image {
    /// The state it shows.
    pub stamp: ImageStamp,
    /// Version of the columns' codec.
    pub schema: u32,
    /// Bytes of the file.
    pub bytes: u64,
    path: PathBuf,
    disk: Arc<dyn Disk>,
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Image").field("stamp", &self.stamp).field("schema", &self.schema).field("path", &self.path).finish()
    }
}

impl Image {
    /// The parts in the order they were handed in, each checked again. Reads the disk: not for a thread that may not wait. Until the last
    /// `None` anything may turn out damaged, and then nothing of it may be used.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn sections(&self) -> io::Result<Sections> {
        let mut from = self.disk.reader(&self.path)?;
        let head = read_head(from.as_mut())?;
        if (head.stamp, head.schema) != (self.stamp, self.schema) {
            return Err(bad("it was replaced"));
        }
        Ok(Sections { from, head, sums: Vec::new(), bytes: 0, over: false })
    }
}

/// The parts of an image.
pub struct Sections {
    from: Box<dyn Read + Send>,
    head: Head,
    sums: Vec<u32>,
    bytes: u64,
    over: bool,
}

impl Iterator for Sections {
    type Item = io::Result<Section>;

    fn next(&mut self) -> Option<io::Result<Section>> {
        if self.over {
            return None;
        }
        let mut bytes = Vec::new();
        let section = self.read_into(&mut bytes).map(|tag| tag.map(|tag| Section { tag, bytes })).transpose();
        self.over = !matches!(section, Some(Ok(_)));
        section
    }
}

/// Path of image number `n`.
pub fn path(dir: &Path, n: u64) -> PathBuf {
    dir.join(format!("columns-{n}.image"))
}

/// Numbers of the images under `dir`, rising; none when the folder cannot be read.
pub fn all(dir: &Path) -> Vec<u64> {
    numbers(dir, "columns-", ".image").unwrap_or_default()
}

/// The head's bytes and their checksum, with which every other begins.
pub fn head(stamp: &ImageStamp, schema: u32) -> (Vec<u8>, u32) {
    let mut out = Vec::with_capacity(HEAD);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&VERSION.to_le_bytes());
    out.extend_from_slice(&schema.to_le_bytes());
    for n in [stamp.lineage, stamp.serial, stamp.generation, stamp.rows] {
        out.extend_from_slice(&n.to_le_bytes());
    }
    let crc = crc32fast::hash(&out);
    out.extend_from_slice(&crc.to_le_bytes());
    (out, crc)
}

/// The bytes before a section's content, and its checksum.
pub fn section_head(seed: u32, number: u32, tag: u32, bytes: &[u8]) -> (Vec<u8>, u32) {
    let mut out = Vec::with_capacity(SECTION_HEAD);
    out.extend_from_slice(SECTION);
    out.extend_from_slice(&number.to_le_bytes());
    out.extend_from_slice(&tag.to_le_bytes());
    out.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
    let mut hasher = Hasher::new_with_initial(seed);
    hasher.update(&out);
    hasher.update(bytes);
    let crc = hasher.finalize();
    out.extend_from_slice(&crc.to_le_bytes());
    (out, crc)
}

/// The end, for sections with these checksums and so many bytes in all.
pub fn end(seed: u32, sums: &[u32], bytes: u64) -> Vec<u8> {
    let mut out = Vec::with_capacity(END_LEN);
    out.extend_from_slice(END);
    out.extend_from_slice(&u32::try_from(sums.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(&bytes.to_le_bytes());
    let mut hasher = Hasher::new_with_initial(seed);
    hasher.update(&out);
    sums.iter().for_each(|sum| hasher.update(&sum.to_le_bytes()));
    out.extend_from_slice(&hasher.finalize().to_le_bytes());
    out
}

/// Reads the newest whole image under `dir` through; what was found damaged is said. `None` when there is none.
pub fn read_image(disk: &Arc<dyn Disk>, dir: &Path) -> (Option<Image>, Vec<Text>) {
    let mut said = Vec::new();
    for n in all(dir).into_iter().rev() {
        let path = path(dir, n);
        match check(disk, &path) {
            Ok(image) => return (Some(image), said),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => said.push(Text::title(&format!(
                "{} cannot be used ({e}); the list is put together from the rows instead",
                path.file_name().unwrap_or_default().to_string_lossy()
            ))),
        }
    }
    (None, said)
}

fn check(disk: &Arc<dyn Disk>, path: &Path) -> io::Result<Image> {
    let mut from = disk.reader(path)?;
    let head = read_head(from.as_mut())?;
    let image = |bytes| Image { stamp: head.stamp, schema: head.schema, bytes, path: path.to_owned(), disk: disk.clone() };
    let mut sections = Sections { from, head, sums: Vec::new(), bytes: 0, over: false };
    let mut buffer = Vec::new();
    while sections.read_into(&mut buffer)?.is_some() {
        buffer.clear();
    }
    let marks = (HEAD + SECTION_HEAD * sections.sums.len() + END_LEN) as u64;
    Ok(image(marks + sections.bytes))
}

#[derive(Clone, Copy)]
struct Head {
    stamp: ImageStamp,
    schema: u32,
    /// With which every other checksum begins.
    seed: u32,
}

fn bad(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

fn read_head(from: &mut dyn Read) -> io::Result<Head> {
    let head: [u8; HEAD] = exact(from)?;
    let mut at = 8;
    let mut take = |len: usize| {
        at += len;
        head[at - len..at].iter().rev().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte))
    };
    let (version, schema) = (take(4), take(4));
    let (lineage, serial, generation, rows, seed) = (take(8), take(8), take(8), take(8), take(4));
    if !head.starts_with(MAGIC) || u64::from(crc32fast::hash(&head[..HEAD - 4])) != seed {
        return Err(bad("its head is damaged"));
    }
    if version != u64::from(VERSION) {
        return Err(bad("it was written by another version"));
    }
    let narrow = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(Head { stamp: ImageStamp { serial, lineage, generation, rows }, schema: narrow(schema), seed: narrow(seed) })
}

impl Sections {
    /// Reads the next section's content behind what is in `out`, which is empty; gives its tag, `None` at a sound end.
    fn read_into(&mut self, out: &mut Vec<u8>) -> io::Result<Option<u32>> {
        let from = self.from.as_mut();
        let mark: [u8; 4] = exact(from)?;
        if &mark == END {
            let rest: [u8; END_LEN - 4] = exact(from)?;
            if end(self.head.seed, &self.sums, self.bytes) != [&mark[..], &rest[..]].concat() {
                return Err(bad("its end is damaged"));
            }
            if from.read(&mut [0])? != 0 {
                return Err(bad("something is behind its end"));
            }
            return Ok(None);
        }
        if &mark != SECTION {
            return Err(bad("a section is damaged"));
        }
        let (number, tag): ([u8; 4], [u8; 4]) = (exact(from)?, exact(from)?);
        let (len, sum): ([u8; 8], [u8; 4]) = (exact(from)?, exact(from)?);
        let (number, tag) = (u32::from_le_bytes(number), u32::from_le_bytes(tag));
        content(from, u64::from_le_bytes(len), out)?;
        let (_, crc) = section_head(self.head.seed, number, tag, out);
        if number as usize != self.sums.len() || crc != u32::from_le_bytes(sum) {
            return Err(bad("a section is damaged"));
        }
        self.bytes += out.len() as u64;
        self.sums.push(crc);
        Ok(Some(tag))
    }
}

fn exact<const N: usize>(from: &mut dyn Read) -> io::Result<[u8; N]> {
    let mut out = [0; N];
    from.read_exact(&mut out).map_err(cut_short)?;
    Ok(out)
}

fn content(from: &mut dyn Read, len: u64, out: &mut Vec<u8>) -> io::Result<()> {
    let len = usize::try_from(len).map_err(|_| bad("a section is damaged"))?;
    while out.len() < len {
        let begun = out.len();
        // The first time a piece, then as much again as was really there.
        let want = (len - begun).min(PIECE.max(begun));
        out.try_reserve_exact(want).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
        out.resize(begun + want, 0);
        from.read_exact(&mut out[begun..]).map_err(cut_short)?;
    }
    Ok(())
}

fn cut_short(e: io::Error) -> io::Error {
    if e.kind() == io::ErrorKind::UnexpectedEof { bad("it is cut short") } else { e }
}
