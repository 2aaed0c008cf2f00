//! `/chat/completions` as OpenAI describes it, and as llama.cpp, vLLM, LM Studio, OpenRouter and others speak it.
//! Source: OpenAI's API description, "Chat" and "Streaming".

use serde_json::{Value, json};

use super::super::ask::Sheet;
use super::super::fault::Fault;
use super::super::{Model, Told, Why};
use super::{Dialect, Manner, Packing, Said, count, listed, text};
use crate::config::{AssistantConfig, Secret};

pub(super) struct OpenAi;

impl Dialect for OpenAi {
    fn path(&self) -> &'static str {
        "chat/completions"
    }

    fn models_path(&self) -> &'static str {
        "models"
    }

    fn packing(&self) -> Packing {
        Packing::Events
    }

    /// A base URL is written with its `/v1`; one without any path means it.
    fn prefix(&self, base: &str) -> &'static str {
        if base.trim_matches('/').is_empty() { "v1/" } else { "" }
    }

    fn key(&self, key: &Secret) -> (&'static str, Secret) {
        ("authorization", Secret::new(format!("Bearer {}", key.expose())))
    }

    /// OpenAI's newer models refuse the older name of the limit, and most other servers know nothing but that.
    fn manner(&self, host: &str) -> Manner {
        let own = host.starts_with("api.openai.com:");
        Manner { completion_tokens: own, usage: true, schema: true }
    }

    fn learn(&self, manner: Manner, fault: &Fault) -> Option<Manner> {
        let names = |word: &str| fault.names(word);
        if names("stream_options") || names("include_usage") {
            return manner.usage.then_some(Manner { usage: false, ..manner });
        }
        if let Some(other) = super::without_schema(manner, fault, &["response_format", "json_schema", "guided_json", "grammar"]) {
            return Some(other);
        }
        let limit = names("max_tokens") || names("max_completion_tokens");
        // "Too large" names the limit as well, and is no question of its name.
        let unknown = ["unsupported", "not supported", "unknown", "unrecognized", "extra", "unexpected"];
        let renamed = limit && unknown.iter().any(|word| fault.mentions(word));
        renamed.then_some(Manner { completion_tokens: !manner.completion_tokens, ..manner })
    }

    fn body(&self, config: &AssistantConfig, sheet: &Sheet, max_output: u32, manner: Manner) -> Value {
        let mut messages = Vec::new();
        if !sheet.system.is_empty() {
            messages.push(json!({ "role": "system", "content": sheet.system }));
        }
        messages.push(json!({ "role": "user", "content": sheet.user }));
        let mut body = json!({ "model": config.model, "messages": messages, "stream": true });
        body[if manner.completion_tokens { "max_completion_tokens" } else { "max_tokens" }] = json!(max_output);
        if manner.usage {
            body["stream_options"] = json!({ "include_usage": true });
        }
        if let Some(heat) = sheet.temperature.or(config.temperature) {
            body["temperature"] = json!(heat);
        }
        if let Some(schema) = sheet.schema.as_ref().filter(|_| manner.schema) {
            let named = json!({ "name": "answer", "strict": true, "schema": schema });
            body["response_format"] = json!({ "type": "json_schema", "json_schema": named });
        }
        body
    }

    fn read(&self, frame: &Value) -> Vec<Said> {
        let mut said = Vec::new();
        said.extend(text(frame, "/model").map(|model| Said::By(model.to_owned())));
        let choice = frame.get("choices").and_then(Value::as_array).and_then(|choices| {
            // One answer was asked for.
            choices.iter().find(|choice| choice.get("index").and_then(Value::as_u64).unwrap_or(0) == 0)
        });
        if let Some(choice) = choice {
            // A whole message is what a server sends that does not stream.
            let part = choice.get("delta").or_else(|| choice.get("message")).unwrap_or(&Value::Null);
            if text(part, "/reasoning_content").or_else(|| text(part, "/reasoning")).is_some() {
                said.push(Said::Thinking);
            }
            said.extend(words(part.get("content")).map(Said::Words));
            if let Some(refusal) = text(part, "/refusal") {
                said.extend([Said::Words(refusal.to_owned()), Said::Ended(Why::Declined)]);
            }
            said.extend(text(choice, "/finish_reason").map(|word| Said::Ended(ended(word))));
        }
        let told = Told {
            input: count(frame, "/usage/prompt_tokens"),
            cached: count(frame, "/usage/prompt_tokens_details/cached_tokens"),
            output: count(frame, "/usage/completion_tokens"),
        };
        said.extend((!told.is_empty()).then_some(Said::Told(told)));
        said
    }

    fn model(&self, entry: &Value) -> Option<Model> {
        listed(entry, &["/id"], &["/context_length", "/max_model_len", "/meta/n_ctx_train", "/context_window"])
    }
}

/// Words, plain or in parts.
fn words(content: Option<&Value>) -> Option<String> {
    let words = match content? {
        Value::String(words) => words.clone(),
        Value::Array(parts) => parts.iter().filter_map(|part| text(part, "/text")).collect(),
        _ => String::new(),
    };
    (!words.is_empty()).then_some(words)
}

fn ended(word: &str) -> Why {
    match word {
        "length" => Why::Length,
        "content_filter" => Why::Declined,
        "tool_calls" | "function_call" => Why::Tool,
        _ => Why::Done,
    }
}
