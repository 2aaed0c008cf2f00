//! Placeholder art: a disc, rays and block letters, of the exact size asked for.

use png::{ColorType, Compression, Encoder, Filter, PixelDimensions, SrgbRenderingIntent, Unit};

use super::Picture;
use crate::documents::MAX_SIDE;
use crate::domain::Job;
use crate::domain::picture::per_metre;

/// Ink colours, chosen by the job's key.
const INKS: [[u8; 3]; 6] = [[24, 78, 119], [153, 40, 60], [34, 102, 68], [120, 74, 20], [84, 48, 130], [30, 30, 36]];
/// Paper colour of a picture that must not be see-through.
const PAPER: [u8; 3] = [246, 240, 228];

/// Capitals and digits, five by seven dots, a row a byte.
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
const DOTS: [[u8; 7]; 37] = [
    [14, 17, 17, 31, 17, 17, 17],
    [30, 17, 17, 30, 17, 17, 30],
    [14, 17, 16, 16, 16, 17, 14],
    [30, 17, 17, 17, 17, 17, 30],
    [31, 16, 16, 30, 16, 16, 31],
    [31, 16, 16, 30, 16, 16, 16],
    [14, 17, 16, 23, 17, 17, 15],
    [17, 17, 17, 31, 17, 17, 17],
    [14, 4, 4, 4, 4, 4, 14],
    [7, 2, 2, 2, 2, 18, 12],
    [17, 18, 20, 24, 20, 18, 17],
    [16, 16, 16, 16, 16, 16, 31],
    [17, 27, 21, 21, 17, 17, 17],
    [17, 25, 21, 19, 17, 17, 17],
    [14, 17, 17, 17, 17, 17, 14],
    [30, 17, 17, 30, 16, 16, 16],
    [14, 17, 17, 17, 21, 18, 13],
    [30, 17, 17, 30, 20, 18, 17],
    [15, 16, 16, 14, 1, 1, 30],
    [31, 4, 4, 4, 4, 4, 4],
    [17, 17, 17, 17, 17, 17, 14],
    [17, 17, 17, 17, 17, 10, 4],
    [17, 17, 17, 21, 21, 27, 17],
    [17, 17, 10, 4, 10, 17, 17],
    [17, 17, 10, 4, 4, 4, 4],
    [31, 1, 2, 4, 8, 16, 31],
    [14, 17, 19, 21, 25, 17, 14],
    [4, 12, 4, 4, 4, 4, 14],
    [14, 17, 1, 6, 8, 16, 31],
    [30, 1, 1, 14, 1, 1, 30],
    [2, 6, 10, 18, 31, 2, 2],
    [31, 16, 30, 1, 1, 17, 14],
    [6, 8, 16, 30, 17, 17, 14],
    [31, 1, 2, 4, 8, 8, 8],
    [14, 17, 17, 14, 17, 17, 14],
    [14, 17, 17, 15, 1, 2, 12],
    [0, 0, 0, 31, 0, 0, 0],
];

/// Draws it; `None` when the size is nothing or more than anybody prints, or when it cannot be made as light as asked.
pub fn draw(job: &Job, width: u32, height: u32, max_bytes: u64, alpha: bool) -> Option<Picture> {
    let (width, height) = (if width == 0 { 1200 } else { width }, if height == 0 { 1200 } else { height });
    if width.max(height) > MAX_SIDE {
        return None;
    }
    let seed = crc32fast::hash(job.key.as_str().as_bytes());
    let ink = INKS[seed as usize % INKS.len()];
    let scene = Scene::new(width, height, &words(job.title.as_str()), seed);
    let mut pixels = Vec::with_capacity(width as usize * height as usize * if alpha { 4 } else { 3 });
    for y in 0..height {
        for x in 0..width {
            match (scene.is_ink(x, y), alpha) {
                (true, true) => pixels.extend([ink[0], ink[1], ink[2], 255]),
                (true, false) => pixels.extend(ink),
                (false, true) => pixels.extend([0, 0, 0, 0]),
                (false, false) => pixels.extend(PAPER),
            }
        }
    }
    let mut png_bytes = Vec::new();
    let mut encoder = Encoder::new(&mut png_bytes, width, height);
    encoder.set_color(if alpha { ColorType::Rgba } else { ColorType::Rgb });
    encoder.set_compression(Compression::Fast);
    encoder.set_filter(Filter::Up);
    // What shops for prints ask for, whether the job says so or not.
    encoder.set_source_srgb(SrgbRenderingIntent::Perceptual);
    encoder.set_pixel_dims(Some(PixelDimensions { xppu: per_metre(300), yppu: per_metre(300), unit: Unit::Meter }));
    encoder.write_header().ok()?.write_image_data(&pixels).ok()?;
    let light = max_bytes == 0 || png_bytes.len() as u64 <= max_bytes;
    light.then(|| Picture { name: "placeholder.png".to_owned(), png_bytes })
}

