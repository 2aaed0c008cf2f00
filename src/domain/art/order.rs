//! An order to a painter, as the journal keeps it, and a picture that came of one.

use serde::{Deserialize, Serialize};

use super::{Area, ArtWish, Backdrop, From, Operation, Size};
use crate::domain::draft::FileItem;
use crate::domain::spend::Cost;
use crate::domain::{AssignmentId, Money, Text, Time};

/// The picture that an order works on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Original {
    /// As it was wished.
    pub from: From,
    /// SHA-256 of its bytes.
    pub sha256: Text,
    /// Its pixels.
    pub size: Option<Size>,
}

/// One order, with everything that repeating it needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Its call, by which what comes of it is marked.
    pub call: Text,
    /// For which assignment.
    pub assignment: AssignmentId,
    /// The painter's name in the config, or the tool's for one that is worked by hand.
    pub painter: Text,
    /// The model that was asked for; empty for the provider's own.
    #[serde(default)]
    pub model: Text,
    /// `host:port`; empty for a tool that is worked by hand.
    #[serde(default)]
    pub host: Text,
    /// When it was ordered.
    pub at: Time,
    /// What was wanted.
    pub operation: Operation,
    /// The template that the prompt was made by; empty for the person's own words.
    #[serde(default)]
    pub template: Text,
    /// The prompt as it is sent.
    pub prompt: Text,
    /// What is kept out.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub negative: Text,
    /// Pixels; `None`: the provider's own.
    #[serde(default)]
    pub size: Option<Size>,
    /// How many.
    pub count: u8,
    /// Where chance begins; `None` where the provider has no seeds.
    #[serde(default)]
    pub seed: Option<u64>,
    /// How much may change, in percent.
    #[serde(default)]
    pub strength: Option<u8>,
    /// In the provider's own word.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub quality: Text,
    /// What lies behind the motif.
    #[serde(default)]
    pub backdrop: Backdrop,
    /// The picture that is worked on.
    #[serde(default)]
    pub original: Option<Original>,
    /// The parts of it that may change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<Area>,
    /// How many times larger.
    #[serde(default)]
    pub scale: u8,
    /// The price of a picture at that time, where that is how the provider counts.
    #[serde(default)]
    pub price_image: Option<Money>,
    /// The most that it may cost.
    #[serde(default)]
    pub most: Option<Cost>,
    /// The person takes the prompt to a tool that no program speaks to.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_hand: bool,
}

/// A picture that came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Its number in its order, from 1.
    pub n: u32,
    /// Where it is kept, and what it is.
    pub file: FileItem,
    /// The seed that made it, where the provider told.
    #[serde(default)]
    pub seed: Option<u64>,
    /// The prompt as the provider rewrote it.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub revised: Text,
}

impl Order {
    /// The wish for the same again; with another seed, or the same one.
    pub fn again(&self, vary: bool) -> ArtWish {
        ArtWish {
            operation: self.operation,
            painter: Some(self.painter.clone()),
            template: None,
            prompt: self.prompt.clone(),
            negative: self.negative.clone(),
            size: self.size,
            count: self.count,
            seed: self.seed.filter(|_| !vary),
            strength: self.strength,
            quality: self.quality.clone(),
            backdrop: self.backdrop,
            from: self.original.as_ref().map(|original| original.from.clone()),
            areas: self.areas.clone(),
            scale: self.scale,
        }
    }

    /// Its parameters in a line: `3 of 1024x1536, seed 7, 60 %`.
    pub fn line(&self) -> String {
        let mut parts = Vec::new();
        if self.count > 1 {
            parts.push(format!("{} pictures", self.count));
        }
        parts.extend(self.size.map(|size| size.to_string()));
        parts.extend(self.seed.map(|seed| format!("seed {seed}")));
        parts.extend(self.strength.map(|percent| format!("{percent} % change")));
        parts.extend((!self.quality.is_empty()).then(|| format!("{} quality", self.quality)));
        parts.extend((self.backdrop != Backdrop::Any).then(|| format!("{} ground", self.backdrop.word())));
        parts.extend((self.operation == Operation::Upscale).then(|| format!("{} times", self.scale)));
        parts.extend(
            (!self.areas.is_empty())
                .then(|| format!("in {}", self.areas.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and "))),
        );
        parts.join(", ")
    }
}
