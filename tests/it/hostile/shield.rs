//! The scam shield on labelled texts, where a person meets it: an inbox or a market in, rows and sentences out.
//!
//! The rules were written looking at one half of the labelled texts; the other half was kept aside for measuring. Both figures hold.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::cli::Place;

pub const SCAMS: &str = include_str!("scams.txt");
pub const HONEST: &str = include_str!("honest.txt");

/// One labelled text.
pub struct Labelled {
    /// What it wants; empty for honest ones.
    pub wants: &'static str,
    pub text: String,
    /// Not looked at while the rules were written.
    pub kept_aside: bool,
}

pub fn labelled(file: &'static str) -> Vec<Labelled> {
    let lines = file.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let (wants, text) = line.split_once('\t').unwrap_or(("", line));
            Labelled { wants, text: unescaped(text), kept_aside: is_kept_aside(line) }
        })
        .collect()
}

/// A coin that falls the same way every time.
pub fn is_kept_aside(line: &str) -> bool {
    let hash = line.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
    hash >> 20 & 1 == 1
}

pub fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(behind) = rest.strip_prefix('n') {
            out.push('\n');
            rest = behind;
        } else if let Some((hex, behind)) = rest.strip_prefix("u{").and_then(|hex| hex.split_once('}')) {
            out.push(char::from_u32(u32::from_str_radix(hex, 16).unwrap()).unwrap());
            rest = behind;
        } else {
            out.push('\\');
        }
    }
    out + rest
}

/// The first line or words as a title, all of it as the brief: as jobs have it.
fn job(id: usize, text: &str) -> Value {
    let title: String = text.lines().next().unwrap_or("job").chars().take(60).collect();
    json!({ "id": format!("j{id}"), "title": title, "brief": text, "kind": "other", "pay": 1.5, "currency": "USD" })
}

pub fn inbox(place: &Place, name: &str, lines: &str) {
    std::fs::write(place.path().join(format!("{name}.jsonl")), lines).unwrap();
    let added = place.run(&["sources", "add", name, "--inbox", &format!("{name}.jsonl")]);
    assert_eq!(added.code, 0, "{added:?}");
}

fn lines(all: &[Labelled]) -> String {
    all.iter().enumerate().fold(String::new(), |mut out, (id, one)| {
        writeln!(out, "{}", job(id, &one.text)).unwrap();
        out
    })
}

/// Those of `count` texts whose row is flagged, by place.
pub fn flagged(rows: &[Value], source: &str, count: usize) -> Vec<bool> {
    let mut flagged = vec![false; count];
    for row in rows.iter().filter(|row| row["source"] == source && !row["signs"].as_array().unwrap().is_empty()) {
        let id: usize = row["key"].as_str().unwrap().rsplit_once('j').unwrap().1.parse().unwrap();
        flagged[id] = true;
    }
    flagged
}

pub fn share(all: &[&Labelled], flagged: &[bool], kept_aside: bool) -> (usize, usize) {
    let half = || all.iter().zip(flagged).filter(|(one, _)| one.kept_aside == kept_aside);
    (half().filter(|(_, flag)| **flag).count(), half().count())
}

#[test]
fn cheats_are_flagged_and_honest_jobs_are_not() {
    let place = Place::new();
    let (scams, honest) = (labelled(SCAMS), labelled(HONEST));
    assert!(scams.len() >= 200 && honest.len() >= 150);
    let market = place.with_market(&["--seed", "11", "--speed", "1", "--jobs", "300", "--rate", "0"]);
    inbox(&place, "cheats", &lines(&scams));
    inbox(&place, "honest", &lines(&honest));
    let made = place.run(&["inbox", "generate", "--jobs", "1600", "--seed", "3"]);
    inbox(&place, "made", &made.out);
    let polled = place.run(&["jobs", "--poll", "--json", "--limit", "10000", "is:any"]);
    assert_eq!(polled.code, 0, "{}", polled.err);
    drop(market);
    let rows = polled.lines();
    let count = |source: &str| rows.iter().filter(|row| row["source"] == source).count();
    assert_eq!((count("cheats"), count("honest"), count("made")), (scams.len(), honest.len(), 1600));
    assert!(count("practice") >= 250, "{}", count("practice"));

    let found = flagged(&rows, "cheats", scams.len());
    let alarms = flagged(&rows, "honest", honest.len());
    let of = |source: &str| {
        let risky = |row: &&Value| row["source"] == source && !row["signs"].as_array().unwrap().is_empty();
        rows.iter().filter(risky).map(|row| row["title"].to_string()).collect::<Vec<_>>()
    };
    let (scam_list, honest_list): (Vec<_>, Vec<_>) = (scams.iter().collect(), honest.iter().collect());
    let (tuned, aside) = (share(&scam_list, &found, false), share(&scam_list, &found, true));
    let (false_tuned, false_aside) = (share(&honest_list, &alarms, false), share(&honest_list, &alarms, true));
    let plain = of("made").len() + of("practice").len();
    let report = format!(
        "scams found: {tuned:?} of the half the rules were written with, {aside:?} of the half kept aside; \
         false alarms: {false_tuned:?} and {false_aside:?} of jobs that look like trouble, {plain} of {} others",
        count("made") + count("practice")
    );
    eprintln!("{report}");
    if std::env::var_os("JUGGLER_TEST_SHOW").is_some() {
        for (one, _) in scams.iter().zip(&found).filter(|(_, flag)| !**flag) {
            eprintln!("missed {} ({}): {}", one.wants, one.kept_aside, one.text);
        }
        for (one, _) in honest.iter().zip(&alarms).filter(|(_, flag)| **flag) {
            eprintln!("false alarm ({}): {}", one.kept_aside, one.text);
        }
        eprintln!("{:?} {:?}", of("made"), of("practice"));
    }
    let all = rows.len() - scams.len();
    let alarms = plain + false_tuned.0 + false_aside.0;
    assert!(all >= 2000 && alarms * 100 <= all * 2, "{alarms} of {all}; {report}");
    for (hit, of) in [tuned, aside] {
        assert!(hit * 100 >= of * 95, "{report}");
    }
    // The hard ones by themselves may alarm a little more often.
    for (alarm, of) in [false_tuned, false_aside] {
        assert!(alarm * 100 <= of * 4, "{report}");
    }
    // A person can leave them out, or look at nothing else; nothing hides them by itself.
    let keys = |query: &str| place.keys(&["--limit", "10000", "--", query]);
    let risky = keys("is:risky source:cheats").len();
    assert_eq!(risky, found.iter().filter(|flag| **flag).count());
    assert_eq!(keys("-is:risky source:cheats").len(), scams.len() - risky);
    assert_eq!(keys("source:cheats").len(), scams.len());
}

