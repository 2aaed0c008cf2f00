//! Edits of a picture that need no model, as a person writes them: `resize 4500x5400 dpi 300`.
//!
//! One language for the command line, the line on the screen and the cures that checks name.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::MAX_SIDE;

/// A colour, solid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Color(pub [u8; 3]);

impl Color {
    /// White.
    pub const WHITE: Color = Color([255; 3]);

    /// `#rrggbb`, `#rgb`, white, black.
    fn parse(word: &str) -> Option<Color> {
        match word {
            "white" => return Some(Color::WHITE),
            "black" => return Some(Color([0; 3])),
            _ => {}
        }
        let digits = word.strip_prefix('#')?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let n = u32::from_str_radix(digits, 16).ok()?;
        let [_, r, g, b] = n.to_be_bytes();
        match digits.len() {
            6 => Some(Color([r, g, b])),
            3 => Some(Color([(n >> 8 & 15) as u8 * 17, (n >> 4 & 15) as u8 * 17, (n & 15) as u8 * 17])),
            _ => None,
        }
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

/// A kind of picture file that can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Lossless, with alpha.
    Png,
    /// Lossy, without alpha.
    Jpeg,
    /// WebP, here always lossless.
    Webp,
}

impl Kind {
    /// As it is written and as files end.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Png => "png",
            Kind::Jpeg => "jpeg",
            Kind::Webp => "webp",
        }
    }

    /// Media type.
    pub fn mime(self) -> &'static str {
        match self {
            Kind::Png => "image/png",
            Kind::Jpeg => "image/jpeg",
            Kind::Webp => "image/webp",
        }
    }

    /// The usual ending of a name.
    pub fn ending(self) -> &'static str {
        if self == Kind::Jpeg { "jpg" } else { self.word() }
    }

    /// Of a media type.
    pub fn of_mime(mime: &str) -> Option<Kind> {
        [Kind::Png, Kind::Jpeg, Kind::Webp].into_iter().find(|kind| kind.mime() == mime)
    }

    /// Of a media type that can only be made into another: GIF is read, and written as PNG.
    pub fn nearest(mime: &str) -> Kind {
        Kind::of_mime(mime).unwrap_or(Kind::Png)
    }

    fn parse(word: &str) -> Option<Kind> {
        match word {
            "png" => Some(Kind::Png),
            "jpeg" | "jpg" => Some(Kind::Jpeg),
            "webp" => Some(Kind::Webp),
            _ => None,
        }
    }
}

/// The size that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Across {
    /// Pixels across and down; 0 for whatever the other asks for.
    Pixels(u32, u32),
    /// So many per cent.
    Percent(u32),
}

impl Across {
    /// For a picture of this size. No side becomes nothing.
    pub fn of(self, width: u32, height: u32) -> (u32, u32) {
        let part = |side: u32, of: u32, other: u32| {
            let scaled = (u64::from(side) * u64::from(of) + u64::from(other) / 2) / u64::from(other.max(1));
            u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
        };
        match self {
            Across::Pixels(w, 0) => (w, part(height, w, width)),
            Across::Pixels(0, h) => (part(width, h, height), h),
            Across::Pixels(w, h) => (w, h),
            Across::Percent(p) => (part(width, p, 100), part(height, p, 100)),
        }
    }

    fn parse(word: &str) -> Option<Across> {
        if let Some(percent) = word.strip_suffix('%') {
            return percent.parse().ok().filter(|p| (1..=1_000).contains(p)).map(Across::Percent);
        }
        let (w, h) = word.split_once(['x', '×'])?;
        let side = |text: &str| if text.is_empty() { Some(0) } else { text.parse().ok().filter(|n| (1..=MAX_SIDE).contains(n)) };
        match (side(w)?, side(h)?) {
            (0, 0) => None,
            (w, h) => Some(Across::Pixels(w, h)),
        }
    }
}

impl fmt::Display for Across {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |n: u32| if n == 0 { String::new() } else { n.to_string() };
        match self {
            Across::Pixels(w, h) => write!(f, "{}x{}", side(*w), side(*h)),
            Across::Percent(p) => write!(f, "{p}%"),
        }
    }
}

/// How a picture of another shape gets to a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// It must have the shape already.
    Same,
    /// All of it is kept; what is left over is see-through, or of the colour of a flat picture's ground.
    Fit,
    /// All of the place is filled; what hangs over is cut off, the same on both sides.
    Fill,
    /// It is pulled.
    Stretch,
}

/// One edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "edit", rename_all = "snake_case")]
pub enum Edit {
    /// To a size, by Lanczos.
    Resize { shape: Shape, to: Across },
    /// This part of it, from the left and from above.
    Crop { width: u32, height: u32, x: u32, y: u32 },
    /// Without its see-through border, but for so many pixels.
    Trim { leave: u32 },
    /// So many pixels more on each side.
    Pad { by: u32, color: Option<Color> },
    /// The same size, with what shows inside a see-through border of at least so many pixels.
    Margin { by: u32 },
    /// Onto a ground, without alpha.
    Flatten { color: Color },
    /// Pixels that are more than half there become solid, the others go.
    Harden,
    /// Colours as sRGB, and said to be.
    Srgb,
    /// Told to be so many pixels an inch; no pixel changes.
    Dpi { dpi: u32 },
    /// Another kind of file; `quality` of JPEG, 1 to 100.
    Convert { kind: Kind, quality: u8 },
    /// The same pixels in fewer bytes, where the kind allows.
    Squeeze,
}

