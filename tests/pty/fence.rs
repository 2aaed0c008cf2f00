//! Frames wait for the terminal: one that answers, one that answers late, one that never does, and one that does not even read.

use portable_pty::CommandBuilder;
use rustix::process::Signal;

use crate::place::{Market, Place};
use crate::steps;
use crate::terminal::{CTRL_O, CTRL_S, ENTER, ESC, Terminal};

/// Nothing arrives and nothing is reviewed by itself: only keys make frames.
const MARKET: &[&str] = &["--seed", steps::SEED, "--speed", "1", "--rate", "0"];

fn quiet(command: CommandBuilder) -> (Place, Market, Terminal) {
    let place = Place::new();
    let market = place.with_market(MARKET);
    let mut t = Terminal::run(command, 120, 40, &place);
    steps::opened(&mut t);
    (place, market, t)
}

fn juggler() -> CommandBuilder {
    CommandBuilder::new(env!("CARGO_BIN_EXE_juggler"))
}

/// Answers whatever was asked until the program knows that this terminal does.
fn acquainted(t: &mut Terminal) {
    let asked = t.questions();
    t.answer(asked.max(1));
    // A frame that only comes when the answers were read.
    t.press("/");
    t.wait_for("filter:");
    t.wait("a question", |_| true);
    while t.questions() <= asked {
        t.wait("a question", |_| true);
    }
    let asked = t.questions() - asked;
    t.answer(asked);
}

#[test]
fn a_held_key_builds_no_queue_where_the_terminal_answers() {
    let (_place, _market, mut t) = quiet(juggler());
    acquainted(&mut t);
    let before = t.questions();
    // One frame for the first key; what comes before its answer is one more, however much it is.
    t.hit("f");
    t.wait("the first key", |screen| screen.contains("filter: f"));
    while t.questions() == before {
        t.wait("its question", |_| true);
    }
    for key in "latbread civic xyz".chars() {
        t.hit(&key.to_string());
    }
    assert_eq!(t.questions(), before + 1);
    t.answer(1);
    t.wait_for("filter: flatbread civic xyz");
    // The list that belongs to the words comes from the engine, perhaps as a frame of its own.
    let frames = t.questions() - before;
    assert!((2..=3).contains(&frames), "{frames} frames");
    t.answer(frames - 1);
    t.press(ESC);
    t.wait_gone("filter:");
    let asked = t.questions() - before;
    t.answer(asked - frames);
    steps::quit(&mut t);
    t.assert_restored();
}

#[test]
fn a_mute_terminal_is_asked_twice_and_no_more() {
    let (_place, _market, mut t) = quiet(juggler());
    t.press("/");
    for part in ["fla", "tbr", "ead"] {
        t.hit(part);
        t.wait(part, |screen| screen.contains(part));
    }
    t.wait_for("filter: flatbread");
    t.press(ESC);
    t.wait_gone("filter:");
    assert!(t.questions() <= 2, "{} questions", t.questions());
    steps::quit(&mut t);
    t.assert_restored();
}

#[test]
fn late_answers_and_strangers_never_become_text() {
    let (_place, _market, mut t) = quiet(juggler());
    t.press("/");
    t.hit("flat");
    t.wait_for("filter: flat");
    // Answers to what was given up and to what was never asked.
    t.answer(3);
    t.hit("\x1b[?62;22c\x1b[24;80R\x1b]11;rgb:0000/0000/0000\x07\x1bP>|XTerm(390)\x1b\\");
    t.hit("bread");
    t.wait_for("filter: flatbread");
    let asked = t.questions();
    t.hit(" civic");
    t.wait_for("filter: flatbread civic");
    assert!(t.questions() > asked, "it answers after all, and is asked again");
    t.answer(8);
    t.press(ENTER);
    t.wait_for("/flatbread civic");
    // Nor in a draft.
    t.answer(8);
    steps::claim(&mut t);
    t.hit("One.");
    t.answer(4);
    t.hit(" Two.");
    t.answer(4);
    t.wait_for("One. Two.");
    t.hit(CTRL_S);
    t.answer(4);
    t.wait("the draft, or what is wrong with it", |screen| !screen.contains("[0n") && screen.contains("One. Two."));
    t.signal(Signal::TERM);
    assert_eq!(t.ended().exit_code(), 143);
}

