//! What can be known of a picture's file without judging it, and the edits that need no model.

mod cure;
mod edit;
mod looks;
mod words;

use serde::{Deserialize, Serialize};

pub use cure::{Cures, cures};
pub use edit::{Across, Color, Edit, Kind, Offer, Shape, offers};
pub use looks::{Looks, Wanted};
pub use words::facts_in_words;

use super::Text;

/// The longest side that is looked at; a larger picture is told by its header, and no pixel of it is decoded.
pub const MAX_SIDE: u32 = 12_000;

/// How colours are put down in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ink {
    /// Not known.
    #[default]
    Unknown,
    /// Shades of grey.
    Grey,
    /// Red, green and blue, or what becomes them (YCbCr).
    Rgb,
    /// A table of colours.
    Palette,
    /// For the press: cyan, magenta, yellow, black. Most shops and screens take none of it.
    Cmyk,
}

impl Ink {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Ink::Unknown => "unknown colours",
            Ink::Grey => "grey",
            Ink::Rgb => "RGB",
            Ink::Palette => "palette",
            Ink::Cmyk => "CMYK",
        }
    }
}

/// Pixels of see-through border on each side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Margins {
    /// Left of the first pixel that shows.
    pub left: u32,
    /// Above it.
    pub top: u32,
    /// Right of the last.
    pub right: u32,
    /// Below it.
    pub bottom: u32,
}

impl Margins {
    /// The narrowest of them.
    pub fn least(self) -> u32 {
        self.left.min(self.top).min(self.right).min(self.bottom)
    }
}

/// Something written into the file beside the picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Note {
    /// Where: "PNG text “parameters”", "EXIF", "XMP", "C2PA".
    pub place: Text,
    /// Bytes of it.
    pub bytes: u64,
    /// How it begins, or what of it matters.
    #[serde(skip_serializing_if = "Text::is_empty")]
    pub says: Text,
    /// It carries what a generator was asked for.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub prompt: bool,
}

/// What is known of a picture beside its size and whether it is cut out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PictureFacts {
    /// Bits a channel; 0 where not known.
    pub bits: u8,
    /// How colours are put down.
    pub ink: Ink,
    /// It can be see-through at all.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub alpha_channel: bool,
    /// Pixels that are neither solid nor gone, of a million: soft edges, or a halo that a cut-out left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub soft: Option<u32>,
    /// Pixels that are gone, of a million.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clear: Option<u32>,
    /// See-through border; none without alpha, or where nothing shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub margins: Option<Margins>,
    /// Pixels a metre, across and down, as the file says: 11811 is 300 an inch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_metre: Option<(u32, u32)>,
    /// Name of the colour profile; empty without one.
    #[serde(skip_serializing_if = "Text::is_empty")]
    pub profile: Text,
    /// Colours are told to be sRGB, or to be others; nothing where the file does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub srgb: Option<bool>,
    /// Pictures in it: more than one moves.
    #[serde(skip_serializing_if = "is_zero")]
    pub frames: u32,
    /// As EXIF counts the ways to turn it, 2 to 8; 0 where it stands upright. Width and height are those before turning.
    #[serde(skip_serializing_if = "is_zero")]
    pub turned: u8,
    /// Its detail is that of a picture so many times smaller: it was enlarged, or is soft all over. 1 is as sharp as pixels are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enlarged: Option<u8>,
    /// What is written beside the picture.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// Marks that declare AI: an IPTC source type, a C2PA manifest, a generator's settings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ai: Vec<Text>,
    /// Why pixels were not looked at, or what is wrong with them: a sentence. Empty when all is well.
    #[serde(skip_serializing_if = "Text::is_empty")]
    pub trouble: Text,
}

fn is_zero<T: Default + PartialEq>(n: &T) -> bool {
    *n == T::default()
}

/// Pixels a metre of so many an inch, as PNG keeps them: 300 is 11811.
pub fn per_metre(dpi: u32) -> u32 {
    u32::try_from((u64::from(dpi) * 10_000 + 127) / 254).unwrap_or(u32::MAX)
}

/// Pixels an inch of so many a metre, rounded.
pub fn dpi_of(per_metre: u32) -> u32 {
    u32::try_from((u64::from(per_metre) * 254 + 5_000) / 10_000).unwrap_or(u32::MAX)
}

impl PictureFacts {
    /// Pixels an inch across and down.
    pub fn dpi(&self) -> Option<(u32, u32)> {
        self.per_metre.map(|(x, y)| (dpi_of(x), dpi_of(y)))
    }

    /// It carries what a generator was asked for.
    pub fn has_prompt(&self) -> bool {
        self.notes.iter().any(|note| note.prompt)
    }
}

/// A width and a height as the smallest whole ratio: "5:6".
pub fn ratio(width: u32, height: u32) -> String {
    let (mut a, mut b) = (width, height);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    let by = a.max(1);
    format!("{}:{}", width / by, height / by)
}

/// Bytes in words, decimal and rounded up, so that nothing over a limit reads as the limit: "25 MB", "480 kB".
pub fn weight(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => {
            let tenths = bytes.div_ceil(100_000);
            format!("{}.{} MB", tenths / 10, tenths % 10).replace(".0 MB", " MB")
        }
    }
}

/// A share of a million in per cent: "2.4 %", "0 %", "under 0.1 %".
pub fn percent(ppm: u32) -> String {
    match ppm {
        0 => "0 %".to_owned(),
        1..1_000 => "under 0.1 %".to_owned(),
        _ => format!("{}.{} %", ppm / 10_000, ppm % 10_000 / 1_000).replace(".0 %", " %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inches_and_metres() {
        assert_eq!((per_metre(300), dpi_of(11_811)), (11_811, 300));
        for dpi in 1..2_400 {
            assert_eq!(dpi_of(per_metre(dpi)), dpi);
        }
        assert_eq!(dpi_of(u32::MAX), 109_092_169);
    }

    #[test]
    fn in_words() {
        assert_eq!((ratio(4500, 5400), ratio(0, 0), ratio(1, 0)), ("5:6".into(), "0:0".into(), "1:0".into()));
        assert_eq!(
            (percent(0), percent(3), percent(24_900), percent(1_000_000)),
            ("0 %".into(), "under 0.1 %".into(), "2.4 %".into(), "100 %".into())
        );
        assert_eq!((weight(999), weight(25_000_000), weight(25_000_001)), ("999 bytes".into(), "25 MB".into(), "25.1 MB".into()));
    }
}
