//! The four jobs of the trade, from the feed to being paid, in a real terminal: by the scaffold alone, and with a model that streams.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::easel::Easel;
use crate::place::{Market, Place};
use crate::raw::Request;
use crate::stand_in::{Script, StandIn, openai};
use crate::steps;
use crate::terminal::{ENTER, ESC, Terminal};

/// With this seed the market pays each of these deliveries at once; whatever the jobs are called, what is made here will do.
const MARKET: &[&str] = &["--seed", "11", "--speed", "20000", "--jobs", "300", "--rate", "0"];

/// What finds one job of each trade, and words of its title.
const TAGLINES: (&str, &str) = ("kind:tagline ai:disclose 5 catchy", "5 catchy taglines");
const SCRIPT: (&str, &str) = ("kind:script ai:disclose tidal", "20-page report");
const DIALOGUES: (&str, &str) = ("kind:chat ai:disclose", "Give Casa Marisma");
const STICKER: (&str, &str) = ("kind:art ai:disclose die-cut", "Die-cut sticker");
const ART: (&str, &str) = ("kind:art ai:disclose merch", "AI art for the");

/// Finds a job and claims it.
fn claim(t: &mut Terminal, (query, title): (&str, &str)) {
    t.press("F");
    t.wait_for("▸F");
    t.press("/");
    t.wait_for("filter:");
    // What the last one left in the line goes first.
    t.press("\x15");
    t.press(query);
    t.wait_for(query);
    t.press(ENTER);
    t.wait("the job under the cursor", |screen| {
        !screen.contains("filter:") && screen.lines().any(|line| line.contains('▌') && line.contains(title))
    });
    t.press("c");
    t.wait_for("Claim this job?");
    t.press("y");
    t.wait("it in hand", |screen| screen.contains("Hand 1") && screen.contains("▸e"));
    // Work that is a file begins with keys, not with typing.
    if !query.contains("kind:art") {
        t.press(ESC);
    }
}

/// Lays it out and waits until every check passes.
fn lay_out(t: &mut Terminal) {
    t.press("f");
    t.wait("a lay-out that passes", |screen| screen.contains("Checks ✓"));
}

/// Submits what stands there.
fn submit(t: &mut Terminal, says: &str) {
    t.press("s");
    let terms = t.wait_for("Submit this draft?");
    assert!(!terms.contains("Check fails") && terms.contains(says), "{says}:\n{terms}");
    t.press("y");
    t.wait_gone("Submit this draft?");
}

/// Waits until so many were paid.
fn all_paid(t: &mut Terminal, n: usize) {
    t.press("E");
    let paid = |screen: &str| {
        let mut rows = screen.lines().map(|line| line.trim_matches(|c: char| c == '│' || c.is_whitespace()));
        rows.find(|row| row.split_whitespace().next() == Some("n"))
            .is_some_and(|row| row.split_whitespace().nth(1) == Some(&n.to_string()))
    };
    t.wait("everything paid", paid);
}

/// A market and the program on it, with one more section in its config.
fn begin_with(place: &Place, section: &str, cols: u16, rows: u16) -> (Market, Terminal) {
    let market = place.with_market(MARKET);
    let config = std::fs::read_to_string(place.config_file()).unwrap();
    place.write_config(&(config + section));
    let mut t = Terminal::start(&[], cols, rows, place);
    t.wait("the feed", |screen| screen.contains("practice ok") && screen.contains('▌'));
    (market, t)
}

fn begin(place: &Place, assistant: Option<&str>, cols: u16, rows: u16) -> (Market, Terminal) {
    let section = |url| {
        format!(
            "\n[[assistant]]\nname = \"stream\"\nkind = \"openai\"\nbase_url = \"{url}\"\nmodel = \"tiny\"\nprice_input = \"2.50 USD\"\n\
             price_output = \"10 USD\"\n"
        )
    };
    begin_with(place, &assistant.map(section).unwrap_or_default(), cols, rows)
}

#[test]
fn the_four_jobs_by_the_scaffold_alone() {
    let place = Place::new();
    let (_market, mut t) = begin(&place, None, 120, 40);
    for (query, says) in [
        (TAGLINES, "rule-based template"),
        (SCRIPT, "rule-based template"),
        (DIALOGUES, "rule-based template"),
        (ART, "rule-based template"),
    ] {
        claim(&mut t, query);
        lay_out(&mut t);
        submit(&mut t, says);
        t.wait_gone("Hand 1");
    }
    all_paid(&mut t, 4);
    steps::quit(&mut t);
}

