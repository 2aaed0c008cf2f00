//! The assistants: their keys at rest, and whether each has its model. Nothing is asked that costs.

use super::source::key_at_rest;
use super::{Check, Health};
use std::path::Path;

use crate::assist::provider::{self, Model, program};
use crate::config::{AssistantConfig, AssistantKind, Config, ProgramConfig};
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
    if let Some(program) = &assistant.program {
        return there(name, program);
    }
    let listed = match provider::connect(assistant, Http::new(Limits::default()), Path::new("")) {
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

/// A program, and whether it can be kept in.
fn there(name: String, config: &ProgramConfig) -> Check {
    let argv0 = config.argv.first().map_or("", String::as_str);
    match (program::find(argv0), program::is_sandbox_here()) {
        (None, _) => {
            let fix = "correct argv in its [[assistant]], or install it".to_owned();
            Check::new(name, Health::Fail, format!("{argv0} is neither a file that can be run nor found in PATH"), fix)
        }
        (Some(found), true) => Check::ok(name, format!("{}, in a sandbox (bubblewrap)", found.display())),
        (Some(found), false) => {
            let fix = "install bubblewrap (the package bubblewrap, the program bwrap)".to_owned();
            Check::new(name, Health::Warn, format!("{}, not sandboxed: it can do everything that you can", found.display()), fix)
        }
    }
}

/// Ollama means `:latest` where no tag is written.
fn is(known: &Model, model: &str, kind: AssistantKind) -> bool {
    let known = known.id.as_str();
    known == model || kind == AssistantKind::Ollama && known.strip_suffix(":latest") == Some(model)
}
