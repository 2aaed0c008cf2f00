//! Writing: steps of undo, graphemes, selection, paste, search, wrap.

use crossterm::event::{KeyCode, KeyModifiers};
use juggler::domain::draft::Cause;
use juggler::domain::{Origin, Text};
use juggler::tui::pane::editor::{EditorEffect, EditorInput};

use super::desk::{Desk, id, view, with_draft};

const FAMILY: &str = "👨‍👩‍👧‍👦";

#[test]
fn typing_shows_and_is_handed_over_with_every_key() {
    let mut desk = Desk::one();
    desk.types("Sip\nslow");
    assert_eq!(desk.text(), "Sip\nslow");
    let screen = desk.screen();
    assert!(
        screen.contains("Sip") && screen.contains("● not saved yet") && screen.contains("2 words · 7 characters"),
        "{screen}"
    );
    let changes = desk.changes();
    assert_eq!(changes.len(), 8);
    assert_eq!(changes.last(), Some(&("Sip\nslow", Cause::Typed)));
}

#[test]
fn undo_takes_words_back_and_redo_brings_them() {
    let mut desk = Desk::one();
    desk.types("grown not made");
    desk.command("editor.undo");
    assert_eq!(desk.text(), "grown not ");
    desk.command("editor.undo");
    assert_eq!(desk.text(), "grown ");
    desk.command("editor.redo").command("editor.redo");
    assert_eq!(desk.text(), "grown not made");
    desk.command("editor.redo");
    assert_eq!(desk.notices(), ["Nothing to do again."]);
    desk.command("editor.undo").types("x").command("editor.redo");
    assert_eq!(desk.text(), "grown not x", "a new change ends what could be done again");
    for _ in 0..9 {
        desk.command("editor.undo");
    }
    assert_eq!(desk.text(), "");
}

#[test]
fn a_pause_and_a_move_begin_new_steps() {
    let mut desk = Desk::one();
    desk.types("ab").later(2500).types("cd").command("editor.undo");
    assert_eq!(desk.text(), "ab");
    desk.press(KeyCode::Left).types("x").press(KeyCode::Home).types("y").command("editor.undo");
    assert_eq!(desk.text(), "axb");
}

#[test]
fn a_family_is_one_character() {
    let mut desk = Desk::one();
    desk.paste(&format!("a{FAMILY}b"));
    assert!(desk.screen().contains(" 3c "));
    desk.press(KeyCode::Left).press(KeyCode::Left);
    let (x, _) = desk.cursor();
    desk.press(KeyCode::Right);
    assert_eq!(desk.cursor().0 - x, 2, "two cells wide on the screen");
    desk.press(KeyCode::Backspace);
    assert_eq!(desk.text(), "ab");
    desk.command("editor.undo");
    assert_eq!(desk.text(), format!("a{FAMILY}b"));
    desk.press(KeyCode::Delete);
    assert_eq!(desk.text(), format!("a{FAMILY}"), "the cursor came back behind the family");
    desk.press(KeyCode::Home).press(KeyCode::Right).press(KeyCode::Delete);
    assert_eq!(desk.text(), "a");
}

#[test]
fn a_family_may_be_typed_code_point_by_code_point() {
    let mut desk = Desk::one();
    desk.types(FAMILY);
    assert_eq!(desk.text(), FAMILY);
    desk.press(KeyCode::Backspace);
    assert_eq!(desk.text(), "");
    desk.types("a\u{200d}b");
    assert_eq!(desk.text(), "ab", "a joiner that joins nothing is nothing");
    desk.press(KeyCode::Enter).types("e\u{301}x").press(KeyCode::Left).press(KeyCode::Left).types(">");
    assert_eq!(desk.text(), "ab\n>e\u{301}x");
}

