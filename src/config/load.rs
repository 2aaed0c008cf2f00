//! Reads the file and puts everything together: defaults < file < environment < flags.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::origin::Origin;
use super::problem::Problem;
use super::{Config, Environment, KeyFrom, Overrides, Paths, Secret, SourceConfig, file, guard};
use crate::domain::SourceName;
use crate::error::{Class, Failure, Result};

/// No config file is larger than this.
const FILE_MAX: u64 = 1 << 20;

impl Config {
    /// The configuration for these flags and the environment of this process.
    ///
    /// # Errors
    /// `Config` with file, line, column, key path and the nearest known key when something is wrong with the file.
    pub fn load(flags: &Overrides) -> Result<Config> {
        Config::load_with(flags, &Environment::of_process())
    }

    /// The same for an environment handed in.
    pub fn load_with(flags: &Overrides, env: &Environment) -> Result<Config> {
        let named = flags.config.is_some() || env.get("JUGGLER_CONFIG").is_some();
        Config::read_with(flags, env, named)
    }

    fn read_with(flags: &Overrides, env: &Environment, must_be_there: bool) -> Result<Config> {
        let paths = Paths::resolve(flags, env)?;
        let file = paths.config_file.clone();
        let mut config = Config::defaults(paths);
        // What changes while it is read is seen as a change later.
        config.origin = Origin::of(flags, env, &file);
        let Some(text) = read(&file, must_be_there)? else {
            config.take_environment(flags, env)?;
            return Ok(config);
        };
        let problems = config.take_text(&text, env);
        if config.alert.webhook.as_ref().is_some_and(|webhook| webhook.is_secret()) {
            guard::for_owner_only(&file, "the webhook's address in it is a key by itself")?;
        }
        if let Some(first) = problems.first() {
            return Err(first.failure(&file, problems.len() - 1));
        }
        config.take_environment(flags, env)?;
        config.hide_keys();
        Ok(config)
    }

    /// The configuration for what writes to the file: one that was named and is not there yet is an empty one.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn load_or_new(flags: &Overrides) -> Result<Config> {
        Config::read_with(flags, &Environment::of_process(), false)
    }

    /// Everything that is wrong with the file; empty when it is right or not there.
    pub fn problems(flags: &Overrides, env: &Environment) -> Result<(PathBuf, bool, Vec<Problem>)> {
        let paths = Paths::resolve(flags, env)?;
        let named = flags.config.is_some() || env.get("JUGGLER_CONFIG").is_some();
        let file = paths.config_file.clone();
        let mut config = Config::defaults(paths);
        match read(&file, named)? {
            None => Ok((file, false, Vec::new())),
            Some(text) => {
                let problems = config.take_text(&text, env);
                Ok((file, true, problems))
            }
        }
    }

    fn take_text(&mut self, text: &str, env: &Environment) -> Vec<Problem> {
        match file::read(text) {
            Ok((raw, spots)) => self.take(raw, &spots, env.absolute("HOME").as_deref()),
            Err(problems) => problems,
        }
    }

    /// Takes the environment's and the flags' wishes in that are not about files or folders.
    ///
    /// # Errors
    /// `Config` when a variable cannot be understood.
    pub fn take_wishes(&mut self, flags: &Overrides) -> Result<()> {
        self.take_environment(flags, &Environment::of_process())
    }

    /// A profile of its own on a practice market of this process: no file is read, and the key never leaves memory.
    pub fn demo(profile: &Path, base_url: &str, key: Secret) -> Config {
        let runtime = Environment::of_process().absolute("XDG_RUNTIME_DIR");
        let paths = Paths::at(profile.join("config.toml"), profile.to_owned(), runtime.as_deref());
        let mut config = Config::defaults(paths);
        config.sources.push(SourceConfig {
            base_url: Some(base_url.trim_end_matches('/').to_owned()),
            key: KeyFrom::Given(key),
            poll_every: Some(Duration::from_secs(2)),
            ..SourceConfig::of(SourceName::new("practice"), "practice")
        });
        config
    }
}

/// The file's text; `None` when there is none and there need not be one.
pub(super) fn read(file: &Path, must_be_there: bool) -> Result<Option<String>> {
    let shown = file.display();
    let opened = match std::fs::File::open(file) {
        Ok(opened) => opened,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !must_be_there => return Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Failure::new(Class::Config, format!("there is no config file {shown}"))
                .why("it was named by --config or JUGGLER_CONFIG")
                .hint("name one that exists, leave it out, or let juggler sources add make it"));
        }
        Err(error) => {
            return Err(Failure::new(Class::Config, format!("the config file {shown} cannot be read"))
                .why(error)
                .hint("check its permissions, or name another one with --config"));
        }
    };
    let mut bytes = Vec::new();
    opened.take(FILE_MAX + 1).read_to_end(&mut bytes).map_err(|error| {
        Failure::new(Class::Config, format!("the config file {shown} cannot be read"))
            .why(error)
            .hint("name a regular file with --config")
    })?;
    if bytes.len() as u64 > FILE_MAX {
        return Err(Failure::new(Class::Config, format!("the config file {shown} is too large"))
            .why("it is larger than 1 MiB")
            .hint("is it the right file? juggler config path prints its name"));
    }
    String::from_utf8(bytes).map(Some).map_err(|error| {
        Failure::new(Class::Config, format!("the config file {shown} is not text"))
            .why(format!("byte {} is not UTF-8", error.utf8_error().valid_up_to()))
            .hint("save it as UTF-8")
    })
}
