//! What several tests need.

use std::path::Path;

use juggler::config::{Config, Paths, ThemeChoice};

/// A configuration with everything under `dir` and no source.
pub fn config(dir: &Path) -> Config {
    let paths = Paths {
        config_file: dir.join("config.toml"),
        recipes: dir.join("platforms"),
        prompts: dir.join("prompts"),
        data: dir.join("data"),
        socket: dir.join("engine.sock"),
    };
    Config { theme: ThemeChoice::Mono, ..Config::defaults(paths) }
}

#[allow(dead_code, reason = "the suite in the terminal hunts with it")]
pub mod canary;
pub mod easel;
pub mod feed;
mod ground;
mod stage;
pub mod watched;

pub use ground::{Doomed, Ground, first_draft, until};
pub use stage::{PATIENCE, Stage};