#[test]
fn a_paste_is_scrubbed_and_one_step() {
    let mut desk = Desk::one();
    desk.types("> ").paste("one\r\ntwo\u{202e}\n\u{1b}[31mthree\tfour");
    assert_eq!(desk.text(), "> one\ntwo<RLO>\n^[[31mthree    four");
    desk.command("editor.undo");
    assert_eq!(desk.text(), "> ");
    desk.command("editor.redo").command("editor.select_all").paste("instead");
    assert_eq!(desk.text(), "instead");
    desk.command("editor.undo");
    assert!(desk.text().starts_with("> one\n"), "replacing a selection is one step too");
}

#[test]
fn a_large_paste_is_asked_about() {
    let mut desk = Desk::one();
    let large = "word word word\n".repeat(6000);
    desk.paste(&large);
    assert!(desk.pane.is_asking());
    assert!(desk.screen().contains("Paste 90.0 KB in 6001 lines? y insert  n drop"), "{}", desk.screen());
    desk.types("x").paste("second");
    assert!(desk.pane.is_asking(), "only an answer answers");
    desk.types("n");
    assert_eq!(desk.text(), "");
    desk.paste(&large).types("y");
    assert_eq!(desk.text(), large);
    desk.command("editor.undo");
    assert_eq!(desk.text(), "");
}

#[test]
fn more_than_a_draft_holds_is_refused_whole() {
    let mut desk = Desk::one();
    desk.paste(&"0123456789abcde\n".repeat(500_000)).types("y");
    assert_eq!(desk.text().len(), 8_000_000);
    desk.paste(&"x".repeat(500_000)).types("y");
    assert_eq!(desk.text().len(), 8_000_000);
    assert!(desk.notices().last().unwrap().contains("at most 8 MB"));
}

#[test]
fn shift_selects_and_copies_and_typing_replaces() {
    let mut desk = Desk::one();
    desk.types("grown not made");
    for _ in 0..4 {
        desk.key(KeyCode::Left, KeyModifiers::SHIFT);
    }
    desk.command("editor.copy");
    assert!(desk.effects.contains(&EditorEffect::Copy("made".to_owned())));
    desk.types("b");
    assert_eq!(desk.text(), "grown not b");
    desk.key(KeyCode::Left, KeyModifiers::SHIFT | KeyModifiers::CONTROL).command("editor.cut");
    assert_eq!(desk.text(), "grown not ");
    desk.press(KeyCode::Home).command("editor.paste");
    assert_eq!(desk.text(), "bgrown not ");
    desk.effects.clear();
    desk.command("editor.copy");
    assert_eq!(desk.notices(), ["Nothing is selected; hold Shift and move."]);
}

#[test]
fn words_and_lines_are_erased_at_once() {
    let mut desk = Desk::one();
    desk.types("one two three").key(KeyCode::Backspace, KeyModifiers::CONTROL);
    assert_eq!(desk.text(), "one two ");
    desk.key(KeyCode::Char('w'), KeyModifiers::CONTROL);
    assert_eq!(desk.text(), "one ");
    desk.types("four").press(KeyCode::Home).key(KeyCode::Char('k'), KeyModifiers::CONTROL);
    assert_eq!(desk.text(), "");
    desk.command("editor.undo");
    assert_eq!(desk.text(), "one four");
}

#[test]
fn search_goes_along_as_one_types_and_marks() {
    let mut desk = Desk::one();
    desk.types("a husk\nb Husk\nc cup").key(KeyCode::Home, KeyModifiers::CONTROL);
    desk.command("editor.search").types("hu");
    assert!(desk.pane.is_asking());
    assert!(desk.screen().contains("Find: hu"));
    desk.press(KeyCode::Enter).types("1");
    assert_eq!(desk.text(), "a 1husk\nb Husk\nc cup");
    desk.command("editor.search_next").types("2").command("editor.search_prev").types("3");
    assert_eq!(desk.text(), "a 13husk\nb 2Husk\nc cup");
    desk.command("editor.search").types("a.*[");
    assert!(desk.screen().contains("not found"), "words, not a pattern");
    desk.press(KeyCode::Esc).types("4");
    assert_eq!(desk.text(), "a 134husk\nb 2Husk\nc cup", "Esc goes back to where one was");
}

