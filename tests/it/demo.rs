//! The headless demo of the real binary: every delivery accounted for, and three sets of books that agree.

use std::process::{Command, Stdio};

use serde_json::Value;

fn demo(dir: &std::path::Path, args: &[&str]) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_juggler"));
    command.env_clear().env("HOME", dir).env("TMPDIR", dir).arg("demo").args(args).stdin(Stdio::null());
    command.output().unwrap()
}

const BOTH: [&str; 10] =
    ["submitted", "approved", "revised", "rejected", "paid_gross", "fees", "paid_net", "bonus", "unpaid", "failed"];

#[test]
fn five_jobs_are_delivered_and_the_books_agree() {
    let dir = tempfile::tempdir().unwrap();
    let out = demo(dir.path(), &["--headless", "--jobs", "5", "--seed", "7", "--json"]);
    let err = String::from_utf8(out.stderr).unwrap();
    assert_eq!(out.status.code(), Some(0), "{err}\n{}", String::from_utf8_lossy(&out.stdout));
    let report: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!((&report["jobs"], &report["agree"]), (&5.into(), &true.into()));
    for field in BOTH {
        assert!(!report[field].is_null(), "{field} is missing in {report}");
        assert_eq!(report[field], report["market"][field], "{field}");
        assert_eq!(report[field], report["journal"][field], "{field}");
    }
    assert!(report["submitted"].as_u64().unwrap() >= 5);
    let judged = report["approved"].as_u64().unwrap() + report["rejected"].as_u64().unwrap();
    assert_eq!(judged, 5, "{report}");
    assert_eq!(report["store"]["findings"], Value::Array(Vec::new()));
    assert!(std::fs::read_dir(dir.path()).unwrap().next().is_none(), "nothing is left behind");
}

#[test]
fn without_a_terminal_it_says_so_and_plays() {
    let dir = tempfile::tempdir().unwrap();
    let out = demo(dir.path(), &["--jobs", "1", "--seed", "3"]);
    let (text, err) = (String::from_utf8(out.stdout).unwrap(), String::from_utf8(out.stderr).unwrap());
    assert_eq!(out.status.code(), Some(0), "{err}\n{text}");
    assert!(err.contains("no terminal here"), "{err}");
    for part in ["the practice market is open at http://127.0.0.1:", "is claimed for", "is submitted", "LEDGER", "agree"] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

#[test]
fn a_profile_that_is_kept_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let args = ["--headless", "--keep", "--jobs", "1", "--json", "--data-dir", data.to_str().unwrap()];
    for round in 1..=2 {
        let out = demo(dir.path(), &args);
        let err = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(0), "{err}\n{}", String::from_utf8_lossy(&out.stdout));
        let report: Value = serde_json::from_slice(&out.stdout).unwrap();
        assert!(report["market"]["submitted"].as_u64().unwrap() >= round, "the market remembers: {report}");
    }
    assert!(data.join("demo/store/journal").is_dir());
}
