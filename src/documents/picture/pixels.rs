//! A picture in memory, four samples a pixel, and what edits do to it.

use std::io::Cursor;

use fast_image_resize::images::Image;
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder};

use super::{broken, formats};
use crate::domain::picture::{Color, Margins};

/// Most pixels that are edited, before and after: with what enlarging takes they are about a gigabyte.
const MAX_EDITED: u64 = 60_000_000;

/// The picture.
pub struct Canvas {
    pub width: u32,
    pub height: u32,
    /// Red, green, blue, alpha.
    pub rgba: Vec<u8>,
}

/// What came with the pixels.
#[derive(Debug, Default)]
pub struct Came {
    /// Sixteen bits a channel became eight.
    pub deep: bool,
    /// It was stored turned, and stands upright now.
    pub turned: bool,
}

impl Canvas {
    /// Unpacks a picture and puts it upright.
    ///
    /// # Errors
    /// A sentence.
    pub fn open(bytes: &[u8], mime: &str) -> Result<(Canvas, Came), String> {
        let from = Cursor::new(bytes);
        let no = |why: image::ImageError| broken(&why);
        match mime {
            "image/png" => decode(PngDecoder::with_limits(from, formats::limits()).map_err(no)?),
            "image/jpeg" => decode(JpegDecoder::new(from).map_err(no)?),
            "image/webp" => decode(WebPDecoder::new(from).map_err(no)?),
            "image/gif" => decode(GifDecoder::new(from).map_err(no)?),
            other => Err(format!("{other} is not edited here; PNG, JPEG, WebP and GIF are")),
        }
    }

    fn new(width: u32, height: u32, ground: [u8; 4]) -> Result<Canvas, String> {
        room(width, height)?;
        Ok(Canvas { width, height, rgba: ground.repeat(width as usize * height as usize) })
    }

    /// The colour of the first pixel where all is solid, else nothing: what a larger ground is made of.
    pub fn ground(&self) -> [u8; 4] {
        match self.rgba.get(..4) {
            Some([r, g, b, 255]) if self.is_solid() => [*r, *g, *b, 255],
            _ => [0; 4],
        }
    }

    /// No pixel is see-through.
    pub fn is_solid(&self) -> bool {
        self.rgba.iter().skip(3).step_by(4).all(|alpha| *alpha == u8::MAX)
    }

    /// See-through border; nothing where nothing shows.
    pub fn margins(&self) -> Option<Margins> {
        let row = (self.width as usize * 4).max(4);
        let shows = |row: &[u8]| row.iter().skip(3).step_by(4).any(|alpha| *alpha > 0);
        let rows: Vec<&[u8]> = self.rgba.chunks_exact(row).collect();
        let (top, last) = (rows.iter().position(|row| shows(row))?, rows.iter().rposition(|row| shows(row))?);
        let (mut left, mut right) = (u32::MAX, 0);
        for row in rows.get(top..=last).unwrap_or_default() {
            let alphas = || row.iter().skip(3).step_by(4);
            if let Some(first) = alphas().position(|alpha| *alpha > 0) {
                let end = alphas().rposition(|alpha| *alpha > 0).unwrap_or(first);
                (left, right) = (left.min(first as u32), right.max(end as u32));
            }
        }
        Some(Margins { left, top: top as u32, right: self.width - 1 - right, bottom: self.height - 1 - last as u32 })
    }

    /// Scaled by Lanczos with three lobes; colours are weighed by alpha, so that no colour of what is gone bleeds into edges.
    pub fn scaled(self, width: u32, height: u32) -> Result<Canvas, String> {
        room(width, height)?;
        if (width, height) == (self.width, self.height) {
            return Ok(self);
        }
        let cannot = |why: &dyn std::fmt::Display| format!("it cannot be scaled ({why})");
        let mut from = self.rgba;
        let source = Image::from_slice_u8(self.width, self.height, &mut from, PixelType::U8x4).map_err(|why| cannot(&why))?;
        let mut into = Image::new(width, height, PixelType::U8x4);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3)).use_alpha(true);
        Resizer::new().resize(&source, &mut into, &options).map_err(|why| cannot(&why))?;
        Ok(Canvas { width, height, rgba: into.into_vec() })
    }

    /// This part of it, which lies within.
    pub fn cropped(&self, x: u32, y: u32, width: u32, height: u32) -> Result<Canvas, String> {
        let within = width > 0 && height > 0 && u64::from(x) + u64::from(width) <= u64::from(self.width);
        if !within || u64::from(y) + u64::from(height) > u64::from(self.height) {
            let (w, h) = (self.width, self.height);
            return Err(format!("{width} × {height} from {x}, {y} does not lie within {w} × {h}"));
        }
        let mut rgba = Vec::with_capacity(width as usize * height as usize * 4);
        let row = self.width as usize * 4;
        for line in self.rgba.chunks_exact(row).skip(y as usize).take(height as usize) {
            rgba.extend_from_slice(line.get(x as usize * 4..(x + width) as usize * 4).unwrap_or_default());
        }
        Ok(Canvas { width, height, rgba })
    }

    /// On a larger ground, from here.
    pub fn on(&self, (width, height): (u32, u32), (x, y): (u32, u32), ground: [u8; 4]) -> Result<Canvas, String> {
        let mut onto = Canvas::new(width, height, ground)?;
        let (from, to) = (self.width as usize * 4, width as usize * 4);
        let rows = onto.rgba.chunks_exact_mut(to).skip(y as usize);
        for (line, into) in self.rgba.chunks_exact(from).zip(rows) {
            if let Some(place) = into.get_mut(x as usize * 4..x as usize * 4 + from) {
                place.copy_from_slice(line);
            }
        }
        Ok(onto)
    }

    /// Laid on a colour; nothing is see-through then.
    pub fn flatten(&mut self, Color(ground): Color) {
        for pixel in self.rgba.chunks_exact_mut(4) {
            let alpha = u32::from(pixel[3]);
            for (sample, below) in pixel.iter_mut().zip(ground) {
                *sample = ((u32::from(*sample) * alpha + u32::from(below) * (255 - alpha) + 127) / 255) as u8;
            }
            pixel[3] = u8::MAX;
        }
    }

    /// Half-there pixels become solid, or go.
    pub fn harden(&mut self) {
        for pixel in self.rgba.chunks_exact_mut(4) {
            match pixel[3] {
                128.. => pixel[3] = u8::MAX,
                _ => pixel.fill(0),
            }
        }
    }
}

/// So many pixels can be held.
fn room(width: u32, height: u32) -> Result<(), String> {
    let pixels = u64::from(width) * u64::from(height);
    if width == 0 || height == 0 {
        return Err("nothing would be left of it".to_owned());
    }
    if pixels > MAX_EDITED {
        let most = MAX_EDITED / 1_000_000;
        return Err(format!("{width} × {height} are more than the {most} million pixels that are edited here"));
    }
    Ok(())
}

fn decode(mut decoder: impl ImageDecoder) -> Result<(Canvas, Came), String> {
    let (width, height) = decoder.dimensions();
    room(width, height)?;
    let no = |why: image::ImageError| broken(&why);
    decoder.set_limits(formats::limits()).map_err(no)?;
    let turn = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(no)?;
    let deep = image.color().bytes_per_pixel() > image.color().channel_count();
    let turned = turn != Orientation::NoTransforms;
    image.apply_orientation(turn);
    let pixels = image.into_rgba8();
    let (width, height) = pixels.dimensions();
    Ok((Canvas { width, height, rgba: pixels.into_raw() }, Came { deep, turned }))
}