/// Five lines for whatever brand the job is about.
fn taglines(brief: &str) -> Vec<String> {
    let brand = brief.split("for ").nth(1).unwrap_or("us").split([',', '.', '\n']).next().unwrap_or("us").trim().to_owned();
    ["keeps the dark outside", "waits up for you", "knows your pockets", "starts where you stop", "sounds like Sunday"]
        .iter()
        .map(|end| format!("{brand} {end}"))
        .collect()
}

/// What the question holds between the fences of this name.
fn quoted(request: &Value, label: &str) -> String {
    let messages = request["messages"].as_array().unwrap();
    let user = messages.last().unwrap()["content"].as_str().unwrap();
    let Some((_, rest)) = user.split_once(&format!("<<<{label} ")) else { return String::new() };
    let (tag, rest) = rest.split_once('\n').unwrap();
    rest.split_once(&format!("\n{tag} {label}>>>")).unwrap().0.to_owned()
}

/// A model that works as well as it is told to, on a server with bad days: it says 429 to its first question, cuts its answers anywhere
/// (within characters too), and sends comments between them.
fn model() -> StandIn {
    let asked = AtomicUsize::new(0);
    StandIn::serve(move |request: &Request| {
        if asked.fetch_add(1, Ordering::SeqCst) == 0 {
            let error =
                json!({ "error": { "message": "Rate limit reached", "type": "requests", "code": "rate_limit_exceeded" } });
            return Script::json("429 Too Many Requests", &error).header("Retry-After", "0");
        }
        let body: Value = serde_json::from_str(request.0.split_once("\r\n\r\n").unwrap().1).unwrap();
        let draft = quoted(&body, "draft");
        let answer = match draft.is_empty() {
            true => json!({ "items": taglines(&quoted(&body, "brief")) }).to_string(),
            false => draft
                .replacen("We recommend", "We strongly recommend", 1)
                .replace("Can you help me?", "Could you help me, please?"),
        };
        let words: Vec<&str> = answer.split_inclusive(' ').collect();
        let mut frames = openai(&words);
        frames.insert(2, ": keep-alive\n\n".to_owned());
        let mut n = 0;
        Script::events(&frames).recut(move || {
            n = (n * 7 + 3) % 61;
            n
        })
    })
}

#[test]
fn a_picture_with_a_painter() {
    let (place, easel) = (Place::new(), Easel::start());
    let (_market, mut t) = begin_with(&place, &easel.config("painter", "openai-images", "model = \"gpt-image-1.5\""), 120, 40);
    claim(&mut t, STICKER);
    t.press("mi");
    t.wait_for("Nothing was ordered yet");
    assert!(t.screen().contains("transparent ground"), "as the job wants it:\n{}", t.screen());
    t.press("g");
    t.wait_for("1024 × 1024");
    t.press("t");
    t.wait_for("in the draft");
    t.press(ESC);
    // It is too small; what a local edit can mend is mended.
    t.wait("what is wrong with it", |screen| screen.contains("Checks ✗") && screen.contains("it is 1024"));
    t.press(" m");
    t.wait_for("Checks ✓");
    submit(&mut t, "The file was made with AI.");
    t.wait_gone("Hand 1");
    all_paid(&mut t, 1);
    steps::quit(&mut t);
    assert_eq!(easel.painted().len(), 1);
}

#[test]
fn the_texts_with_a_model_that_streams() {
    let (place, server) = (Place::new(), model());
    let (_market, mut t) = begin(&place, Some(&server.url()), 80, 24);
    // From the brief: the first try is refused, and is asked again when that is allowed.
    claim(&mut t, TAGLINES);
    t.press("md");
    t.wait_for("Rate limit reached");
    t.press("g");
    t.wait_for("What would change");
    t.press("A");
    t.wait_for("Checks ✓");
    submit(&mut t, "with AI");
    t.wait_gone("Hand 1");
    // A script and dialogues: laid out, then reworked.
    for query in [SCRIPT, DIALOGUES] {
        claim(&mut t, query);
        lay_out(&mut t);
        t.press("mr");
        t.wait_for("rewrite it how?");
        t.press("warmer");
        t.press(ENTER);
        t.wait_for("What would change");
        t.press("A");
        t.wait_gone("What would change");
        t.wait_for("Checks ✓");
        submit(&mut t, "the help of AI");
        t.wait_gone("Hand 1");
    }
    all_paid(&mut t, 3);
    steps::quit(&mut t);
    assert!(server.requests().len() >= 4);
}
