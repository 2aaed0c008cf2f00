//! What several tests need.

use std::path::Path;
use std::time::Duration;

use juggler::config::{Config, Paths, ThemeChoice};

/// A configuration with everything under `dir` and no source.
pub fn config(dir: &Path) -> Config {
    Config {
        paths: Paths {
            config_file: dir.join("config.toml"),
            recipes: dir.join("platforms"),
            data: dir.join("data"),
            socket: dir.join("engine.sock"),
        },
        sources: Vec::new(),
        goal: None,
        week_starts_monday: true,
        mouse: true,
        theme: ThemeChoice::Mono,
        auto_advance: true,
        hand_limit: 5,
        keys: Vec::new(),
        idle_after: Duration::from_secs(60),
    }
}

mod ground;
mod stage;

pub use ground::{Ground, first_draft, until};
pub use stage::Stage;
