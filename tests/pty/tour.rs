//! The whole tour, by hand: start, triage, claim, write, see the checks, submit, see it paid, quit.

use crate::place::Place;
use crate::steps;
use crate::terminal::{ENTER, ESC, Terminal};

#[test]
fn the_tour_on_a_wide_screen() {
    tour(120, 40, &[]);
}

#[test]
fn the_tour_on_eighty_by_twenty_four() {
    // Payouts are quicker here: their usual pace is the other one's matter.
    tour(80, 24, &["--speed", "6000"]);
}

fn tour(cols: u16, rows: u16, more: &[&str]) {
    let place = Place::new();
    let mut t = Terminal::start(&[&["demo", "--seed", steps::SEED], more].concat(), cols, rows, &place);
    steps::opened(&mut t);
    assert!(t.is_taken(), "the program has the terminal");
    let start = t.wait_for("Starred 0");
    assert!(start.contains("Feed") && start.contains("Earnings"), "{start}");
    assert!(start.contains("real money"), "{start}");
    triage(&mut t);
    steps::find(&mut t);

    steps::ask_claim(&mut t);
    t.press(ESC);
    let screen = t.wait_gone("Claim this job?");
    assert!(!screen.contains("Hand 1"), "no is no:\n{screen}");
    steps::claim(&mut t);
    steps::write(&mut t);
    steps::submit(&mut t);
    let paid = steps::paid(&mut t, false);
    assert!(paid.sums.contains("$1.61") && paid.n == "1", "{paid:?}");
    let screen = t.screen();
    assert!(screen.contains("$/h") && screen.contains("n="), "sums come with their n:\n{screen}");

    help_and_palette(&mut t);
    steps::quit(&mut t);
}

/// Stars, hides, and takes both back; the counts say so.
fn triage(t: &mut Terminal) {
    t.press("s");
    t.wait_for("Starred 1");
    t.press("x");
    t.wait_for("Away 1");
    t.press("u");
    t.wait_for("Away 0");
    t.press("u");
    t.wait_for("Starred 0");
}

/// Both come from the live keymap, and both close.
fn help_and_palette(t: &mut Terminal) {
    t.press("F");
    t.wait_for("/flatbread");
    t.press("?");
    t.wait("help", |screen| screen.contains("Help") && screen.contains("Read the whole brief"));
    t.press(ESC);
    t.wait_gone("Read the whole brief");
    t.press(":");
    t.wait_for("Commands");
    t.press("earn");
    t.wait_for(": earn");
    t.press(ENTER);
    t.wait_for("$/h");
}
