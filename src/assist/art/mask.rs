//! Masks: which part of a picture may change, as each dialect wants it told.

use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};

use crate::documents::MAX_SIDE;
use crate::domain::art::{Area, Size};

/// White where it may change, black elsewhere.
pub(super) fn white(size: Size, areas: &[Area]) -> Option<Vec<u8>> {
    draw(size, areas, ExtendedColorType::L8, |inside| if inside { vec![255] } else { vec![0] })
}

/// See-through where it may change, solid black elsewhere.
pub(super) fn clear(size: Size, areas: &[Area]) -> Option<Vec<u8>> {
    draw(size, areas, ExtendedColorType::Rgba8, |inside| if inside { vec![0, 0, 0, 0] } else { vec![0, 0, 0, 255] })
}

/// `None` for a size that nobody paints.
fn draw(size: Size, areas: &[Area], color: ExtendedColorType, pixel: impl Fn(bool) -> Vec<u8>) -> Option<Vec<u8>> {
    if size.width == 0 || size.height == 0 || size.width.max(size.height) > MAX_SIDE {
        return None;
    }
    let (inside, outside) = (pixel(true), pixel(false));
    let mut pixels = Vec::with_capacity(usize::try_from(size.pixels()).ok()? * inside.len());
    for y in 0..size.height {
        for x in 0..size.width {
            pixels.extend_from_slice(if areas.iter().any(|area| area.has(x, y)) { &inside } else { &outside });
        }
    }
    let mut file = Cursor::new(Vec::new());
    let encoder = PngEncoder::new_with_quality(&mut file, CompressionType::Fast, FilterType::NoFilter);
    encoder.write_image(&pixels, size.width, size.height, color).ok()?;
    Some(file.into_inner())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_is_as_large_as_its_picture_and_marks_the_rectangles() {
        let size = Size::new(40, 30);
        let area = Area { x: 10, y: 5, width: 20, height: 10 };
        let white = image::load_from_memory(&white(size, &[area]).unwrap()).unwrap().to_luma8();
        let clear = image::load_from_memory(&clear(size, &[area]).unwrap()).unwrap().to_rgba8();
        for (x, y, inside) in [(10, 5, true), (29, 14, true), (30, 14, false), (29, 15, false), (0, 0, false)] {
            assert_eq!(white.get_pixel(x, y).0, [if inside { 255 } else { 0 }]);
            assert_eq!(clear.get_pixel(x, y).0[3], if inside { 0 } else { 255 });
        }
        assert_eq!((white.dimensions(), clear.dimensions()), ((40, 30), (40, 30)));
        assert_eq!(super::white(Size::new(30_000, 30_000), &[]), None);
    }
}
