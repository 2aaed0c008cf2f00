//! The screen on a full disk: it starts, shows what is in hand, says what it cannot do, and goes on when there is room.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use crate::place::Place;
use crate::steps;
use crate::terminal::{ENTER, ESC, Terminal};

/// A disk of its own; gone with the test.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: PathBuf) -> Option<SmallDisk> {
        fs::create_dir_all(&at).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=24m,mode=700", "tmpfs"]).arg(&at).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(SmallDisk(at));
        }
        let _ = std::io::stderr().write_all(b"SKIPPED: no small file system can be mounted here\n");
        None
    }

    fn fill(&self) {
        let mut file = File::create(self.0.join("filler")).unwrap();
        for size in [1 << 20, 4096, 1] {
            while file.write_all(&vec![7; size]).is_ok() {}
        }
    }

    fn free(&self) {
        fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

#[test]
fn on_a_full_disk_the_screen_shows_the_draft_and_says_that_nothing_is_saved() {
    let place = Place::new();
    let Some(disk) = SmallDisk::mount(place.data_dir()) else { return };
    let market = place.with_market(&["--seed", steps::SEED, "--speed", "6000", "--rate", "0"]);
    let mut t = Terminal::start(&[], 120, 40, &place);
    steps::opened(&mut t);
    steps::find(&mut t);
    steps::claim(&mut t);
    t.press("Written while there was room.");
    t.wait_for("Written while there was room.");
    t.wait_gone("not saved yet");
    t.press(ESC);
    steps::quit(&mut t);
    drop(t);
    disk.fill();
    let mut t = Terminal::start(&[], 120, 40, &place);
    t.wait("the hand", |screen| screen.contains("Hand 1"));
    t.press("e");
    t.wait_for("Written while there was room.");
    t.press(ENTER);
    // More than fits into what is left of a page that the journal has already.
    t.press(&"More words. ".repeat(600));
    t.wait("that it is not saved, and why", |screen| {
        screen.contains("not saved yet") && screen.contains("is not saved: Cannot save to") && screen.contains("Free some space")
    });
    disk.free();
    // It is tried again by itself.
    t.wait_gone("not saved yet");
    t.press(ESC);
    steps::quit(&mut t);
    drop(t);
    let hand = place.run(&["hand", "--json"]).lines();
    let id = hand[0].pointer("/assignment/id").and_then(serde_json::Value::as_str).unwrap();
    let draft = place.run(&["draft", id]).out;
    assert!(draft.matches("More words.").count() == 600 && draft.contains("Written while there was room."), "{draft}");
    drop(market);
}