/// What can be written, for help and completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The word.
    pub word: &'static str,
    /// What comes behind it.
    pub takes: &'static str,
    /// What it does.
    pub does: &'static str,
}

const OFFERS: [Offer; 14] = [
    Offer { word: "resize", takes: "4500x5400", does: "to a size of the same shape: 4500x5400, 4500x, x5400 or 50%" },
    Offer { word: "fit", takes: "4500x5400", does: "all of it inside that size, the rest see-through" },
    Offer { word: "fill", takes: "1080x1080", does: "fill that size, and cut off what hangs over" },
    Offer { word: "stretch", takes: "1000x800", does: "to that size, pulled out of shape" },
    Offer { word: "crop", takes: "800x600+10+20", does: "keep this part: size, then from the left and from above" },
    Offer { word: "trim", takes: "[20]", does: "cut the see-through border off, or leave so many pixels of it" },
    Offer { word: "pad", takes: "60 [white]", does: "so many pixels more on each side, see-through or of a colour" },
    Offer { word: "margin", takes: "60", does: "same size, with at least so many see-through pixels around" },
    Offer { word: "flatten", takes: "white", does: "put it on a ground: white, black or #rrggbb; no alpha is left" },
    Offer { word: "harden", takes: "", does: "make soft edges hard: half-there pixels become solid or go" },
    Offer { word: "srgb", takes: "", does: "turn the colours into sRGB and say so in the file" },
    Offer { word: "dpi", takes: "300", does: "say how many pixels an inch; no pixel changes" },
    Offer { word: "convert", takes: "png", does: "another kind of file: png, webp (lossless) or jpeg [1-100]" },
    Offer { word: "squeeze", takes: "", does: "the same pixels in fewer bytes (PNG, WebP)" },
];

/// Every edit with what it does.
pub fn offers() -> &'static [Offer] {
    &OFFERS
}

/// Quality of JPEG where nobody said.
const QUALITY: u8 = 92;

impl Edit {
    /// Edits in the order they are written, one after the other: `trim fit 4500x5400 dpi 300`.
    ///
    /// # Errors
    /// Which word is not understood, and what would be.
    pub fn parse_all(text: &str) -> Result<Vec<Edit>, String> {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        let mut rest: &[String] = &words;
        let mut edits = Vec::new();
        while let Some((verb, after)) = rest.split_first() {
            let (edit, used) = one(verb, after)?;
            edits.push(edit);
            rest = after.get(used..).unwrap_or_default();
        }
        match edits.is_empty() {
            true => Err("say what to do: resize 4500x5400, dpi 300, trim, convert png, …".to_owned()),
            false => Ok(edits),
        }
    }

    /// Changes no pixel: only what the file says of them, or how they are packed.
    pub fn keeps_pixels(self) -> bool {
        matches!(self, Edit::Dpi { .. } | Edit::Squeeze | Edit::Convert { kind: Kind::Png | Kind::Webp, .. })
    }
}

