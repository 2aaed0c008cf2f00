//! Where things are: XDG folders, the data folder's permissions, and a socket path short enough for the kernel.

use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{Environment, Overrides, Paths};
use crate::error::{Class, Failure, Result};

/// `sun_path` holds 108 bytes, the last of which is NUL.
const SOCKET_PATH_MAX: usize = 107;

impl Paths {
    /// The folder that the store alone writes to.
    pub fn store(&self) -> PathBuf {
        self.data.join("store")
    }

    /// The paths for these flags and the environment of this process.
    pub fn of_process(flags: &Overrides) -> Result<Paths> {
        Paths::resolve(flags, &Environment::of_process())
    }

    /// Flags before environment before XDG before `$HOME`. Reads the file system, changes nothing.
    pub fn resolve(flags: &Overrides, env: &Environment) -> Result<Paths> {
        let home = || {
            env.absolute("HOME").or_else(|| etcetera::home_dir().ok()).ok_or_else(|| {
                Failure::new(Class::Config, "the home folder is not known")
                    .why("neither HOME nor XDG_CONFIG_HOME and XDG_DATA_HOME are set")
                    .hint("set HOME, or pass --config and --data-dir")
            })
        };
        let config_file = match flags.config.clone().or_else(|| env.get("JUGGLER_CONFIG").map(PathBuf::from)) {
            Some(file) => absolute(&file)?,
            None => match env.absolute("XDG_CONFIG_HOME") {
                Some(base) => base.join("juggler/config.toml"),
                None => home()?.join(".config/juggler/config.toml"),
            },
        };
        let data = match flags.data_dir.clone().or_else(|| env.get("JUGGLER_DATA_DIR").map(PathBuf::from)) {
            Some(dir) => absolute(&dir)?,
            None => match env.absolute("XDG_DATA_HOME") {
                Some(base) => base.join("juggler"),
                None => home()?.join(".local/share/juggler"),
            },
        };
        Ok(Paths::at(config_file, data, env.absolute("XDG_RUNTIME_DIR").as_deref()))
    }

    /// Paths for a config file and a data folder, with the socket where it fits.
    pub fn at(config_file: PathBuf, data: PathBuf, runtime: Option<&Path>) -> Paths {
        let beside = config_file.parent().unwrap_or(Path::new("/"));
        let (recipes, prompts) = (beside.join("platforms"), beside.join("prompts"));
        let socket = socket_for(&data, runtime);
        Paths { config_file, recipes, prompts, data, socket }
    }

    /// Everywhere an engine on this data may listen, the likeliest first: one that a service manager or another login started may
    /// see another environment than this process.
    pub fn sockets(&self) -> Vec<PathBuf> {
        let runtime = PathBuf::from(format!("/run/user/{}", rustix::process::geteuid().as_raw()));
        let mut all = vec![self.socket.clone()];
        for path in [socket_for(&self.data, Some(&runtime)), socket_for(&self.data, None)] {
            if !all.contains(&path) {
                all.push(path);
            }
        }
        all
    }

    /// Makes the data folder and the socket's folder, both for their owner only.
    ///
    /// # Errors
    /// `Store` when a folder cannot be made or belongs to somebody else.
    pub fn prepare(&self) -> Result<()> {
        private_dir(&self.data)?;
        no_strangers(&self.data, 2)?;
        match self.socket.parent() {
            Some(dir) if dir != self.data => private_dir(dir),
            _ => Ok(()),
        }
    }

    /// Where log files go.
    pub fn logs(&self) -> PathBuf {
        self.data.join("logs")
    }
}

