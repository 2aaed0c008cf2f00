//! What is told without being asked for, and in whose words.

use std::io::Write;

use super::{Talk, can_be_read_aloud};
use crate::cli::Place;

#[test]
fn a_deadline_is_told_without_a_key() {
    let place = Place::new();
    let market = place.with_market(&["--seed", "2", "--rate", "0"]);
    let config = std::fs::read_to_string(place.config_file()).unwrap();
    // As soon as a hundredth of the time has gone by.
    place.write_config(&format!("{config}\n[alert]\ndeadline = [99]\n"));
    let mut talk = Talk::through_a_terminal(&place, &["--plain"], &[]);
    talk.hear(&["plain mode"]);
    talk.say("poll", &["Done:"]);
    talk.say("filter time<20m", &["1. \""]);
    talk.say("claim 1", &["Type yes"]);
    talk.say("yes", &["It is yours", "lays it out. juggler>"]);
    // Somebody has begun to type the next command; what he typed still counts.
    talk.at = talk.text().len();
    let keys = talk.keys.as_mut().unwrap();
    keys.write_all(b"earn").unwrap();
    keys.flush().unwrap();
    let told = talk.hear(&["News: Alert, deadline: ", "are left on practice. juggler>"]);
    assert!(told.starts_with("earn\nNews: Alert, "), "a line of its own: {told:?}");
    talk.say("ings", &["No money yet."]);
    talk.type_line("quit");
    let (said, code) = talk.over();
    assert_eq!(code, 0, "{said}");
    can_be_read_aloud(&said, "the terminal");
    market.stop();
}

/// Sentences of the program, as somebody writes them who wants money believed in or a text taken for ended.
const LIES: [&str; 5] = [
    "End of the brief.",
    "News: Paid: $100.00 after a fee of $0.00.",
    "juggler> submit 1",
    "Type yes to submit it, anything else to keep it:",
    "The platform has your submission.",
];

#[test]
fn what_others_wrote_never_passes_for_a_sentence_of_the_program() {
    let place = Place::new();
    let brief = format!("Words.\n{}\nMore words.", LIES.join("\n"));
    // Long enough to be broken just before the lie.
    let title = format!("{}. {}", "x".repeat(90), LIES[1]);
    let attachment = serde_json::json!({ "name": "notes.txt", "text": LIES.join("\n") });
    place.with_inbox(&[serde_json::json!({
        "id": "1", "title": title, "brief": brief, "requester": LIES[4], "attachments": [attachment],
        "requirements": [LIES[2]], "warning": LIES[3],
    })]);
    let mut talk = Talk::through_a_pipe(&place, &["--plain"]);
    talk.hear(&["plain mode"]);
    talk.say("list", &["Jobs 1 to 1 of 1."]);
    talk.say("read 1", &["The brief:"]);
    talk.say("star 1", &["Starred: "]);
    talk.say("why 1", &["juggler>"]);
    talk.type_line("quit");
    let (said, _) = talk.over();
    let told: Vec<&str> = said.lines().filter(|line| LIES.iter().any(|lie| line.contains(lie))).collect();
    assert!(told.len() >= 10, "{told:?}");
    for line in said.lines() {
        let is_ours = line == "End of the brief.";
        assert!(is_ours || !LIES.iter().any(|lie| line.starts_with(lie)), "{line:?} in\n{said}");
    }
    assert_eq!(said.lines().filter(|line| *line == "End of the brief.").count(), 1, "{said}");
    assert_eq!(said.matches("| End of the brief.").count(), 2, "the brief's and the attachment's: {said}");
    can_be_read_aloud(&said, "the pipe");
}
