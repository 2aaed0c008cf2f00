//! Sessions of lines that end, or lose their engine, in the middle of something: no word is lost.

use std::io::Write;
use std::process::Stdio;
use std::time::Instant;

use super::Talk;
use crate::cli::Place;
use crate::support::PATIENCE;

/// What is half typed when the line breaks is saved; news never stands in the middle of it.
#[test]
fn a_broken_line_loses_nothing_that_was_typed() {
    let place = Place::new();
    let market = place.with_market(&["--seed", "2"]);
    let mut talk = Talk::through_a_pipe(&place, &["--plain"]);
    talk.hear(&["plain mode"]);
    talk.say("poll", &["Done:"]);
    talk.say("filter flatbread civic", &["Jobs 1 to 1 of 1."]);
    talk.say("claim 1", &["Type yes"]);
    talk.say("yes", &["It is yours"]);
    talk.say("type 1", &["A line with one dot ends it"]);
    let from = talk.text().len();
    talk.type_line("half a line of text");
    // Jobs and health go on coming meanwhile; nothing of it is told yet.
    let other = place.run(&["jobs", "--poll", "--json"]);
    assert_eq!(other.code, 0, "{other:?}");
    assert!(!talk.text()[from..].contains("News"), "{}", talk.text());
    drop(talk.keys.take());
    let (said, code) = talk.over();
    assert!(code == 0 && said.contains("Saved as version 1, 1 line."), "{code}: {said}");
    let hand = place.run(&["hand", "--json"]).lines();
    let id = hand[0]["assignment"]["id"].as_str().unwrap();
    assert_eq!(place.run(&["draft", id]).out, "half a line of text\n");
    market.stop();
}

#[test]
#[allow(clippy::print_stdout, reason = "figures, for who asks with --nocapture")]
fn when_nobody_listens_any_more_it_ends_with_everything_saved() {
    let place = Place::new();
    let market = place.with_market(&["--seed", "2"]);
    let child = place.command(&["--plain"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut child, mut line) = (child, String::new());
    let mut from = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut keys = child.stdin.take().unwrap();
    let mut talk = |typed: &str, wanted: &str| {
        writeln!(keys, "{typed}").unwrap();
        line.clear();
        while !line.contains(wanted) {
            line.clear();
            assert!(std::io::BufRead::read_line(&mut from, &mut line).unwrap() > 0, "never heard {wanted}");
        }
    };
    talk("poll", "Done:");
    talk("filter flatbread civic", "Jobs 1 to 1 of 1.");
    talk("claim 1", "Type yes");
    talk("yes", "It is yours");
    talk("type 1", "A line with one dot ends it");
    writeln!(keys, "half a line of text").unwrap();
    crate::support::until("the line is read", || rustix::io::ioctl_fionread(&keys).unwrap() == 0);
    // It is idle, and its input stays open.
    let began = Instant::now();
    drop(from);
    let status = child.wait().unwrap();
    println!("gone after {} ms", began.elapsed().as_millis());
    assert_eq!(status.code(), Some(0));
    drop(keys);
    let hand = place.run(&["hand", "--json"]).lines();
    let id = hand[0]["assignment"]["id"].as_str().unwrap();
    assert_eq!(place.run(&["draft", id]).out, "half a line of text\n");
    market.stop();
}

#[test]
fn a_bug_in_the_engine_is_told_and_the_session_goes_on() {
    let place = Place::new();
    place.with_inbox(&[serde_json::json!({ "id": "1", "title": "a job", "brief": "words" })]);
    let mut command = place.command(&["--plain"]);
    command.env("JUGGLER_DRILL", "panic:engine:40");
    let mut talk = Talk::of(command);
    talk.hear(&["plain mode"]);
    // Every question is a step.
    let until = Instant::now() + PATIENCE;
    while !talk.text().contains("News: A bug ended the engine") {
        assert!(Instant::now() < until, "{}", talk.text());
        talk.say("sources", &["."]);
    }
    talk.hear(&["The engine is back."]);
    talk.say("list", &["1. \"a job\""]);
    talk.type_line("quit");
    let (said, code) = talk.over();
    assert_eq!(code, 0, "{said}");
    assert!(said.replace("\n  ", " ").contains("its report is "), "{said}");
}

#[test]
fn what_no_engine_saves_goes_into_a_file_that_is_named() {
    let place = Place::new();
    let market = place.with_market(&["--seed", "2"]);
    let mut command = place.command(&["--plain"]);
    // The claim are three saves; then each is a bug.
    command.env("JUGGLER_DRILL", "panic:save:6..");
    let mut talk = Talk::of(command);
    talk.hear(&["plain mode"]);
    talk.say("poll", &["Done:"]);
    talk.say("filter flatbread civic", &["Jobs 1 to 1 of 1."]);
    talk.say("claim 1", &["Type yes"]);
    talk.say("yes", &["It is yours"]);
    let until = Instant::now() + PATIENCE;
    while !talk.text().split_whitespace().collect::<Vec<_>>().join(" ").contains("3 times within a minute") {
        assert!(Instant::now() < until, "{}", talk.text());
        talk.type_line("type 1");
        // To the end of what is there; else a line of the text.
        talk.type_line("2");
        talk.type_line("words that nobody takes");
        talk.type_line(".");
        talk.say("sources", &["juggler> sources"]);
    }
    talk.type_line("quit");
    let (said, _) = talk.over();
    let whole = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(whole.contains("It is not saved: the text for") && whole.contains("3 times within a minute"), "{said}");
    let kept = crate::support::canary::all(&place.data_dir().join("unsaved"));
    let kept: Vec<String> =
        kept.iter().filter(|path| path.is_file()).map(|path| std::fs::read_to_string(path).unwrap()).collect();
    assert!(kept.iter().any(|text| text.ends_with("words that nobody takes\n")), "{kept:?} after\n{said}");
    market.stop();
}
