//! What an upload is, by its content.

use std::io::Cursor;

use image::{ImageFormat, ImageReader, Limits};

use crate::domain::Text;
use crate::domain::draft::FileFacts;

/// The most pixels a side may have, and the most memory a picture may take once unpacked: pictures can be bombs.
const SIDE: u32 = 12_000;
const UNPACKED: u64 = 600 << 20;

/// Looks at the bytes; `told` is the media type that came with them, used only where the content does not say.
pub fn facts(bytes: &[u8], told: &str) -> FileFacts {
    let Some(format) = image::guess_format(bytes).ok() else {
        let mime = match bytes {
            b if b.starts_with(b"%PDF-") => "application/pdf",
            b if std::str::from_utf8(b).is_ok() && told.starts_with("text/") => told,
            b if std::str::from_utf8(b).is_ok() => "text/plain",
            _ => "application/octet-stream",
        };
        return FileFacts { mime: Text::title(mime), ..FileFacts::default() };
    };
    let mut facts = FileFacts { mime: Text::title(format.to_mime_type()), ..FileFacts::default() };
    if format == ImageFormat::Png {
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        let mut limits = Limits::default();
        (limits.max_image_width, limits.max_image_height, limits.max_alloc) = (Some(SIDE), Some(SIDE), Some(UNPACKED));
        reader.limits(limits);
        if let Ok(picture) = reader.decode() {
            (facts.width, facts.height) = (Some(picture.width()), Some(picture.height()));
            let (transparent, opaque) = alpha(&picture);
            (facts.transparent, facts.opaque) = (Some(transparent), Some(opaque));
        }
    }
    facts
}

/// Whether some pixel is see-through, and whether some pixel is solid.
fn alpha(picture: &image::DynamicImage) -> (bool, bool) {
    if !picture.color().has_alpha() {
        return (false, true);
    }
    let mut seen = (false, false);
    for pixel in picture.to_rgba8().pixels() {
        match pixel.0[3] {
            255 => seen.1 = true,
            _ => seen.0 = true,
        }
        if seen == (true, true) {
            break;
        }
    }
    seen
}
