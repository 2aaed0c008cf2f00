//! A trial of a painter that paints nothing and costs nothing: is it there, does it take the key, has it the model?

use std::time::Instant;

use serde::Serialize;

use super::Painter;
use crate::assist::provider::Model;
use crate::config::nearest;
use crate::error::{Class, Failure, Result};

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Probe {
    /// The assistant's name.
    pub assistant: String,
    /// Its kind.
    pub kind: &'static str,
    /// `host:port`.
    pub host: String,
    /// Milliseconds to its list of models.
    pub took_ms: u64,
    /// The models it has.
    pub models: Vec<Model>,
    /// The one in the config.
    pub model: Option<String>,
    /// What should be said about how the key is kept.
    pub warning: Option<String>,
}

/// Asks for the models.
///
/// # Errors
/// It cannot be reached, or says no.
pub async fn probe(painter: &dyn Painter) -> Result<Probe> {
    let config = painter.config();
    let begin = Instant::now();
    let models = painter.models().await?;
    Ok(Probe {
        assistant: config.name.clone(),
        kind: config.kind.word(),
        host: painter.host(),
        took_ms: u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX),
        models,
        model: config.model.clone(),
        warning: painter.warning(),
    })
}

impl Probe {
    /// The model in the config is not among those it has.
    pub fn failure(&self) -> Option<Failure> {
        let model = self.model.as_deref()?;
        let ids = || self.models.iter().map(|model| model.id.as_str());
        // WebUI takes a title with its hash or without.
        if self.models.is_empty() || ids().any(|id| id == model || id.starts_with(&format!("{model} ["))) {
            return None;
        }
        let hint = match nearest(model, ids()) {
            Some(meant) => format!("write model = \"{meant}\" in [[assistant]] \"{}\"", self.assistant),
            None => format!("it has {}", ids().take(8).collect::<Vec<_>>().join(", ")),
        };
        let what = format!("\"{}\" has no model \"{model}\", or has it no longer", self.assistant);
        Some(Failure::new(Class::Config, what).why("it is not in the provider's list").hint(hint))
    }
}
