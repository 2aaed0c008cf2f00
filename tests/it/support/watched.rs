//! A config file in a folder, as a program reads it that is started there: for tests that change the file meanwhile.

use std::path::Path;

use juggler::config::{Config, Environment, Overrides};

/// `config.toml` of `dir`, with everything that is kept under it.
pub fn load(dir: &Path) -> Config {
    let flags = Overrides { config: Some(dir.join("config.toml")), data_dir: Some(dir.join("data")), ..Overrides::default() };
    let env = [("HOME", dir.display().to_string())].into_iter().collect::<Environment>();
    Config::load_with(&flags, &env).unwrap()
}

/// The lines of a source, and its inbox with one job.
pub fn inbox(dir: &Path, name: &str) -> String {
    std::fs::write(dir.join(format!("{name}.jsonl")), format!("{{\"id\":\"1\",\"title\":\"a job of {name}\"}}\n")).unwrap();
    format!("[[source]]\nname = \"{name}\"\nadapter = \"inbox\"\npath = \"{name}.jsonl\"\npoll_every = \"1h\"\n")
}
