//! Keys in, origins out: typing, pasting, moving, `$EDITOR`, undo and redo, against the oracle.

use crossterm::event::{KeyCode, KeyModifiers};
use juggler::domain::Text;
use juggler::domain::draft::Cause;
use juggler::domain::origin::{Origin, Origins, Shares};
use juggler::tui::pane::editor::{EditorEffect, EditorInput};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::oracle::Oracle;
use super::scripts::{PIECES, tell};
use crate::editor::desk::{Desk, id, view, with_draft};

fn ai() -> Origin {
    Origin::Ai { call: Text::title("c1") }
}

/// What the pane holds: each stretch with the word for where it came from.
fn told(desk: &Desk) -> Vec<(String, &'static str)> {
    let text = desk.text();
    let origins = desk.pane.origins(&id("a1")).unwrap();
    origins.runs().map(|(run, origin)| (text[run].to_owned(), origin.word())).collect()
}

fn is(desk: &Desk, expected: &[(&str, &str)]) {
    let told = told(desk);
    let told: Vec<(&str, &str)> = told.iter().map(|(text, origin)| (text.as_str(), *origin)).collect();
    assert_eq!(told, expected);
}

/// What an assistant wrote, accepted.
fn accept(desk: &mut Desk, text: &str) {
    let (assignment, text) = (id("a1"), Text::own(text));
    desk.input(EditorInput::Insert { assignment, text, origin: ai(), cause: Cause::Typed, label: "the answer".into() });
}

#[test]
fn each_way_in_leaves_its_mark_and_the_foot_says_how_much_was_typed() {
    let mut desk = Desk::one();
    desk.types("typed ");
    assert!(!desk.screen().contains("typed 100 %"), "no news is no words");
    desk.paste("pasted");
    is(&desk, &[("typed ", "typed"), ("pasted", "pasted")]);
    assert!(desk.screen().contains("12c · typed 50 %"), "{}", desk.screen());
    desk.press(KeyCode::Tab);
    is(&desk, &[("typed ", "typed"), ("pasted", "pasted"), ("    ", "typed")]);
    // Words of the brief are quoted, wherever they were copied; a word or two of it may be chance.
    desk.press(KeyCode::Enter).paste("Warm, short, no puns on beans.").paste("cups");
    is(
        &desk,
        &[
            ("typed ", "typed"),
            ("pasted", "pasted"),
            ("    \n", "typed"),
            ("Warm, short, no puns on beans.", "quoted"),
            ("cups", "pasted"),
        ],
    );
    let EditorEffect::Changed { text, origins, .. } = desk.effects.last().unwrap() else { panic!() };
    assert_eq!(origins.bytes(), text.as_str().len(), "and all of it is handed over to be kept");
    assert_eq!(*origins, desk.pane.origins(&id("a1")).unwrap());
}

#[test]
fn an_edit_within_an_ais_words_makes_those_characters_typed() {
    let mut desk = Desk::one();
    accept(&mut desk, "cafe noir");
    desk.key(KeyCode::Home, KeyModifiers::CONTROL);
    (0..4).for_each(|_| {
        desk.press(KeyCode::Right);
    });
    desk.types("\u{301}");
    is(&desk, &[("caf", "ai"), ("e\u{301}", "typed"), (" noir", "ai")]);
    let shares = Shares::of(&desk.pane.origins(&id("a1")).unwrap(), &desk.text());
    assert_eq!((shares.total, shares.typed, shares.ai), (9, 1, 8));
    assert!(desk.screen().contains("typed 11 %"), "{}", desk.screen());
    desk.terminal.backend_mut().resize(90, 16);
    assert!(desk.screen().contains("typed 11 % · AI 89 %"), "{}", desk.screen());
    desk.press(KeyCode::Backspace).types("e");
    is(&desk, &[("caf", "ai"), ("e", "typed"), (" noir", "ai")]);
    desk.command("editor.undo").command("editor.undo").command("editor.undo");
    is(&desk, &[("cafe noir", "ai")]);
    desk.command("editor.undo");
    is(&desk, &[]);
    (0..4).for_each(|_| {
        desk.command("editor.redo");
    });
    is(&desk, &[("caf", "ai"), ("e", "typed"), (" noir", "ai")]);
}

#[test]
fn what_is_moved_here_keeps_its_origin_and_what_the_terminal_brings_back_is_not_typed() {
    let mut desk = Desk::one();
    accept(&mut desk, "machine ");
    desk.key(KeyCode::End, KeyModifiers::CONTROL).types("mine");
    desk.command("editor.select_all").command("editor.cut").command("editor.paste").command("editor.paste");
    is(&desk, &[("machine ", "ai"), ("mine", "typed"), ("machine ", "ai"), ("mine", "typed")]);
    desk.command("editor.select_all").paste("machine mine");
    is(&desk, &[("machine ", "ai"), ("mine", "pasted")]);
}

#[test]
fn what_comes_back_from_an_editor_is_external_where_it_changed() {
    let mut desk = Desk::one();
    desk.types("one line\ntwo lines");
    let text = "one line\nanother line\ntwo lines\n".to_owned();
    desk.input(EditorInput::Returned { assignment: id("a1"), text });
    is(&desk, &[("one line\n", "typed"), ("another line\n", "external"), ("two lines", "typed")]);
    desk.command("editor.undo");
    is(&desk, &[("one line\ntwo lines", "typed")]);
    let laid = EditorInput::Insert {
        assignment: id("a1"),
        text: Text::own("one line\n- "),
        origin: Origin::Scaffold,
        cause: Cause::Scaffold,
        label: "it".into(),
    };
    desk.input(laid);
    is(&desk, &[("one line\n", "typed"), ("- ", "scaffold")]);
}

