//! Anything at all, at any size, against a plain model of the text.

use crossterm::event::{KeyCode, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use juggler::domain::draft::Cause;
use juggler::domain::{Origin, Text};
use juggler::tui::pane::editor::EditorInput;
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::desk::{Desk, view, with_draft};

const COMMANDS: [&str; 21] = [
    "editor.undo",
    "editor.redo",
    "editor.search",
    "editor.search_next",
    "editor.search_prev",
    "editor.wrap",
    "editor.next_tab",
    "editor.prev_tab",
    "editor.brief",
    "editor.external",
    "editor.select_all",
    "editor.copy",
    "editor.cut",
    "editor.paste",
    "editor.goto_problem",
    "editor.attachment",
    "editor.fetch",
    "editor.look_up",
    "editor.quote",
    "editor.brief_down",
    "editor.brief_up",
];

#[derive(Clone, Debug)]
enum Act {
    Key(KeyCode, KeyModifiers),
    Paste(String),
    Command(usize),
    Mouse(MouseEventKind, u16, u16),
    Resize(u16, u16),
    Wait(i64),
}

fn code() -> impl Strategy<Value = KeyCode> {
    prop_oneof![
        4 => prop::sample::select(vec!['a', ' ', 'é', '日', '👨', '\u{200d}', '👩', '\u{301}', 'w', 'u', 'y', '\u{1b}', '🇩', '🇪'])
            .prop_map(KeyCode::Char),
        2 => prop::sample::select(vec![
            KeyCode::Enter, KeyCode::Backspace, KeyCode::Delete, KeyCode::Left, KeyCode::Right, KeyCode::Up, KeyCode::Down,
            KeyCode::Home, KeyCode::End, KeyCode::PageUp, KeyCode::PageDown, KeyCode::Tab, KeyCode::Esc,
        ]),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    let modifiers = prop::sample::select(vec![
        KeyModifiers::NONE,
        KeyModifiers::NONE,
        KeyModifiers::SHIFT,
        KeyModifiers::CONTROL,
        KeyModifiers::ALT,
    ]);
    let mouse = prop::sample::select(vec![
        MouseEventKind::Down(MouseButton::Left),
        MouseEventKind::Drag(MouseButton::Left),
        MouseEventKind::ScrollUp,
        MouseEventKind::ScrollDown,
    ]);
    prop_oneof![
        12 => (code(), modifiers).prop_map(|(code, modifiers)| Act::Key(code, modifiers)),
        1 => "(\\PC|\n| ){0,40}".prop_map(Act::Paste),
        3 => (0..COMMANDS.len()).prop_map(Act::Command),
        1 => (mouse, 0u16..90, 0u16..30).prop_map(|(kind, x, y)| Act::Mouse(kind, x, y)),
        1 => (1u16..100, 1u16..30).prop_map(|(w, h)| Act::Resize(w, h)),
        1 => (0i64..4000).prop_map(Act::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_breaks_it_and_undo_leads_back(acts in prop::collection::vec(act(), 1..120)) {
        let mut desk = Desk::new(80, 20);
        desk.pane.open(with_draft(view("a2", "Second", 3), 1, "some text\n\nof a line or two that wraps when it is narrow"));
        desk.pane.open(with_draft(view("a1", "First", 60), 1, ""));
        for act in acts {
            match act {
                Act::Key(code, modifiers) => { desk.key(code, modifiers); }
                Act::Paste(text) => { desk.paste(&text); }
                Act::Command(n) => { desk.command(COMMANDS[n]); }
                Act::Mouse(kind, column, row) => {
                    desk.input(EditorInput::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
                }
                Act::Resize(w, h) => desk.terminal.backend_mut().resize(w, h),
                Act::Wait(ms) => { desk.later(ms); }
            }
            desk.screen();
        }
        desk.press(KeyCode::Esc);
        // A last step, so that nothing undone waits behind the end.
        let written = desk.text() + "END";
        let assignment = desk.pane.selected().unwrap().clone();
        desk.input(EditorInput::Insert { assignment, text: Text::own(&written), origin: Origin::External, cause: Cause::File, label: "it".into() });
        prop_assert_eq!(desk.text(), written.clone());
        prop_assert!(!written.contains('\u{1b}'), "control characters are shown, never kept");
        let mut steps = 0;
        while { desk.effects.clear(); desk.command("editor.undo"); desk.notices().is_empty() } {
            steps += 1;
            prop_assert!(steps < 500);
        }
        let first = desk.text();
        prop_assert!(first.is_empty() || first.starts_with("some text\n\nof"), "{first:?}");
        for _ in 0..steps {
            desk.command("editor.redo");
        }
        prop_assert_eq!(desk.text(), written);
    }

    #[test]
    fn erasing_takes_one_grapheme_at_a_time(text in "(a|é|e\u{301}|日|👨‍👩‍👧‍👦|🇩🇪|👍🏽| |\n){0,30}") {
        let mut desk = Desk::new(20, 8);
        desk.pane.open(with_draft(view("a1", "t", 60), 1, &text));
        desk.key(KeyCode::End, KeyModifiers::CONTROL);
        let mut left: Vec<&str> = text.graphemes(true).collect();
        while left.pop().is_some() {
            desk.press(KeyCode::Backspace);
            prop_assert_eq!(desk.text(), left.concat());
        }
        desk.command("editor.undo");
        prop_assert_eq!(desk.text(), text.clone());
        desk.key(KeyCode::Home, KeyModifiers::CONTROL);
        let moves = text.graphemes(true).count();
        for _ in 0..moves {
            desk.press(KeyCode::Right);
        }
        desk.types("$");
        prop_assert_eq!(desk.text(), format!("{text}$"));
    }
}