#[test]
fn a_flagged_job_says_why_in_every_place() {
    let place = Place::new();
    let brief =
        "Data entry, easy. Before you start you must pay a refundable deposit of $30. Then message me on Telegram @quick_cash.";
    place.with_inbox(&[
        json!({ "id": "bad", "title": "Data entry", "brief": brief, "pay": 2, "currency": "USD" }),
        json!({ "id": "good", "title": "Write a tagline for a gift card shop", "brief": "Five ideas.", "pay": 2, "currency": "USD" }),
    ]);
    let row = |key: &str| place.run(&["jobs", "--json", &format!("key:{key}")]).lines().remove(0);
    assert_eq!(row("mine:bad")["signs"], json!(["deposit", "elsewhere"]));
    assert_eq!(row("mine:good")["signs"], json!([]));
    let table = place.run(&["jobs"]).out;
    let line = |part: &str| table.lines().find(|line| line.contains(part)).unwrap().to_owned();
    assert!(line("mine:bad").contains('⚑') && !line("mine:good").contains('⚑'), "{table}");
    let shown = place.run(&["show", "mine:bad"]).out;
    for part in [
        "wants money from you first",
        "refundable deposit",
        "Honest requesters pay you",
        "talk or pay elsewhere",
        "message me on Telegram",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let signs = place.run(&["show", "mine:bad", "--json"]).json()["signs"].clone();
    assert_eq!((&signs[0]["sign"], signs.as_array().unwrap().len()), (&json!("deposit"), 2), "{signs}");
    assert!(place.run(&["show", "mine:bad", "--why"]).out.contains("signs of a scam"));
    assert!(!place.run(&["show", "mine:good"]).out.contains("scam"));
    // The flags survive a restart, out of the image of the columns.
    assert_eq!(place.keys(&["is:risky"]), ["mine:bad"]);
}

#[test]
fn pay_far_above_the_kind_is_a_sign() {
    let place = Place::new();
    let job = |id: &str, kind: &str, pay: u32| json!({ "id": id, "title": format!("{kind} work"), "kind": kind, "pay": pay, "currency": "USD" });
    place.with_inbox(&[job("a", "label", 900), job("b", "label", 12), job("c", "tagline", 60), job("d", "script", 900)]);
    assert_eq!(place.keys(&["is:risky"]), ["mine:a"]);
    let shown = place.run(&["show", "mine:a"]).out;
    assert!(
        shown.contains("promises far too much") && shown.contains("it pays $900.00; label jobs rarely pay more than $10.00"),
        "{shown}"
    );
}

#[test]
fn what_is_agreed_to_begins_with_the_warning() {
    let server = crate::net::Raw::serve(|_| {
        let brief = "Before you start you must pay a refundable deposit of $30.";
        crate::net::Act::json(
            "200 OK",
            &json!({ "jobs": [{ "id": "j1", "name": "Data entry", "text": brief }], "id": "j1", "name": "Data entry", "text": brief }),
        )
    });
    let place = Place::new();
    super::board(&place, &server.url(""), "");
    assert_eq!(place.run(&["jobs", "--poll", "--json"]).lines()[0]["signs"], json!(["deposit"]));
    let terms = place.run(&["claim", "odd:j1", "--json"]);
    assert_eq!(terms.code, 11, "{terms:?}");
    let first = terms.lines()[0]["warnings"][0].as_str().unwrap().to_owned();
    assert!(
        first.starts_with("Looks like a scam. It wants money from you first: \u{201c}must pay a refundable deposit"),
        "{first}"
    );
}
