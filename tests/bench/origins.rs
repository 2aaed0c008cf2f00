//! What it costs a key that a draft keeps where each stretch of it came from: at most 1 ms at 256 KiB.
//!
//! ```text
//! cargo bench --bench origins
//! ```
//! A draft of 256 KiB in 4,096 lines, in one run, in 1,000 and in 20,000 (every second word from somewhere else). A character is typed
//! at places all over it: the change of the origins alone, and the whole key as the editor's text takes it (the same in all three but
//! for the origins). Then what is done of it when the keys rest: counting the shares and copying the runs for the keeper.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use juggler::domain::origin::{Origin, Origins, Shares, Window};
use juggler::domain::{AssignmentId, Job, SourceName, Text, Time};
use juggler::tui::pane::editor::{EditorInput, EditorPane};
use support::Spread;

const LINES: usize = 4096;
const LINE: &str = "sixty-three characters of a line that somebody wrote by hand…\n";
const KEYS: usize = 2000;

fn now() -> Time {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

fn origins(runs: usize, bytes: usize) -> Origins {
    let ways = [Origin::Typed, Origin::Ai { call: Text::title("c1") }, Origin::Pasted];
    let part = bytes / runs;
    let mut made: Vec<(usize, Origin)> = (0..runs).map(|n| (part, ways[n % ways.len()].clone())).collect();
    made.push((bytes - part * runs, Origin::External));
    Origins::from(made)
}

fn pane(text: &str, origins: Origins) -> (EditorPane, AssignmentId) {
    let job = Job::new(&SourceName::new("practice"), "a1", "A long text", now());
    let view = support::in_hand(job, text, Some(origins), now());
    let (mut pane, id) = (EditorPane::new(), view.assignment.id.clone());
    pane.open(view);
    (pane, id)
}

fn main() {
    let text = LINE.repeat(LINES);
    println!("a draft of {} KiB in {LINES} lines\n{}", text.len() / 1024, Spread::head());
    for runs in [1, 1000, 20_000] {
        let mut kept = origins(runs, text.len()).fitted(&text);
        let one = Origins::whole(1, Origin::Typed);
        let mut edits = Spread::default();
        for n in 0..KEYS {
            let row = n * 2003 % LINES;
            let start = row * LINE.len();
            let line = format!("{}x{}", &LINE[..20], &LINE[20..]);
            let splice = edits.time(|| kept.edit(start + 20, 0, &one, Window { start, text: &line }));
            kept.revert(&splice);
        }
        println!("{}", edits.line(&format!("origins alone, {} runs", kept.runs().count())));

        let (mut pane, id) = pane(&text, kept.clone());
        let mut keys = Spread::default();
        for n in 0..KEYS {
            pane.go_to(&id, (n * 2003 % LINES, 20));
            // The clock stands still: nothing is judged or handed over meanwhile.
            let key = KeyEvent::new(KeyCode::Char('x'), KeyModifiers::NONE);
            keys.time(|| pane.input(EditorInput::Key(key), now()));
        }
        println!("{}", keys.line(&format!("the whole key, {} runs", kept.runs().count())));
        let mut rest = Spread::default();
        for _ in 0..20 {
            rest.time(|| (Shares::of(&kept, &text), kept.clone()));
        }
        println!("{}", rest.line(&format!("shares and a copy at rest, {} runs", kept.runs().count())));
    }
}
