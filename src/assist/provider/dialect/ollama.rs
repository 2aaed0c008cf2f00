//! `/api/chat`, a JSON object a line. Source: Ollama's `docs/api.md`.

use serde_json::{Value, json};

use super::super::ask::Sheet;
use super::super::fault::Fault;
use super::super::{Model, Told, Why};
use super::{Dialect, Manner, Packing, Said, count, listed, text};
use crate::config::{AssistantConfig, Secret};

pub(super) struct Ollama;

impl Dialect for Ollama {
    fn path(&self) -> &'static str {
        "api/chat"
    }

    fn models_path(&self) -> &'static str {
        "api/tags"
    }

    fn packing(&self) -> Packing {
        Packing::Lines
    }

    fn prefix(&self, _base: &str) -> &'static str {
        ""
    }

    fn key(&self, key: &Secret) -> (&'static str, Secret) {
        ("authorization", Secret::new(format!("Bearer {}", key.expose())))
    }

    fn manner(&self, _host: &str) -> Manner {
        Manner { completion_tokens: false, usage: true, schema: true }
    }

    fn learn(&self, manner: Manner, fault: &Fault) -> Option<Manner> {
        super::without_schema(manner, fault, &["format", "schema"])
    }

    fn body(&self, config: &AssistantConfig, sheet: &Sheet, max_output: u32, manner: Manner) -> Value {
        let mut messages = Vec::new();
        if !sheet.system.is_empty() {
            messages.push(json!({ "role": "system", "content": sheet.system }));
        }
        messages.push(json!({ "role": "user", "content": sheet.user }));
        let mut options = json!({ "num_predict": max_output });
        if let Some(context) = config.context {
            options["num_ctx"] = json!(context);
        }
        if let Some(heat) = sheet.temperature.or(config.temperature) {
            options["temperature"] = json!(heat);
        }
        let mut body = json!({ "model": config.model, "messages": messages, "stream": true, "options": options });
        if let Some(schema) = sheet.schema.as_ref().filter(|_| manner.schema) {
            body["format"] = schema.clone();
        }
        body
    }

    fn read(&self, frame: &Value) -> Vec<Said> {
        let mut said = Vec::new();
        said.extend(text(frame, "/model").map(|model| Said::By(model.to_owned())));
        if text(frame, "/message/thinking").is_some() {
            said.push(Said::Thinking);
        }
        said.extend(text(frame, "/message/content").map(|words| Said::Words(words.to_owned())));
        if frame.get("done").and_then(Value::as_bool) == Some(true) {
            let told = Told { input: count(frame, "/prompt_eval_count"), cached: None, output: count(frame, "/eval_count") };
            said.extend((!told.is_empty()).then_some(Said::Told(told)));
            let why = if text(frame, "/done_reason") == Some("length") { Why::Length } else { Why::Done };
            said.extend([Said::Ended(why), Said::Over]);
        }
        said
    }

    fn model(&self, entry: &Value) -> Option<Model> {
        listed(entry, &["/name", "/model"], &["/details/context_length"])
    }
}
