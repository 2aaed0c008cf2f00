//! Dropped links in numbers: whatever the program is doing, it is gone in a moment, and what was on the screen is on the disk.
//!
//! `JUGGLER_TEST_HANGUPS` says how many (12 unless said); the long version is a thousand.

use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;
use serde_json::Value;

use crate::place::Place;
use crate::steps;
use crate::terminal::{CTRL_O, Terminal};

/// Nothing new arrives, and nothing is due before the test is over.
const MARKET: &[&str] = &["--seed", steps::SEED, "--speed", "1", "--rate", "0"];
/// From a dropped link to the end of the process. The promise is a second; a machine under load has more.
const GONE: Duration = Duration::from_secs(20);

fn hangups() -> usize {
    std::env::var("JUGGLER_TEST_HANGUPS").ok().and_then(|n| n.parse().ok()).unwrap_or(12)
}

/// What the program is doing when the link drops.
#[derive(Clone, Copy, Debug)]
enum Doing {
    /// A key was drawn, and nothing since.
    Resting,
    /// Keys are still coming.
    Typing,
    /// Its way of hearing of it is shut: whoever started it ignores hang-ups.
    Deaf,
    /// The engine is another process.
    Attached,
    /// Another program has the terminal.
    Editing,
}

const ALL: [Doing; 5] = [Doing::Resting, Doing::Typing, Doing::Deaf, Doing::Attached, Doing::Editing];

/// The one draft as a command finds it.
fn draft(place: &Place, id: &str) -> String {
    let ran = place.run(&["draft", id]);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.out.trim_end().to_owned()
}

#[test]
#[allow(clippy::print_stdout, reason = "figures, for who asks with --nocapture")]
fn a_dropped_link_leaves_no_survivor_and_costs_no_key() {
    let place = Place::new();
    let _market = place.with_market(MARKET);
    let mut t = Terminal::start(&[], 120, 40, &place);
    steps::opened(&mut t);
    steps::find(&mut t);
    steps::claim(&mut t);
    t.press("begun");
    t.wait_for("begun");
    t.signal(rustix::process::Signal::TERM);
    t.ended();
    let hand = place.run(&["hand", "--json"]).lines();
    let id = hand[0].pointer("/assignment/id").and_then(Value::as_str).unwrap().to_owned();
    let mut slowest = Duration::ZERO;
    let n = hangups();
    for round in 0..n {
        let doing = ALL[round % ALL.len()];
        let word = format!("w{round}");
        slowest = slowest.max(drop_link(&place, doing, &word));
        if matches!(doing, Doing::Attached) {
            assert_eq!(place.run(&["daemon", "stop"]).code, 0);
        }
        let kept = draft(&place, &id);
        assert!(kept.starts_with(&format!("begun {word}")), "round {round}, {doing:?}: {word} is not in {kept:?}");
        // The text stays short, so that all of it is always on the screen.
        let text = place.path().join("short.txt");
        std::fs::write(&text, "begun").unwrap();
        assert_eq!(place.run(&["draft", &id, "--set", text.to_str().unwrap()]).code, 0);
    }
    println!("{n} dropped links, 0 survivors, 0 lost keys; the slowest end took {slowest:?}");
}

/// Types a word, drops the link, and waits for the end of the process: how long that took.
fn drop_link(place: &Place, doing: Doing, word: &str) -> Duration {
    if matches!(doing, Doing::Attached) {
        assert_eq!(place.run(&["daemon", "start"]).code, 0);
    }
    let mut t = match doing {
        Doing::Deaf => {
            let mut shell = CommandBuilder::new("/bin/sh");
            shell.args(["-c", "trap '' HUP; exec \"$0\"", env!("CARGO_BIN_EXE_juggler")]);
            Terminal::run(shell, 120, 40, place)
        }
        Doing::Editing => {
            // It stays until it is told to go, and draws when the window changes.
            let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_juggler"));
            command.env("EDITOR", "sh -c 'trap \"echo drawn\" WINCH; echo in the editor; while sleep 0.1; do :; done'");
            Terminal::run(command, 120, 40, place)
        }
        _ => Terminal::start(&[], 120, 40, place),
    };
    // It begins where the last one was lost: in the text.
    t.wait("the last text", |screen| screen.contains("practice ok") && screen.contains("begun"));
    t.press(&format!("ei {word}"));
    t.wait_for(&format!("begun {word}"));
    match doing {
        Doing::Typing => t.hit(" and some that may still be in the line"),
        Doing::Editing => {
            t.press(CTRL_O);
            t.wait_for("in the editor");
        }
        _ => {}
    }
    let dropped = Instant::now();
    t.hang_up();
    let status = t.ended_within(GONE);
    assert!(matches!(status.exit_code(), 129 | 1) || status.signal().is_some(), "{doing:?}: {status:?}");
    dropped.elapsed()
}
