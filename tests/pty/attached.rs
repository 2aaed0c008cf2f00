//! Two terminals on one engine, and terminals that outlive theirs.

use portable_pty::CommandBuilder;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::place::Place;
use crate::steps;
use crate::terminal::{PATIENCE, Terminal};
use crate::work::{SENTENCE, draft, market};

/// A daemon of a place, ended with the test.
struct Ends<'a>(&'a Place);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.run(&["daemon", "stop"]);
    }
}

fn status(place: &Place) -> Option<Value> {
    let ran = place.run(&["daemon", "status", "--json"]);
    (ran.code == 0).then(|| ran.json())
}

/// Waits until the engine is as `wanted` says.
fn engine(place: &Place, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let deadline = std::time::Instant::now() + PATIENCE;
    loop {
        let found = status(place);
        if let Some(found) = found.as_ref().filter(|found| wanted(found)) {
            return found.clone();
        }
        assert!(std::time::Instant::now() < deadline, "waited for {what}: {found:?}");
    }
}

fn role(status: &Value) -> &str {
    status["host"]["role"].as_str().unwrap()
}

fn pid(status: &Value) -> u64 {
    status["host"]["pid"].as_u64().unwrap()
}

fn kill(pid: u64) {
    kill_process(Pid::from_raw(i32::try_from(pid).unwrap()).unwrap(), Signal::KILL).unwrap();
}

#[test]
fn a_second_terminal_sees_the_same_and_the_engine_outlives_the_first() {
    let (place, _market) = market();
    let _ends = Ends(&place);
    let mut first = Terminal::start(&[], 120, 40, &place);
    steps::opened(&mut first);
    let mut second = Terminal::start(&[], 120, 40, &place);
    steps::opened(&mut second);
    first.press("s");
    second.wait_for("Starred 1");
    second.press("j");
    second.press("s");
    first.wait_for("Starred 2");
    let found = status(&place).unwrap();
    assert_eq!((role(&found), pid(&found)), ("terminal", u64::from(first.pid())));
    assert_eq!(found["fronts"].as_array().unwrap().len(), 2, "{found}");

    // The one that runs the engine leaves: the other one does not lose it.
    first.press("q");
    assert_eq!(first.ended().exit_code(), 0);
    assert!(first.screen().contains("goes on without this terminal"), "{}", first.screen());
    engine(&place, "a daemon with the second terminal", |found| {
        role(found) == "daemon" && found["fronts"].as_array().unwrap().len() == 1
    });
    second.press("u");
    second.wait_for("Starred 1");
    // Everybody out, and in again where it was left.
    let detached = place.run(&["detach", "--json"]).json();
    assert_eq!(detached["detached"], 1, "{detached}");
    assert_eq!(second.ended().exit_code(), 0);
    second.assert_restored();
    let mut third = Terminal::start(&["attach"], 120, 40, &place);
    steps::opened(&mut third);
    third.wait_for("Starred 1");
    place.run(&["daemon", "stop"]);
    assert_eq!(third.ended().exit_code(), 0);
    assert!(third.screen().contains("the engine was stopped"), "{}", third.screen());
    third.assert_restored();
    assert!(status(&place).is_none());
}

#[test]
fn words_typed_while_the_engine_dies_are_saved_by_the_next_one() {
    let (place, _market) = market();
    let _ends = Ends(&place);
    place.run(&["daemon", "start"]);
    let mut t = Terminal::start(&[], 120, 40, &place);
    steps::opened(&mut t);
    steps::find(&mut t);
    steps::claim(&mut t);
    let (before, after) = SENTENCE.split_at(11);
    t.press(before);
    t.wait_for(before.trim());
    kill(pid(&status(&place).unwrap()));
    t.press(after);
    t.wait_for(SENTENCE);
    engine(&place, "the terminal to run the engine", |found| pid(found) == u64::from(t.pid()));
    let deadline = std::time::Instant::now() + PATIENCE;
    while draft(&place) != SENTENCE {
        assert!(std::time::Instant::now() < deadline, "{:?}\n{}", draft(&place), t.screen());
    }
    t.signal(Signal::TERM);
    t.ended();
    assert_eq!(draft(&place), SENTENCE);
}

#[test]
fn a_bug_in_one_terminal_s_engine_keeps_nobody_from_going_on() {
    let (place, _market) = market();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_juggler"));
    command.env("JUGGLER_DRILL", "panic:engine:150");
    let mut first = Terminal::run(command, 120, 40, &place);
    steps::opened(&mut first);
    let mut second = Terminal::start(&[], 120, 40, &place);
    steps::opened(&mut second);
    // Somebody works at the other one until the bug comes.
    let deadline = std::time::Instant::now() + PATIENCE;
    while !first.screen().contains("a new one runs") {
        assert!(std::time::Instant::now() < deadline, "{}", first.screen());
        second.hit("ij");
        std::thread::sleep(std::time::Duration::from_millis(30));
    }
    engine(&place, "both on the new engine, where the old one was", |found| {
        pid(found) == u64::from(first.pid()) && found["fronts"].as_array().unwrap().len() == 2
    });
    second.wait_gone("NO ENGINE");
    second.press("s");
    second.wait_for("Starred 1");
    first.wait_for("Starred 1");
    steps::quit(&mut second);
    steps::quit(&mut first);
    assert_eq!(place.run(&["jobs", "--json", "is:starred"]).lines().len(), 1);
}

