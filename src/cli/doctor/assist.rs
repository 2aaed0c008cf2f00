//! The assistants: their keys at rest, and whether each has its model. Nothing is asked that costs.

use super::source::key_at_rest;
use super::{Check, Health};
use crate::assist::provider::{self, Model};
use crate::config::{AssistantConfig, AssistantKind, Config};
use crate::net::{Http, Limits};

/// Keys and models of every assistant.
pub async fn checks(config: &Config) -> Vec<Check> {
    let mut checks = Vec::new();
    for assistant in &config.assistants {
        checks.extend(key_at_rest(format!("key of {}", assistant.name), &assistant.key));
        checks.push(model(assistant).await);
    }
    if checks.is_empty() {
        checks.push(Check::ok("assistants", "none is configured; the scaffold needs none"));
    }
    checks
}

async fn model(assistant: &AssistantConfig) -> Check {
    let name = format!("assistant {}", assistant.name);
    let listed = match provider::connect(assistant, Http::new(Limits::default())) {
        Ok(provider) => (provider.models().await, provider.host()),
        Err(failure) => return Check::failed(name, &failure),
    };
    let (models, host) = match listed {
        (Ok(models), host) => (models, host),
        (Err(failure), _) => return Check::failed(name, &failure),
    };
    let at = format!("{} at {host}", assistant.kind.word());
    let list = format!("juggler assist models {} lists what there is", assistant.name);
    match assistant.model.as_deref() {
        None => Check::new(name, Health::Fail, format!("{at}: no model is named"), list),
        Some(model) if models.iter().any(|known| is(known, model, assistant.kind)) => {
            Check::ok(name, format!("{at} has {model}"))
        }
        // Some servers take any name, and some lists are not whole: only a question tells.
        Some(model) => {
            let fix = format!("{list}; juggler assist test {} asks it", assistant.name);
            Check::new(name, Health::Warn, format!("{at} does not list {model}"), fix)
        }
    }
}

/// Ollama means `:latest` where no tag is written.
fn is(known: &Model, model: &str, kind: AssistantKind) -> bool {
    let known = known.id.as_str();
    known == model || kind == AssistantKind::Ollama && known.strip_suffix(":latest") == Some(model)
}
