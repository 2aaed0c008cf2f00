//! Arguments of `juggler sources`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Subcommand;

use crate::config::{KeyFrom, SourceConfig, span};
use crate::domain::SourceName;

/// `juggler sources …`
#[derive(Clone, Debug, Subcommand)]
pub enum SourcesCommand {
    /// How each source is
    List,
    /// Ask the sources now
    Poll {
        /// Only this one
        name: Option<String>,
    },
    /// Ask one source and show the jobs as they are understood, or the field that could not be
    Test {
        /// Which one
        name: String,
    },
    /// Add a source to the config file; comments stay as they are
    Add(AddArgs),
}

/// `juggler sources add`
#[derive(Clone, Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("key").multiple(false))]
pub struct AddArgs {
    /// Its name: letters, digits, - and _
    pub name: String,
    /// A built-in recipe, or a file in the platforms folder beside the config file
    #[arg(long, value_name = "RECIPE", required_unless_present = "inbox")]
    pub recipe: Option<String>,
    /// No platform: a file of JSON Lines, or a folder of them, that your own scripts write jobs to
    #[arg(long, value_name = "PATH", conflicts_with_all = ["recipe", "base_url", "key_cmd", "key_file", "key_credential", "key_env"])]
    pub inbox: Option<PathBuf>,
    /// Replaces the recipe's base URL
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// A program that prints the key, with its arguments; put it last
    #[arg(long, value_name = "ARG", num_args = 1.., allow_hyphen_values = true, group = "key")]
    pub key_cmd: Option<Vec<String>>,
    /// A file with the key in its first line, readable only by you
    #[arg(long, value_name = "FILE", group = "key")]
    pub key_file: Option<PathBuf>,
    /// A credential that systemd gives the service (`LoadCredential=NAME:FILE` in its unit)
    #[arg(long, value_name = "NAME", group = "key")]
    pub key_credential: Option<String>,
    /// An environment variable with the key (other programs of yours can read it)
    #[arg(long, value_name = "NAME", group = "key")]
    pub key_env: Option<String>,
    /// How often to poll it
    #[arg(long, value_name = "TIME", value_parser = span::parse)]
    pub poll_every: Option<Duration>,
}

impl AddArgs {
    /// The source as configured. A relative key file or inbox is taken from the current folder.
    pub fn source(self) -> SourceConfig {
        let key = match (self.key_cmd, self.key_file, self.key_credential, self.key_env) {
            (Some(argv), ..) => KeyFrom::Command(argv),
            (_, Some(file), ..) => KeyFrom::File(std::path::absolute(&file).unwrap_or(file)),
            (.., Some(name), _) => KeyFrom::Credential(name),
            (.., Some(name)) => KeyFrom::Env(name),
            _ => KeyFrom::None,
        };
        let name = SourceName::new(&self.name);
        let source = match self.inbox {
            Some(path) => SourceConfig::inbox(name, std::path::absolute(&path).unwrap_or(path)),
            None => SourceConfig::of(name, &self.recipe.unwrap_or_default()),
        };
        SourceConfig { base_url: self.base_url, key, poll_every: self.poll_every, ..source }
    }
}
