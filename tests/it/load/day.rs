//! A day at the market in little time: the market's own delays run faster, a player works, and midnight and a change of the clock pass
//! in the middle; in the end every book has the same cents.
//!
//! `JUGGLER_TEST_DAY=1000` plays a whole day at that speed (about 90 s at 1,000); without it, less of it, faster.

use std::process::{Command, Stdio};

use chrono::Timelike;
use serde_json::Value;

/// Figures that all three know.
const BOTH: [&str; 10] =
    ["submitted", "approved", "revised", "rejected", "paid_gross", "fees", "paid_net", "bonus", "unpaid", "failed"];

/// A zone (POSIX, TZ) in which midnight comes in `seconds`, and an hour is put back at that same midnight: it comes twice.
fn zone_with_midnight_in(seconds: u32) -> String {
    let now = chrono::Utc::now();
    let of_day = now.time().num_seconds_from_midnight();
    // POSIX offsets count westwards: local = UTC - offset. In summer time, local is an hour ahead of that.
    let ahead = (86_400 - seconds + 86_400 - of_day) % 86_400;
    let local_day = (now + chrono::TimeDelta::seconds(ahead.into())).format("%j").to_string().parse::<u32>().unwrap_or(1);
    let east = ahead.wrapping_sub(3_600) as i32;
    let east = if east > 14 * 3_600 { east - 86_400 } else { east };
    let (sign, size) = if east >= 0 { ("-", east) } else { ("", -east) };
    let offset = format!("{sign}{:02}:{:02}:{:02}", size / 3_600, size / 60 % 60, size % 60);
    // Summer time ends at 24:00 of today, and began yesterday.
    let begins = if local_day > 1 { local_day - 1 } else { 365 };
    format!("JST{offset}JDT,{}/0,{}/24", begins.saturating_sub(1), local_day.saturating_sub(1))
}

#[allow(clippy::print_stdout, reason = "figures, for who asks with --nocapture")]
fn play(jobs: &str, speed: &str) {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let zone = zone_with_midnight_in(4);
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
    // What the days say adds up to what came, wherever midnight fell.
    let kept = data.join("demo");
    println!(
        "played in {} s in the zone {zone}: paid {} net of {} jobs; kept in {}",
        report["seconds"],
        report["paid_net"],
        report["jobs"],
        kept.display()
    );
}

#[test]
fn a_day_passes_and_no_cent_is_lost() {
    match std::env::var("JUGGLER_TEST_DAY") {
        Ok(speed) => play("60", &speed),
        Err(_) => play("4", "10000"),
    }
}
