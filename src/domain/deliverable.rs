//! What a job wants back, as a specification that checks can judge.

use serde::{Deserialize, Serialize};

use super::Text;

/// The shape of the delivery; decides the scaffold and the editor's hints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Running text.
    #[default]
    Text,
    /// One item a line: taglines, captions.
    Lines,
    /// A timed script: lines such as `[0:00] …`.
    Script,
    /// Chat training: one JSON dialogue a line, `{"messages":[{"role","content"}]}`.
    ChatJsonl,
    /// Rated or ranked answers: one JSON object a line, `{"id","better":"a"|"b"|"tie","rating":1-7,"reason"}`.
    RankJsonl,
    /// One `id: label` a line.
    Labels,
    /// A translation that keeps the lines of its source.
    Translation,
    /// A file, such as a picture.
    File,
}

/// One testable demand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Rule {
    /// So many items (non-empty lines, dialogues, records).
    Items { min: u32, max: u32 },
    /// Graphemes in each item, numbering not counted.
    ItemChars { min: u32, max: u32 },
    /// Words in each item.
    ItemWords { min: u32, max: u32 },
    /// Words in all.
    Words { min: u32, max: u32 },
    /// Graphemes in all.
    Chars { min: u32, max: u32 },
    /// No two items alike: trigram similarity over `percent` fails, as does equality after folding.
    Distinct { percent: u8 },
    /// Each of these occurs somewhere (case does not matter).
    MustInclude { terms: Vec<Text> },
    /// None of these occurs, as whole words (case does not matter).
    MustNot { terms: Vec<Text> },
    /// Each item holds this exact spelling.
    EachIncludes { term: Text },
    /// Read aloud at `wpm` it takes `seconds`, give or take `tolerance` percent.
    Spoken { seconds: u32, wpm: u32, tolerance: u8 },
    /// At least `min` lines open with a rising time stamp `[m:ss]`, the first `[0:00]`.
    Beats { min: u32 },
    /// Every number in the text is found in the attachment called `source` (every attachment when empty).
    Grounded { source: Text },
    /// Dialogues of at least `turns` messages, starting with system or user, alternating user and assistant, ending with assistant.
    Chat { turns: u32 },
    /// One record for each id, with a valid choice and a reason of at least `reason_words`.
    Rank { ids: Vec<Text>, reason_words: u32 },
    /// One line for each id, with one of the labels.
    Label { ids: Vec<Text>, labels: Vec<Text> },
    /// As many non-empty lines as the attachment called `source`, none left as it was, every `{placeholder}` kept.
    Parallel { source: Text },
    /// The whole text (or each line of JSON Lines) is JSON that this schema accepts.
    Schema { schema: serde_json::Value },
    /// Exactly one picture of this size, type and weight; `alpha`: has transparent and opaque pixels.
    Image { width: u32, height: u32, mime: Text, max_bytes: u64, alpha: bool },
    /// Something only a person can judge; shown as a reminder, never failed.
    Advice { text: Text },
}

/// The specification.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Deliverable {
    /// The shape.
    pub form: Form,
    /// The demands.
    pub rules: Vec<Rule>,
}
