//! What programs that we start do not get to see: the variables of the environment that hold keys.
//!
//! The environment belongs to the process, so the list does as well: every configuration that is read adds its names.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use super::{Config, KeyFrom};

static NAMES: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Where systemd puts the credentials of a service; they are ours, not those of what we start.
pub const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

impl Config {
    /// From now on no program that is started gets the variables that this configuration's keys are in.
    pub(super) fn hide_keys(&self) {
        let webhook = self.alert.webhook.iter().map(|webhook| &webhook.key);
        for key in self.sources.iter().map(|source| &source.key).chain(webhook) {
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
