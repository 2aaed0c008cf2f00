//! `juggler alert test` and what doctor says of the ways out.

use serde_json::{Value, json};

use crate::cli::Place;
use crate::net::{Act, Raw};

fn place(config: &str) -> Place {
    let place = Place::new();
    place.write_config(config);
    place
}

#[test]
fn every_way_is_tried_and_told() {
    let server = Raw::serve(|_| Act::json("200 OK", &json!({ "ok": true })));
    let place = Place::new();
    place.write_key("canary-topic");
    let (key, given) = (place.key_file(), place.path().join("given"));
    place.write_config(&format!(
        "[alert]\ncommand = [\"tee\", \"{}\"]\n[alert.webhook]\nurl = \"{}\"\nshape = \"ntfy\"\nkey_file = \"{}\"\n",
        given.display(),
        server.url("/{key}"),
        key.display()
    ));
    let ran = place.run(&["alert", "test"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let lines: Vec<&str> = ran.out.lines().collect();
    assert!(lines[1].starts_with("command   tee ended well"), "{ran:?}");
    assert!(lines[2].starts_with("webhook   ntfy at 127.0.0.1:") && lines[2].ends_with("answered 200"), "{ran:?}");
    let posted = server.requests().remove(0);
    assert!(posted.contains("\"topic\":\"canary-topic\"") && posted.contains("Juggler: a test alert"), "{posted}");
    let told: Value = serde_json::from_str(&std::fs::read_to_string(given).unwrap()).unwrap();
    assert_eq!(told["alerts"][0]["kind"], "test");
    // The key is nowhere but in the request, whatever is asked.
    for args in [&["alert", "test", "--json"][..], &["doctor"], &["config", "show"]] {
        let ran = place.run(args);
        assert!(!ran.out.contains("canary") && !ran.err.contains("canary"), "{args:?}: {ran:?}");
    }
    let rows = place.run(&["alert", "test", "--json"]).lines();
    let channels: Vec<_> = rows.iter().map(|row| (row["channel"].as_str().unwrap(), row["ok"].as_bool())).collect();
    assert_eq!(channels, [("terminal", Some(true)), ("command", Some(true)), ("webhook", Some(true))]);
}

#[test]
fn a_way_that_fails_is_told_with_its_cure_and_the_others_are_tried() {
    let server = Raw::serve(|_| Act::json("404 Not Found", &json!({ "message": "Unknown Webhook" })));
    let url = server.url("/api/webhooks/1/canary");
    let place = place(&format!(
        "[alert]\ncommand = [\"sh\", \"-c\", \"echo no display >&2; exit 2\"]\n[alert.webhook]\nurl = \"{url}\"\nshape = \"discord\"\n"
    ));
    let ran = place.run(&["alert", "test"]);
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(
        ran.out.contains("command   failed: the alert command sh failed: it ended with exit status: 2 and said: no display"),
        "{ran:?}"
    );
    assert!(ran.out.contains("it answered 404: Unknown Webhook") && !ran.out.contains("canary"), "{ran:?}");
    assert!(ran.err.contains("    try: check command in [alert]"), "{ran:?}");
}

#[test]
fn without_any_it_says_how_to_set_one() {
    let ran = Place::new().run(&["alert", "test"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("command   none; command = [\"PROGRAM\", …] in [alert] sets one"), "{ran:?}");
    assert!(ran.out.contains("webhook   none; url = \"https://…\" in [alert.webhook] sets one"), "{ran:?}");
}

#[test]
fn doctor_finds_a_command_that_is_not_there() {
    let ran = place("[alert]\ncommand = [\"no-such-notifier\"]\n").run(&["doctor", "--json"]);
    let checks = ran.json()["checks"].as_array().unwrap().clone();
    let check = checks.iter().find(|check| check["name"] == "alert command").unwrap();
    assert_eq!((&check["health"], &check["found"]), (&"fail".into(), &"there is no program no-such-notifier".into()));
    let quiet = place("[alert]\nosc = \"off\"\nbell = false\n").run(&["doctor", "--json"]).json();
    let alerts = quiet["checks"].as_array().unwrap().iter().find(|check| check["name"] == "alerts").unwrap();
    assert_eq!((&alerts["health"], &alerts["fix"]), (&"warn".into(), &"set osc or bell in [alert]".into()));
}
