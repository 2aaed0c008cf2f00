//! Other users of the machine: refused on both ends of the socket, in words, also where folders were opened to them.
//!
//! Only a process that may be anybody can be somebody else: without that these tests say so and end.

// What a test did not try is told on standard error; a stranger tells what he heard on his output.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output};

use juggler::config::Paths;
use juggler::daemon::{Role, Server};

use crate::support::Stage;

/// A user that owns nothing here.
const STRANGER: u32 = 64_123;
const SOCKET: &str = "JUGGLER_TEST_STRANGE_SOCKET";

/// Whether this process may start others as somebody else.
fn may_be_anybody() -> bool {
    let may = rustix::process::geteuid().is_root();
    if !may {
        eprintln!("skipped: only root can be another user");
    }
    may
}

/// A folder that everybody can come into, with a program of ours that they can run.
fn open_folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), PermissionsExt::from_mode(0o755)).unwrap();
    dir
}

fn as_stranger(program: &Path, home: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("HOME", home).env("PATH", "/usr/bin:/bin").current_dir("/").uid(STRANGER).gid(STRANGER);
    command
}

fn run(command: &mut Command) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
}

/// A copy where a stranger can reach it.
fn reachable(program: &Path, dir: &Path) -> std::path::PathBuf {
    let copy = dir.join(program.file_name().unwrap());
    if std::fs::hard_link(program, &copy).is_err() {
        std::fs::copy(program, &copy).unwrap();
    }
    copy
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_refuses_other_users_in_words() {
    if !may_be_anybody() {
        return;
    }
    let stage = Stage::start(11).await;
    let dir = open_folder();
    let socket = dir.path().join("engine.sock");
    let server = Server::start(&socket, stage.handle.clone(), Role::Terminal).unwrap();
    // Somebody opened the way to it.
    std::fs::set_permissions(dir.path(), PermissionsExt::from_mode(0o755)).unwrap();
    std::fs::set_permissions(&socket, PermissionsExt::from_mode(0o666)).unwrap();
    let this = reachable(&std::env::current_exe().unwrap(), dir.path());
    let (code, said) = tokio::task::spawn_blocking(move || {
        let arguments = ["--exact", "daemon::strangers::what_the_engine_says_to_a_stranger", "--ignored", "--nocapture"];
        run(as_stranger(&this, Path::new("/")).args(arguments).env(SOCKET, &socket))
    })
    .await
    .unwrap();
    assert!(code == Some(0) && said.contains("1 passed"), "{said}");
    let line = said.lines().find(|line| line.contains("\"control\"")).unwrap_or_else(|| panic!("{said}"));
    assert!(line.contains("serves another user") && line.contains(&format!("user {STRANGER}")), "{line}");
    assert!(!line.contains("hello") && server.fronts().others() == 0);
    // Whoever it serves is served as before.
    stage.jobs().await;
    drop(server);
}

#[test]
#[ignore = "run by an_engine_refuses_other_users_in_words"]
fn what_the_engine_says_to_a_stranger() {
    use std::io::{Read, Write};
    let Some(socket) = std::env::var_os(SOCKET) else { return };
    assert_eq!(rustix::process::geteuid().as_raw(), STRANGER);
    let mut stream = std::os::unix::net::UnixStream::connect(socket).unwrap();
    // It may have hung up already.
    let _ = stream.write_all(b"{\"id\":1,\"request\":{\"do\":\"sources\"}}\n");
    let mut said = String::new();
    let _ = stream.read_to_string(&mut said);
    println!("\n{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_refuses_the_engine_of_another_user_in_words() {
    if !may_be_anybody() {
        return;
    }
    let stage = Stage::start(12).await;
    let dir = open_folder();
    let program = reachable(Path::new(env!("CARGO_BIN_EXE_juggler")), dir.path());
    // The stranger's own folders, in which somebody else listens where their engine would.
    let home = dir.path().join("home");
    let data = home.join("data");
    for folder in [&home, &data] {
        std::fs::create_dir(folder).unwrap();
        std::fs::set_permissions(folder, PermissionsExt::from_mode(0o700)).unwrap();
        chown(folder, Some(STRANGER), Some(STRANGER)).unwrap();
    }
    let socket = Paths::at(home.join("config.toml"), data.clone(), None).socket;
    let server = Server::start(&socket, stage.handle.clone(), Role::Terminal).unwrap();
    std::fs::set_permissions(&socket, PermissionsExt::from_mode(0o666)).unwrap();
    let (code, said) = tokio::task::spawn_blocking(move || {
        run(as_stranger(&program, &home).arg("--data-dir").arg(&data).args(["daemon", "status"]))
    })
    .await
    .unwrap();
    assert!(code.is_some_and(|code| code != 0), "{said}");
    assert!(said.contains("belongs to another user") && said.contains("\n    try: "), "{said}");
    assert!(server.fronts().others() == 0);
}
