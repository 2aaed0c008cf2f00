//! What pixels tell: how much of them is there, where the first and last that show are, and how fine their detail is.

use crate::domain::draft::FileFacts;
use crate::domain::picture::{Margins, PictureFacts};

/// How samples of a row stand side by side, eight bits each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Samples {
    Grey,
    GreyAlpha,
    Rgb,
    Rgba,
}

impl Samples {
    /// Bytes of a pixel.
    pub fn bytes(self) -> usize {
        match self {
            Samples::Grey => 1,
            Samples::GreyAlpha => 2,
            Samples::Rgb => 3,
            Samples::Rgba => 4,
        }
    }

    fn alpha(self) -> Option<usize> {
        match self {
            Samples::Grey | Samples::Rgb => None,
            Samples::GreyAlpha => Some(1),
            Samples::Rgba => Some(3),
        }
    }
}

/// Of so many rows one is looked at for its detail.
const SAMPLED: u32 = 4;
/// Differences of the first pixel and of its neighbours 1, 2, 4, 8 and 16 further on.
const LAGS: [usize; 5] = [1, 2, 4, 8, 16];
/// A step from one pixel to the next makes differences at twice the distance twice as many: 0.5. A slope over k pixels makes them four
/// times as large as long as the distance is below k: 0.25. What lies in between parts them.
const SHARP: f64 = 0.38;
/// Mean squared difference below which there is no detail to measure.
const FLAT: f64 = 2.0;

/// Takes rows in, one after the other.
#[derive(Debug)]
pub struct Measure {
    samples: Samples,
    width: u32,
    height: u32,
    rows: u32,
    clear: u64,
    soft: u64,
    /// First and last column and row that show anything.
    shown: Option<(u32, u32, u32, u32)>,
    /// Sums of squared differences, and how many, by distance.
    detail: [(u64, u64); LAGS.len()],
    luma: Vec<u8>,
}

impl Measure {
    pub fn new(samples: Samples, width: u32, height: u32) -> Measure {
        let luma = Vec::new();
        Measure { samples, width, height, rows: 0, clear: 0, soft: 0, shown: None, detail: Default::default(), luma }
    }

    /// The next row, from the top.
    pub fn row(&mut self, row: &[u8]) {
        let y = self.rows;
        self.rows += 1;
        if self.samples.alpha().is_some() {
            self.alpha(y, row);
        }
        if y.is_multiple_of(SAMPLED) {
            self.detail(row);
        }
    }

    /// All rows of a picture that is in memory.
    pub fn all(mut self, pixels: &[u8]) -> Measure {
        for row in pixels.chunks_exact((self.width as usize * self.samples.bytes()).max(1)) {
            self.row(row);
        }
        self
    }

    fn alpha(&mut self, y: u32, row: &[u8]) {
        let (step, at) = (self.samples.bytes(), self.samples.bytes() - 1);
        let (mut clear, mut solid) = (0u64, 0u64);
        let (mut first, mut last) = (u32::MAX, 0);
        for (x, pixel) in (0u32..).zip(row.chunks_exact(step)) {
            match pixel[at] {
                0 => clear += 1,
                alpha => {
                    solid += u64::from(alpha == u8::MAX);
                    first = first.min(x);
                    last = x;
                }
            }
        }
        let all = (row.len() / step) as u64;
        self.clear += clear;
        self.soft += all - clear - solid;
        if clear < all {
            let (left, top, right, _) = self.shown.unwrap_or((first, y, last, y));
            self.shown = Some((left.min(first), top, right.max(last), y));
        }
    }

    fn detail(&mut self, row: &[u8]) {
        let mut luma = std::mem::take(&mut self.luma);
        luma.clear();
        let over = |grey: u8, alpha: u8| {
            let (grey, alpha) = (u32::from(grey), u32::from(alpha));
            // What is see-through lies on a middle grey, so that black and white edges count alike.
            ((grey * alpha + 128 * (255 - alpha)) / 255) as u8
        };
        let grey = |p: &[u8]| ((u32::from(p[0]) * 77 + u32::from(p[1]) * 150 + u32::from(p[2]) * 29) >> 8) as u8;
        match self.samples {
            Samples::Grey => luma.extend_from_slice(row),
            Samples::GreyAlpha => luma.extend(row.chunks_exact(2).map(|p| over(p[0], p[1]))),
            Samples::Rgb => luma.extend(row.chunks_exact(3).map(grey)),
            Samples::Rgba => luma.extend(row.chunks_exact(4).map(|p| over(grey(p), p[3]))),
        }
        for (lag, (sum, count)) in LAGS.iter().zip(&mut self.detail) {
            let Some(ahead) = luma.get(*lag..) else { continue };
            *sum += luma.iter().zip(ahead).map(|(a, b)| u64::from(a.abs_diff(*b)).pow(2)).sum::<u64>();
            *count += ahead.len() as u64;
        }
        self.luma = luma;
    }

    /// How many times smaller a picture of the same detail could be, in steps of two; nothing where there is none.
    fn enlarged(&self) -> Option<u8> {
        let mean: Vec<f64> = self.detail.iter().map(|(sum, count)| *sum as f64 / (*count).max(1) as f64).collect();
        if mean.last().is_none_or(|last| *last < FLAT) {
            return None;
        }
        let sharp = mean.windows(2).position(|pair| pair[0] >= SHARP * pair[1]).unwrap_or(LAGS.len() - 1);
        u8::try_from(LAGS[sharp]).ok()
    }

    /// Writes down what was found.
    pub fn tell(self, facts: &mut FileFacts, picture: &mut PictureFacts) {
        let all = u64::from(self.width) * u64::from(self.rows);
        let million = |n: u64| u32::try_from((n * 1_000_000).div_ceil(all.max(1))).unwrap_or(1_000_000);
        picture.enlarged = self.enlarged();
        if self.samples.alpha().is_none() {
            (facts.transparent, facts.opaque) = (Some(false), Some(true));
            return;
        }
        picture.alpha_channel = true;
        (facts.transparent, facts.opaque) = (Some(self.clear + self.soft > 0), Some(self.clear + self.soft < all));
        (picture.soft, picture.clear) = (Some(million(self.soft)), Some(million(self.clear)));
        picture.margins = self.shown.map(|(left, top, right, bottom)| Margins {
            left,
            top,
            right: self.width.saturating_sub(1 + right),
            bottom: self.height.saturating_sub(1 + bottom),
        });
    }
}
