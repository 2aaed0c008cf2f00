//! What a program may see and reach: with bubblewrap little, without it everything that the person may.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;

use sha2::{Digest, Sha256};
use tokio::process::Command;

use super::folder::Folder;
use crate::config::ProgramConfig;
use crate::config::children;
use crate::domain::Text;

/// Read-only in the sandbox, as far as they are there: what programs are made of.
const SYSTEM: [&str; 11] =
    ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc", "/opt", "/nix", "/run/systemd/resolve", "/run/current-system"];
/// Of the harmless variables those that lead to sockets, or to somebody's folders, stay here as well.
const KEPT: [&str; 8] = ["PATH", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TERM"];

/// Programs can be kept in a sandbox here: bubblewrap is installed, and this machine lets it work. Blocks the first time.
pub fn is_here() -> bool {
    static HERE: OnceLock<bool> = OnceLock::new();
    *HERE.get_or_init(|| {
        let Some(bwrap) = find("bwrap") else { return false };
        let mut try_it = std::process::Command::new(bwrap);
        try_it.args(["--die-with-parent", "--unshare-user", "--unshare-pid", "--ro-bind", "/", "/", "--proc", "/proc", "true"]);
        try_it.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        try_it.status().is_ok_and(|status| status.success())
    })
}

/// What the program of an assistant may do, one sentence each, for the person to agree to.
pub fn powers(program: &ProgramConfig, sandboxed: bool) -> Vec<Text> {
    let mut lines = vec![format!("It runs: {}", shell_words::join(&program.argv))];
    lines.push("The brief is on its standard input, and whoever wrote the brief may try to talk it into things.".to_owned());
    let home = program.home.as_ref().map(|home| home.display().to_string());
    match sandboxed {
        true => {
            let network = if program.network { "the network" } else { "no network" };
            let home = home.map_or_else(|| "an empty home".to_owned(), |home| format!("{home} as its home, which it can change"));
            lines.push(format!(
                "A sandbox (bubblewrap) holds it: it has a folder of its own, {home}, {network}, and reads the system's programs."
            ));
            if !program.read.is_empty() {
                let read: Vec<String> = program.read.iter().map(|path| path.display().to_string()).collect();
                lines.push(format!("It can read {} as well.", read.join(", ")));
            }
        }
        false => {
            lines.push(
                "NOT SANDBOXED: it can do everything that you can, read your files, change them, send them away. Installing bubblewrap \
                 keeps it in."
                    .to_owned(),
            );
            lines.push(home.map_or_else(
                || "Its home is an empty folder; that keeps nothing from it.".to_owned(),
                |home| format!("Its home is {home}."),
            ));
        }
    }
    if !program.pass_env.is_empty() {
        lines.push(format!("It gets the variables {}.", program.pass_env.join(", ")));
    }
    lines.iter().map(|line| Text::body(line)).collect()
}

/// What was agreed to: another program, other powers, or a sandbox that is gone are asked about anew.
pub fn fingerprint(program: &ProgramConfig, sandboxed: bool) -> Text {
    let mut digest = format!("{:x}", Sha256::digest(format!("{program:?} {sandboxed}")));
    digest.truncate(16);
    Text::title(&format!("{} {digest}", program.title()))
}

/// The program, ready to start in its folder; `None` where it is not there.
pub(super) fn command(program: &ProgramConfig, folder: &Folder, sandboxed: bool) -> Option<Command> {
    let (name, rest) = program.argv.split_first()?;
    let found = find(name)?;
    let home = program.home.clone().unwrap_or_else(|| folder.home());
    let mut command = match find("bwrap").filter(|_| sandboxed) {
        Some(bwrap) => {
            let mut command = Command::new(bwrap);
            command.args(walls(program, &found, folder, &home)).arg("--").arg(&found);
            command
        }
        None => Command::new(&found),
    };
    command.args(rest).current_dir(folder.work()).env_clear();
    command.envs(
        children::harmless().filter(|(key, _)| key.to_str().is_some_and(|key| KEPT.contains(&key) || key.starts_with("LC_"))),
    );
    command.env("TERM", "dumb").env("HOME", home).env("TMPDIR", folder.temporary());
    for name in &program.pass_env {
        command.envs(std::env::var_os(name).map(|value| (name, value)));
    }
    Some(command)
}

/// The arguments that make the sandbox (bwrap(1)).
fn walls(program: &ProgramConfig, found: &Path, folder: &Folder, home: &Path) -> Vec<OsString> {
    let mut walls: Vec<OsString> = ["--die-with-parent", "--new-session", "--unshare-all"].map(OsString::from).into();
    if program.network {
        walls.push("--share-net".into());
    }
    for (what, at) in [("--proc", "/proc"), ("--dev", "/dev"), ("--tmpfs", "/tmp"), ("--tmpfs", "/run")] {
        walls.extend([what.into(), at.into()]);
    }
    let mut bind = |how: &str, path: &Path| walls.extend([how.into(), path.into(), path.into()]);
    // A program outside the system's folders comes with the folder that it really is in.
    let real = found.canonicalize().unwrap_or_else(|_| found.to_owned());
    let outside = |path: &&Path| !SYSTEM.iter().any(|system| path.starts_with(system));
    let of_program: BTreeSet<&Path> = [found, &real]
        .into_iter()
        .filter(outside)
        .flat_map(|path| [Some(path), path.parent().filter(|_| path == real)])
        .flatten()
        .collect();
    SYSTEM.iter().for_each(|system| bind("--ro-bind-try", Path::new(system)));
    of_program.iter().for_each(|path| bind("--ro-bind-try", path));
    program.read.iter().for_each(|path| bind("--ro-bind-try", path));
    bind("--bind", &folder.work());
    bind("--bind", &folder.temporary());
    bind("--bind", home);
    walls.extend(["--chdir".into(), folder.work().into()]);
    walls
}

/// The file that a program's name means: as `execvp` looks for it.
pub fn find(name: &str) -> Option<PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    let can_run = |path: &PathBuf| path.metadata().is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0);
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(can_run).and_then(|path| std::path::absolute(path).ok());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(can_run)
}
