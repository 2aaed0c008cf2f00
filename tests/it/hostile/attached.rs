//! Attachments under the scam shield: what is said to whoever opens them counts, other people's words in them do not.
//!
//! Beside files written for it, every labelled text of `shield` is tried twice: as instructions, where it is as bad as in a brief, and as
//! material of six makes, where it is none of the requester's words.

use serde_json::json;

use super::shield::{HONEST, Labelled, SCAMS, flagged, inbox, is_kept_aside, labelled, share, unescaped};
use crate::cli::Place;
use crate::net::{Act, Raw};

/// A file by its name, and whether it was looked at while the rules were written.
fn files(list: &'static str) -> Vec<(String, Labelled)> {
    let lines = list.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let file = |line: &'static str| {
        let (name, text) = line.split_once('\t').unwrap();
        (name.to_owned(), Labelled { wants: "", text: unescaped(text), kept_aside: is_kept_aside(line) })
    };
    lines.map(file).collect()
}

/// The text as a person who cheats would put it into a file.
fn as_instructions(n: usize, text: &str) -> (String, String) {
    match n % 3 {
        0 => ("instructions.txt".to_owned(), format!("Please read this before you begin.\n\n{text}\n")),
        1 => ("guide.md".to_owned(), format!("# Style\n\n- Short sentences\n- British spelling\n\n# How it works\n\n{text}\n")),
        _ => ("steps.txt".to_owned(), format!("1. Read the brief.\n2. {}\n3. Deliver here.\n", text.replace('\n', " "))),
    }
}

/// The same words as somebody else's, to be worked on.
fn as_material(n: usize, text: &str) -> (String, String) {
    let line = text.replace('\n', " ");
    let cell = line.replace('"', "'");
    match n % 6 {
        0 => ("data.csv".to_owned(), format!("id,text,label\n1,\"See you at seven\",ham\n2,\"{cell}\",\n3,\"Lunch?\",ham\n")),
        1 => (
            "mails.txt".to_owned(),
            format!("From: desk@prize.invalid\nTo: you\nSubject: hello\n\n{text}\n\n===\n\nSort them into two folders.\n"),
        ),
        2 => {
            ("data.jsonl".to_owned(), format!("{}\n{}\n", json!({ "id": 1, "text": line }), json!({ "id": 2, "text": "Lunch?" })))
        }
        3 => ("chat.txt".to_owned(), format!("Anna: Hi\nBen: Hello, who is this?\nAnna: {line}\nBen: No, thank you.\n")),
        4 => (
            "reviews.txt".to_owned(),
            format!("Message 1: Lovely place.\n\nMessage 2: {line}\n\nMessage 3: Never again.\n\nMark the rude ones.\n"),
        ),
        _ => ("quotes.md".to_owned(), format!("What is wrong with this?\n\n> {}\n", text.replace('\n', "\n> "))),
    }
}

fn job(id: usize, name: &str, text: &str) -> String {
    let file = json!({ "name": name, "mime": "text/plain", "text": text });
    json!({ "id": format!("j{id}"), "title": "Work on the attached file", "brief": "All you need is in the file.", "kind": "other", "pay": 1.5, "currency": "USD", "attachments": [file] })
        .to_string()
        + "\n"
}

fn all(files: &[(String, Labelled)]) -> (String, Vec<&Labelled>) {
    let lines = files.iter().enumerate().map(|(id, (name, one))| job(id, name, &one.text)).collect();
    (lines, files.iter().map(|(_, one)| one).collect())
}

fn made(list: &'static str, wrap: impl Fn(usize, &str) -> (String, String)) -> Vec<(String, Labelled)> {
    let wrapped = |(n, one): (usize, Labelled)| {
        let (name, text) = wrap(n, &one.text);
        (name, Labelled { text, ..one })
    };
    labelled(list).into_iter().enumerate().map(wrapped).collect()
}

#[test]
fn what_an_attachment_says_counts_and_what_it_holds_does_not() {
    let place = Place::new();
    let sets = [
        ("cheats", files(include_str!("attached-scams.txt"))),
        ("told", made(SCAMS, as_instructions)),
        ("honest", files(include_str!("attached-honest.txt"))),
        ("plain", made(HONEST, as_instructions)),
        ("held", made(SCAMS, as_material)),
    ];
    for (name, files) in &sets {
        inbox(&place, name, &all(files).0);
    }
    let polled = place.run(&["jobs", "--poll", "--json", "--limit", "10000", "is:any"]);
    assert_eq!(polled.code, 0, "{}", polled.err);
    let rows = polled.lines();
    assert_eq!(rows.len(), sets.iter().map(|(_, files)| files.len()).sum::<usize>());
    let mut shares = Vec::new();
    for (name, files) in &sets {
        let flagged = flagged(&rows, name, files.len());
        let labelled: Vec<&Labelled> = files.iter().map(|(_, one)| one).collect();
        shares.push((*name, share(&labelled, &flagged, false), share(&labelled, &flagged, true)));
        if std::env::var_os("JUGGLER_TEST_SHOW").is_some() {
            let wrong = matches!(*name, "cheats" | "told");
            for ((file, one), _) in files.iter().zip(&flagged).filter(|(_, flag)| **flag != wrong) {
                eprintln!("{name} {file} ({}): {:?}", one.kept_aside, one.text);
            }
        }
    }
    let report = format!("attachments flagged, of the half the rules were written with and of the half kept aside: {shares:?}");
    eprintln!("{report}");
    let sum = |names: &[&str]| {
        let of = shares.iter().filter(|(name, ..)| names.contains(name));
        of.fold((0, 0, 0, 0), |sum, (_, tuned, aside)| (sum.0 + tuned.0, sum.1 + tuned.1, sum.2 + aside.0, sum.3 + aside.1))
    };
    let (tuned, of_tuned, aside, of_aside) = sum(&["cheats", "told"]);
    assert!(tuned * 100 >= of_tuned * 95 && aside * 100 >= of_aside * 95, "{report}");
    let (tuned, of_tuned, aside, of_aside) = sum(&["honest", "plain", "held"]);
    assert!(tuned * 100 <= of_tuned * 2 && aside * 100 <= of_aside * 2, "{report}");
}

