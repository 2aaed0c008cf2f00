//! From "where the key is" to the key. Nothing here ever repeats what it read.

use std::io::Read;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::child::{self, Limits, Sees};
use crate::config::children::CREDENTIALS;
use crate::config::{KeyFrom, Secret};
use crate::error::{Class, Failure, Result};

/// A program that fetches a key may take so long (a passphrase may have to be typed into another window).
const COMMAND_LIMIT: Duration = Duration::from_secs(30);
/// No key is longer.
const KEY_BYTES: u64 = 64 << 10;

/// A key, and what should be said about how it is kept.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key.
    pub secret: Secret,
    /// A sentence of warning.
    pub warning: Option<String>,
}

/// Fetches the key; `None` when none is needed. Errors are of class sign-in or config and never hold what was read.
pub async fn resolve(from: &KeyFrom) -> Result<Option<Key>> {
    let key = match from {
        KeyFrom::None => return Ok(None),
        KeyFrom::Given(secret) => Key { secret: secret.clone(), warning: None },
        KeyFrom::Env(name) => from_env(name)?,
        KeyFrom::Command(argv) => Key { secret: from_command(argv, COMMAND_LIMIT).await?, warning: None },
        KeyFrom::File(_) | KeyFrom::Credential(_) => {
            let from = from.clone();
            let read = tokio::task::spawn_blocking(move || match &from {
                KeyFrom::Credential(name) => from_credential(name, std::env::var_os(CREDENTIALS).map(PathBuf::from).as_deref()),
                KeyFrom::File(path) => from_file(path, Guard::Owner),
                _ => Err(Failure::new(Class::Internal, "this key is in no file")),
            })
            .await;
            let secret = read.unwrap_or_else(|_| Err(Failure::new(Class::Internal, "reading the key file was cut short")))?;
            Key { secret, warning: None }
        }
    };
    Ok(Some(key))
}

/// The first line, without blanks around it; refused when nothing or something unprintable is left.
fn first_line(raw: &[u8], whence: &str) -> Result<Secret> {
    let text = std::str::from_utf8(raw).unwrap_or_default();
    let line = text.lines().next().unwrap_or_default().trim();
    if line.is_empty() {
        return Err(
            Failure::new(Class::SignIn, format!("no key came from {whence}")).why("its first line is empty or is not text")
        );
    }
    if line.chars().any(char::is_control) {
        return Err(
            Failure::new(Class::SignIn, format!("the key from {whence} cannot be used")).why("it holds control characters")
        );
    }
    Ok(Secret::new(line.to_owned()))
}

fn from_env(name: &str) -> Result<Key> {
    let whence = format!("the environment variable {name}");
    let value = std::env::var_os(name).ok_or_else(|| {
        Failure::new(Class::SignIn, format!("{whence} is not set")).hint(format!("export {name}=… or keep the key in a file"))
    })?;
    let secret = first_line(value.as_encoded_bytes(), &whence)?;
    let warning =
        format!("the key is in {whence}, where every program you start can read it; a command or a 0600 file keeps it better");
    Ok(Key { secret, warning: Some(warning) })
}

/// Who may be able to read a file with a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guard {
    /// Its owner, who is us.
    Owner,
    /// The service manager gave it: its owner may be root, and its mode shows an access list where others see a group.
    Service,
}

/// The credential `name` in the folder that systemd made for this service. Source: `systemd.exec(5)`, `LoadCredential=`.
fn from_credential(name: &str, folder: Option<&Path>) -> Result<Secret> {
    if name.is_empty() || name.contains('/') || name.starts_with('.') {
        return Err(Failure::new(Class::Config, format!("\"{name}\" names no credential"))
            .why("it is the name of a file in $CREDENTIALS_DIRECTORY")
            .hint("write key_credential = \"NAME\", and LoadCredential=NAME:FILE in the service's unit"));
    }
    let Some(folder) = folder else {
        return Err(Failure::new(Class::SignIn, format!("the credential {name} is not here"))
            .why("CREDENTIALS_DIRECTORY is not set: this process is not the service")
            .hint("run juggler daemon as a service with LoadCredential=, or name a key_file"));
    };
    from_file(&folder.join(name), Guard::Service)
}

fn from_file(path: &Path, guard: Guard) -> Result<Secret> {
    let shown = path.display();
    let fail = |why: &dyn std::fmt::Display| Failure::new(Class::SignIn, format!("the key file {shown} cannot be read")).why(why);
    // Without O_NONBLOCK a named pipe would hold us for ever; facts come from the open file, so nobody can swap it in between.
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::CLOEXEC;
    let mut file = std::fs::OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
        .map_err(|error| fail(&error).hint("write the key into that file, then chmod 600 it"))?;
    let facts = file.metadata().map_err(|error| fail(&error))?;
    if !facts.is_file() {
        return Err(fail(&"it is not an ordinary file"));
    }
    let given = guard == Guard::Service;
    if facts.uid() != rustix::process::geteuid().as_raw() && !(given && facts.uid() == 0) {
        let typed = quoted(path);
        return Err(fail(&"it belongs to another user").hint(format!("sudo chown \"$USER\" {typed} && chmod 600 {typed}")));
    }
    let loose = if given { 0o027 } else { 0o077 };
    if facts.mode() & loose != 0 {
        let why = format!("others may read or write it (mode {:03o})", facts.mode() & 0o777);
        return Err(fail(&why).hint(format!("chmod 600 {}", quoted(path))));
    }
    let mut raw = zeroize::Zeroizing::new(Vec::new());
    file.by_ref().take(KEY_BYTES).read_to_end(&mut raw).map_err(|error| fail(&error))?;
    first_line(&raw, &format!("the file {shown}"))
}

/// As it can be typed into a shell.
fn quoted(path: &Path) -> String {
    shell_words::quote(&path.to_string_lossy()).into_owned()
}

/// Runs `argv` without a shell, in a process group of its own, and takes the first line it prints.
async fn from_command(argv: &[String], limit: Duration) -> Result<Secret> {
    let Some(program) = argv.first() else {
        return Err(Failure::new(Class::Config, "the key command is empty")
            .hint("write it as a list: [\"pass\", \"show\", \"site/key\"]"));
    };
    let fail = |why: &dyn std::fmt::Display| {
        Failure::new(Class::SignIn, format!("the key command {program} gave no key"))
            .why(why)
            .hint("run the command by hand; its first line must be the key")
    };
    let limits = Limits { time: limit, output: KEY_BYTES as usize };
    let ran = child::run(argv, Sees::AllButKeys, None, limits).await.map_err(|why| fail(&why))?;
    if !ran.status.success() {
        return Err(fail(&format!("it ended with {}", ran.status)));
    }
    first_line(&ran.out, &format!("the command {program}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_command_that_hangs_is_stopped() {
        let argv: Vec<String> = ["sh", "-c", "sleep 600 & sleep 600"].map(String::from).into();
        let failure = from_command(&argv, Duration::from_millis(200)).await.unwrap_err();
        assert!(failure.why.contains("did not end"), "{failure:?}");
    }
}
