//! The person's own editor on the draft: the terminal is lent and comes back, and so does the text.

use std::os::unix::fs::PermissionsExt;

use portable_pty::CommandBuilder;

use crate::place::Place;
use crate::steps;
use crate::terminal::{CTRL_O, ESC, Terminal};

#[test]
fn a_text_goes_to_the_editor_and_comes_back() {
    let place = Place::new();
    let script = place.path().join("my-editor");
    // It notes the terminal's modes as it finds them, and waits for a line of its own.
    let text = "#!/bin/sh\nstty -a > modes\necho 'your line?'\nread line\nprintf '%s\\n' \"$line\" >> \"$1\"\n";
    std::fs::write(&script, text).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_juggler"));
    command.args(["demo", "--seed", steps::SEED]);
    command.env("EDITOR", &script);
    let mut t = Terminal::run(command, 120, 40, &place);
    steps::opened(&mut t);
    steps::find(&mut t);
    steps::claim(&mut t);
    t.press("Written here.\r");
    t.wait_for("Written here.");
    t.press(CTRL_O);
    t.wait_for("your line?");
    t.assert_restored();
    t.press("Written by the editor.\r");
    let screen = t.wait("both lines", |screen| screen.contains("Written here.") && screen.contains("Written by the editor."));
    assert!(screen.contains("Checks") && screen.contains("practice ok"), "it is not drawn whole:\n{screen}");
    assert!(t.is_taken());
    let modes = std::fs::read_to_string(place.path().join("modes")).unwrap();
    assert!(modes.contains(" icanon") && modes.contains(" echo "), "the editor got a line that is not its own: {modes}");
    // Typing goes on in it.
    t.press("And here again.");
    t.wait_for("And here again.");
    t.wait_gone("not saved yet");
    t.press(ESC);
    steps::quit(&mut t);
}
