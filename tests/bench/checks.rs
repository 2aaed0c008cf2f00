//! From a key to its findings: at most 50 ms for a tagline set and for a script with a long source, a second for 100,000 dialogues.
//!
//! ```text
//! cargo bench --bench checks
//! ```
//! The key goes into the editor's pane; what the pane wants judged away from the keys is judged here at once and given back, so the
//! figure is key, judgement and the findings in their place. The wait until the keys rest (40 ms above 16 kB of text) is not in it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use juggler::domain::check::{Finding, Judged, check};
use juggler::domain::deliverable::{Form, Rule};
use juggler::domain::job::Attachment;
use juggler::domain::{Deliverable, Job, SourceName, Text, Time};
use juggler::tui::pane::editor::{EditorEffect, EditorInput, EditorPane};
use support::Spread;

const REPORT: &str = include_str!("../../assets/market/reports/tidal-energy.txt");
const KEYS: usize = 200;

fn now() -> Time {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

fn pane(form: Form, rules: Vec<Rule>, text: &str, source: Option<&str>) -> EditorPane {
    let name = SourceName::new("practice");
    let mut job = Job::new(&name, "a1", "Work", now());
    job.deliverable = Deliverable { form, rules, ..Deliverable::default() };
    job.attachments.extend(source.map(|text| Attachment {
        name: Text::title("report.txt"),
        mime: Text::title("text/plain"),
        size: None,
        sha256: None,
        url: None,
        text: Some(Text::body(text)),
    }));
    let mut pane = EditorPane::new();
    pane.open(support::in_hand(job, text, None, now()));
    pane
}

/// A key, and whatever it wants judged; how long until the findings stand.
fn key(pane: &mut EditorPane, c: char) -> (Duration, bool) {
    let begin = Instant::now();
    let typed = EditorInput::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
    let mut effects = pane.input(typed, now());
    let mut away = false;
    while let Some(at) = effects.iter().position(|effect| matches!(effect, EditorEffect::Judge(_))) {
        let EditorEffect::Judge(judging) = effects.remove(at) else { unreachable!() };
        let (assignment, edits) = (judging.assignment.clone(), judging.edits);
        effects.extend(pane.input(EditorInput::Judged { assignment, edits, findings: judging.findings() }, now()));
        away = true;
    }
    (begin.elapsed(), away)
}

fn keys(name: &str, mut pane: EditorPane) {
    let first = key(&mut pane, 'a');
    let mut spread = Spread::default();
    for n in 0..KEYS {
        spread.add(key(&mut pane, if n % 2 == 0 { 'b' } else { ' ' }).0);
    }
    let place = if first.1 { "away from the keys" } else { "with the key" };
    println!("{} (the first {:.1} ms; judged {place})", spread.line(name), first.0.as_secs_f64() * 1e3);
}

fn taglines() {
    let rules = vec![
        Rule::Items { min: 5, max: 5 },
        Rule::ItemChars { min: 12, max: 60 },
        Rule::ItemWords { min: 2, max: 9 },
        Rule::Distinct { percent: 60 },
        Rule::MustNot { terms: vec!["best".into(), "guaranteed".into()] },
    ];
    let text = "1. Oats that know what a night shift is\n2. Three minutes from kettle to coat\n3. Slow mill, quick spoon\n\
4. The warm end of a cold platform\n5. Milled by a river that gets up early";
    keys("5 taglines", pane(Form::Lines, rules, text, None));
}

/// 600 words out of the report, with a stamp on each line.
fn script() {
    let words: Vec<&str> =
        REPORT.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).skip(400).take(600).collect();
    let text: Vec<String> =
        words.chunks(25).enumerate().map(|(i, w)| format!("[{}:{:02}] {}.", i / 6, i % 6 * 10, w.join(" "))).collect();
    let rules = vec![
        Rule::Spoken { seconds: 240, wpm: 150, tolerance: 10 },
        Rule::Beats { min: 6 },
        Rule::Faithful { source: Text::default() },
    ];
    let long: String = REPORT.split_inclusive(' ').take(10_000).collect();
    let n = long.split_whitespace().count();
    keys(&format!("600-word script, source of {n} words"), pane(Form::Script, rules, &text.join("\n"), Some(&long)));
}

fn dialogues() {
    let line = |n: usize| {
        let (a, b, c) = (n * 7919 % 100_003, n * 104_729 % 99_991, n * 31 % 977);
        format!(
            "{{\"messages\":[{{\"role\":\"system\",\"content\":\"You help with orders.\"}},{{\"role\":\"user\",\"content\":\"Where is order {a}, placed by customer {b} in week {c}?\"}},\
{{\"role\":\"assistant\",\"content\":\"Parcel {b} left depot {c} with driver {a}; it is due on day {c}.\"}}]}}"
        )
    };
    let text: String = (0..100_000).map(|n| line(n) + "\n").collect();
    for (name, rules) in [
        ("schema, roles, personal data, leaks", vec![Rule::Chat { turns: 2 }]),
        ("and near-duplicates", vec![Rule::Chat { turns: 2 }, Rule::Distinct { percent: 80 }]),
    ] {
        let spec = Deliverable { form: Form::ChatJsonl, rules, ..Deliverable::default() };
        let mut spread = Spread::default();
        let mut found: Vec<Finding> = Vec::new();
        for _ in 0..5 {
            let begin = Instant::now();
            found = check(&spec, &Judged { text: &text, ..Judged::default() });
            spread.add(begin.elapsed());
        }
        let said: Vec<String> = found.iter().map(|f| format!("{:?}", f.verdict)).collect();
        println!("{} → {said:?}", spread.line(&format!("100,000 dialogues ({} MB), {name}", text.len() / 1_000_000)));
    }
}

fn main() {
    println!("{}", Spread::head());
    taglines();
    script();
    dialogues();
}
