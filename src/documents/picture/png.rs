//! PNG, row by row: the largest that is looked at takes a few megabytes. Reference: PNG specification, third edition (W3C).

use std::io::Cursor;

use img_parts::Bytes;
use png::{BitDepth, ColorType, Decoder, Limits, Transformations, Unit};

use super::measure::{Measure, Samples};
use super::{broken, colors, notes};
use crate::domain::Text;
use crate::domain::draft::FileFacts;
use crate::domain::picture::{Ink, PictureFacts};

/// Memory for what is no pixel: profiles, texts.
const ASIDE: usize = 24 << 20;
/// Most of a compressed text that is unpacked.
const UNPACKED: usize = 1 << 20;
/// Interlaced pictures come in seven passes, so they have to be in memory as a whole.
const MAX_INTERLACED: u64 = 40_000_000;

/// Width and height by the header.
pub fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let side = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    if bytes.get(12..16) != Some(b"IHDR") {
        return None;
    }
    Some((side(16)?, side(20)?))
}

pub fn look(bytes: &[u8], facts: &mut FileFacts, picture: &mut PictureFacts) -> Result<(), String> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: ASIDE });
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|why| broken(&why))?;
    let info = reader.info();
    let (width, height) = info.size();
    let interlaced = info.interlaced;
    picture.bits = match info.bit_depth {
        BitDepth::One => 1,
        BitDepth::Two => 2,
        BitDepth::Four => 4,
        BitDepth::Eight => 8,
        BitDepth::Sixteen => 16,
    };
    picture.ink = match info.color_type {
        ColorType::Grayscale | ColorType::GrayscaleAlpha => Ink::Grey,
        ColorType::Rgb | ColorType::Rgba => Ink::Rgb,
        ColorType::Indexed => Ink::Palette,
    };
    picture.frames = info.animation_control.map_or(1, |control| control.num_frames.max(1));
    picture.per_metre = info.pixel_dims.filter(|dims| dims.unit == Unit::Meter).map(|dims| (dims.xppu, dims.yppu));
    let samples = match reader.output_color_type().0 {
        ColorType::Grayscale | ColorType::Indexed => Samples::Grey,
        ColorType::GrayscaleAlpha => Samples::GreyAlpha,
        ColorType::Rgb => Samples::Rgb,
        ColorType::Rgba => Samples::Rgba,
    };
    let measure = Measure::new(samples, width, height);
    let measured = if interlaced {
        if u64::from(width) * u64::from(height) > MAX_INTERLACED {
            return Err("it is interlaced and too large to be looked at; save it without".to_owned());
        }
        let mut pixels = vec![0; reader.output_buffer_size().unwrap_or_default()];
        reader.next_frame(&mut pixels).map_err(|why| broken(&why))?;
        measure.all(&pixels)
    } else {
        let mut measure = measure;
        let mut row = vec![0; reader.output_line_size(width).unwrap_or_default()];
        for _ in 0..height {
            match reader.read_row(&mut row).map_err(|why| broken(&why))? {
                Some(_) => measure.row(&row),
                None => return Err(broken(&"rows are missing")),
            }
        }
        measure
    };
    measured.tell(facts, picture);
    // Behind the pixels there may be texts; without an end all the same.
    let _ = reader.finish();
    let info = reader.info();
    match (info.srgb, info.coding_independent_code_points, &info.icc_profile) {
        // Where several are there, cICP counts before iCCP, and that before sRGB.
        (_, Some(code), _) => {
            let srgb = code.color_primaries == 1 && code.transfer_function == 13;
            picture.srgb = Some(srgb);
            let named = format!("cICP {}/{}", code.color_primaries, code.transfer_function);
            picture.profile = Text::title(if srgb { "sRGB" } else { &named });
        }
        (_, None, Some(profile)) => colors::profile(profile, picture),
        (Some(_), None, None) => (picture.srgb, picture.profile) = (Some(true), Text::title("sRGB")),
        (None, None, None) => {}
    }
    for text in &info.uncompressed_latin1_text {
        notes::text(picture, "PNG text", &text.keyword, &text.text);
    }
    for text in &mut info.compressed_latin1_text.clone() {
        let said = text.decompress_text_with_limit(UNPACKED).and_then(|()| text.get_text());
        notes::text(picture, "PNG text", &text.keyword, said.as_deref().unwrap_or("packed, and not to be unpacked"));
    }
    for text in &mut info.utf8_text.clone() {
        let said = text.decompress_text_with_limit(UNPACKED).and_then(|()| text.get_text());
        let said = said.as_deref().unwrap_or("packed, and not to be unpacked");
        match text.keyword.as_str() {
            "XML:com.adobe.xmp" => notes::xmp(picture, said),
            keyword => notes::text(picture, "PNG text", keyword, said),
        }
    }
    if let Some(exif) = &info.exif_metadata {
        notes::exif(picture, exif);
    }
    // The decoder steps over what it does not know.
    if let Ok(parts) = img_parts::png::Png::from_bytes(Bytes::copy_from_slice(bytes)) {
        for chunk in parts.chunks_by_type(*b"caBX") {
            notes::c2pa(picture, chunk.contents());
        }
    }
    Ok(())
}