/// The edit of a word, and how many of the words behind it are its own.
fn one(verb: &str, after: &[String]) -> Result<(Edit, usize), String> {
    let first = after.first().map(String::as_str);
    let wants = |what: &str| format!("{verb} wants {what}");
    let number = |most: u32| first.and_then(|word| word.parse::<u32>().ok()).filter(|n| *n <= most);
    let sized = |shape| {
        let to = first.and_then(Across::parse);
        let to = to.ok_or_else(|| wants(&format!("a size of at most {MAX_SIDE} pixels a side, such as 4500x5400")))?;
        match (shape, to) {
            (Shape::Same, _) | (_, Across::Pixels(1.., 1..)) => Ok((Edit::Resize { shape, to }, 1)),
            _ => Err(wants("both sides, such as 4500x5400")),
        }
    };
    match verb {
        "resize" => sized(Shape::Same),
        "fit" => sized(Shape::Fit),
        "fill" => sized(Shape::Fill),
        "stretch" => sized(Shape::Stretch),
        "crop" => {
            let crop = first.and_then(|word| {
                let mut parts = word.split('+');
                let Across::Pixels(width @ 1.., height @ 1..) = Across::parse(parts.next()?)? else { return None };
                let (x, y) = (parts.next().unwrap_or("0").parse().ok()?, parts.next().unwrap_or("0").parse().ok()?);
                parts.next().is_none().then_some(Edit::Crop { width, height, x, y })
            });
            Ok((crop.ok_or_else(|| wants("a size and a place, such as 800x600+10+20"))?, 1))
        }
        "trim" => Ok(number(MAX_SIDE).map_or((Edit::Trim { leave: 0 }, 0), |leave| (Edit::Trim { leave }, 1))),
        "pad" => {
            let by = number(MAX_SIDE).ok_or_else(|| wants("pixels, such as 60"))?;
            let color = after.get(1).and_then(|word| Color::parse(word));
            Ok((Edit::Pad { by, color }, 1 + usize::from(color.is_some())))
        }
        "margin" => Ok((Edit::Margin { by: number(MAX_SIDE / 2).ok_or_else(|| wants("pixels, such as 60"))? }, 1)),
        "flatten" => match first.and_then(Color::parse) {
            Some(color) => Ok((Edit::Flatten { color }, 1)),
            None => Err(wants("a colour: white, black or #rrggbb")),
        },
        "harden" => Ok((Edit::Harden, 0)),
        "srgb" => Ok((Edit::Srgb, 0)),
        "squeeze" => Ok((Edit::Squeeze, 0)),
        "dpi" => match number(20_000).filter(|n| *n > 0) {
            Some(dpi) => Ok((Edit::Dpi { dpi }, 1)),
            None => Err(wants("a number, such as 300")),
        },
        "convert" => {
            let kind = first.and_then(Kind::parse).ok_or_else(|| wants("png, jpeg or webp"))?;
            let quality = after.get(1).filter(|_| kind == Kind::Jpeg).and_then(|word| word.parse::<u8>().ok());
            match quality {
                None => Ok((Edit::Convert { kind, quality: QUALITY }, 1)),
                Some(quality @ 1..=100) => Ok((Edit::Convert { kind, quality }, 2)),
                Some(_) => Err("the quality of a JPEG is a number from 1 to 100".to_owned()),
            }
        }
        other => {
            let near = OFFERS.iter().map(|offer| offer.word).find(|word| other.len() > 1 && word.starts_with(other));
            let words: Vec<&str> = OFFERS.iter().map(|offer| offer.word).collect();
            Err(match near {
                Some(word) => format!("“{other}” is no edit; did you mean {word}?"),
                None => format!("“{other}” is no edit; there are {}", words.join(", ")),
            })
        }
    }
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Edit::Resize { shape, to } => {
                let verb = match shape {
                    Shape::Same => "resize",
                    Shape::Fit => "fit",
                    Shape::Fill => "fill",
                    Shape::Stretch => "stretch",
                };
                write!(f, "{verb} {to}")
            }
            Edit::Crop { width, height, x, y } => write!(f, "crop {width}x{height}+{x}+{y}"),
            Edit::Trim { leave: 0 } => f.write_str("trim"),
            Edit::Trim { leave } => write!(f, "trim {leave}"),
            Edit::Pad { by, color: None } => write!(f, "pad {by}"),
            Edit::Pad { by, color: Some(color) } => write!(f, "pad {by} {color}"),
            Edit::Margin { by } => write!(f, "margin {by}"),
            Edit::Flatten { color } => write!(f, "flatten {color}"),
            Edit::Harden => f.write_str("harden"),
            Edit::Srgb => f.write_str("srgb"),
            Edit::Dpi { dpi } => write!(f, "dpi {dpi}"),
            Edit::Convert { kind: Kind::Jpeg, quality } if *quality != QUALITY => write!(f, "convert jpeg {quality}"),
            Edit::Convert { kind, .. } => write!(f, "convert {}", kind.word()),
            Edit::Squeeze => f.write_str("squeeze"),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_written_the_same() {
        let line = "trim 20 fit 4500x5400 crop 800x600+10+20 pad 60 #ff0080 pad 3 margin 60 flatten #ffffff harden srgb dpi 300 \
                    convert jpeg 80 convert png resize 50% resize x5400 fill 9x9 stretch 1x2 squeeze trim";
        let edits = Edit::parse_all(line).unwrap();
        let said = edits.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        assert_eq!(said, line);
        assert_eq!(Edit::parse_all("flatten #f08").unwrap(), [Edit::Flatten { color: Color([255, 0, 136]) }]);
        for offer in offers() {
            let line = format!("{} {}", offer.word, offer.takes.replace(['[', ']'], ""));
            assert!(Edit::parse_all(&line).is_ok(), "{line}");
        }
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for (line, says) in [
            ("", "say what to do"),
            ("resiz 3x3", "did you mean resize"),
            ("blur", "“blur” is no edit"),
            ("resize", "resize wants a size"),
            ("resize 0x0", "wants a size"),
            ("resize 99999x1", "at most 12000"),
            ("fit 300x", "both sides"),
            ("crop 3x3+1+1+1", "a place"),
            ("dpi 0", "a number"),
            ("flatten #ggg", "a colour"),
            ("convert bmp", "png, jpeg or webp"),
            ("convert jpeg 101", "1 to 100"),
        ] {
            let said = Edit::parse_all(line).unwrap_err();
            assert!(said.contains(says), "{line}: {said}");
        }
    }

    #[test]
    fn the_missing_side_follows_the_shape() {
        assert_eq!(Across::Pixels(4500, 0).of(1000, 1200), (4500, 5400));
        assert_eq!(Across::Pixels(0, 1).of(10_000, 3), (3333, 1));
        assert_eq!(Across::Percent(50).of(3, 1), (2, 1));
        assert_eq!(Across::Pixels(1, 0).of(12_000, 1), (1, 1));
    }
}