#[test]
fn it_can_be_switched_off() {
    let mut command = juggler();
    command.env("JUGGLER_FENCE", "off");
    let (_place, _market, mut t) = quiet(command);
    t.press("/");
    t.hit("flat");
    t.wait_for("filter: flat");
    assert_eq!(t.questions(), 0);
    t.press(ESC);
    t.wait_gone("filter:");
    steps::quit(&mut t);
}

#[test]
fn no_answer_reaches_the_shell_or_the_editor() {
    let place = Place::new();
    let mut shell = CommandBuilder::new("/bin/sh");
    shell.arg("-i");
    shell.env("PS1", "ready> ");
    shell.env("EDITOR", "/bin/cat");
    let mut t = Terminal::run(shell, 120, 40, &place);
    t.wait_for("ready> ");
    t.press(&format!("{} demo --seed {}\r", env!("CARGO_BIN_EXE_juggler"), steps::SEED));
    steps::opened(&mut t);
    let asked = t.questions();
    t.answer(asked);
    steps::find(&mut t);
    t.answer(20);
    steps::claim(&mut t);
    t.answer(20);
    t.hit("Words.");
    t.wait_for("Words.");
    // To the editor and back while an answer is out.
    let taken = t.taken();
    t.hit(CTRL_O);
    t.answer(1);
    while t.taken() == taken {
        t.wait("the way back from the editor", |_| true);
    }
    t.wait("the draft again", |screen| screen.contains("Words.") && !screen.contains("[0n"));
    t.answer(20);
    t.press(ESC);
    t.wait_gone("stop typing");
    t.answer(20);
    t.hit("q");
    t.wait("a question whether to leave, or the shell", |screen| screen.contains("Leave") || screen.contains("ready> "));
    t.hit("y");
    t.answer(1);
    t.wait("the shell", |screen| screen.lines().last().is_some_and(|line| line.contains("ready> ")));
    t.press("echo $((40 + 2)) here\r");
    let screen = t.wait_for("42 here");
    assert!(!screen.contains("[0n") && !screen.contains("0n: "), "{screen}");
    t.press("exit\r");
    t.ended();
}

#[test]
fn three_seconds_without_a_reader_leave_one_frame() {
    let (_place, _market, mut t) = quiet(juggler());
    acquainted(&mut t);
    let (frames, bytes) = (t.questions(), t.raw().len());
    t.pause(true);
    for key in "flatbread civic".chars() {
        t.hit(&key.to_string());
    }
    t.pause(false);
    t.wait("the first of them", |screen| screen.contains("filter: f"));
    t.answer(1);
    t.wait_for("filter: flatbread civic");
    assert!(t.questions() - frames <= 3, "{} frames", t.questions() - frames);
    assert!(t.raw().len() - bytes < 10_000, "{} bytes", t.raw().len() - bytes);
    t.answer(3);
    t.press(ESC);
    t.wait_gone("filter:");
    t.answer(3);
    steps::quit(&mut t);
}

#[test]
fn a_line_that_takes_nothing_holds_nobody_up() {
    let mut command = juggler();
    command.env("JUGGLER_FENCE", "off");
    let (_place, _market, mut t) = quiet(command);
    t.pause(true);
    // Whole screens, until the line is full and beyond.
    for _ in 0..40 {
        t.hit("\x0c");
    }
    t.hit("/flat");
    t.signal(Signal::TERM);
    let deadline = std::time::Instant::now() + crate::terminal::PATIENCE;
    while t.is_running() {
        assert!(std::time::Instant::now() < deadline, "it does not end");
        std::thread::yield_now();
    }
    t.pause(false);
    assert_eq!(t.ended().exit_code(), 143);
}
