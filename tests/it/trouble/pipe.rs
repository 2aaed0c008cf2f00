//! Standard output that is not a terminal.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use super::with_work;

#[test]
fn piped_output_has_no_colours_and_nothing_that_is_not_asked_for() {
    let (ground, id) = with_work(61);
    let commands: &[&[&str]] = &[
        &["jobs"],
        &["jobs", "--poll"],
        &["hand"],
        &["hand", "--all"],
        &["draft", &id],
        &["outbox"],
        &["earnings"],
        &["sources"],
        &["sources", "test", "practice"],
        &["events"],
        &["store", "verify"],
        &["store", "path"],
        &["config", "show"],
    ];
    for args in commands {
        let ran = ground.well(args);
        assert!(!ran.out.contains('\x1b') && !ran.err.contains('\x1b'), "{args:?}: {ran:?}");
        // JSON Lines hold what can be told apart.
        let json = ground.well(&[*args, &["--json"]].concat());
        json.lines();
        assert!(!json.out.contains('\x1b') && !json.err.contains('\x1b'), "{args:?}: {json:?}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let (ground, _) = with_work(62);
    for args in [&["jobs", "--limit", "500"][..], &["jobs", "--json", "--limit", "500"], &["hand", "--all", "--json"]] {
        let mut child = ground.place.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut reader = BufReader::with_capacity(16, child.stdout.take().unwrap());
        let mut first = Vec::new();
        reader.read_until(b'\n', &mut first).unwrap();
        assert!(!first.is_empty());
        drop(reader);
        let ended = child.wait_with_output().unwrap();
        assert_eq!((ended.status.code(), ended.stderr.len()), (Some(0), 0), "{args:?}: {ended:?}");
    }
    let line = format!("'{}' jobs | head -1", env!("CARGO_BIN_EXE_juggler"));
    let script = format!("set -o pipefail; {line}");
    let mut shell = std::process::Command::new("bash");
    let ran = shell.args(["-c", &script]).env_clear().env("HOME", ground.place.path()).env("PATH", "/usr/bin:/bin").output();
    let ran = ran.unwrap();
    assert_eq!((ran.status.code(), String::from_utf8_lossy(&ran.stderr).as_ref()), (Some(0), ""));
}
