//! What a job wants back, as a specification that checks can judge.

use serde::{Deserialize, Serialize};

use super::Text;
use super::picture::Looks;

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
    /// Preferences, one a line: `input.messages`, `preferred_output` and `non_preferred_output`, both the assistant's and not the
    /// same; at least `turns` messages before the answer.
    Preference {
        #[serde(default)]
        turns: u32,
    },
    /// One record for each id, with a valid choice and a reason of at least `reason_words`.
    Rank {
        ids: Vec<Text>,
        reason_words: u32,
        /// A tie is no answer here.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        no_ties: bool,
    },
    /// Records of the same pair shown twice agree: Cohen's kappa of the choices over all `pairs` of ids is at least `percent`
    /// hundredths.
    Agrees { pairs: Vec<[Text; 2]>, percent: u8 },
    /// A record that tells its `seconds` took at least so many.
    Unhurried { seconds: u32 },
    /// One line for each id, with one of the labels.
    Label { ids: Vec<Text>, labels: Vec<Text> },
    /// As many non-empty lines as the attachment called `source`, none left as it was, every `{placeholder}` kept.
    Parallel { source: Text },
    /// The whole text (or each line of JSON Lines) is JSON that this schema accepts.
    Schema { schema: serde_json::Value },
    /// Exactly one picture of this size, type and weight; `alpha`: has transparent and opaque pixels. 0 and nothing stand for any.
    Image {
        #[serde(default)]
        width: u32,
        #[serde(default)]
        height: u32,
        #[serde(default)]
        mime: Text,
        #[serde(default)]
        max_bytes: u64,
        #[serde(default)]
        alpha: bool,
        /// Shape, border, resolution, colours, edges.
        #[serde(default, flatten)]
        looks: Looks,
    },
    /// How the items are put down.
    Layout { layout: Layout },
    /// Which quotation marks and apostrophes.
    Quotes { quotes: Quotes },
    /// Nothing beyond ASCII.
    Ascii,
    /// No worn-out phrase of the list in `assets/checks`.
    Fresh,
    /// No word that claims what somebody would have to prove ("best", "guaranteed"), by the list in `assets/checks`.
    Modest,
    /// Every number, date, name and quotation is found in the attachment called `source` (every attachment when empty).
    Faithful { source: Text },
    /// Of the `phrases` that the source turns on most at least `min` are said.
    Covers {
        source: Text,
        phrases: u32,
        #[serde(default)]
        min: u32,
    },
    /// The first sentence is said within `seconds` and is no greeting.
    Hook { seconds: u32 },
    /// The last lines ask for something: follow, tell, try, …
    CallToAction,
    /// At least `min` lines say what is on the screen: `[screen: …]`, or behind a `|`.
    OnScreen { min: u32 },
    /// No sentence has more words.
    Sentences { words: u32 },
    /// School years it takes to read it (Flesch–Kincaid), at most.
    Grade { most: u32 },
    /// Easy to say: no run of words that open alike, no word of many syllables after another.
    Speakable,
    /// No personal data: e-mail, telephone, card, account number.
    Anonymous,
    /// No assistant repeats its system message.
    Sealed,
    /// The whole text matches `regex` somewhere, or each item does, or (`absent`) nothing may; `why` says it in words.
    Pattern {
        regex: Text,
        #[serde(default)]
        each: bool,
        #[serde(default)]
        absent: bool,
        #[serde(default)]
        why: Text,
    },
    /// At least `min` web addresses, at `host` where it is told.
    Url {
        #[serde(default)]
        host: Text,
        min: u32,
    },
    /// So many files, of these endings where any are told.
    Files {
        min: u32,
        max: u32,
        #[serde(default)]
        endings: Vec<Text>,
    },
    /// Something only a person can judge; shown as a reminder, never failed.
    Advice { text: Text },
}

/// How items are put down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// `1. …`, from one up.
    Numbered,
    /// `- …`
    Bulleted,
    /// Neither number nor bullet.
    Bare,
    /// Comma-separated values, the same number in each row.
    Csv,
    /// A JSON array of texts.
    Json,
}

/// Quotation marks and apostrophes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quotes {
    /// `"` and `'`
    Straight,
    /// `“ ”` and `’`
    Curly,
    /// No quotation marks at all; apostrophes may be.
    None,
}

/// The specification.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Deliverable {
    /// The shape.
    pub form: Form,
    /// The demands: what each of them says *must* be so.
    pub rules: Vec<Rule>,
    /// What *should* be so: it warns and never fails.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub should: Vec<Rule>,
}
