//! Ways out and back that nobody chose: signals, a dropped link, a stop, a changing window, a market that is gone. What was typed
//! is kept, and the terminal is given back.

use std::path::Path;
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;
use rustix::process::{Pid, Signal, kill_process};

use crate::place::Place;
use crate::steps;
use crate::terminal::{CTRL_Z, Terminal};
use crate::work::{MARKET, SENTENCE, claimed, draft, typed};

#[test]
fn sigterm_costs_no_word_and_gives_the_terminal_back() {
    let (place, _market, mut t) = typed();
    t.signal(Signal::TERM);
    assert_eq!(t.ended().exit_code(), 143);
    t.assert_restored();
    assert_eq!(draft(&place), SENTENCE);
}

#[test]
fn sighup_costs_no_word() {
    let (place, _market, mut t) = typed();
    t.signal(Signal::HUP);
    assert_eq!(t.ended().exit_code(), 129);
    t.assert_restored();
    assert_eq!(draft(&place), SENTENCE);
}

#[test]
fn a_dropped_link_costs_no_word() {
    let (place, _market, mut t) = typed();
    t.hang_up();
    assert_eq!(t.ended().exit_code(), 129);
    assert_eq!(draft(&place), SENTENCE);
}

#[test]
fn kill_costs_at_most_a_second_also_while_typing_goes_on() {
    let (place, _market, mut t) = claimed();
    let began = Instant::now();
    t.press("firstword");
    t.wait_for("firstword");
    // Typing never pauses: what came first must reach the disk all the same. A second version says that the first is durable.
    let mut typed = "firstword".to_owned();
    let data = place.path().join(".local/share/juggler");
    while !holds(&data, b"\"version\":2") {
        assert!(began.elapsed() < Duration::from_secs(20), "little is saved while typing goes on");
        typed.push_str(if typed.len().is_multiple_of(7) { " " } else { "x" });
        t.press(&typed[typed.len() - 1..]);
        let column = format!("C{} ", typed.len() + 1);
        t.wait(&column, |screen| screen.lines().any(|line| format!("{line} ").contains(&column)));
    }
    t.signal(Signal::KILL);
    t.ended();
    let kept = draft(&place);
    assert!(typed.starts_with(&kept) && kept.starts_with("firstword"), "{kept:?} of {typed:?}");

    // The next run opens on it.
    let mut t = Terminal::start(&[], 120, 40, &place);
    steps::opened(&mut t);
    t.press("e");
    t.wait_for(&kept[..12]);
    steps::quit(&mut t);
}

/// Whether a file under `dir` holds these bytes.
fn holds(dir: &Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(dir).into_iter().flatten().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return holds(&path, bytes);
        }
        let named = path.extension().is_some_and(|extension| extension == "jsonl");
        named && std::fs::read(&path).is_ok_and(|content| content.windows(bytes.len()).any(|part| part == bytes))
    })
}

#[test]
fn a_stopped_program_leaves_the_terminal_to_the_shell_and_comes_back() {
    let place = Place::new();
    let mut shell = CommandBuilder::new("/bin/sh");
    shell.arg("-i");
    shell.env("PS1", "ready> ");
    let mut t = Terminal::run(shell, 120, 40, &place);
    t.wait_for("ready> ");
    t.press(&format!("{} demo --seed {}\r", env!("CARGO_BIN_EXE_juggler"), steps::SEED));
    steps::opened(&mut t);
    assert!(t.is_taken());
    t.press(CTRL_Z);
    t.wait("the shell", |screen| screen.contains("ready> ") && screen.contains("Stopped"));
    t.assert_restored();
    t.press("echo $((40 + 2)) here\r");
    t.wait_for("42 here");
    t.press("fg\r");
    steps::opened(&mut t);
    assert!(t.is_taken(), "it has the terminal again");
    t.press("s");
    t.wait_for("Starred 1");
    t.press("q");
    t.wait("the shell again", |screen| screen.contains("ready> ") && !screen.contains("Starred"));
    t.assert_restored();
    t.press("exit\r");
    assert_eq!(t.ended().exit_code(), 0);
}

/// The one program that a process started.
fn child_of(pid: u32) -> Pid {
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
    let child = children.split_whitespace().next().expect("it runs");
    Pid::from_raw(child.parse().unwrap()).unwrap()
}

