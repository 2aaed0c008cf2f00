//! `juggler jobs` in the query language, `show --why` and `sightings`.

use std::fs;

use serde_json::{Value, json};

use super::Place;

pub fn job(id: &str, kind: &str, pay: &str, minutes: u32, requester: &str) -> Value {
    json!({ "id": id, "title": format!("Work {id}"), "kind": kind, "pay": pay, "minutes": minutes, "requester": requester })
}

fn place() -> Place {
    let place = Place::new();
    place.with_inbox(&[
        job("a", "tagline", "0.40 USD", 4, "Acme One"),
        job("b", "tagline", "2.00 USD", 60, "Acme Two"),
        job("c", "survey", "1.00 USD", 5, "Bolt"),
        job("d", "caption", "2.00 USD", 10, "Bolt"),
    ]);
    place
}

#[test]
fn a_query_and_an_order_choose_the_jobs() {
    let place = place();
    assert_eq!(place.keys(&["--sort", "-pay", "kind:tagline,survey pay<1.50"]), ["mine:a", "mine:c"]);
    assert_eq!(place.keys(&["--sort=-pay,rate", "!kind:survey"]), ["mine:a", "mine:d", "mine:b"], "equal pay, better rate first");
    assert_eq!(place.keys(&["requester:\"Acme*\"", "mins>10"]), ["mine:b"]);
    assert_eq!(place.keys(&["--", "-kind:tagline", "-kind:survey"]), ["mine:d"]);
    assert_eq!(place.run(&["triage", "pin", "mine:c"]).code, 0);
    assert_eq!(place.keys(&["--sort", "pay"])[0], "mine:c", "pinned jobs come first in every order");
    let shown = place.run(&["jobs", "kind:caption"]);
    assert!(
        shown.out.contains("RATE") && shown.out.contains('–') && shown.out.contains("/h ?"),
        "the rate is an interval: {shown:?}"
    );
}

