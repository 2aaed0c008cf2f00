//! Every way out of the program, fed with hostile text, judged by a terminal's parser. A new way out is one more line in a table.
//!
//! Ways out that do not exist yet and belong in here when they do: reports as CSV, hledger, ICS and HTML.

use std::path::Path;

use juggler::domain::alert::Urgency;
use juggler::domain::job::{Attachment, Requirement};
use juggler::domain::{Alert, AlertKind, Bundle, Job, SourceName, Text};
use juggler::error::{Class, Failure};
use juggler::net::Page;
use juggler::tui::osc::{Far, Link, Protocol, Through, link_bytes};
use juggler::tui::terminal::painter::{Painter, Scrolling};
use serde_json::{Value, json};

use super::bytes::{Grammar, Nasty, foreign, is_foreign};
use super::count;
use crate::cli::Place;
use crate::tui::{Desk, Screen};

/// Texts in one batch.
const BATCH: usize = 250;

/// A way out inside the program: texts in, what left and by which grammar.
type Sink = (&'static str, fn(&[String]) -> Vec<(Grammar, Vec<u8>)>);

const SINKS: &[Sink] = &[
    ("notification", notification),
    ("clipboard", clipboard),
    ("link", link),
    ("failure in words", failure_in_words),
    ("failure as JSON", failure_as_json),
    ("job as JSON", job_as_json),
    ("alert", alert),
];

fn far(protocol: Protocol, through: Through) -> Far {
    Far { through, protocol: Some(protocol), bell: true, title: true, clipboard: true, links: true }
}

fn bundle(texts: &[String]) -> Bundle {
    let alerts =
        texts.iter().map(|text| Alert::new(AlertKind::Rule, text, text, crate::tui::start()).body(text).urgency(Urgency::High));
    Bundle { alerts: alerts.collect(), ..Bundle::default() }
}

fn notification(texts: &[String]) -> Vec<(Grammar, Vec<u8>)> {
    let mut out = Vec::new();
    for text in texts {
        let one = bundle(std::slice::from_ref(text));
        for protocol in [Protocol::Nine, Protocol::SevenSevenSeven, Protocol::NinetyNine] {
            let direct = far(protocol, Through::Direct).notification(&one, 1);
            let wrapped = String::from_utf8(far(protocol, Through::Tmux).notification(&one, 1)).unwrap();
            // What tmux passes on is the very same.
            let passed: String = wrapped.split("\u{1b}Ptmux;").map(|part| part.replace("\u{1b}\u{1b}", "\u{1}")).collect();
            let passed = passed.replace("\u{1b}\\", "").replace('\u{1}', "\u{1b}");
            assert_eq!(passed.replace("\u{1b}\\", ""), String::from_utf8(direct.clone()).unwrap().replace("\u{1b}\\", ""));
            out.push((Grammar::Command, direct));
        }
    }
    out
}

fn clipboard(texts: &[String]) -> Vec<(Grammar, Vec<u8>)> {
    let far = far(Protocol::Nine, Through::Direct);
    texts.iter().filter_map(|text| Some((Grammar::Command, far.clipboard(text).ok()?.0))).collect()
}

fn link(texts: &[String]) -> Vec<(Grammar, Vec<u8>)> {
    let pages = texts
        .iter()
        .flat_map(|text| [text.clone(), format!("https://jobs.example.org/{text}"), format!("https://{text}.example/")]);
    let links = pages.filter_map(|page| {
        let page = Page::check(&page).ok()?;
        Some(Link { at: ratatui::layout::Position { x: 1, y: 1 }, text: page.host().to_owned(), page })
    });
    links
        .map(|link| {
            // A link stands in a frame: it moves the cursor, and that is all that is not a command.
            let bytes = String::from_utf8(link_bytes(&[link])).unwrap();
            (Grammar::Command, without_steps(&bytes).into_bytes())
        })
        .collect()
}

/// Without what is the painter's, checked by its own grammar elsewhere: cursor places, saving and restoring, colours.
fn without_steps(bytes: &str) -> String {
    let steps = regex::Regex::new("\u{1b}(\\[[0-9;]*[Hm]|7|8)").unwrap();
    steps.replace_all(bytes, "").into_owned()
}

fn failures(texts: &[String]) -> Vec<Failure> {
    texts.iter().map(|text| Failure::new(Class::Platform, text.clone()).why(text).hint(text.clone())).collect()
}

fn failure_in_words(texts: &[String]) -> Vec<(Grammar, Vec<u8>)> {
    failures(texts).iter().map(|failure| (Grammar::Plain, format!("{failure}\n{}", failure.hint).into_bytes())).collect()
}

fn failure_as_json(texts: &[String]) -> Vec<(Grammar, Vec<u8>)> {
    let written = |failure: &Failure| {
        let line = serde_json::to_string(failure).unwrap();
        // Nor does one come back otherwise.
        let raw =
            serde_json::to_string(&json!({ "class": "platform", "what": texts[0], "why": texts[0], "hint": texts[0] })).unwrap();
        let read: Failure = serde_json::from_str(&raw).unwrap();
        assert!(![read.what, read.why, read.hint].iter().any(|part| part.chars().any(|c| is_foreign(c) && c != '\n')));
        (Grammar::Plain, line.into_bytes())
    };
    failures(texts).iter().map(written).collect()
}

/// A job with hostile texts in every place that has one.
fn job(n: usize, texts: &[String]) -> Job {
    let mut at = n;
    let mut next = || {
        at += 1;
        Text::title(&texts[at % texts.len()])
    };
    let mut job = Job::new(&SourceName::new("practice"), &format!("j{n}"), next().as_str(), crate::tui::start());
    job.kind = next();
    job.requester.name = next();
    job.requester.id = next();
    job.tags = vec![next(), next()];
    job.url = Some(next());
    job.language = Some(next());
    job.warning = Some(next());
    job.revision = Some(next());
    job.requirements = vec![Requirement { kind: next(), text: next(), met: Default::default() }];
    job.attachments = vec![Attachment { name: next(), mime: next(), size: Some(1), sha256: None, url: None, text: Some(next()) }];
    let all: Vec<&str> = (0..6).map(|more| texts[(n + more) % texts.len()].as_str()).collect();
    job.brief = Text::body(&all.join("\n"));
    job.reward = juggler::domain::reward::Reward::fixed(juggler::domain::Money::new(120, juggler::domain::Asset::USD), 0);
    juggler::domain::shield::note(&mut job);
    job.detailed = true;
    job
}

fn job_as_json(texts: &[String]) -> Vec<(Grammar, Vec<u8>)> {
    let jobs = (0..texts.len()).step_by(15).map(|n| job(n, texts));
    jobs.map(|job| (Grammar::Plain, serde_json::to_vec(&json!([job, juggler::domain::shield::of(&job)])).unwrap())).collect()
}

fn alert(texts: &[String]) -> Vec<(Grammar, Vec<u8>)> {
    let bundle = bundle(texts);
    let lines: Vec<String> = bundle.lines(texts.len()).iter().map(ToString::to_string).collect();
    vec![(Grammar::Plain, serde_json::to_vec(&bundle).unwrap()), (Grammar::Plain, lines.join("\n").into_bytes())]
}

#[test]
fn no_way_out_lets_anything_through() {
    let inputs = count(5_000);
    let mut nasty = Nasty::new(7);
    for _ in 0..inputs.div_ceil(BATCH) {
        let texts = nasty.texts(BATCH);
        for (name, sink) in SINKS {
            for (grammar, bytes) in sink(&texts) {
                let found = foreign(&bytes, grammar);
                assert!(found.is_empty(), "{name}: {found:?} in {}", bytes.escape_ascii());
            }
        }
    }
    eprintln!("{inputs} hostile texts through each of {} ways out", SINKS.len());
}

/// A screen as the terminal is sent it.
fn painted(screen: &Screen, painter: &mut Painter) {
    let bytes = painter.paint(screen.cells(), None);
    let found = foreign(bytes, Grammar::Painter);
    assert!(found.is_empty(), "{found:?} on\n{}", screen.text());
}

#[tokio::test]
async fn the_screen_sends_nothing_but_our_own() {
    // Some 60 texts are on each screen.
    let screens = count(600).div_ceil(60);
    let mut nasty = Nasty::new(11);
    for round in 0..screens {
        let texts = nasty.texts(60);
        let desk = Desk::with(0);
        desk.poll((0..24).map(|n| job(n, &texts)).collect(), Vec::new());
        let mut screen = desk.screen(if round % 2 == 0 { 130 } else { 80 }, 40).await;
        let mut painter = Painter::new(Scrolling::Region);
        painted(&screen, &mut painter);
        for keys in ["j", "j j", "?", "esc", "enter", "j", "esc", "w", "esc", "/"] {
            screen.keys(keys).await;
            painted(&screen, &mut painter);
        }
        // What a person pastes may have been copied from a page.
        screen.paste(&texts[0]).await;
        painted(&screen, &mut painter);
        // A server's words in a failure.
        screen.keys("esc").await;
        screen.rest().await;
        painted(&screen, &mut painter);
    }
}

/// Everything that lies in the program's folders and is text.
fn written(at: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(at).unwrap().flatten() {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            written(&entry.path(), found);
        } else if kind.is_file() && entry.path().extension().is_some_and(|kind| kind == "jsonl" || kind == "log") {
            found.push(entry.path());
        }
    }
}

