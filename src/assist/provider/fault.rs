//! What a provider says when it says no, and what that means for the person.

use std::time::Duration;

use serde_json::Value;

use crate::config::{AssistantConfig, AssistantKind, KeyFrom, Secret, nearest};
use crate::domain::Text;
use crate::error::{Class, Failure};
use crate::net::Reply;

use super::Model;

/// A no, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::assist) struct Fault {
    /// The status, where it came as one.
    pub status: Option<u16>,
    /// Machine-readable words: type and code.
    pub code: String,
    /// The words for people.
    pub message: String,
}

/// What it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::assist) enum Meaning {
    /// The key is missing, wrong or worn out.
    Key,
    /// There is no such model, or no longer.
    Model,
    /// Question and answer do not fit the model.
    Long,
    /// It wants to be paid first.
    Money,
    /// Not now.
    Busy,
    /// Not today: its own trouble.
    Server,
    /// There is no provider at this address.
    Address,
    /// It does not take the question as it is.
    Other,
}

impl Fault {
    /// The fault in a refusal.
    pub fn of(reply: &Reply) -> Fault {
        let text = String::from_utf8_lossy(&reply.body);
        let found = serde_json::from_str::<Value>(&text).ok().and_then(|value| Fault::found(&value));
        let plain = || {
            // Of a web page nothing is repeated.
            let line = if text.trim_start().starts_with('<') { "" } else { text.lines().next().unwrap_or_default() };
            Fault { status: None, code: String::new(), message: line.to_owned() }
        };
        Fault { status: Some(reply.status), ..found.unwrap_or_else(plain) }
    }

    /// The fault that a frame of a stream is, if it is one.
    pub fn in_stream(frame: &Value) -> Option<Fault> {
        let is_one = frame.get("error").is_some_and(|error| !error.is_null()) || frame["object"] == "error";
        let mut fault = is_one.then(|| Fault::found(frame).unwrap_or_else(Fault::garbled))?;
        // Some put the status that it would have had beside the words.
        let code = frame.pointer("/error/code").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
        fault.status = code.filter(|code| (400..600).contains(code));
        Some(fault)
    }

    /// What came is not of the dialect.
    pub fn garbled() -> Fault {
        Fault { status: None, code: "garbled".to_owned(), message: "it sent something that is no JSON".to_owned() }
    }

    /// OpenAI's and Anthropic's `error` object, Ollama's `error` text, vLLM's flat object, FastAPI's `detail`.
    fn found(value: &Value) -> Option<Fault> {
        let error = value.get("error").filter(|error| !error.is_null());
        let object = match error {
            Some(Value::Object(_)) => error.unwrap_or(value),
            _ => value,
        };
        let word = |key: &str| match object.get(key) {
            Some(Value::String(word)) => word.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        let detail = || match value.get("detail") {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Array(list)) => {
                let one = |item: &Value| {
                    let place = item.get("loc").and_then(Value::as_array).and_then(|loc| loc.last()?.as_str().map(str::to_owned));
                    Some(format!("{}: {}", place.unwrap_or_default(), item.get("msg")?.as_str()?))
                };
                Some(list.iter().filter_map(one).collect::<Vec<_>>().join("; "))
            }
            _ => None,
        };
        let message = error.and_then(Value::as_str).map(str::to_owned);
        let message = message.or_else(|| Some(word("message")).filter(|text| !text.is_empty())).or_else(detail)?;
        Some(Fault { status: None, code: format!("{} {} {}", word("type"), word("code"), word("param")), message })
    }

    /// Whether it is about the parameter of this name.
    pub fn names(&self, parameter: &str) -> bool {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        [&self.code, &self.message].into_iter().any(|text| text.split(|c| !is_part(c)).any(|word| word == parameter))
    }

    /// Whether a word is in it.
    pub fn mentions(&self, word: &str) -> bool {
        self.message.to_lowercase().contains(word) || self.code.to_lowercase().contains(word)
    }

    /// What it means.
    pub fn meaning(&self) -> Meaning {
        let any = |words: &[&str]| words.iter().any(|word| self.mentions(word));
        let model = any(&["model_not_found", "not a valid model"])
            || any(&["model"])
                && any(&["not found", "not_found", "does not exist", "no longer", "deprecated", "retired", "decommissioned"]);
        match self.status {
            Some(401 | 403) => Meaning::Key,
            None if any(&["authentication_error", "permission_error", "invalid_api_key"]) => Meaning::Key,
            Some(402) => Meaning::Money,
            _ if any(&["insufficient_quota", "credit balance", "insufficient credits"]) => Meaning::Money,
            Some(400 | 404 | 410 | 422) if model => Meaning::Model,
            None if model => Meaning::Model,
            Some(413) => Meaning::Long,
            _ if any(&[
                "context_length",
                "context length",
                "context size",
                "context window",
                "exceed_context",
                "prompt is too long",
                "maximum context",
            ]) =>
            {
                Meaning::Long
            }
            Some(404 | 405) => Meaning::Address,
            Some(408 | 425 | 429 | 529) => Meaning::Busy,
            None if any(&["rate_limit", "overloaded"]) => Meaning::Busy,
            Some(500..) => Meaning::Server,
            None => Meaning::Server,
            Some(300..=399) => Meaning::Address,
            Some(_) => Meaning::Other,
        }
    }

