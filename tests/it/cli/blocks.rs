//! `juggler block`, `blocks` and `unblock`; and the store's figures in `doctor`.

use std::fs;

use super::Place;
use super::jobs::job;

/// Jobs are looked at again in pieces: a command that asks at once may be answered before.
fn until(met: impl Fn() -> bool) {
    assert!((0..100).any(|_| met()), "it never came about");
}

#[test]
fn a_block_hides_what_is_there_and_what_comes() {
    let place = Place::new();
    place.with_inbox(&[job("a", "art", "1.00 USD", 4, "Acme One"), job("b", "art", "1.00 USD", 4, "Bolt")]);
    let made = place.run(&["block", "requester:\"Acme*\"", "--for", "7d", "--json"]);
    assert_eq!(made.code, 0, "{made:?}");
    let made = made.json();
    assert_eq!((&made["hides"], made["block"]["until"].is_string()), (&1.into(), true), "{made}");
    let path = place.path().join("jobs.jsonl");
    let lines = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{lines}{}\n", job("c", "art", "1.00 USD", 4, "Acme Two"))).unwrap();
    assert_eq!(place.run(&["jobs", "--poll"]).code, 0);
    until(|| place.keys(&[]) == ["mine:b"]);
    let blocks = place.run(&["blocks", "--json"]).lines();
    assert_eq!((blocks.len(), &blocks[0]["hides"]), (1, &2.into()));
    let shown = place.run(&["blocks"]);
    assert!(shown.out.contains("requester:Acme*") && shown.out.contains("in 6d"), "{shown:?}");
    // Taken back and done again like any other act; lifted by its number.
    assert_eq!(place.run(&["undo"]).code, 0);
    until(|| place.keys(&[]).len() == 3);
    assert_eq!(place.run(&["redo"]).code, 0);
    until(|| place.keys(&[]) == ["mine:b"]);
    let id = blocks[0]["block"]["id"].to_string();
    assert_eq!(place.run(&["unblock", &id]).code, 0);
    until(|| place.keys(&[]).len() == 3);
    let gone = place.run(&["unblock", &id]);
    assert!(gone.code == 4 && gone.err.contains("juggler blocks"), "{gone:?}");
    assert_eq!(place.run(&["block", "--for", "7d"]).code, 2);
    assert_eq!(place.run(&["block", "brief:poem"]).code, 2);
}

#[test]
fn doctor_shows_what_is_kept_and_the_caps() {
    let place = Place::new();
    place.with_inbox(&[job("a", "art", "1.00 USD", 4, "Acme")]);
    let config = fs::read_to_string(place.config_file()).unwrap();
    place.write_config(&format!("{config}\n[retention]\ndays = 3\nmax_jobs = 5000\nmax_disk = \"500MB\"\n"));
    let ran = place.run(&["doctor", "--json"]).json();
    let found = |name: &str| {
        let checks = ran["checks"].as_array().unwrap();
        checks.iter().find(|check| check["name"] == name).map(|check| check["found"].as_str().unwrap().to_owned()).unwrap()
    };
    assert_eq!(found("feed"), "1 row of at most 5000; those that are gone leave after 3 days");
    assert!(found("cache").starts_with("generation 1, "), "{ran}");
    assert!(found("store size").ends_with("max_disk is 500MB"), "{ran}");
}
