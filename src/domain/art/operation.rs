//! What can be asked of a model that paints.

use serde::{Deserialize, Serialize};

use crate::domain::ai::Action;

/// One of the things that a painter may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Paint new pictures.
    #[default]
    Generate,
    /// Change a picture as a whole.
    Edit,
    /// Change parts of a picture, given as rectangles.
    Inpaint,
    /// Make a picture larger.
    Upscale,
    /// Take the background of a picture away.
    Cutout,
}

impl Operation {
    /// All of them.
    pub const ALL: [Operation; 5] =
        [Operation::Generate, Operation::Edit, Operation::Inpaint, Operation::Upscale, Operation::Cutout];

    /// Its word in commands and files: the one of its serialised form.
    pub fn word(self) -> &'static str {
        match self {
            Operation::Generate => "generate",
            Operation::Edit => "edit",
            Operation::Inpaint => "inpaint",
            Operation::Upscale => "upscale",
            Operation::Cutout => "cutout",
        }
    }

    /// What it does, for people: "paint", "change a picture".
    pub fn label(self) -> &'static str {
        match self {
            Operation::Generate => "paint it",
            Operation::Edit => "change a picture",
            Operation::Inpaint => "change parts of a picture",
            Operation::Upscale => "make a picture larger",
            Operation::Cutout => "take a background away",
        }
    }

    /// It works on a picture that is there.
    pub fn needs_picture(self) -> bool {
        self != Operation::Generate
    }

    /// It goes by words.
    pub fn needs_prompt(self) -> bool {
        matches!(self, Operation::Generate | Operation::Edit | Operation::Inpaint)
    }

    /// What the gate is asked for: a new picture is written by the model, a changed one is reworked.
    pub fn action(self) -> Action {
        match self {
            Operation::Generate => Action::Paint,
            _ => Action::Retouch,
        }
    }

    /// The operation of a word.
    pub fn of(word: &str) -> Option<Operation> {
        Operation::ALL.into_iter().find(|operation| operation.word() == word)
    }
}
