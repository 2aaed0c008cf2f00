//! What a file is, by its content.

use std::io::Cursor;

use image::{DynamicImage, ImageReader, Limits};

use crate::domain::Text;
use crate::domain::draft::FileFacts;

/// Longest side of a picture that is decoded; a larger one has its size told and no pixel looked at.
pub const MAX_SIDE: u32 = 12_000;

/// Most memory that decoding may take: a full-size RGBA picture of [`MAX_SIDE`].
const MAX_ALLOC: u64 = 600 << 20;

/// What is known of these bytes. The name plays no part; unknown bytes are `application/octet-stream`.
pub fn facts(bytes: &[u8]) -> FileFacts {
    let mime = sniff(bytes);
    let mut facts = FileFacts { mime: Text::title(mime), ..FileFacts::default() };
    let size = match mime {
        "image/png" => return png(bytes, facts),
        "image/gif" => gif_size(bytes),
        "image/jpeg" => jpeg_size(bytes),
        _ => None,
    };
    if let Some((width, height)) = size {
        (facts.width, facts.height) = (Some(width), Some(height));
    }
    if mime == "image/jpeg" {
        // JPEG has no alpha channel.
        (facts.transparent, facts.opaque) = (Some(false), Some(true));
    }
    facts
}

fn sniff(bytes: &[u8]) -> &'static str {
    const MAGIC: [(&[u8], &str); 14] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"%PDF-", "application/pdf"),
        (b"PK\x03\x04", "application/zip"),
        (b"\x1f\x8b", "application/gzip"),
        (b"OggS", "audio/ogg"),
        (b"ID3", "audio/mpeg"),
        (b"fLaC", "audio/flac"),
        (b"\x1aE\xdf\xa3", "video/webm"),
        (b"BM", "image/bmp"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
    ];
    // Text may begin like a magic number ("BM", "ID3"); UTF-8 without a NUL decides for the short ones below.
    let found = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, mime)| *mime);
    let riff = (bytes.starts_with(b"RIFF")).then(|| bytes.get(8..12)).flatten();
    match (found, riff) {
        (Some(mime @ ("image/bmp" | "audio/mpeg")), _) if !is_text(bytes) => mime,
        (Some("image/bmp" | "audio/mpeg"), _) => text_kind(bytes),
        (Some(mime), _) => mime,
        (None, Some(b"WEBP")) => "image/webp",
        (None, Some(b"WAVE")) => "audio/wav",
        (None, _) if bytes.get(4..8) == Some(b"ftyp") => "video/mp4",
        (None, _) if is_text(bytes) => text_kind(bytes),
        _ => "application/octet-stream",
    }
}

fn is_text(bytes: &[u8]) -> bool {
    !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok()
}

fn text_kind(bytes: &[u8]) -> &'static str {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]);
    let head = head.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    if head.starts_with("<svg") || head.starts_with("<?xml") && head.contains("<svg") {
        "image/svg+xml"
    } else if head.starts_with("<!doctype html") || head.starts_with("<html") {
        "text/html"
    } else {
        "text/plain"
    }
}

fn png(bytes: &[u8], mut facts: FileFacts) -> FileFacts {
    let side = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    if bytes.get(12..16) != Some(b"IHDR") {
        return facts;
    }
    let (Some(width), Some(height)) = (side(16), side(20)) else { return facts };
    (facts.width, facts.height) = (Some(width), Some(height));
    if width.max(height) > MAX_SIDE {
        return facts;
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOC);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), image::ImageFormat::Png);
    reader.limits(limits);
    match reader.decode() {
        Ok(picture) => {
            let (transparent, opaque) = alpha(&picture);
            (facts.transparent, facts.opaque) = (Some(transparent), Some(opaque));
        }
        // The header lies or the data is cut: not a picture anybody could print.
        Err(_) => (facts.width, facts.height) = (None, None),
    }
    facts
}

/// Whether any pixel lets the ground through, and whether any is solid.
fn alpha(picture: &DynamicImage) -> (bool, bool) {
    fn scan<T: Copy + PartialEq>(alphas: impl Iterator<Item = T>, full: T) -> (bool, bool) {
        let (mut transparent, mut opaque) = (false, false);
        for alpha in alphas {
            if alpha == full {
                opaque = true
            } else {
                transparent = true
            }
            if transparent && opaque {
                break;
            }
        }
        (transparent, opaque)
    }
    match picture {
        DynamicImage::ImageRgba8(p) => scan(p.as_raw().iter().skip(3).step_by(4).copied(), u8::MAX),
        DynamicImage::ImageLumaA8(p) => scan(p.as_raw().iter().skip(1).step_by(2).copied(), u8::MAX),
        DynamicImage::ImageRgba16(p) => scan(p.as_raw().iter().skip(3).step_by(4).copied(), u16::MAX),
        DynamicImage::ImageLumaA16(p) => scan(p.as_raw().iter().skip(1).step_by(2).copied(), u16::MAX),
        _ => (false, true),
    }
}

fn gif_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let side = |at: usize| Some(u32::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
    Some((side(6)?, side(8)?))
}

/// The size in a JPEG's frame header; segments are stepped over, never decoded.
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    while let Some([0xff, marker, high, low]) = bytes.get(at..at + 4) {
        let number = |from: usize| Some(u32::from(u16::from_be_bytes(bytes.get(from..from + 2)?.try_into().ok()?)));
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            return Some((number(at + 7)?, number(at + 5)?));
        }
        at += 2 + usize::from(u16::from_be_bytes([*high, *low])).max(2);
    }
    None
}
