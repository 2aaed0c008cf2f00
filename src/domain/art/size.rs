//! Sizes of pictures, and rectangles in them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The longest side that is asked for.
const LONGEST: u32 = 16_384;

/// Pixels across and down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Size {
    /// Across.
    pub width: u32,
    /// Down.
    pub height: u32,
}

/// A rectangle, from the upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Area {
    /// Pixels from the left.
    pub x: u32,
    /// Pixels from above.
    pub y: u32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl Size {
    /// A size.
    pub fn new(width: u32, height: u32) -> Size {
        Size { width, height }
    }

    /// Pixels in all.
    pub fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// The size of about so many pixels with the same proportions and sides that `step` divides; at least one step a side.
    #[must_use]
    pub fn about(self, pixels: u64, step: u32) -> Size {
        let (width, height) = (f64::from(self.width.max(1)), f64::from(self.height.max(1)));
        #[expect(clippy::cast_precision_loss, reason = "sizes of pictures are far below 2^52")]
        let scale = (pixels as f64 / (width * height)).sqrt();
        let side = |side: f64| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
            let steps = (side * scale / f64::from(step)).round().clamp(1.0, f64::from(LONGEST / step)) as u32;
            steps * step
        };
        Size::new(side(width), side(height))
    }

    /// How many times longer the longer side is than the shorter one, in hundredths.
    pub fn stretch(self) -> u32 {
        let (long, short) = (self.width.max(self.height), self.width.min(self.height).max(1));
        long.saturating_mul(100) / short
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}x{}", self.width, self.height))
    }
}

impl FromStr for Size {
    type Err = String;

    /// `1024x1536`.
    fn from_str(written: &str) -> Result<Size, String> {
        let wrong = || format!("\"{written}\" is no size; write it like 1024x1536");
        let (width, height) = written.trim().split_once(['x', 'X', '×']).ok_or_else(wrong)?;
        let side = |side: &str| side.trim().parse::<u32>().ok().filter(|side| (1..=LONGEST).contains(side)).ok_or_else(wrong);
        Ok(Size::new(side(width)?, side(height)?))
    }
}

impl Area {
    /// It lies in a picture of this size.
    pub fn is_within(self, size: Size) -> bool {
        let fits = |at: u32, length: u32, whole: u32| length > 0 && at.checked_add(length).is_some_and(|end| end <= whole);
        fits(self.x, self.width, size.width) && fits(self.y, self.height, size.height)
    }

    /// A pixel of it.
    pub fn has(self, x: u32, y: u32) -> bool {
        x >= self.x && y >= self.y && x - self.x < self.width && y - self.y < self.height
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{},{}", self.x, self.y, self.width, self.height)
    }
}

impl FromStr for Area {
    type Err = String;

    /// `x,y,width,height`.
    fn from_str(written: &str) -> Result<Area, String> {
        let numbers: Option<Vec<u32>> = written.split(',').map(|part| part.trim().parse().ok()).collect();
        match numbers.as_deref() {
            Some(&[x, y, width, height]) if width > 0 && height > 0 => Ok(Area { x, y, width, height }),
            _ => Err(format!("\"{written}\" is no rectangle; write x,y,width,height in pixels: 40,60,320,200")),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sizes_and_areas_are_read_and_said() {
        assert_eq!("1024x1536".parse(), Ok(Size::new(1024, 1536)));
        for bad in ["", "1024", "0x5", "x", "12x99999", "-1x4"] {
            assert!(bad.parse::<Size>().is_err(), "{bad}");
        }
        assert_eq!("1, 2,30,40".parse(), Ok(Area { x: 1, y: 2, width: 30, height: 40 }));
        assert!("1,2,3".parse::<Area>().is_err() && "1,2,0,4".parse::<Area>().is_err());
        assert_eq!(Size::new(2400, 3200).about(1024 * 1024, 64), Size::new(896, 1152));
        assert_eq!(Size::new(300, 100).stretch(), 300);
    }

    proptest! {
        /// What is printed is read again, and no area reaches beyond its picture.
        #[test]
        fn both_ways(width in 1_u32..9000, height in 1_u32..9000, x in 0_u32..9000, y in 0_u32..9000, pixels in 1_u64..9_000_000) {
            let (size, area) = (Size::new(width, height), Area { x, y, width, height });
            prop_assert_eq!(size.to_string().parse(), Ok(size));
            prop_assert_eq!(area.to_string().parse(), Ok(area));
            prop_assert_eq!(area.is_within(Size::new(9000, 9000)), x + width <= 9000 && y + height <= 9000);
            let about = size.about(pixels, 16);
            prop_assert!(about.width % 16 == 0 && about.height % 16 == 0 && about.width > 0 && about.height > 0);
        }
    }
}
