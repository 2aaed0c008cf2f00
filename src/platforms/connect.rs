//! From a configured source to the adapter that serves it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::Platform;
use super::board::{Board, Patience, recipe::load_recipe};
use super::inbox::{Inbox, POLL_EVERY};
use crate::config::{Adapter, SourceConfig};
use crate::error::{Class, Failure, Result};

/// The path of a source that is an inbox.
fn inbox(source: &SourceConfig) -> Result<Option<&Path>> {
    match (source.adapter, &source.path) {
        (Adapter::Board, _) => Ok(None),
        (Adapter::Inbox, Some(path)) => Ok(Some(path)),
        (Adapter::Inbox, None) => Err(Failure::new(Class::Config, format!("the inbox {} has no path", source.name))
            .hint(format!("add path = \"~/jobs.jsonl\" to the [[source]] called {}", source.name))),
    }
}

/// Loads the source's recipe and binds it. Sends nothing and reads no key: that happens with the first call. Errors: class config.
pub fn connect(source: &SourceConfig, recipes_dir: &Path) -> Result<Arc<dyn Platform>> {
    connect_with(source, recipes_dir, Patience::default())
}

/// [`connect`] with other time-outs.
pub fn connect_with(source: &SourceConfig, recipes_dir: &Path, patience: Patience) -> Result<Arc<dyn Platform>> {
    if let Some(path) = inbox(source)? {
        return Ok(Arc::new(Inbox::new(source.name.clone(), path)));
    }
    let recipe = load_recipe(&source.recipe, recipes_dir)?;
    Ok(Arc::new(Board::new(source, recipe, patience)?))
}

/// How often a source is polled: as configured, else as its recipe says.
pub fn poll_every(source: &SourceConfig, recipes_dir: &Path) -> Result<Duration> {
    match source.poll_every {
        Some(every) => Ok(every),
        None if source.adapter == Adapter::Inbox => Ok(Duration::from_secs(POLL_EVERY)),
        None => Ok(Duration::from_secs(load_recipe(&source.recipe, recipes_dir)?.defaults.poll_every.max(1))),
    }
}