#[test]
fn every_character_is_found_as_itself() {
    let mut desk = Desk::one();
    desk.types("b <b> ^$ \\w #1").key(KeyCode::Home, KeyModifiers::CONTROL);
    for (words, text) in
        [("<b>", "b !<b> ^$ \\w #1"), ("^$", "b !<b> !^$ \\w #1"), ("\\w", "b !<b> !^$ !\\w #1"), ("#1", "b !<b> !^$ !\\w !#1")]
    {
        desk.command("editor.search").types(words).press(KeyCode::Enter).types("!");
        assert_eq!(desk.text(), text, "{words}");
    }
}

#[test]
fn long_lines_wrap_at_blanks_and_the_cursor_follows_what_is_seen() {
    let mut desk = Desk::new(30, 12);
    desk.pane.open(with_draft(view("a1", "t", 60), 1, "Grown from husks, warm in the hand and gone by spring."));
    let screen = desk.screen();
    assert!(screen.contains("Grown from husks, warm in\n") || screen.contains("Grown from husks, warm in "), "{screen}");
    let first = desk.cursor();
    desk.press(KeyCode::Down);
    assert_eq!(desk.cursor(), (first.0, first.1 + 1), "one row, though the same line");
    desk.types("X");
    assert!(desk.text().contains("in the Xhand") || desk.text().contains("Xthe hand"), "{}", desk.text());
    desk.command("editor.wrap");
    assert!(!desk.screen().contains("spring"));
    desk.press(KeyCode::End);
    assert!(desk.screen().contains("spring."), "without wrap the view follows sideways");
}

#[test]
fn what_another_editor_left_is_one_step() {
    let mut desk = Desk::one();
    desk.types("one\ntwo\nthree").effects.clear();
    desk.command("editor.external");
    let text = "one\ntwo\nthree".to_owned();
    assert_eq!(desk.effects, [EditorEffect::External { assignment: id("a1"), text, extension: "txt" }]);
    desk.input(EditorInput::Returned { assignment: id("a1"), text: "one\n2\nthree\nfour\n".to_owned() });
    assert_eq!(desk.text(), "one\n2\nthree\nfour");
    assert_eq!(desk.changes(), [("one\n2\nthree\nfour", Cause::File)]);
    desk.command("editor.undo");
    assert_eq!(desk.text(), "one\ntwo\nthree");
    let laid = Text::own("laid\nout");
    desk.input(EditorInput::Insert {
        assignment: id("a1"),
        text: laid,
        origin: Origin::Scaffold,
        cause: Cause::Scaffold,
        label: "the scaffold".into(),
    });
    assert_eq!(desk.changes().last(), Some(&("laid\nout", Cause::Scaffold)));
    assert!(desk.notices().last().unwrap().contains("the scaffold"));
    desk.command("editor.undo");
    assert_eq!(desk.text(), "one\ntwo\nthree");
    assert_eq!(desk.changes().last().unwrap().1, Cause::Typed);
}

#[test]
fn any_text_can_take_the_place_of_any_other_and_be_undone() {
    let texts = ["", "\n", "a", "a\nb", "a\nb\nc", "b\nc", "a\nc", "\na\n", "a\n\nb", "c\nb\na", "x\na\nb\nc\ny"];
    for from in texts {
        for to in texts {
            let mut desk = Desk::new(40, 10);
            desk.pane.open(with_draft(view("a1", "t", 60), 1, from));
            desk.input(EditorInput::Insert {
                assignment: id("a1"),
                text: Text::own(to),
                origin: Origin::External,
                cause: Cause::File,
                label: "it".into(),
            });
            assert_eq!(desk.text(), to, "from {from:?}");
            if from != to {
                desk.command("editor.undo");
            }
            assert_eq!(desk.text(), from, "back from {to:?}");
        }
    }
}
