//! Pictures that models paint: what may and can be asked for, what is on its way, what came.

use serde::{Deserialize, Serialize};

use crate::domain::ai::{Caps, Ended, Ruling, Spending};
use crate::domain::art::{Operation, Size, Work};
use crate::domain::spend::Spent;
use crate::domain::{AssignmentId, Text, Time};

/// Everything that a sheet of painters shows for an assignment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Studio {
    pub assignment: AssignmentId,
    /// What the job allows, and who says so.
    pub ruling: Ruling,
    /// Why nothing can be painted now; empty when something can.
    pub closed: Text,
    /// The painters there are; the first is meant when none is named.
    pub painters: Vec<PainterView>,
    /// The pixels that the job wants.
    pub wanted: Option<Size>,
    /// Pictures among the draft's files, by name.
    pub files: Vec<Text>,
    /// What was spent so far, on painters and on all other assistants.
    pub spending: Spending,
    /// The most that may be.
    pub caps: Caps,
    /// Orders for this assignment, the latest first.
    pub works: Vec<WorkView>,
}

/// A painter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PainterView {
    pub name: Text,
    /// `openai-images`, `sd-webui`, `comfyui`.
    pub kind: Text,
    pub model: Text,
    /// `host:port`.
    pub host: Text,
    /// On this machine: nothing leaves it.
    pub local: bool,
    /// What it can do.
    pub operations: Vec<Operation>,
    /// It can paint the same again from the same seed.
    pub seeds: bool,
    /// It paints on a see-through ground.
    pub transparent: bool,
    /// Pictures of one order.
    pub most: u8,
    /// The size that a picture for this job is painted in.
    pub size: Option<Size>,
    /// Orders that it has to do before another one.
    pub queued: u32,
}

/// How far an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It waits for its painter; nothing was sent.
    Waiting,
    /// It is painted.
    Painting,
    /// It is over.
    Over,
    /// It was never sent: the program ended before.
    Unsent,
    /// It was sent, and nobody knows what became of it.
    Unknown,
    /// The person takes it to a tool of their own.
    ByHand,
}

impl Stage {
    /// One or two words.
    pub fn word(self) -> &'static str {
        match self {
            Stage::Waiting => "waiting",
            Stage::Painting => "painting",
            Stage::Over => "over",
            Stage::Unsent => "never sent",
            Stage::Unknown => "end not known",
            Stage::ByHand => "by hand",
        }
    }

    /// It goes on.
    pub fn is_open(self) -> bool {
        matches!(self, Stage::Waiting | Stage::Painting)
    }
}

/// An order as it is listed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkView {
    #[serde(flatten)]
    pub work: Work,
    /// The job's title.
    pub title: Text,
    pub stage: Stage,
    /// How far it is, where the provider tells.
    pub percent: Option<u8>,
    /// More about that, or about its end.
    pub note: Text,
    /// Since when it is painted, or when it was ordered.
    pub since: Time,
    /// How it ended.
    pub ended: Option<Ended>,
    /// What it cost.
    pub spent: Option<Spent>,
    /// Numbers of its pictures that are in the draft.
    pub taken: Vec<u32>,
    /// The provider can be asked what became of it.
    pub can_look: bool,
}

/// An order is in the queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Painting {
    pub call: Text,
    pub assignment: AssignmentId,
    /// What should be known about it: "painted at 896x1152, the job wants 2400x3200".
    pub notes: Vec<Text>,
    /// Orders that are painted before it.
    pub before: u32,
}

/// A prompt as it would be sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArtPrompt {
    /// The order by hand that it was written down for; empty when it is only shown.
    pub call: Text,
    pub prompt: Text,
    /// With its parameters, for a tool that no program speaks to.
    pub sheet: Text,
    /// What had better not stand in it.
    pub warnings: Vec<Text>,
}
