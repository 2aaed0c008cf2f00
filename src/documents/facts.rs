//! What a file is, by its content.

use crate::domain::Text;
use crate::domain::draft::FileFacts;

pub use crate::domain::picture::MAX_SIDE;

/// What is known of these bytes. The name plays no part; unknown bytes are `application/octet-stream`. A picture is decoded here, in this
/// process: for bytes of our own, and for readers that have little to lose. All others go through [`apart`](super::picture::apart).
pub fn facts(bytes: &[u8]) -> FileFacts {
    let mime = sniff(bytes);
    if super::picture::is_known(mime) {
        return super::picture::look(bytes, mime);
    }
    FileFacts { mime: Text::title(mime), ..FileFacts::default() }
}

/// Media type by content.
pub fn sniff(bytes: &[u8]) -> &'static str {
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
