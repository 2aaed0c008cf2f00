//! Large texts: correct beyond what the text widget can jump to. Says how long each step took where `JUGGLER_TIMES` is set.

use std::io::Write;
use std::time::Instant;

use crossterm::event::{KeyCode, KeyModifiers};

use super::desk::{Desk, view, with_draft};

fn timed(what: &str, act: impl FnOnce()) {
    let from = Instant::now();
    act();
    if std::env::var_os("JUGGLER_TIMES").is_none() {
        return;
    }
    let _ = writeln!(std::io::stderr(), "{what}: {:.1} ms", from.elapsed().as_secs_f64() * 1e3);
}

#[test]
fn a_hundred_thousand_lines() {
    let mut desk = Desk::new(100, 30);
    desk.pane.open(view("a1", "t", 60));
    let lines: String = (0..100_000).map(|n| format!("line {n} of a long text\n")).collect();
    timed("paste of 100,000 lines", || {
        desk.paste(&lines).types("y");
    });
    timed("draw at the end", || {
        assert!(desk.screen().contains("line 99999 of"));
    });
    timed("a key and its frame", || {
        desk.types("x").screen();
    });
    timed("judge and hand over", || {
        desk.later(600).input(juggler::tui::pane::editor::EditorInput::Tick);
    });
    assert_eq!(desk.changes().len(), 1);
    timed("up over 3 lines, type", || {
        desk.press(KeyCode::Home);
        for _ in 0..3 {
            desk.press(KeyCode::Up);
        }
        desk.types("here");
    });
    assert!(desk.text().contains("\nhereline 99997 of"), "beyond line 65,536 the cursor is where it should be");
    timed("select all, cut, undo", || {
        desk.command("editor.select_all").command("editor.cut");
        assert_eq!(desk.text(), "");
        desk.command("editor.undo");
    });
    assert!(desk.text().contains("hereline 99997 of"));
    timed("to the start and back", || {
        desk.key(KeyCode::Home, KeyModifiers::CONTROL).screen();
        desk.key(KeyCode::End, KeyModifiers::CONTROL).screen();
    });
}

#[test]
fn one_line_of_two_hundred_thousand_characters() {
    let mut desk = Desk::new(100, 30);
    desk.pane.open(with_draft(view("a1", "t", 60), 1, &"wörd ".repeat(40_000)));
    timed("draw, end, key, frame", || {
        desk.press(KeyCode::End).types("X").screen();
    });
    assert!(desk.text().ends_with("wörd X"));
    timed("up a row and type", || {
        desk.press(KeyCode::Up).types("Y").screen();
    });
    assert!(desk.text().contains('Y'));
}

#[test]
fn a_key_in_what_still_counts_as_small() {
    let mut desk = Desk::new(100, 30);
    desk.pane.open(with_draft(
        view("a1", "t", 60),
        1,
        &"A line of ordinary length, sixty characters or so, it is.\n".repeat(850),
    ));
    timed("100 keys and frames in 49 KB", || {
        for _ in 0..100 {
            desk.types("x").screen();
        }
    });
    assert_eq!(desk.changes().len(), 100);
}
