//! From a configured source to the adapter that serves it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::Platform;
use super::board::{Board, Patience, recipe::load_recipe};
use crate::config::SourceConfig;
use crate::error::Result;

/// Loads the source's recipe and binds it. Sends nothing and reads no key: that happens with the first call. Errors: class config.
pub fn connect(source: &SourceConfig, recipes_dir: &Path) -> Result<Arc<dyn Platform>> {
    connect_with(source, recipes_dir, Patience::default())
}

/// [`connect`] with other time-outs.
pub fn connect_with(source: &SourceConfig, recipes_dir: &Path, patience: Patience) -> Result<Arc<dyn Platform>> {
    let recipe = load_recipe(&source.recipe, recipes_dir)?;
    Ok(Arc::new(Board::new(source, recipe, patience)?))
}

/// How often a source is polled: as configured, else as its recipe says.
pub fn poll_every(source: &SourceConfig, recipes_dir: &Path) -> Result<Duration> {
    match source.poll_every {
        Some(every) => Ok(every),
        None => Ok(Duration::from_secs(load_recipe(&source.recipe, recipes_dir)?.defaults.poll_every.max(1))),
    }
}
