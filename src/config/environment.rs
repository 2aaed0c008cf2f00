//! The environment variables that count, read once. Tests hand in their own.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// A snapshot of the environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    vars: BTreeMap<String, String>,
}

/// The variables the program reads; nothing else of the environment is kept.
const READ: [&str; 11] = [
    "HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
    "JUGGLER_CONFIG",
    "JUGGLER_DATA_DIR",
    "JUGGLER_THEME",
    "JUGGLER_MOUSE",
    "JUGGLER_GOAL_DAY",
    "NO_COLOR",
    "ACCESSIBLE",
];

impl Environment {
    /// The environment of this process. A value that is not UTF-8 counts as not set.
    pub fn of_process() -> Environment {
        READ.iter().filter_map(|name| Some((*name, std::env::var(name).ok()?))).collect()
    }

    /// A variable; an empty one counts as not set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.vars.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A variable as an absolute path; the XDG specification says that relative ones are to be ignored.
    pub fn absolute(&self, name: &str) -> Option<PathBuf> {
        self.get(name).map(PathBuf::from).filter(|path| path.is_absolute())
    }
}

impl<'a> FromIterator<(&'a str, String)> for Environment {
    fn from_iter<I: IntoIterator<Item = (&'a str, String)>>(vars: I) -> Self {
        Environment { vars: vars.into_iter().map(|(name, value)| (name.to_owned(), value)).collect() }
    }
}
