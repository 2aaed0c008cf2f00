//! How a provider is spoken to: what is sent, and what the frames of its answer mean. Pure: bytes are for others.

mod anthropic;
mod ollama;
mod openai;

use serde_json::Value;

use super::ask::Sheet;
use super::fault::Fault;
use super::{Model, Told, Why};
use crate::config::{AssistantConfig, AssistantKind, Secret};
use crate::domain::Text;

/// What one frame says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Said {
    /// The model's name.
    By(String),
    /// Thoughts, which are no part of the answer.
    Thinking,
    /// Words.
    Words(String),
    /// Tokens.
    Told(Told),
    /// The model ended, for this reason; tokens may still be told.
    Ended(Why),
    /// Nothing more comes.
    Over,
    /// Something went wrong in mid-stream.
    Fault(Fault),
}

/// How frames are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    /// Server-sent events.
    Events,
    /// A JSON object a line.
    Lines,
}

/// What a server turned out not to understand; learnt from its refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Manner {
    /// The newer name for the most tokens of an answer.
    pub completion_tokens: bool,
    /// Tokens are asked for.
    pub usage: bool,
    /// It can be held to a schema.
    pub schema: bool,
}

/// One way of speaking.
pub(super) trait Dialect: Send + Sync {
    /// Where questions go.
    fn path(&self) -> &'static str;
    /// Where the models are listed.
    fn models_path(&self) -> &'static str;
    /// How answers are packed.
    fn packing(&self) -> Packing;
    /// What stands between the base URL and the paths, given the base's own path.
    fn prefix(&self, base: &str) -> &'static str;
    /// The headers that carry the key.
    fn key(&self, key: &Secret) -> (&'static str, Secret);
    /// Further headers.
    fn headers(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }
    /// How a server is spoken to at first.
    fn manner(&self, host: &str) -> Manner;
    /// Another manner after this refusal; `None` when it is about something else.
    fn learn(&self, _manner: Manner, _fault: &Fault) -> Option<Manner> {
        None
    }
    /// The question.
    fn body(&self, config: &AssistantConfig, sheet: &Sheet, max_output: u32, manner: Manner) -> Value;
    /// What a frame says, in its order.
    fn read(&self, frame: &Value) -> Vec<Said>;
    /// A model in the list.
    fn model(&self, entry: &Value) -> Option<Model>;
}

/// The dialect of a kind.
pub(super) fn of(kind: AssistantKind) -> Option<&'static dyn Dialect> {
    match kind {
        AssistantKind::OpenAi => Some(&openai::OpenAi),
        AssistantKind::Anthropic => Some(&anthropic::Anthropic),
        AssistantKind::Ollama => Some(&ollama::Ollama),
        AssistantKind::Command => None,
    }
}

/// What the data of a frame says: JSON, or the word that ends a stream of OpenAI's.
pub(super) fn read(dialect: &dyn Dialect, frame: &str) -> Vec<Said> {
    let frame = frame.trim();
    if frame.is_empty() {
        return Vec::new();
    }
    if frame == "[DONE]" {
        return vec![Said::Over];
    }
    match serde_json::from_str::<Value>(frame) {
        Ok(value) => match Fault::in_stream(&value) {
            Some(fault) => vec![Said::Fault(fault)],
            None => dialect.read(&value),
        },
        Err(_) => vec![Said::Fault(Fault::garbled())],
    }
}

/// The models that an answer lists.
pub(super) fn models(dialect: &dyn Dialect, answer: &Value) -> Option<Vec<Model>> {
    let list = answer.get("data").or_else(|| answer.get("models")).and_then(Value::as_array).or_else(|| answer.as_array())?;
    let mut models: Vec<Model> = list.iter().filter_map(|entry| dialect.model(entry)).collect();
    models.sort();
    models.dedup_by(|a, b| a.id == b.id);
    Some(models)
}

/// Another manner for a server that does not know how to hold a model to a schema, where the refusal names one of these.
fn without_schema(manner: Manner, fault: &Fault, names: &[&str]) -> Option<Manner> {
    (manner.schema && names.iter().any(|name| fault.names(name) || fault.mentions(name)))
        .then_some(Manner { schema: false, ..manner })
}

/// A text in `value` at `pointer` that is not empty.
fn text<'v>(value: &'v Value, pointer: &str) -> Option<&'v str> {
    value.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// A count in `value` at `pointer`.
fn count(value: &Value, pointer: &str) -> Option<u64> {
    value.pointer(pointer).and_then(Value::as_u64)
}

fn listed(entry: &Value, id: &[&str], context: &[&str]) -> Option<Model> {
    let id = id.iter().find_map(|pointer| text(entry, pointer))?;
    Some(Model { id: Text::title(id), context: context.iter().find_map(|pointer| count(entry, pointer)) })
}