#[test]
fn a_terminal_here_works_an_engine_there_also_after_the_link_broke() {
    let (place, _market) = market();
    let _ends = Ends(&place);
    place.run(&["daemon", "start"]);
    let far = place.path().join("far.sh");
    // Says something of its own first, as logins do, and where it runs.
    let script = format!("echo Welcome to far\necho $$ > {}\nexec \"$@\"\n", place.path().join("far.pid").display());
    std::fs::write(&far, script).unwrap();
    let via = format!("sh {}", far.display());
    let here = Place::new();
    let there = format!("env HOME={} {}", place.path().display(), env!("CARGO_BIN_EXE_juggler"));
    let mut t = Terminal::start(&["attach", "--via", &via, "--program", &there], 120, 40, &here);
    steps::opened(&mut t);
    steps::find(&mut t);
    steps::claim(&mut t);
    let (before, after) = SENTENCE.split_at(11);
    t.press(before);
    t.wait_for(before.trim());
    let link: u64 = std::fs::read_to_string(place.path().join("far.pid")).unwrap().trim().parse().unwrap();
    kill(link);
    t.press(after);
    t.wait_for(SENTENCE);
    let deadline = std::time::Instant::now() + PATIENCE;
    while draft(&place) != SENTENCE {
        assert!(std::time::Instant::now() < deadline, "{:?}\n{}", draft(&place), t.screen());
    }
    // A file of this machine goes over the link.
    std::fs::write(here.path().join("notes.txt"), "of this machine").unwrap();
    t.press(crate::terminal::ESC);
    t.press("a");
    t.wait_for("file to add");
    t.press("notes.txt");
    t.press(crate::terminal::ENTER);
    t.wait_for("notes.txt  15 B");
    assert!(!here.data_dir().join("store").exists(), "nothing of the engine is here");
    t.signal(Signal::TERM);
    t.ended();
    t.assert_restored();
    assert_eq!(role(&status(&place).unwrap()), "daemon", "the engine goes on");
}

#[test]
fn a_way_that_leads_nowhere_says_what_the_command_said() {
    let place = Place::new();
    let mut t = Terminal::start(&["attach", "--via", "sh -c 'echo no route to host >&2; exit 255'"], 100, 30, &place);
    let status = t.ended();
    let said = t.screen();
    assert_eq!(status.exit_code(), 6, "{said}");
    assert!(said.contains("no route to host") && said.contains("try:"), "{said}");
    t.assert_untouched();
}

#[test]
fn the_next_terminal_begins_where_the_last_one_was_left_or_killed() {
    let (place, _market) = market();
    let mut t = Terminal::start(&[], 120, 40, &place);
    steps::opened(&mut t);
    steps::find(&mut t);
    steps::claim(&mut t);
    t.press(SENTENCE);
    t.wait_for(SENTENCE);
    t.press(crate::terminal::ESC);
    t.press("F");
    t.press(crate::terminal::ESC);
    t.wait_gone("/flatbread");
    t.press("4");
    t.wait("all jobs", |screen| screen.contains("newest") && !screen.contains("/flatbread"));
    let lit = |screen: &str| screen.lines().find(|line| line.contains('▌')).map(str::to_owned);
    let mut kept = t.wait("the cursor", |screen| lit(screen).is_some());
    for key in ["j", "j", " ", "j", "j"] {
        let before = lit(&kept);
        t.press(key);
        kept = t.wait("a step", |screen| lit(screen) != before);
    }
    let cursor = lit(&kept);
    // A kill costs what changed in the last second; here nothing did.
    let file = place.data_dir().join("store/last-window.json");
    let deadline = std::time::Instant::now() + PATIENCE;
    let key = |line: &str| line.split_whitespace().filter(|word| word.chars().all(char::is_alphabetic)).collect::<String>();
    let is_kept = || {
        let kept: Value = serde_json::from_str(&std::fs::read_to_string(&file).ok()?).ok()?;
        let (window, desk) = (&kept["window"], &kept["window"]["desk"]);
        let row = window["rows"]["rows"].as_array()?.iter().find(|row| row["key"] == window["cursor"])?;
        let title: String = row["title"].as_str()?.chars().take(16).collect();
        (desk["marked"].as_array()?.len() == 1 && cursor.as_ref()?.contains(&title)).then_some(())
    };
    while is_kept().is_none() {
        assert!(std::time::Instant::now() < deadline, "nothing is kept");
    }
    t.signal(Signal::KILL);
    t.ended();
    let mut t = Terminal::start(&[], 120, 40, &place);
    let again = t.wait("the same feed", |screen| screen.contains("practice ok") && screen.contains("1 marked"));
    assert_eq!(
        lit(&again).as_deref().map(key),
        cursor.as_deref().map(key),
        "{kept}\n{again}\n{}",
        std::fs::read_to_string(&file).unwrap()
    );
    // And its text, at the place where the cursor was in it.
    t.press("ei");
    t.wait_for(SENTENCE);
    t.press(" More.");
    t.wait_for(&format!("{SENTENCE} More."));
    t.wait_gone("not saved yet");
    t.press(crate::terminal::ESC);
    steps::quit(&mut t);
}
