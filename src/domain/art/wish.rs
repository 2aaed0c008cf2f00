//! What a person wants of a painter.

use serde::{Deserialize, Serialize};

use super::{Area, Operation, Size};
use crate::domain::Text;

/// What lies behind the motif.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Backdrop {
    /// As the model likes.
    #[default]
    Any,
    /// Nothing: the ground shows through.
    Transparent,
    /// Something solid.
    Opaque,
}

impl Backdrop {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Backdrop::Any => "any",
            Backdrop::Transparent => "transparent",
            Backdrop::Opaque => "opaque",
        }
    }

    /// The backdrop of a word.
    pub fn of(word: &str) -> Option<Backdrop> {
        [Backdrop::Any, Backdrop::Transparent, Backdrop::Opaque].into_iter().find(|one| one.word() == word)
    }
}

/// The picture that is worked on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum From {
    /// One that a painter made for this job.
    Result {
        /// Its call.
        call: Text,
        /// Its number, from 1.
        picture: u32,
    },
    /// A file of the draft.
    File {
        /// Its name there.
        name: Text,
    },
}

/// One wish. Everything that is left out is decided by the job and the config.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ArtWish {
    /// What to do.
    pub operation: Operation,
    /// The painter, by name; `None`: the one that is meant when none is named.
    pub painter: Option<Text>,
    /// The template that the prompt is made by; `None`: the first that fits.
    pub template: Option<Text>,
    /// The person's own prompt; empty: it is made from the brief.
    pub prompt: Text,
    /// What is to be kept out of the picture.
    pub negative: Text,
    /// Pixels; `None`: by the job and by what the model can.
    pub size: Option<Size>,
    /// How many; 0 is 1.
    pub count: u8,
    /// Where chance begins.
    pub seed: Option<u64>,
    /// How much of the picture may change, in percent.
    pub strength: Option<u8>,
    /// In the provider's own word.
    pub quality: Text,
    /// What lies behind the motif.
    pub backdrop: Backdrop,
    /// The picture that is worked on.
    pub from: Option<From>,
    /// The parts of it that may change.
    pub areas: Vec<Area>,
    /// How many times larger; 0 is 2.
    pub scale: u8,
}
