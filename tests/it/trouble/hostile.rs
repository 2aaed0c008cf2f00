//! A market that lies, stops in the middle, or never stops.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use juggler::market::Fault;
use serde_json::Value;

use super::{intact, with_work};
use crate::support::Ground;

/// What a hostile answer may cost at most beside what the program needs anyway, in KiB.
const MORE: u64 = 48 << 10;

#[test]
fn lists_that_lie_are_said_and_what_is_known_stays() {
    let (ground, id) = with_work(55);
    let jobs = || ground.well(&["jobs", "--json", "--limit", "500"]).lines().len();
    let before = jobs();
    let huge = Fault::Huge { bytes: 200 << 20 };
    for (fault, part) in [
        (Fault::WrongShape, "practice"),
        (Fault::Truncated, "JSON"),
        (Fault::Cut, "broke"),
        (huge, "larger than 8 MiB"),
        (Fault::ErrorBefore, "500"),
    ] {
        for path in ["/jobs", "/assignments", "/payments"] {
            // `null` for a list is what some honest servers send for an empty one.
            if (fault, path) == (Fault::WrongShape, "/payments") {
                continue;
            }
            for args in [&["sources", "test", "practice"][..], &["sources", "poll"], &["jobs", "--poll"]] {
                // "Nothing changed" has no body that could break.
                if matches!(fault, Fault::Truncated | Fault::Cut) && args[1] != "test" {
                    continue;
                }
                // Once in words, once in JSON.
                ground.market.faults().next("GET", path, 2, fault);
                ground.complains(args, 6, &[part]);
                ground.market.faults().clear();
            }
        }
        assert_eq!(jobs(), before, "{fault:?}");
    }
    ground.well(&["sources", "poll"]);
    assert_eq!(jobs(), before);
    intact(&ground, &id);
}

#[test]
fn answers_to_acts_that_lie_are_looked_up() {
    let (ground, id) = with_work(56);
    for (n, fault) in [Fault::WrongShape, Fault::Truncated, Fault::Huge { bytes: 200 << 20 }].into_iter().enumerate() {
        let key = ground.open(1).remove(0);
        ground.market.faults().next("POST", "/claim", 1, fault);
        let ran = ground.place.run(&["claim", &key, "--yes"]);
        assert_eq!(ran.code, 10, "{fault:?}: {ran:?}");
        assert!(ran.err.contains("    why: ") && ran.err.contains("    try: "), "{ran:?}");
        ground.well(&["sources", "poll"]);
        assert_eq!(ground.held_here(), ground.held_at_the_market(), "{fault:?}");
        // A huge answer is no answer at all: the claim never came about.
        assert_eq!(ground.held_here().len(), 2 + n.min(1), "{fault:?}");
    }
    // The submission took effect; the answer makes no sense; the platform is read.
    ground.market.faults().next("POST", "/submit", 1, Fault::Truncated);
    ground.place.run(&["submit", &id, "--yes", "--override", "override"]);
    ground.settle();
    assert_eq!((ground.effects(&id), ground.view(&id)["submission"]["sends"].as_u64()), (1, Some(1)));
    intact(&ground, &id);
}

/// The most memory a process ever had, in KiB.
fn peak(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// The peak of an engine that polls by itself until its source is in `state`.
fn peak_until(ground: &Ground, state: &str) -> u64 {
    let mut engine = ground.place.command(&["events", "--follow", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(engine.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut events = lines.map(|line| serde_json::from_str::<Value>(&line).unwrap());
    let found = events.find(|event| event["event"] == "source" && event["health"]["state"] == state);
    let peak = peak(engine.id());
    engine.kill().unwrap();
    engine.wait().unwrap();
    assert!(found.is_some(), "it ended before its source was {state}");
    peak
}

#[test]
fn two_hundred_megabytes_do_not_fill_the_memory() {
    let (ground, id) = with_work(57);
    let quiet = peak_until(&ground, "ok");
    ground.market.faults().next("GET", "/jobs", 1, Fault::Huge { bytes: 200 << 20 });
    let flooded = peak_until(&ground, "down");
    assert!(flooded < quiet + MORE, "{flooded} KiB, {quiet} without");
    intact(&ground, &id);
}
