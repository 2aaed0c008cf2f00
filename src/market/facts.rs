//! What an upload is, by its content.

use std::io::Cursor;

use image::{ImageFormat, ImageReader, Limits};

use crate::domain::Text;
use crate::domain::draft::FileFacts;
use crate::domain::picture::{Ink, Margins, PictureFacts};

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
            facts.picture = Some(Box::new(looked(bytes, &picture)));
        }
    }
    facts
}

/// What a requester's own eyes see of a PNG beyond that: resolution and colours as told, border and soft edges.
fn looked(bytes: &[u8], picture: &image::DynamicImage) -> PictureFacts {
    let mut facts = PictureFacts { alpha_channel: picture.color().has_alpha(), ink: Ink::Rgb, ..PictureFacts::default() };
    if let Ok(reader) = png::Decoder::new(Cursor::new(bytes)).read_info() {
        let info = reader.info();
        let metres = info.pixel_dims.filter(|dims| dims.unit == png::Unit::Meter);
        facts.per_metre = metres.map(|dims| (dims.xppu, dims.yppu));
        facts.srgb = match (&info.icc_profile, info.srgb) {
            (Some(profile), _) => Some(profile.windows(4).any(|word| word.eq_ignore_ascii_case(b"sRGB") || word == b"s\0R\0")),
            (None, srgb) => srgb.map(|_| true),
        };
        facts.profile = Text::title(if info.icc_profile.is_some() { "embedded" } else { "" });
    }
    if facts.alpha_channel {
        let pixels = picture.to_rgba8();
        let (mut soft, mut shown) = (0u64, None::<Margins>);
        for (x, y, pixel) in pixels.enumerate_pixels().filter(|(_, _, pixel)| pixel.0[3] > 0) {
            soft += u64::from(pixel.0[3] < u8::MAX);
            let (right, bottom) = (pixels.width() - 1 - x, pixels.height() - 1 - y);
            let m = shown.unwrap_or(Margins { left: x, top: y, right, bottom });
            shown =
                Some(Margins { left: m.left.min(x), top: m.top.min(y), right: m.right.min(right), bottom: m.bottom.min(bottom) });
        }
        let all = u64::from(pixels.width()) * u64::from(pixels.height());
        facts.soft = u32::try_from((soft * 1_000_000).div_ceil(all.max(1))).ok();
        facts.margins = shown;
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
