//! Typing, pasting and `kill -9` in a terminal: the origins that are found afterwards are those of the keys.

use rustix::process::Signal;
use serde_json::json;

use crate::steps;
use crate::terminal::{ESC, PATIENCE, Terminal};
use crate::work::{claimed, draft};

#[test]
fn what_was_typed_and_what_was_pasted_is_told_apart_after_a_kill() {
    let (place, _market, mut t) = claimed();
    t.press("Typed here, ");
    t.wait_for("Typed here,");
    t.press("\x1b[200~pasted there\x1b[201~");
    t.wait_for("typed 50 %");
    t.press(" and typed again.");
    t.wait("all of it, saved", |screen| {
        screen.contains("typed again.") && screen.contains("saved ") && !screen.contains("not saved")
    });
    t.signal(Signal::KILL);
    t.ended();
    let text = "Typed here, pasted there and typed again.";
    assert_eq!(draft(&place), text);
    let id = place.run(&["hand", "--json"]).lines()[0]["assignment"]["id"].as_str().unwrap().to_owned();
    let kept = place.run(&["draft", &id, "--json"]).json();
    assert_eq!(kept["origins"], json!([[12, "typed"], [12, "pasted"], [17, "typed"]]));
    assert_eq!(
        (&kept["shares"]["typed"], &kept["shares"]["pasted"], &kept["statement"]),
        (&json!(29), &json!(12), &json!("open"))
    );

    // Another terminal goes on with it, and the person says that the words are theirs.
    let mut t = Terminal::start(&[], 120, 40, &place);
    steps::opened(&mut t);
    t.press("e");
    t.wait_for("typed 71 %");
    t.press(ESC);
    t.press(":declare\r");
    t.wait_for("your own words");
    let deadline = std::time::Instant::now() + PATIENCE;
    while place.run(&["draft", &id, "--json"]).json()["statement"] != "unaided" {
        assert!(std::time::Instant::now() < deadline, "{}", t.screen());
    }
    steps::quit(&mut t);
}
