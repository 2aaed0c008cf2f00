//! Pixels, as a file.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder};
use png::{BitDepth, ColorType, Compression, Encoder, Filter};

use super::pixels::Canvas;
use crate::domain::picture::Kind;

/// The file, in the fewest samples that say the same.
///
/// # Errors
/// A sentence.
pub fn write(canvas: &Canvas, kind: Kind, quality: u8, small: bool) -> Result<Vec<u8>, String> {
    let cannot = |why: &dyn std::fmt::Display| format!("it cannot be written as {} ({why})", kind.word());
    let (width, height) = (canvas.width, canvas.height);
    let solid = canvas.is_solid();
    let mut out = Vec::new();
    match kind {
        Kind::Png => {
            let grey = small && canvas.rgba.chunks_exact(4).all(|p| p[0] == p[1] && p[1] == p[2]);
            let color = match (grey, solid) {
                (true, true) => ColorType::Grayscale,
                (true, false) => ColorType::GrayscaleAlpha,
                (false, true) => ColorType::Rgb,
                (false, false) => ColorType::Rgba,
            };
            let mut encoder = Encoder::new(&mut out, width, height);
            encoder.set_color(color);
            encoder.set_depth(BitDepth::Eight);
            encoder.set_compression(if small { Compression::High } else { Compression::Balanced });
            encoder.set_filter(Filter::Adaptive);
            let mut writer = encoder.write_header().map_err(|why| cannot(&why))?;
            writer.write_image_data(&samples(canvas, color)).map_err(|why| cannot(&why))?;
            writer.finish().map_err(|why| cannot(&why))?;
        }
        Kind::Jpeg => {
            if !solid {
                return Err("JPEG has no alpha: say what it lies on first (flatten white), or write png".to_owned());
            }
            let rgb = samples(canvas, ColorType::Rgb);
            let encoder = JpegEncoder::new_with_quality(Cursor::new(&mut out), quality);
            encoder.write_image(&rgb, width, height, ExtendedColorType::Rgb8).map_err(|why| cannot(&why))?;
        }
        Kind::Webp => {
            if width.max(height) > 16_383 {
                return Err("a WebP has at most 16383 pixels a side".to_owned());
            }
            let (color, as_color) = match solid {
                true => (ColorType::Rgb, ExtendedColorType::Rgb8),
                false => (ColorType::Rgba, ExtendedColorType::Rgba8),
            };
            let encoder = WebPEncoder::new_lossless(Cursor::new(&mut out));
            encoder.write_image(&samples(canvas, color), width, height, as_color).map_err(|why| cannot(&why))?;
        }
    }
    Ok(out)
}

fn samples(canvas: &Canvas, color: ColorType) -> std::borrow::Cow<'_, [u8]> {
    let pixels = canvas.rgba.chunks_exact(4);
    match color {
        ColorType::Grayscale => pixels.map(|p| p[0]).collect(),
        ColorType::GrayscaleAlpha => pixels.flat_map(|p| [p[0], p[3]]).collect(),
        ColorType::Rgb => pixels.flat_map(|p| [p[0], p[1], p[2]]).collect(),
        _ => canvas.rgba.as_slice().into(),
    }
}