#[test]
fn a_wrong_query_is_pointed_at() {
    let place = Place::new();
    let ran = place.run(&["jobs", "kind:art", "pya>=2"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(
        ran.err.contains("        kind:art pya>=2\n                 ^\n") && ran.err.contains("did you mean `pay`?"),
        "{ran:?}"
    );
    for args in [&["block", "pya>2"][..], &["views", "save", "x", "pya>2"], &["rules", "test", "pya>2"]] {
        let ran = place.run(args);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains("did you mean `pay`?"), "{ran:?}");
    }
    assert_eq!(place.run(&["jobs", "--sort", "pay,rate,fit,newest"]).code, 2);
    let brief = place.run(&["jobs", "(brief:poem or kind:art)"]);
    assert!(brief.code == 2 && brief.err.contains("brief: cannot stand in one or"), "{brief:?}");
    let help = place.run(&["jobs", "--query-help"]);
    assert_eq!(help.code, 0);
    assert!(help.out.contains("requester") && help.out.contains("~word"), "{help:?}");
    assert!(place.run(&["jobs", "--help"]).out.contains("kind:tagline,caption"), "the help has the language too");
}

#[test]
fn why_names_the_numbers_behind_rate_and_fit() {
    let place = place();
    let config = fs::read_to_string(place.config_file()).unwrap();
    place.write_config(&format!("{config}\n[profile]\nlikes = [\"tagline\"]\nfloor_rate = \"9.00 USD\"\n"));
    let ran = place.run(&["show", "mine:b", "--why"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for part in ["EXPECTED RATE", "60 min", "approved", "FIT", "you like tagline", "first seen"] {
        assert!(ran.out.contains(part), "{part} is not in {ran:?}");
    }
    let peek = place.run(&["show", "mine:b", "--why", "--json"]).json();
    assert_eq!(peek["row"]["key"], "mine:b");
    assert!(peek["rate_why"].as_array().unwrap().len() > 3 && !peek["history"].as_array().unwrap().is_empty(), "{peek}");
    assert_eq!(place.run(&["show", "mine:none", "--why"]).code, 4);
}

#[test]
fn sightings_tell_what_came_and_went() {
    let place = Place::new();
    place.with_inbox(&[job("a", "art", "1.00 USD", 5, "Acme")]);
    let path = place.path().join("jobs.jsonl");
    let lines = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{lines}{}\n{{\"id\":\"a\",\"gone\":true}}\n", job("b", "art", "1.00 USD", 5, "Acme"))).unwrap();
    let ran = place.run(&["sightings", "--poll", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let mut said: Vec<String> = ran.lines().iter().map(|one| format!("{} {}", one["key"], one["what"])).collect();
    said.sort();
    // That a came was told by the command before, in a session of its own.
    assert_eq!(said, ["\"mine:a\" \"appeared\"", "\"mine:a\" \"vanished\"", "\"mine:b\" \"appeared\""]);
}

#[test]
fn a_snooze_waits_for_better_pay() {
    let place = Place::new();
    place.with_inbox(&[job("a", "art", "1.00 USD", 5, "Acme")]);
    assert_eq!(place.run(&["triage", "snooze", "mine:a", "--until-pays", "1.20USD"]).code, 0);
    assert!(place.keys(&[]).is_empty());
    let path = place.path().join("jobs.jsonl");
    let raise = |pay: &str| {
        let lines = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{lines}{}\n", job("a", "art", pay, 5, "Acme"))).unwrap();
    };
    raise("1.20 USD");
    assert!(place.keys(&["--poll"]).is_empty(), "as much is not more");
    raise("1.21 USD");
    assert_eq!(place.keys(&["--poll"]), ["mine:a"]);
    assert_eq!(place.run(&["triage", "snooze", "mine:a", "--until-reopens"]).code, 0);
    assert!(place.keys(&[]).is_empty());
    assert_eq!(place.run(&["undo"]).code, 0);
    assert_eq!(place.keys(&[]), ["mine:a"]);
    assert_eq!(place.run(&["triage", "snooze", "mine:a", "--until-pays", "80"]).code, 2);
}

#[test]
fn briefs_are_looked_into_where_they_are_kept() {
    let place = Place::new();
    let with = |mut job: Value, brief: &str| {
        job["brief"] = json!(brief);
        job
    };
    place.with_inbox(&[
        with(job("a", "tagline", "0.40 USD", 4, "Acme One"), "Rhyme it, please: a limerick."),
        with(job("b", "tagline", "2.00 USD", 60, "Acme Two"), "Plain prose."),
        with(job("c", "survey", "1.00 USD", 5, "Bolt"), "No limericks about our staff."),
    ]);
    assert_eq!(place.keys(&["--sort", "pay", "brief:limerick"]), ["mine:c", "mine:a"]);
    assert_eq!(place.keys(&["brief:limerick", "kind:tagline"]), ["mine:a"]);
    assert_eq!(place.keys(&["kind:tagline", "!brief:limerick"]), ["mine:b"]);
    assert_eq!(place.keys(&["brief:sonnet"]), Vec::<String>::new());
    assert_eq!(place.keys(&["--sort", "pay", "brief:sonnet,limerick"]), ["mine:c", "mine:a"]);
    assert_eq!(place.keys(&["kind:tagline", "(brief:sonnet or !brief:limerick)"]), ["mine:b"]);
    assert_eq!(place.keys(&["!(brief:sonnet or brief:limerick)"]), place.keys(&["!brief:limerick"]));
}

#[test]
fn a_word_that_nothing_has_finds_what_has_its_letters_also_among_many() {
    let place = Place::new();
    let lines = place.run(&["inbox", "generate", "--jobs", "20000", "--seed", "1"]).out;
    std::fs::write(place.path().join("jobs.jsonl"), lines).unwrap();
    assert_eq!(place.run(&["sources", "add", "mine", "--inbox", "jobs.jsonl"]).code, 0);
    let all = place.run(&["jobs", "--poll", "--limit", "1", "is:any"]);
    assert_eq!(all.code, 0, "{all:?}");
    let near = place.run(&["jobs", "--limit", "3", "wrtcptns"]);
    assert_eq!(near.code, 0, "{near:?}");
    assert_eq!(place.run(&["jobs", "qqqzzz"]).code, 0);
}
