//! The picture that a job asks for.

use serde::{Deserialize, Serialize};

use super::percent;
use crate::domain::Text;
use crate::domain::deliverable::Rule;

/// What a picture must be like beyond size, type, weight and alpha. What is not told is not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Looks {
    /// Least pixels across.
    #[serde(skip_serializing_if = "is_zero")]
    pub min_width: u32,
    /// Least pixels down.
    #[serde(skip_serializing_if = "is_zero")]
    pub min_height: u32,
    /// Width to height, such as `[5, 6]`; one pixel more or less does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aspect: Option<(u32, u32)>,
    /// See-through border on each side, in pixels.
    #[serde(skip_serializing_if = "is_zero")]
    pub margin: u32,
    /// Pixels an inch that the file must tell, at least.
    #[serde(skip_serializing_if = "is_zero")]
    pub dpi: u32,
    /// Colours are sRGB: no CMYK, no other profile. A file that tells nothing is taken for sRGB, with a word of warning.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub srgb: bool,
    /// Most pixels, of a thousand, that may be half there: what a bad cut-out leaves around.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_halo: Option<u32>,
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}

impl Looks {
    /// Each demand in words.
    pub fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        let mut say = |is: bool, word: String| words.extend(is.then_some(word));
        let (width, height) = (self.min_width.max(1), self.min_height.max(1));
        say(self.min_width > 0 || self.min_height > 0, format!("at least {width} × {height} pixels"));
        say(self.aspect.is_some(), self.aspect.map(|(a, b)| format!("of the shape {a}:{b}")).unwrap_or_default());
        say(self.margin > 0, format!("{} see-through pixels on each side", self.margin));
        say(self.dpi > 0, format!("{} pixels an inch", self.dpi));
        say(self.srgb, "sRGB colours".to_owned());
        let halo = self.max_halo.map(|most| percent(most.saturating_mul(1_000)));
        say(halo.is_some(), format!("at most {} of soft edges", halo.unwrap_or_default()));
        words
    }
}

/// A demand for one picture.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Pixels across; 0 for any.
    pub width: u32,
    /// Pixels down; 0 for any.
    pub height: u32,
    /// Media type; empty for any.
    pub mime: &'a Text,
    /// Most bytes; 0 for any.
    pub max_bytes: u64,
    /// With transparent and with solid pixels.
    pub alpha: bool,
    /// And all else.
    pub looks: &'a Looks,
}

impl<'a> Wanted<'a> {
    /// What a rule asks for, if it is one about a picture.
    pub fn of(rule: &'a Rule) -> Option<Wanted<'a>> {
        match rule {
            Rule::Image { width, height, mime, max_bytes, alpha, looks } => {
                Some(Wanted { width: *width, height: *height, mime, max_bytes: *max_bytes, alpha: *alpha, looks })
            }
            _ => None,
        }
    }

    /// The first picture that these rules ask for.
    pub fn first(rules: &'a [Rule]) -> Option<Wanted<'a>> {
        rules.iter().find_map(Wanted::of)
    }

    /// A picture of this size has the shape that is asked for.
    pub fn has_shape(&self, width: u32, height: u32) -> bool {
        self.looks.aspect.is_none_or(|aspect| is_shape((width, height), aspect))
    }
}

/// As near to the ratio as whole pixels can be.
pub(super) fn is_shape((width, height): (u32, u32), (a, b): (u32, u32)) -> bool {
    let (width, height, a, b) = (u64::from(width), u64::from(height), u64::from(a), u64::from(b));
    a > 0 && b > 0 && (width * b).abs_diff(height * a) <= a.max(b)
}
