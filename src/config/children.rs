//! What programs that we start do not get to see: the variables of the environment that hold keys.
//!
//! The environment belongs to the process, so the list does as well: every configuration that is read adds its names.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use super::{Config, KeyFrom};

static NAMES: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Where systemd puts the credentials of a service; they are ours, not those of what we start.
pub const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// Variables that go along to programs that are handed other people's words. Everything else stays here: a key may be in any of them.
const KEPT: [&str; 17] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "LANGUAGE",
    "TZ",
    "TERM",
    "TMPDIR",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XDG_RUNTIME_DIR",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "DBUS_SESSION_BUS_ADDRESS",
    "TMUX",
];

impl Config {
    /// From now on no program that is started gets the variables that this configuration's keys are in.
    pub(super) fn hide_keys(&self) {
        let webhook = self.alert.webhook.iter().map(|webhook| &webhook.key);
        let assistants = self.assistants.iter().map(|assistant| &assistant.key);
        for key in self.sources.iter().map(|source| &source.key).chain(webhook).chain(assistants) {
            if let KeyFrom::Env(name) = key {
                NAMES.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone());
            }
        }
    }
}

/// The environment of `command` without keys. Everything else goes along: editors, `pass`, `gpg` and `ssh` live on it.
pub fn without_keys(command: &mut Command) -> &mut Command {
    for name in NAMES.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        command.env_remove(name);
    }
    command.env_remove(CREDENTIALS)
}

/// The variables of this process that a program gets which is handed other people's words: none that could hold a key.
pub fn harmless() -> impl Iterator<Item = (OsString, OsString)> {
    let locale = std::env::vars_os().filter(|(key, _)| key.to_str().is_some_and(|key| key.starts_with("LC_")));
    KEPT.iter().filter_map(|key| Some(((*key).into(), std::env::var_os(key)?))).chain(locale)
}
