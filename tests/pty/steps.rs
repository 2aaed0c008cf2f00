//! Steps of the main job, as a person takes them: keys, and what must be on the screen before the next ones.

use std::time::Instant;

use crate::terminal::{CTRL_S, ENTER, PATIENCE, Terminal};

/// Seed 2 lists this job with two places, from a requester who pays promptly; whatever it is called, any text of the right shape
/// will do for it.
pub const SEED: &str = "2";
/// Finds it.
const WORDS: &str = "flatbread civic";
/// Its title, as far as the narrowest feed shows it.
const TITLE: &str = "Alt text for";

/// Five lines that pass: of the right length, unlike each other, and without the words that the job forbids.
const LINES: [&str; 5] = [
    "Rough dough in a wide bowl, dry flour still clinging to the rim.",
    "The same dough half an hour later, smooth now and twice as large.",
    "Eight small balls in two rows under a damp cloth lifted at a corner.",
    "A thin round of bread blistering black and gold in an iron pan.",
    "Six breads stacked in a folded towel beside salted butter.",
];
/// What is added when another version is wished for.
const AGAIN: &str = " Steam rises.";

/// The feed is there with its jobs.
pub fn opened(t: &mut Terminal) {
    t.wait("the feed", |screen| screen.contains("Open 1") && screen.contains("practice ok"));
}

/// Narrows the feed down to the job.
pub fn find(t: &mut Terminal) {
    t.press("/");
    t.wait_for("filter:");
    t.press(WORDS);
    t.wait_for(&format!("filter: {WORDS}"));
    t.press(ENTER);
    t.wait("the one job under the cursor", |screen| {
        screen.contains("/flatbread") && screen.lines().any(|line| line.contains('▌') && line.contains(TITLE))
    });
}

/// The terms of the claim: platform, pay, and how long there is.
pub fn ask_claim(t: &mut Terminal) -> String {
    t.press("c");
    let terms = t.wait_for("Claim this job?");
    for part in ["practice", "$1.75", "$1.61", "deliver within", "No"] {
        assert!(terms.contains(part), "{part} is not in the terms:\n{terms}");
    }
    terms
}

/// Claims it; then the keys go to its text.
pub fn claim(t: &mut Terminal) {
    ask_claim(t);
    t.press("y");
    t.wait("an empty draft to write", |screen| screen.contains("Nothing written yet") && screen.contains("Hand 1"));
}

/// Writes the whole text; the checks turn from failing to passing as it grows.
pub fn write(t: &mut Terminal) {
    t.press(LINES[0]);
    t.wait("failing checks after one line", |screen| screen.contains("Checks ✗"));
    for line in &LINES[1..] {
        t.press(ENTER);
        t.press(line);
    }
    t.wait("passing checks", |screen| screen.contains("salted butter.") && screen.contains("Checks ✓"));
}

/// Submits what was written.
pub fn submit(t: &mut Terminal) {
    t.press(CTRL_S);
    let terms = t.wait_for("Submit this draft?");
    for part in ["practice", "$1.75", "$1.61", "deadline"] {
        assert!(terms.contains(part), "{part} is not in the terms:\n{terms}");
    }
    assert!(!terms.contains("Check fails"), "the draft does not pass:\n{terms}");
    t.press("y");
    t.wait_gone("Submit this draft?");
}

/// Claims it on a market that may not answer: asks again until it is in hand.
pub fn claim_stubbornly(t: &mut Terminal) {
    loop {
        t.press("c");
        let screen = t.wait("terms, or why there are none", |screen| {
            screen.contains("Claim this job?") || screen.contains("Hand 1") || screen.contains(" ✗ ")
        });
        if screen.contains("Claim this job?") {
            t.press("y");
            t.wait_gone("Claim this job?");
        }
        let screen = t.wait("the claim's outcome", |screen| screen.contains("Hand 1") || screen.contains(" ✗ "));
        if screen.contains("Hand 1") {
            t.wait_for("Nothing written yet");
            return;
        }
        t.press("d");
    }
}

/// What the earnings say.
#[derive(Debug)]
pub struct Paid {
    /// The line of what was paid.
    pub sums: String,
    /// The line of how many payments that was.
    pub n: String,
    /// How many versions were delivered.
    pub deliveries: u32,
}

/// Goes to the earnings and waits until something was paid; sends another version whenever one is asked for. `nudge`: asks the
/// source again and again, as somebody would whose market is often away.
pub fn paid(t: &mut Terminal, nudge: bool) -> Paid {
    let mut deliveries = 1;
    let deadline = Instant::now() + PATIENCE;
    loop {
        assert!(Instant::now() < deadline, "nothing was paid; the screen is:\n{}", t.screen());
        t.press("E");
        let screen = t.wait("the earnings", |screen| nth(screen, "paid", 1).is_some() && screen.contains("▸E"));
        let done = |screen: &str| nth(screen, "paid", 1).is_some_and(|sum| sum != "$0.00");
        let back = |screen: &str| screen.contains("Hand 1") && screen.contains("1 revise");
        let screen = if nudge { screen } else { t.wait("a payment, or a wish", |screen| done(screen) || back(screen)) };
        if done(&screen) {
            return Paid { sums: row(&screen, "paid").unwrap(), n: nth(&screen, "n", 1).unwrap(), deliveries };
        }
        if back(&screen) {
            t.press("e");
            t.wait_for("Revision asked");
            t.press("i");
            t.press(AGAIN);
            t.wait("the new version", |screen| screen.contains("Steam rises") && screen.contains("Checks ✓"));
            submit(t);
            deliveries += 1;
        }
        if nudge {
            t.press("F");
            t.wait_for("▸F");
            t.press("r");
            t.wait_gone("asking");
        }
    }
}

/// The first line that begins with `name`, without what frames it.
fn row(screen: &str, name: &str) -> Option<String> {
    let mut lines = screen.lines().map(|line| line.trim_matches(|c: char| c == '│' || c.is_whitespace()).to_owned());
    lines.find(|line| line.split_whitespace().next() == Some(name))
}

/// A word of it.
fn nth(screen: &str, name: &str, at: usize) -> Option<String> {
    row(screen, name)?.split_whitespace().nth(at).map(str::to_owned)
}

/// Leaves, and leaves the terminal as it was.
pub fn quit(t: &mut Terminal) {
    t.press("q");
    let status = t.ended();
    assert_eq!(status.exit_code(), 0, "{status:?}\n{}", t.screen());
    t.assert_restored();
}