    /// For the person: what happened, why, what to do. `models` is what there is, where that was asked.
    pub fn failure(&self, config: &AssistantConfig, key: Option<&Secret>, wait: Option<Duration>, models: &[Model]) -> Failure {
        let name = &config.name;
        let section = format!("[[assistant]] \"{name}\"");
        let meaning = self.meaning();
        let model = config.model.as_deref().unwrap_or_default();
        let (class, what, hint) = match meaning {
            Meaning::Key => (Class::SignIn, format!("\"{name}\" does not take the key"), key_hint(config)),
            Meaning::Model => (
                Class::Config,
                format!("\"{name}\" has no model \"{model}\", or has it no longer"),
                model_hint(config, model, models),
            ),
            Meaning::Long => (
                Class::Refused,
                format!("it is too long for the model of \"{name}\""),
                format!("send less, lower max_output in {section}, or name a model with a larger window"),
            ),
            Meaning::Money => (
                Class::Refused,
                format!("\"{name}\" wants to be paid first"),
                "top up the account at the provider, or ask another assistant".to_owned(),
            ),
            Meaning::Busy => (Class::Platform, format!("\"{name}\" cannot answer now"), busy_hint(wait)),
            Meaning::Server => (
                Class::Platform,
                format!("\"{name}\" broke off"),
                format!("the trouble is the provider's: try again in a moment; juggler assist test {name} tells when it is over"),
            ),
            Meaning::Address => (
                Class::Config,
                format!("\"{name}\" is not at this address"),
                format!("check base_url in {section}; it is mostly written like \"{}\"", config.kind.home()),
            ),
            Meaning::Other => (
                Class::Platform,
                format!("\"{name}\" does not take the question"),
                format!("check model, max_output and temperature in {section}"),
            ),
        };
        let said = key.map_or_else(|| self.message.clone(), |key| key.hide_in(&self.message));
        let said = Text::title(said.trim()).head(300);
        let status = self.status.map(|status| format!("it answered {status}"));
        let why = match (status, said.is_empty()) {
            (Some(status), true) => status,
            (Some(status), false) => format!("{status}: {said}"),
            (None, _) => said.to_string(),
        };
        Failure::new(class, what).why(why).hint(hint)
    }
}

fn key_hint(config: &AssistantConfig) -> String {
    let name = &config.name;
    let whence = match &config.key {
        KeyFrom::None => {
            return format!("it wants one: set key_cmd, key_file, key_credential or key_env in [[assistant]] \"{name}\"");
        }
        KeyFrom::Command(argv) => format!("the first line of {}", argv.first().map_or("key_cmd", String::as_str)),
        KeyFrom::File(path) => path.display().to_string(),
        KeyFrom::Credential(credential) => format!("the credential {credential}"),
        KeyFrom::Env(variable) => variable.clone(),
        KeyFrom::Given(_) => "the key".to_owned(),
    };
    format!("renew {whence}, which the key comes from; juggler assist test {name} tries it")
}

/// How many models a sentence names.
const NAMED: usize = 8;

fn model_hint(config: &AssistantConfig, model: &str, models: &[Model]) -> String {
    let name = &config.name;
    let ids = || models.iter().map(|model| model.id.as_str());
    let pull = if config.kind == AssistantKind::Ollama { format!("ollama pull {model}, or ") } else { String::new() };
    let section = format!("in [[assistant]] \"{name}\"");
    if models.is_empty() {
        return format!("{pull}write another model {section}; juggler assist models {name} lists what there is");
    }
    let listed: Vec<&str> = ids().take(NAMED).collect();
    let more = if models.len() > NAMED {
        format!(" and {} more (juggler assist models {name})", models.len() - NAMED)
    } else {
        String::new()
    };
    let one = nearest(model, ids()).unwrap_or(listed[0]);
    format!("{pull}write model = \"{one}\" {section}; it has {}{more}", listed.join(", "))
}

fn busy_hint(wait: Option<Duration>) -> String {
    match wait {
        Some(wait) => format!("it asks to wait: try again in {} s, or ask another assistant", wait.as_secs().max(1)),
        None => "try again in a minute, or ask another assistant".to_owned(),
    }
}
