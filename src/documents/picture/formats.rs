//! JPEG, WebP and GIF. References: ITU-T T.81 and T.871 (JFIF); the WebP container (RFC 9649); GIF89a.

use std::io::Cursor;

use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::JpegDecoder;
use image::codecs::webp::WebPDecoder;
use image::{AnimationDecoder, DynamicImage, ImageDecoder, Limits};
use img_parts::{Bytes, ImageICC};

use super::measure::{Measure, Samples};
use super::{broken, colors, notes};
use crate::domain::draft::FileFacts;
use crate::domain::picture::{Ink, MAX_SIDE, PictureFacts, per_metre};

/// Most memory that decoding may take.
const MEMORY: u64 = 480 << 20;
/// Pictures of a moving one that are counted.
const FRAMES: usize = 200;

/// What decoders may take.
pub(super) fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MEMORY);
    limits
}

/// The size in a JPEG's frame header; segments are stepped over, never decoded.
pub fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    while let Some([0xff, marker, high, low]) = bytes.get(at..at + 4) {
        let number = |from: usize| Some(u32::from(u16::from_be_bytes(bytes.get(from..from + 2)?.try_into().ok()?)));
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            return Some((number(at + 7)?, number(at + 5)?));
        }
        // A marker may be filled up in front.
        at += if *marker == 0xff { 1 } else { 2 + usize::from(u16::from_be_bytes([*high, *low])).max(2) };
    }
    None
}

pub fn gif_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let side = |at: usize| Some(u32::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
    Some((side(6)?, side(8)?))
}

pub fn webp_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let three = |at: usize| Some(u32::from_le_bytes([*bytes.get(at)?, *bytes.get(at + 1)?, *bytes.get(at + 2)?, 0]));
    match bytes.get(12..16)? {
        b"VP8X" => Some((three(24)? + 1, three(27)? + 1)),
        b"VP8L" => {
            let bits = u32::from_le_bytes(bytes.get(21..25)?.try_into().ok()?);
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8 " => {
            let side = |at: usize| Some(u32::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)) & 0x3fff);
            Some((side(26)?, side(28)?))
        }
        _ => None,
    }
}

pub fn jpeg(bytes: &[u8], facts: &mut FileFacts, picture: &mut PictureFacts) -> Result<(), String> {
    // JPEG has no alpha channel.
    (facts.transparent, facts.opaque) = (Some(false), Some(true));
    picture.frames = 1;
    if let Ok(parts) = img_parts::jpeg::Jpeg::from_bytes(Bytes::copy_from_slice(bytes)) {
        segments(&parts, picture);
        if let Some(icc) = parts.icc_profile() {
            colors::profile(&icc, picture);
        }
    }
    // A decoder paints what is missing grey and says nothing: the end must be there.
    let tail = bytes.get(bytes.len().saturating_sub(64 << 10)..).unwrap_or_default();
    if memchr::memmem::rfind(tail, &[0xff, 0xd9]).is_none() {
        return Err("it is damaged or cut short (its end is missing)".to_owned());
    }
    let mut decoder = JpegDecoder::new(Cursor::new(bytes)).map_err(|why| broken(&why))?;
    decoder.set_limits(limits()).map_err(|why| broken(&why))?;
    whole(DynamicImage::from_decoder(decoder).map_err(|why| broken(&why))?, facts, picture);
    Ok(())
}