#[test]
fn unknown_words_can_be_declared_and_an_ais_cannot() {
    let mut desk = Desk::one();
    accept(&mut desk, "ai ");
    desk.key(KeyCode::End, KeyModifiers::CONTROL).paste("first ").types("x ").paste("second");
    (0..3).for_each(|_| {
        desk.key(KeyCode::Left, KeyModifiers::SHIFT);
    });
    desk.command("editor.declare");
    is(&desk, &[("ai ", "ai"), ("first ", "pasted"), ("x ", "typed"), ("sec", "pasted"), ("ond", "declared")]);
    desk.press(KeyCode::Left).command("editor.declare");
    is(&desk, &[("ai ", "ai"), ("first ", "declared"), ("x ", "typed"), ("second", "declared")]);
    assert!(desk.notices().last().unwrap().contains("your own words"));
    let EditorEffect::Changed { text, origins, .. } = desk.effects.last().unwrap() else {
        panic!("it is kept: {:?}", desk.effects.last())
    };
    assert_eq!((text.as_str(), origins.runs().nth(1).unwrap().1), (desk.text().as_str(), &Origin::Declared));
    desk.command("editor.undo").command("editor.undo");
    is(&desk, &[("ai ", "ai"), ("first ", "pasted"), ("x ", "typed"), ("second", "pasted")]);
    assert_eq!(desk.text(), "ai first x second");
    desk.command("editor.redo").command("editor.redo");
    is(&desk, &[("ai ", "ai"), ("first ", "declared"), ("x ", "typed"), ("second", "declared")]);
    desk.effects.clear();
    desk.command("editor.declare");
    assert!(desk.notices()[0].contains("nothing to declare"));
}

#[test]
fn what_another_front_end_saved_comes_with_its_origins() {
    let mut desk = Desk::one();
    let mut saved = with_draft(view("a1", "t", 60), 4, "from elsewhere");
    let draft = saved.draft.as_mut().unwrap();
    draft.origins = Some(Origins::from(vec![(5, Origin::Pasted), (9, Origin::Typed)]));
    desk.pane.refresh(saved.clone());
    is(&desk, &[("from ", "pasted"), ("elsewhere", "typed")]);
    // The same text, stated anew: declared at the command line.
    let draft = saved.draft.as_mut().unwrap();
    (draft.version, draft.origins) = (5, Some(draft.origins().declared()));
    desk.pane.refresh(saved.clone());
    is(&desk, &[("from ", "declared"), ("elsewhere", "typed")]);
    // Of a time when origins were not kept: unknown.
    let draft = saved.draft.as_mut().unwrap();
    (draft.version, draft.text, draft.origins) = (6, Text::own("older"), None);
    desk.pane.refresh(saved);
    is(&desk, &[("older", "external")]);
}

/// How many scripts: a hundredth of `JUGGLER_TEST_EDITS`, since each goes through all of the pane.
fn scripts() -> u64 {
    std::env::var("JUGGLER_TEST_EDITS").ok().and_then(|n| n.parse::<u64>().ok()).map_or(24, |n| n / 100)
}

#[test]
fn any_keys_at_all_leave_the_oracles_origins() {
    let mut compared = 0u64;
    for script in 0..scripts() {
        let mut dice = StdRng::seed_from_u64(script);
        let mut desk = Desk::one();
        let mut oracle = Oracle::default();
        let (mut past, mut future): (Vec<Oracle>, Vec<Oracle>) = (Vec::new(), Vec::new());
        for step in 0..40 {
            // A pause makes each change a step of its own.
            desk.later(2500).key(KeyCode::Home, KeyModifiers::CONTROL);
            let at = dice.random_range(0..=oracle.length());
            (0..at).for_each(|_| {
                desk.press(KeyCode::Right);
            });
            let before = oracle.clone();
            match dice.random_range(0..12) {
                0..=3 => {
                    let c = [' ', 'x', '\u{301}', '🇩', '🇪', '日', '\n', '🏽'][dice.random_range(0..8)];
                    oracle.replace(at, at, &Oracle::of(&c.to_string(), &Origin::Typed));
                    desk.types(&c.to_string());
                }
                4 | 5 => {
                    let text = Text::own(PIECES[dice.random_range(0..PIECES.len())]);
                    oracle.replace(at, at, &Oracle::of(text.as_str(), &Origin::Pasted));
                    desk.paste(text.as_str());
                }
                6 if at > 0 => {
                    oracle.replace(at - 1, at, &Oracle::default());
                    desk.press(KeyCode::Backspace);
                }
                7 if at < oracle.length() => {
                    oracle.replace(at, at + 1, &Oracle::default());
                    desk.press(KeyCode::Delete);
                }
                8 if !past.is_empty() => {
                    desk.command("editor.undo");
                    future.push(std::mem::replace(&mut oracle, past.pop().unwrap()));
                    continue;
                }
                9 if !future.is_empty() => {
                    desk.command("editor.redo");
                    past.push(std::mem::replace(&mut oracle, future.pop().unwrap()));
                    continue;
                }
                _ => continue,
            }
            past.push(before);
            future.clear();
            if desk.text() != oracle.text() {
                // The scrubber showed what joined to something that cannot be seen; from here on the two texts differ.
                break;
            }
            compared += 1;
            assert_eq!(
                desk.pane.origins(&id("a1")).unwrap(),
                oracle.origins(),
                "script {script}, step {step}: {:?}",
                desk.text()
            );
        }
        if desk.text() == oracle.text() {
            assert_eq!(desk.pane.origins(&id("a1")).unwrap(), oracle.origins(), "script {script}: {:?}", desk.text());
        }
    }
    assert!(compared > scripts() * 10, "{compared}");
    tell(&format!("{} scripts of keys, {compared} changes: every run as the oracle has it", scripts()));
}
