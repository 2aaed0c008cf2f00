//! Where a configuration was read from, so that it can be read again while the program runs.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::{Config, Environment, Overrides};
use crate::error::{Class, Failure, Result};

/// Where a configuration came from; nowhere, when no file was to be read.
#[derive(Clone, Debug, Default)]
pub struct Origin(Option<Reading>);

/// Flags, environment and the state of the file at the time of reading.
#[derive(Clone, Debug)]
struct Reading {
    flags: Overrides,
    env: Environment,
    /// The file as it was; `None` when there was none.
    stamp: Option<Stamp>,
}

impl Origin {
    /// The file that these lead to, as it is now.
    pub(super) fn of(flags: &Overrides, env: &Environment, file: &Path) -> Origin {
        Origin(Some(Reading { flags: flags.clone(), env: env.clone(), stamp: Stamp::of(file) }))
    }

    /// Whether there is a file to be read again.
    pub fn is_a_file(&self) -> bool {
        self.0.is_some()
    }

    /// The file as it was when it was read.
    pub(super) fn stamp(&self) -> Option<Stamp> {
        self.0.as_ref().and_then(|reading| reading.stamp)
    }
}

/// Where it came from is no part of what it says.
impl PartialEq for Origin {
    fn eq(&self, _: &Origin) -> bool {
        true
    }
}

/// What changes with a file: another one in its place, or other bytes in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    /// The file as it is now, links followed; `None` where there is none.
    pub fn of(file: &Path) -> Option<Stamp> {
        let meta = std::fs::metadata(file).ok()?;
        Some(Stamp {
            device: meta.dev(),
            inode: meta.ino(),
            size: meta.len(),
            modified: (meta.mtime(), meta.mtime_nsec()),
            changed: (meta.ctime(), meta.ctime_nsec()),
        })
    }
}

impl Config {
    /// Reads the file again, with the flags and the environment of the first time.
    ///
    /// # Errors
    /// `Config` with the place when something is wrong with the file, or when it is gone; `Refused` when no file was read in the
    /// first place.
    pub fn again(&self) -> Result<Config> {
        let Some(origin) = &self.origin.0 else {
            return Err(Failure::new(Class::Refused, "this session has no config file")
                .why("it works on a profile of its own")
                .hint("juggler without demo reads one"));
        };
        let file = &self.paths.config_file;
        if origin.stamp.is_some() && Stamp::of(file).is_none() {
            return Err(Failure::new(Class::Config, format!("the config file {} is gone", file.display()))
                .why("what it said last still holds")
                .hint("put it back, or quit and start again to go on without it"));
        }
        Config::load_with(&origin.flags, &origin.env)
    }
}
