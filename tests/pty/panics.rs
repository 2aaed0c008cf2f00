//! Bugs on purpose, at random moments and in every thread: the terminal is given back, a report is left that quotes nothing, and what
//! was typed is saved or in a file that is named. `JUGGLER_TEST_PANICS=200` tries two hundred instead of a dozen.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Instant;

use portable_pty::CommandBuilder;

use crate::oracle::all;
use crate::place::Place;
use crate::steps;
use crate::terminal::{ESC, PATIENCE, Terminal};
use crate::work::{draft, market};

const LEFT: &str = "a bug at src/store/drill.rs";

fn start(place: &Place, drill: &str) -> Terminal {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_juggler"));
    command.env("JUGGLER_DRILL", format!("panic:{drill}"));
    Terminal::run(command, 200, 40, place)
}

fn reports(place: &Place) -> Vec<PathBuf> {
    let folder = place.data_dir().join("crash");
    all(&folder).into_iter().filter(|path| path.is_file()).collect()
}

/// How many, by a generator of its own: the same ones every time.
fn rounds() -> impl Iterator<Item = (&'static str, u64)> {
    let rounds = std::env::var("JUGGLER_TEST_PANICS").ok().and_then(|n| n.parse().ok()).unwrap_or(12);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    (0..rounds).map(move |round: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        // The first steps are the opening; later ones are somebody's work.
        [("screen", 1 + state % 12), ("engine", 1 + state % 40), ("store", 1 + state % 12), ("call", 1 + state % 3)][round % 4]
    })
}

#[test]
fn every_bug_gives_the_terminal_back_and_leaves_a_report() {
    let (place, _market) = market();
    for (at, n) in rounds() {
        let drill = format!("{at}:{n}");
        let before = reports(&place);
        let mut t = start(&place, &drill);
        let began = Instant::now();
        // Somebody is at work until the bug comes.
        for key in ["j", "k", "s", "r"].iter().cycle() {
            assert!(began.elapsed() < PATIENCE, "{drill} does not come:\n{}", t.screen());
            if !t.is_running() || reports(&place) != before {
                break;
            }
            t.hit(key);
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        // Keys that came before may have opened something.
        for key in ["q", "y", ESC, "q"].iter().cycle().take(300) {
            if !t.is_running() {
                break;
            }
            t.hit(key);
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
        t.ended();
        if t.taken() > 0 {
            t.assert_restored();
        }
        let screen = t.screen().replace('\n', "");
        assert!(screen.contains(LEFT) && screen.contains("crash/"), "{drill}: {screen}");
        let new: Vec<PathBuf> = reports(&place).into_iter().filter(|path| !before.contains(path)).collect();
        assert_eq!(new.len(), 1, "{drill}: {new:?}");
        assert_eq!(std::fs::metadata(&new[0]).unwrap().permissions().mode() & 0o777, 0o600);
        let report = std::fs::read_to_string(&new[0]).unwrap();
        for part in
            [concat!("juggler ", env!("CARGO_PKG_VERSION")), "thread: ", "place: src/store/drill.rs:", "said: a drill", "drill"]
        {
            assert!(report.contains(part), "{part} is not in {report}");
        }
        assert!(!report.contains("flatbread") && !report.contains(env!("CARGO_MANIFEST_DIR")), "{report}");
        assert!(reports(&place).len() <= 10);
    }
}

/// Types words until `until` is on the screen; what was typed.
fn type_until(t: &mut Terminal, until: &str) -> String {
    let mut typed = String::new();
    // Saving what is typed are steps as well: sooner or later it is the one.
    while !t.screen().contains(until) {
        assert!(typed.len() < 3_000, "{:?}\n{}", t.noticed(), t.screen());
        t.hit("word ");
        typed.push_str("word ");
        std::thread::sleep(std::time::Duration::from_millis(30));
    }
    typed
}

#[test]
fn the_terminal_stays_where_it_is_and_goes_on_with_a_new_engine() {
    for drill in ["save:9", "engine:150"] {
        let (place, _market) = market();
        let mut t = start(&place, drill);
        steps::opened(&mut t);
        steps::find(&mut t);
        steps::claim(&mut t);
        let mut typed = type_until(&mut t, "a new one runs");
        let screen = t.screen();
        assert!(screen.contains("a bug ended the engine") && screen.contains("/crash/"), "{drill}: {screen}");
        assert!(screen.contains("/flatbread"), "the view is as it was: {screen}");
        t.hit("last");
        typed.push_str("last");
        t.wait_for("last");
        t.wait_gone("NO ENGINE");
        let began = Instant::now();
        while draft(&place) != typed {
            assert!(began.elapsed() < PATIENCE, "{drill}: {:?} is not {typed:?}\n{}", draft(&place), t.screen());
        }
        let status = place.run(&["daemon", "status", "--json"]).json();
        assert_eq!(status["host"]["pid"], t.pid(), "it runs where it ran");
        assert_eq!(reports(&place).len(), 1);
        // Work goes on, and is said at the end.
        t.press(ESC);
        t.press("F");
        t.press("/");
        t.press("\x15\r");
        t.press("s");
        t.wait_for("Starred 1");
        steps::quit(&mut t);
        t.assert_restored();
        assert!(t.screen().replace('\n', "").contains(LEFT), "{}", t.screen());
        assert!(!place.data_dir().join("unsaved").exists());
    }
}

#[test]
fn a_row_of_bugs_is_not_begun_again_and_what_was_typed_goes_into_a_file() {
    let (place, _market) = market();
    let mut t = start(&place, "engine:150..");
    steps::opened(&mut t);
    steps::find(&mut t);
    steps::claim(&mut t);
    let mut typed = type_until(&mut t, "bugs ended the engine 3 times");
    let screen = t.wait_for("leave, start juggler again");
    assert!(screen.contains("NO ENGINE"), "{screen}");
    assert_eq!(reports(&place).len(), 3);
    t.hit("last");
    typed.push_str("last");
    t.wait_for("last");
    // On a busy machine the first one may be taken together with what follows.
    t.press(ESC);
    t.press(ESC);
    t.press("q");
    let dialog = t.wait_for("Leave now?");
    assert!(dialog.contains("goes into a file"), "{dialog}");
    t.press("y");
    t.ended();
    t.assert_restored();
    let said = t.screen().replace('\n', "");
    assert!(said.contains("could not be saved") && said.contains("/unsaved/") && said.contains(LEFT), "{said}");
    let files = all(&place.data_dir().join("unsaved"));
    let kept: Vec<String> =
        files.iter().filter(|path| path.is_file()).map(|path| std::fs::read_to_string(path).unwrap()).collect();
    assert!(kept.contains(&typed), "{kept:?} is not {typed:?}");
    // The next one opens on everything that was confirmed.
    let hand = place.run(&["hand", "--json"]).lines();
    assert_eq!(hand.len(), 1, "{hand:?}");
}