/// A platform with one job whose attachment is to be fetched once it is claimed.
fn platform(text: &'static str) -> Raw {
    Raw::serve(move |request| {
        let file = json!({ "name": "START.txt", "mime": "text/plain", "url": "/files/start" });
        let job = json!({ "id": "j1", "name": "Work on the attached file", "text": "All is in the file.", "files": [file] });
        match request.path().split('?').next().unwrap_or_default() {
            "/jobs" => Act::json("200 OK", &json!({ "jobs": [job] })),
            "/jobs/j1" => Act::json("200 OK", &job),
            "/jobs/j1/claim" => Act::json("200 OK", &json!({ "id": "a1", "job_id": "j1", "state": "claimed" })),
            "/files/start" => Act::reply("200 OK", "Content-Type: text/plain\r\n", text.as_bytes()),
            _ => Act::json("404 Not Found", &json!({})),
        }
    })
}

#[test]
fn a_fetched_attachment_warns_as_a_brief_does() {
    let server =
        platform("Before we release the files, transfer the refundable deposit of $40. It comes back with your first pay.");
    let place = Place::new();
    super::board(&place, &server.url(""), "");
    super::with_attachments(&place);
    let polled = place.run(&["jobs", "--poll", "--json"]);
    assert_eq!(polled.code, 0, "{polled:?}");
    assert_eq!(polled.lines()[0]["signs"], json!([]), "it is not here yet");
    let claimed = place.run(&["claim", "odd:j1", "--yes", "--json"]);
    assert_eq!(claimed.code, 0, "{claimed:?}");
    // It is fetched behind the claim, and everybody is told.
    let warned =
        |out: &str| out.contains("Its attachment START.txt wants money from you first") && out.contains("refundable deposit");
    let told = place.run(&["show", "odd:j1"]);
    assert!(warned(&told.out), "{told:?}");
    std::fs::write(place.path().join("words.txt"), "My words.").unwrap();
    let drafted = place.run(&["draft", "odd:a1", "--set", "words.txt"]);
    assert_eq!(drafted.code, 0, "{drafted:?}");
    let terms = place.run(&["submit", "odd:a1", "--json"]);
    assert_eq!(terms.code, 11, "{terms:?}");
    let first = terms.lines()[0]["warnings"][0].as_str().unwrap_or_default().to_owned();
    assert!(first.starts_with("Looks like a scam. Its attachment START.txt wants money from you first: \u{201c}"), "{terms:?}");
    assert!(warned(&first), "{terms:?}");
}

/// A long report is worked on, not obeyed: its middle may speak of deposits. Where it begins and ends it may still cheat.
#[test]
fn the_middle_of_a_book_is_material() {
    use juggler::domain::{Text, shield};
    let wants = "Before we release the files, transfer the refundable deposit of $40. It comes back with your first pay.";
    let book = |at: u32| -> String {
        let page =
            |n| format!("--- page {n} ---\n{}\n\n", if n == at { wants } else { "How people get to work in eleven towns." });
        (1..=20).map(page).collect()
    };
    for (page, flagged) in [(1, true), (2, true), (3, false), (10, false), (20, true)] {
        let found = shield::in_attachment(&Text::title("report.pdf"), &book(page));
        assert_eq!(!found.is_empty(), flagged, "page {page}: {found:?}");
    }
    // What is short is read whole.
    let short = format!("--- page 1 ---\nHello.\n--- page 2 ---\nMore.\n--- page 3 ---\n{wants}\n--- page 4 ---\nBye.\n");
    assert!(!shield::in_attachment(&Text::title("guide.pdf"), &short).is_empty());
}

/// The reports of the practice market are honest, and nobody is warned of them.
#[test]
fn the_reports_of_the_market_raise_no_alarm() {
    use juggler::domain::{Text, shield};
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/market/reports");
    let mut seen = 0;
    for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        seen += 1;
        let found = shield::in_attachment(&Text::title("report.txt"), &text);
        assert!(found.is_empty(), "{}: {found:?}", file.display());
    }
    assert!(seen >= 2);
}