fn segments(parts: &img_parts::jpeg::Jpeg, picture: &mut PictureFacts) {
    for segment in parts.segments() {
        let body = segment.contents();
        match segment.marker() {
            0xe0 if body.starts_with(b"JFIF\0") => {
                if let Some([unit, x1, x0, y1, y0]) = body.get(7..12) {
                    let (x, y) = (u32::from(u16::from_be_bytes([*x1, *x0])), u32::from(u16::from_be_bytes([*y1, *y0])));
                    picture.per_metre = match unit {
                        1 => Some((per_metre(x), per_metre(y))),
                        2 => Some((x * 100, y * 100)),
                        _ => None,
                    }
                    .filter(|(x, y)| *x > 0 && *y > 0);
                }
            }
            0xe1 if body.starts_with(b"Exif\0\0") => notes::exif(picture, body),
            0xe1 => {
                if let Some(xmp) = body.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0") {
                    notes::xmp(picture, &String::from_utf8_lossy(xmp));
                }
            }
            0xeb => notes::c2pa(picture, body),
            0xed => notes::iptc(picture, body),
            0xfe => notes::text(picture, "JPEG", "comment", &String::from_utf8_lossy(body)),
            marker @ 0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                picture.bits = body.first().copied().unwrap_or_default();
                picture.ink = match body.get(5) {
                    Some(1) => Ink::Grey,
                    Some(3) => Ink::Rgb,
                    Some(4) => Ink::Cmyk,
                    _ => Ink::Unknown,
                };
            }
            _ => {}
        }
    }
}

pub fn webp(bytes: &[u8], facts: &mut FileFacts, picture: &mut PictureFacts) -> Result<(), String> {
    (picture.bits, picture.ink, picture.frames) = (8, Ink::Rgb, 1);
    if let Ok(parts) = img_parts::webp::WebP::from_bytes(Bytes::copy_from_slice(bytes)) {
        let data = |id: [u8; 4]| parts.chunk_by_id(id).and_then(|chunk| chunk.content().data()).cloned();
        if let Some(exif) = data(*b"EXIF") {
            notes::exif(picture, &exif);
        }
        if let Some(xmp) = data(*b"XMP ") {
            notes::xmp(picture, &String::from_utf8_lossy(&xmp));
        }
        if let Some(manifest) = data(*b"C2PA") {
            notes::c2pa(picture, &manifest);
        }
        if let Some(icc) = data(*b"ICCP") {
            colors::profile(&icc, picture);
        }
        picture.frames = u32::try_from(parts.chunks_by_id(*b"ANMF").count()).unwrap_or(u32::MAX).max(1);
    }
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|why| broken(&why))?;
    decoder.set_limits(limits()).map_err(|why| broken(&why))?;
    whole(DynamicImage::from_decoder(decoder).map_err(|why| broken(&why))?, facts, picture);
    Ok(())
}

pub fn gif(bytes: &[u8], facts: &mut FileFacts, picture: &mut PictureFacts) -> Result<(), String> {
    (picture.bits, picture.ink) = (8, Ink::Palette);
    let mut decoder = GifDecoder::new(Cursor::new(bytes)).map_err(|why| broken(&why))?;
    decoder.set_limits(limits()).map_err(|why| broken(&why))?;
    let mut frames = decoder.into_frames();
    let first = frames.next().ok_or("it holds no picture")?.map_err(|why| broken(&why))?;
    whole(DynamicImage::ImageRgba8(first.into_buffer()), facts, picture);
    picture.frames = 1 + u32::try_from(frames.take(FRAMES).take_while(Result::is_ok).count()).unwrap_or(u32::MAX);
    Ok(())
}

/// Measures a picture that is in memory.
fn whole(image: DynamicImage, facts: &mut FileFacts, picture: &mut PictureFacts) {
    let (width, height) = (image.width(), image.height());
    let (samples, pixels) = match image {
        DynamicImage::ImageLuma8(p) => (Samples::Grey, p.into_raw()),
        DynamicImage::ImageLumaA8(p) => (Samples::GreyAlpha, p.into_raw()),
        DynamicImage::ImageRgb8(p) => (Samples::Rgb, p.into_raw()),
        DynamicImage::ImageRgba8(p) => (Samples::Rgba, p.into_raw()),
        deep => (Samples::Rgba, deep.into_rgba8().into_raw()),
    };
    Measure::new(samples, width, height).all(&pixels).tell(facts, picture);
}