/// Up to three words of the title that the letters can write.
fn words(title: &str) -> Vec<String> {
    let spelled = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| w.len() > 2 && w.len() < 12);
    let mut words: Vec<String> = spelled.take(2).map(str::to_ascii_uppercase).collect();
    words.push("PLACEHOLDER".to_owned());
    words
}

struct Scene {
    words: Vec<String>,
    dot: i64,
    left: Vec<i64>,
    top: i64,
    center: (i64, i64),
    radius: i64,
    rays: i64,
    empty: bool,
}

impl Scene {
    fn new(width: u32, height: u32, words: &[String], seed: u32) -> Scene {
        let (width, height) = (i64::from(width), i64::from(height));
        let longest = words.iter().map(|w| w.len() as i64 * 6 - 1).max().unwrap_or(1).max(1);
        let rows = words.len() as i64 * 10;
        let dot = (width * 8 / 10 / longest).min(height * 4 / 10 / rows.max(1));
        Scene {
            left: words.iter().map(|w| (width - (w.len() as i64 * 6 - 1) * dot) / 2).collect(),
            words: words.to_vec(),
            dot,
            top: height * 11 / 20,
            center: (width / 2, height * 3 / 10),
            radius: width.min(height) / 6,
            rays: 6 + i64::from(seed % 7),
            // Below a few pixels there is no room for a drawing: half of it is ink.
            empty: width.min(height) < 24,
        }
    }

    fn is_ink(&self, x: u32, y: u32) -> bool {
        let (x, y) = (i64::from(x), i64::from(y));
        if self.empty {
            return x % 2 == 0;
        }
        self.is_sun(x, y) || self.is_letter(x, y)
    }

    fn is_sun(&self, x: i64, y: i64) -> bool {
        let (dx, dy) = (x - self.center.0, y - self.center.1);
        let (square, r) = (dx * dx + dy * dy, self.radius);
        if square <= r * r {
            return true;
        }
        // A ring cut into rays.
        let ring = (r * 12 / 10).pow(2)..(r * 15 / 10).pow(2);
        if !ring.contains(&square) {
            return false;
        }
        let turn = (dy as f64).atan2(dx as f64) / std::f64::consts::TAU + 0.5;
        (turn * (self.rays * 2) as f64) as i64 % 2 == 0
    }

    fn is_letter(&self, x: i64, y: i64) -> bool {
        if self.dot == 0 || y < self.top {
            return false;
        }
        let (row, line) = ((y - self.top) / self.dot % 10, (y - self.top) / self.dot / 10);
        let Some((word, left)) = usize::try_from(line).ok().and_then(|l| Some((self.words.get(l)?, *self.left.get(l)?))) else {
            return false;
        };
        if row >= 7 || x < left {
            return false;
        }
        let column = (x - left) / self.dot;
        let Some(letter) = usize::try_from(column / 6).ok().and_then(|i| word.chars().nth(i)) else { return false };
        let bits = LETTERS.find(letter).and_then(|i| DOTS.get(i)).map_or(0, |dots| dots[row as usize]);
        column % 6 < 5 && bits >> (4 - column % 6) & 1 == 1
    }
}