fn hostile_line(n: usize, texts: &[String]) -> Value {
    let text = |more: usize| &texts[(n * 7 + more) % texts.len()];
    json!({
        "id": if n.is_multiple_of(5) { format!("{n}{}", text(0).chars().take(40).collect::<String>()) } else { n.to_string() },
        "title": format!("t{}", text(1)), "brief": format!("{}\n{}", text(2), text(3)), "kind": text(4), "tags": [text(5)],
        "requester": { "id": text(6), "name": text(7) }, "warning": text(8), "url": text(9), "revision": text(10), "language": text(11),
        "requirements": [{ "kind": text(12), "text": format!("r{}", text(13)) }], "cost": { "why": text(14) },
        "attachments": [{ "name": format!("n{}", text(15)), "mime": text(16), "url": text(17), "text": text(18) }],
    })
}

#[test]
fn the_binary_prints_and_writes_nothing_but_our_own() {
    let jobs = (count(1_500) / 20).clamp(75, 4_000);
    let place = Place::new();
    let texts = Nasty::new(13).texts(jobs * 4);
    let mut lines: String = (0..jobs).map(|n| format!("{}\n", hostile_line(n, &texts))).collect();
    // Lines that cannot be read are quoted in what is said about them.
    for (n, text) in texts.iter().take(60).enumerate() {
        let wrong = [
            json!({ "id": n, "title": "x", "pay": text }),
            json!({ "id": "q", "title": "x", "claim": text }),
            json!({ text: text }),
        ];
        lines.push_str(&format!("{}\n{}{text}\n", wrong[n % 3], text.replace(['\n', '\r'], " ")));
    }
    std::fs::write(place.path().join("jobs.jsonl"), lines).unwrap();
    let run = |args: &[&str]| {
        let mut command = place.command(args);
        let output = command.env("JUGGLER_LOG", "trace").output().unwrap();
        for bytes in [&output.stdout, &output.stderr] {
            let found = foreign(bytes, Grammar::Plain);
            assert!(found.is_empty(), "{args:?}: {found:?} in {}", String::from_utf8_lossy(bytes));
        }
        String::from_utf8(output.stdout).unwrap()
    };
    run(&["sources", "add", "mine", "--inbox", "jobs.jsonl"]);
    run(&["jobs", "--poll", "--limit", "5000"]);
    let rows = run(&["jobs", "--json", "--limit", "5000", "is:any"]);
    assert!(rows.lines().count() > jobs / 2, "{} of {jobs}", rows.lines().count());
    let keys: Vec<String> =
        rows.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["key"].as_str().unwrap().to_owned()).collect();
    for key in keys.iter().take(6) {
        for args in
            [&["show", key][..], &["show", key, "--json"], &["show", key, "--why"], &["claim", key], &["claim", key, "--json"]]
        {
            run(args);
        }
    }
    for args in [
        &["sources"][..],
        &["sources", "--json"],
        &["sources", "test", "mine"],
        &["sources", "test", "mine", "--json"],
        &["show", "mine", "--raw"],
        &["sightings"],
        &["store", "verify"],
        &["doctor"],
    ] {
        run(args);
    }
    // What is typed, or copied from somewhere and typed, comes back in complaints.
    for text in texts.iter().filter(|text| !text.contains('\0')).take(25) {
        for args in [
            &["jobs", "--", text][..],
            &["jobs", "--json", "--", &format!("kind:{text} ("), text],
            &["show", "--", text],
            &["claim", "--json", "--", &format!("mine:{text}")],
        ] {
            run(args);
        }
    }
    let mut files = Vec::new();
    written(&place.path().join(".local"), &mut files);
    assert!(files.iter().any(|file| file.extension().is_some_and(|kind| kind == "log")), "{files:?}");
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        let found = foreign(&bytes, Grammar::Plain);
        assert!(found.is_empty(), "{}: {found:?}", file.display());
    }
}

/// A million of these take some seconds with optimised tests, minutes without.
#[test]
fn the_scrubber_lets_nothing_through_however_often() {
    let inputs = count(30_000);
    let mut nasty = Nasty::new(17);
    for _ in 0..inputs {
        let raw = nasty.text();
        for text in [Text::title(&raw), Text::body(&raw)] {
            let bad = text.as_str().chars().find(|c| is_foreign(*c) && *c != '\n');
            assert!(bad.is_none(), "{bad:?} of {raw:?}");
        }
        assert!(!Text::title(&raw).as_str().contains('\n'));
        let body = Text::body(&raw);
        assert_eq!(Text::body(body.as_str()), body, "{raw:?}");
    }
}