/// Makes `dir` (0700) or takes one that exists and is ours.
fn private_dir(dir: &Path) -> Result<()> {
    let shown = dir.display();
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(|error| {
        Failure::new(Class::Store, format!("the folder {shown} cannot be made"))
            .why(error)
            .hint("choose another one with --data-dir, or free some space")
    })?;
    let unread = |error| Failure::new(Class::Store, format!("the folder {shown} cannot be read")).why(error);
    let link = std::fs::symlink_metadata(dir).map_err(unread)?;
    let meta = std::fs::metadata(dir).map_err(unread)?;
    // A link that somebody else planted may lead to a folder of ours that others can write into.
    let planted = Some(&link).filter(|link| !is_mine(link) && link.uid() != 0);
    if let Some(theirs) = planted.or(Some(&meta).filter(|meta| !is_mine(meta))) {
        return Err(Failure::new(Class::Store, format!("the folder {shown} belongs to somebody else"))
            .why(format!("its owner is user {}", theirs.uid()))
            .hint("choose another one with --data-dir"));
    }
    if meta.permissions().mode() & 0o077 != 0 {
        std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700)).map_err(|error| {
            Failure::new(Class::Store, format!("the folder {shown} can be read by others"))
                .why(error)
                .hint(format!("chmod 700 {shown}"))
        })?;
    }
    Ok(())
}

/// Nobody else put anything into `dir`, down to `depth`: a folder that was once open to all may hold links that lead elsewhere.
fn no_strangers(dir: &Path, depth: usize) -> Result<()> {
    let unread = |error| Failure::new(Class::Store, format!("the folder {} cannot be read", dir.display())).why(error);
    for entry in std::fs::read_dir(dir).map_err(unread)?.flatten() {
        // What goes meanwhile is nobody's.
        let Ok(meta) = entry.metadata() else { continue };
        let path = entry.path();
        if !is_mine(&meta) && meta.uid() != 0 {
            let typed = path.to_string_lossy();
            return Err(Failure::new(Class::Store, format!("somebody else put {} into the data folder", path.display()))
                .why(format!("its owner is user {}; it may lead what is written to another place", meta.uid()))
                .hint(format!("look at it, then: rm -r {}", shell_words::quote(&typed))));
        }
        if meta.is_dir() && depth > 1 {
            no_strangers(&path, depth - 1)?;
        }
    }
    Ok(())
}

fn is_mine(meta: &std::fs::Metadata) -> bool {
    meta.uid() == rustix::process::geteuid().as_raw()
}

fn socket_for(data: &Path, runtime: Option<&Path>) -> PathBuf {
    let digest = Sha256::digest(canonical(data).as_os_str().as_encoded_bytes());
    let name = format!("{:.16}.sock", format!("{digest:x}"));
    let fits = |path: &PathBuf| path.as_os_str().len() <= SOCKET_PATH_MAX;
    let ours = |dir: &&Path| std::fs::metadata(dir).is_ok_and(|meta| meta.is_dir() && is_mine(&meta));
    runtime
        .filter(ours)
        .map(|dir| dir.join("juggler").join(&name))
        .filter(fits)
        .or_else(|| Some(data.join("engine.sock")).filter(fits))
        .unwrap_or_else(|| PathBuf::from(format!("/tmp/juggler-{}", rustix::process::geteuid().as_raw())).join(&name))
}

/// The same name for the same folder, whether it exists yet or not: links of the part that exists are followed.
fn canonical(path: &Path) -> PathBuf {
    let mut rest = Vec::new();
    for base in path.ancestors() {
        if let Ok(found) = base.canonicalize() {
            return rest.iter().rev().fold(found, |at, part| at.join(part));
        }
        rest.extend(base.file_name());
    }
    path.to_owned()
}

fn absolute(path: &Path) -> Result<PathBuf> {
    let full = std::path::absolute(path)
        .map_err(|error| Failure::new(Class::Usage, format!("\"{}\" is not a path", path.display())).why(error))?;
    // `..` is left in by the standard library, since links may make it mean something else; nothing here needs that.
    Ok(full.components().fold(PathBuf::new(), |mut out, part| {
        if part == Component::ParentDir {
            out.pop();
        } else {
            out.push(part);
        }
        out
    }))
}
