//! `/v1/messages`. Source: Anthropic's API documentation, "Messages" and "Streaming messages"; llama.cpp speaks it as well.

use serde_json::{Value, json};

use super::super::ask::Sheet;
use super::super::fault::Fault;
use super::super::{Model, Told, Why};
use super::{Dialect, Manner, Packing, Said, count, listed, text};
use crate::config::{AssistantConfig, Secret};

pub(super) struct Anthropic;

impl Dialect for Anthropic {
    fn path(&self) -> &'static str {
        "messages"
    }

    fn models_path(&self) -> &'static str {
        "models?limit=1000"
    }

    fn packing(&self) -> Packing {
        Packing::Events
    }

    fn prefix(&self, base: &str) -> &'static str {
        if base.trim_end_matches('/').ends_with("/v1") { "" } else { "v1/" }
    }

    fn key(&self, key: &Secret) -> (&'static str, Secret) {
        ("x-api-key", key.clone())
    }

    fn headers(&self) -> &'static [(&'static str, &'static str)] {
        &[("anthropic-version", "2023-06-01")]
    }

    fn manner(&self, _host: &str) -> Manner {
        Manner { completion_tokens: false, usage: true, schema: true }
    }

    fn learn(&self, manner: Manner, fault: &Fault) -> Option<Manner> {
        super::without_schema(manner, fault, &["output_config", "json_schema", "structured output"])
    }

    fn body(&self, config: &AssistantConfig, sheet: &Sheet, max_output: u32, manner: Manner) -> Value {
        let mut body = json!({
            "model": config.model,
            "max_tokens": max_output,
            "messages": [{ "role": "user", "content": sheet.user }],
            "stream": true,
        });
        if !sheet.system.is_empty() {
            body["system"] = json!(sheet.system);
        }
        if let Some(heat) = sheet.temperature.or(config.temperature) {
            // It goes no further than 1 there.
            body["temperature"] = json!(heat.min(1.0));
        }
        if let Some(schema) = sheet.schema.as_ref().filter(|_| manner.schema) {
            body["output_config"] = json!({ "format": { "type": "json_schema", "schema": schema } });
        }
        body
    }

    fn read(&self, frame: &Value) -> Vec<Said> {
        let mut said = Vec::new();
        match text(frame, "/type").unwrap_or_default() {
            "message_start" => {
                said.extend(text(frame, "/message/model").map(|model| Said::By(model.to_owned())));
                said.extend(told(frame.pointer("/message/usage")));
            }
            "content_block_start" => said.extend(block(frame.get("content_block"))),
            "content_block_delta" => match text(frame, "/delta/type") {
                Some("text_delta") => said.extend(text(frame, "/delta/text").map(|words| Said::Words(words.to_owned()))),
                Some("thinking_delta") => said.push(Said::Thinking),
                // The input of a tool, a signature, a citation, or something newer.
                _ => {}
            },
            "message_delta" => {
                said.extend(told(frame.get("usage")));
                said.extend(text(frame, "/delta/stop_reason").map(|word| Said::Ended(ended(word))));
            }
            "message_stop" => said.push(Said::Over),
            // What a server sends that does not stream.
            "message" => {
                said.extend(text(frame, "/model").map(|model| Said::By(model.to_owned())));
                let blocks = frame.get("content").and_then(Value::as_array);
                said.extend(blocks.into_iter().flatten().filter_map(|part| block(Some(part))));
                said.extend(told(frame.get("usage")));
                said.extend(text(frame, "/stop_reason").map(|word| Said::Ended(ended(word))));
            }
            // `ping` and whatever is newer than this.
            _ => {}
        }
        said
    }

    fn model(&self, entry: &Value) -> Option<Model> {
        listed(entry, &["/id"], &["/max_input_tokens"])
    }
}

/// The words of a block of text; other kinds of block are not looked into.
fn block(block: Option<&Value>) -> Option<Said> {
    let block = block?;
    match text(block, "/type")? {
        "text" => text(block, "/text").map(|words| Said::Words(words.to_owned())),
        "thinking" => Some(Said::Thinking),
        _ => None,
    }
}

/// Tokens. What was remembered, and what was put into memory, is counted apart from `input_tokens`.
fn told(usage: Option<&Value>) -> Option<Said> {
    let usage = usage?;
    let cached = count(usage, "/cache_read_input_tokens");
    let input = count(usage, "/input_tokens").map(|fresh| {
        let more = [cached, count(usage, "/cache_creation_input_tokens")];
        more.into_iter().flatten().fold(fresh, u64::saturating_add)
    });
    let told = Told { input, cached, output: count(usage, "/output_tokens") };
    (!told.is_empty()).then_some(Said::Told(told))
}

fn ended(word: &str) -> Why {
    match word {
        "max_tokens" | "model_context_window_exceeded" => Why::Length,
        "refusal" => Why::Declined,
        "tool_use" => Why::Tool,
        _ => Why::Done,
    }
}