#[test]
fn a_stop_from_outside_gives_the_terminal_to_the_shell_too() {
    let place = Place::new();
    let mut shell = CommandBuilder::new("/bin/sh");
    shell.arg("-i");
    shell.env("PS1", "ready> ");
    let mut t = Terminal::run(shell, 120, 40, &place);
    t.wait_for("ready> ");
    t.press(&format!("{} demo --seed {}\r", env!("CARGO_BIN_EXE_juggler"), steps::SEED));
    for _ in 0..3 {
        steps::opened(&mut t);
        assert!(t.is_taken());
        kill_process(child_of(t.pid()), Signal::TSTP).unwrap();
        t.wait("the shell", |screen| screen.contains("ready> ") && screen.contains("Stopped"));
        t.assert_restored();
        t.press("echo $((40 + 2)) here\r");
        t.wait_for("42 here");
        t.press("clear; fg\r");
    }
    steps::opened(&mut t);
    t.press("s");
    t.wait_for("Starred 1");
    t.press("q");
    t.wait("the shell again", |screen| screen.contains("ready> ") && !screen.contains("Starred"));
    t.assert_restored();
    t.press("exit\r");
    assert_eq!(t.ended().exit_code(), 0);
}

#[test]
fn a_stop_that_nobody_could_end_is_none() {
    // Nobody is there to continue it: the kernel stops no such process, and it comes back at once.
    let place = Place::new();
    let mut t = Terminal::start(&["demo", "--seed", steps::SEED], 120, 40, &place);
    steps::opened(&mut t);
    t.signal(Signal::TSTP);
    t.wait("the screen to be taken again", |_| true);
    let deadline = Instant::now() + Duration::from_secs(20);
    while t.taken() < 2 {
        assert!(Instant::now() < deadline, "{}", t.screen());
        t.screen();
    }
    steps::opened(&mut t);
    t.press("s");
    t.wait_for("Starred 1");
    steps::quit(&mut t);
    t.assert_restored();
}

#[test]
fn a_window_may_change_as_it_likes() {
    let (_place, _market, mut t) = typed();
    for (cols, rows) in [(1, 1), (200, 60), (2, 40), (80, 24), (120, 2), (39, 9), (40, 10), (84, 7), (20, 60), (7, 3), (200, 1)] {
        t.resize(cols, rows);
    }
    t.resize(120, 40);
    t.wait_for(SENTENCE);
    t.press(" And more.");
    t.wait_for("And more.");
    t.signal(Signal::TERM);
    assert_eq!(t.ended().exit_code(), 143);
    t.assert_restored();
}

/// As many sizes as are wished for, faster than anybody draws, and signals that come without a new size.
#[test]
#[allow(clippy::print_stdout, reason = "figures, for who asks with --nocapture")]
fn a_storm_of_sizes_leaves_the_screen_as_it_was() {
    let sizes = std::env::var("JUGGLER_TEST_RESIZES").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let (place, _market, mut t) = typed();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = |n: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        u16::try_from(1 + state % n).unwrap()
    };
    for n in 0..sizes {
        let (cols, rows) = (below(500), below(200));
        t.drag(cols, rows);
        match n % 10 {
            // The program keeps up: it draws, and takes keys.
            0 => t.resize(1 + cols % 500, rows),
            5 => t.signal(Signal::WINCH),
            _ => {}
        }
    }
    t.resize(121, 40);
    t.resize(120, 40);
    t.wait_for(SENTENCE);
    t.press(" And more.");
    t.wait_for("And more.");
    t.signal(Signal::TERM);
    assert_eq!(t.ended().exit_code(), 143);
    t.assert_restored();
    assert_eq!(draft(&place), format!("{SENTENCE} And more."));
    assert!(!place.data_dir().join("crash").exists(), "no bug");
    println!("{sizes} sizes");
}

#[test]
fn without_a_terminal_a_sentence_says_what_else_there_is() {
    let place = Place::new();
    let ran = place.run(&[]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("no terminal") && ran.err.contains("juggler jobs"), "{ran:?}");
    assert!(ran.out.is_empty(), "{ran:?}");
}

#[test]
fn a_market_that_is_gone_is_said_and_the_rest_works() {
    let place = Place::new();
    let market = place.with_market(MARKET);
    let mut t = Terminal::start(&[], 120, 40, &place);
    steps::opened(&mut t);
    drop(market);
    t.press("r");
    t.wait("the source's state and when it is asked again", |screen| {
        screen.contains("practice down") && screen.contains("again ")
    });
    t.press("s");
    t.wait_for("Starred 1");
    t.press("c");
    let screen = t.wait_for("cannot be reached");
    assert!(!screen.contains("Claim this job?"), "nothing is claimed from memory:\n{screen}");
    steps::quit(&mut t);
}
