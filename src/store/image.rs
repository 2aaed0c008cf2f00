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

use std::io::{self, Read};
use std::path::{Path, PathBuf};

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

/// A whole image, as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The state it shows.
    pub stamp: ImageStamp,
    /// Version of the columns' codec.
    pub schema: u32,
    /// The parts in the order they were handed in. Take them one by one, and their memory goes as you read.
    pub sections: Vec<Section>,
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
    let mut out = Vec::with_capacity(24);
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
    let mut out = Vec::with_capacity(20);
    out.extend_from_slice(END);
    out.extend_from_slice(&u32::try_from(sums.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(&bytes.to_le_bytes());
    let mut hasher = Hasher::new_with_initial(seed);
    hasher.update(&out);
    sums.iter().for_each(|sum| hasher.update(&sum.to_le_bytes()));
    out.extend_from_slice(&hasher.finalize().to_le_bytes());
    out
}

/// Reads the newest whole image under `dir`; what was found damaged is said. `None` when there is none.
pub fn read_image(disk: &dyn Disk, dir: &Path) -> (Option<Image>, Vec<Text>) {
    let mut said = Vec::new();
    for n in all(dir).into_iter().rev() {
        let path = path(dir, n);
        match disk.reader(&path).and_then(|mut file| parse(file.as_mut())) {
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

/// Reads an image from its first byte to its last.
///
/// # Errors
/// When the disk fails, or anything is not as it was written.
pub fn parse(from: &mut dyn Read) -> io::Result<Image> {
    let bad = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
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
    let (seed, schema) = (narrow(seed), narrow(schema));
    let (mut sections, mut sums, mut bytes) = (Vec::new(), Vec::new(), 0_u64);
    loop {
        let mark: [u8; 4] = exact(from)?;
        if &mark == END {
            let rest: [u8; 16] = exact(from)?;
            if end(seed, &sums, bytes) != [&mark[..], &rest[..]].concat() {
                return Err(bad("its end is damaged"));
            }
            if from.read(&mut [0])? != 0 {
                return Err(bad("something is behind its end"));
            }
            return Ok(Image { stamp: ImageStamp { serial, lineage, generation, rows }, schema, sections });
        }
        if &mark != SECTION {
            return Err(bad("a section is damaged"));
        }
        let (number, tag): ([u8; 4], [u8; 4]) = (exact(from)?, exact(from)?);
        let (len, sum): ([u8; 8], [u8; 4]) = (exact(from)?, exact(from)?);
        let tag = u32::from_le_bytes(tag);
        let content = content(from, u64::from_le_bytes(len))?;
        let (_, crc) = section_head(seed, u32::from_le_bytes(number), tag, &content);
        if u32::from_le_bytes(number) as usize != sections.len() || crc != u32::from_le_bytes(sum) {
            return Err(bad("a section is damaged"));
        }
        bytes += content.len() as u64;
        sums.push(crc);
        sections.push(Section { tag, bytes: content });
    }
}

fn narrow(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn exact<const N: usize>(from: &mut dyn Read) -> io::Result<[u8; N]> {
    let mut out = [0; N];
    from.read_exact(&mut out).map_err(cut_short)?;
    Ok(out)
}

fn content(from: &mut dyn Read, len: u64) -> io::Result<Vec<u8>> {
    let len = usize::try_from(len).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "a section is damaged"))?;
    let mut out = Vec::new();
    while out.len() < len {
        let begun = out.len();
        // The first time a piece, then as much again as was really there.
        let want = (len - begun).min(PIECE.max(begun));
        out.try_reserve_exact(want).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
        out.resize(begun + want, 0);
        from.read_exact(&mut out[begun..]).map_err(cut_short)?;
    }
    Ok(out)
}

fn cut_short(e: io::Error) -> io::Error {
    if e.kind() == io::ErrorKind::UnexpectedEof {
        return io::Error::new(io::ErrorKind::InvalidData, "it is cut short");
    }
    e
}
