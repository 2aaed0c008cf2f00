//! `juggler rules`: what they did, and what one would have done.

use std::fs;

use super::Place;
use super::jobs::job;

const RULE: &str = "\n[[rule]]\nname = \"Good ones\"\nquery = \"kind:tagline pay>=1\"\nactions = [\"star\", \"claim\"]\n";

#[test]
fn a_rule_is_rehearsed_and_listed() {
    let place = Place::new();
    place.with_inbox(&[
        job("a", "tagline", "2.00 USD", 4, "Acme"),
        job("b", "tagline", "0.20 USD", 4, "Acme"),
        job("c", "survey", "3.00 USD", 5, "Bolt"),
    ]);
    let none = place.run(&["rules"]);
    assert!(none.code == 0 && none.err.contains("no rule is in the config"), "{none:?}");
    let config = fs::read_to_string(place.config_file()).unwrap();
    place.write_config(&format!("{config}{RULE}"));
    let ran = place.run(&["rules", "test", "good", "ones", "--since", "24h"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("3 jobs of the last 1d looked at, 1 would match") && ran.out.contains("mine:a"), "{ran:?}");
    assert!(ran.out.contains("claim (1)") && ran.out.contains("(1) claiming by rule is off"), "{ran:?}");
    let trial = place.run(&["rules", "test", "Good ones", "--json"]).json();
    assert_eq!((&trial["looked_at"], &trial["matched"]), (&3.into(), &1.into()));
    assert_eq!((&trial["matches"][0]["would"][0], &trial["matches"][0]["not"][0][0]), (&"star".into(), &"claim".into()));
    // Nothing was done.
    assert!(place.keys(&["--view", "starred"]).is_empty());
    // Any query can be rehearsed.
    let query = place.run(&["rules", "test", "pay>=1", "--json"]).json();
    assert_eq!((&query["matched"], &query["matches"][0]["would"][0]), (&2.into(), &"alert".into()));
    let unknown = place.run(&["rules", "test", "pya>1"]);
    assert!(unknown.code == 2 && unknown.err.contains("rules: Good ones"), "{unknown:?}");
}

#[test]
fn a_rule_acts_on_what_arrives_and_is_counted() {
    let place = Place::new();
    place.with_inbox(&[]);
    let config = fs::read_to_string(place.config_file()).unwrap();
    place.write_config(&format!("{config}{RULE}"));
    fs::write(place.path().join("jobs.jsonl"), format!("{}\n", job("a", "tagline", "2.00 USD", 4, "Acme"))).unwrap();
    assert_eq!(place.keys(&["--poll"]), ["mine:a"]);
    assert_eq!(place.keys(&["--view", "starred"]), ["mine:a"]);
    let rule = &place.run(&["rules", "--json"]).lines()[0];
    assert_eq!((&rule["name"], &rule["actions"], &rule["fired_today"]), (&"Good ones".into(), &"star, claim".into(), &1.into()));
    assert!(place.run(&["rules"]).out.contains("Good ones"));
    // What a rule did is taken back like any other act, by another process too.
    let undone = place.run(&["undo"]);
    assert!(undone.code == 0 && undone.out.contains("1 job as before (by the rule “Good ones”)"), "{undone:?}");
    assert!(place.keys(&["--view", "starred"]).is_empty());
    assert_eq!(place.keys(&["--poll"]), ["mine:a"]);
    assert!(place.keys(&["--view", "starred"]).is_empty(), "it stays taken back");
    assert_eq!(place.run(&["redo"]).code, 0);
    assert_eq!(place.keys(&["--view", "starred"]), ["mine:a"]);
}
