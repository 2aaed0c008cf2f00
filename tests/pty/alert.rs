//! Words to the terminal that are not text on its screen: notifications, title, clipboard.

use portable_pty::CommandBuilder;

use crate::place::Place;
use crate::steps;
use crate::terminal::Terminal;

fn count(bytes: &[u8], part: &str) -> usize {
    bytes.windows(part.len()).filter(|found| *found == part.as_bytes()).count()
}

#[test]
fn a_test_alert_is_sent_and_no_more_is_claimed() {
    let place = Place::new();
    let mut t = Terminal::start(&["alert", "test"], 120, 20, &place);
    t.wait_for("sent to the terminal (OSC 9 and the bell); whether it shows only the terminal knows");
    assert_eq!(t.ended().exit_code(), 0);
    let sent = "\x1b]9;Juggler: a test alert · This is how alerts reach you.\x1b\\\x07";
    assert_eq!(count(&t.raw(), sent), 1, "{:?}", String::from_utf8_lossy(&t.raw()));
}

#[test]
fn it_goes_to_the_terminal_even_where_the_output_goes_elsewhere() {
    let place = Place::new();
    let mut command = CommandBuilder::new("/bin/sh");
    command.args(["-c", "\"$0\" alert test --json > told; cat told", env!("CARGO_BIN_EXE_juggler")]);
    let mut t = Terminal::run(command, 200, 20, &place);
    t.wait_for("\"webhook\"");
    assert_eq!(t.ended().exit_code(), 0);
    assert_eq!(count(&t.raw(), "\x1b]9;"), 1);
    let told = std::fs::read(place.path().join("told")).unwrap();
    assert!(!told.contains(&0x1b) && told.starts_with(b"{\"channel\":\"terminal\""));
}

#[test]
fn the_title_is_ours_for_a_while_and_a_key_is_copied() {
    let place = Place::new();
    let mut t = Terminal::start(&["demo", "--seed", steps::SEED], 120, 40, &place);
    steps::opened(&mut t);
    t.press("yk");
    t.wait_for("sent to the terminal's clipboard");
    // "practice:" and what follows it, whatever job that is.
    assert_eq!(count(&t.raw(), "\x1b]52;c;cHJhY3RpY2U6"), 1);
    assert_eq!((count(&t.raw(), "\x1b[22;0t\x1b]2;juggler\x1b\\"), count(&t.raw(), "\x1b[23;0t")), (1, 0));
    steps::quit(&mut t);
    assert_eq!(count(&t.raw(), "\x1b[23;0t"), 1);
    t.assert_restored();
}
