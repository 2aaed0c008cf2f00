//! A day at the market in little time: the market's own delays run faster, a player works, and a midnight and a change of the clock pass
//! in the middle. In the end every book has the same cents; and what begins and ends there did so at its instant.
//!
//! `JUGGLER_TEST_DAY=1000` plays a whole day at that speed (86 s of calendar at 1,000); without it, less of it, faster.

use std::process::{Command, Stdio};

use serde_json::Value;

use super::calendar::{Calendar, Change};

/// Figures that all three know.
const BOTH: [&str; 10] =
    ["submitted", "approved", "revised", "rejected", "paid_gross", "fees", "paid_net", "bonus", "unpaid", "failed"];

/// The real demo, in a zone in which all of that happens while it plays.
#[allow(clippy::print_stdout, reason = "figures, for who asks with --nocapture")]
fn play(jobs: &str, speed: &str, calendar: &Calendar) {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let zone = calendar.zone();
    let run = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_juggler"));
        command.env_clear().env("HOME", dir.path()).env("TMPDIR", dir.path()).env("TZ", &zone);
        command.args(["--data-dir", data.to_str().unwrap()]).args(args).stdin(Stdio::null());
        let out = command.output().unwrap();
        let err = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(0), "TZ={zone} {args:?}: {err}\n{}", String::from_utf8_lossy(&out.stdout));
        String::from_utf8(out.stdout).unwrap()
    };
    let report = run(&["demo", "--headless", "--keep", "--jobs", jobs, "--seed", "11", "--speed", speed, "--json"]);
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["agree"], true, "{report}");
    for field in BOTH {
        assert_eq!(report[field], report["market"][field], "{field}");
        assert_eq!(report[field], report["journal"][field], "{field}");
    }
    println!("played in {} s in the zone {zone}: paid {} net of {} jobs", report["seconds"], report["paid_net"], report["jobs"]);
}

#[test]
fn a_day_passes_and_no_cent_is_lost() {
    let (jobs, speed) = match std::env::var("JUGGLER_TEST_DAY") {
        Ok(speed) => ("60", speed),
        Err(_) => ("4", "10000".to_owned()),
    };
    let length = 86_400 / speed.parse::<i64>().unwrap().max(1);
    play(jobs, &speed, &Calendar::around(chrono::Utc::now(), length.max(9) / 3, Change::Back));
}

/// The same with an engine of our own, in another process: a zone is everybody's in a process.
#[allow(clippy::print_stdout, reason = "figures, for who asks with --nocapture")]
fn live(change: Change) {
    let this = std::env::current_exe().unwrap();
    let speed = std::env::var("JUGGLER_TEST_DAY").unwrap_or_else(|_| "20000".to_owned());
    let third = (86_400 / speed.parse::<i64>().unwrap().max(1)).max(12) / 3;
    let calendar = Calendar::around(chrono::Utc::now(), third, change);
    let arguments = ["--exact", "load::lived::a_day", "--ignored", "--nocapture"];
    let ran = Command::new(this)
        .args(arguments)
        .env("TZ", calendar.zone())
        .env(super::lived::CALENDAR, serde_json::to_string(&calendar).unwrap())
        .env(super::lived::SPEED, &speed)
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success() && said.contains("1 passed"), "{calendar:?}\n{said}");
    said.lines().filter(|line| line.starts_with("lived")).for_each(|line| println!("{line}"));
}

#[test]
fn what_begins_at_midnight_begins_then_when_an_hour_is_skipped_behind_it() {
    live(Change::Forward);
}

#[test]
fn what_begins_at_midnight_begins_then_when_an_hour_comes_again_behind_it() {
    live(Change::Back);
}
