//! The main job by commands alone, against a market in a process of its own.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;

use super::Place;

/// Quick verdicts, many jobs, no newcomers: what is listed stays listed.
const MARKET: &[&str] = &["--seed", "7", "--speed", "20000", "--jobs", "60", "--rate", "0"];

/// An open job that wants plain text, so that the scaffold and a few repairs are not what is tested here.
fn claimable(place: &Place) -> Vec<String> {
    let jobs = place.run(&["jobs", "--poll", "--json", "--limit", "200", "--sort", "pay"]);
    assert_eq!(jobs.code, 0, "{jobs:?}");
    let rows = jobs.lines();
    assert!(rows.len() > 10, "{} jobs", rows.len());
    rows.iter().filter(|row| row["kind"] == "tagline").map(|row| row["key"].as_str().unwrap().to_owned()).collect()
}

fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_else(|| panic!("{path} in {value}"))
}

#[test]
fn a_job_is_claimed_made_checked_submitted_and_paid_by_commands() {
    let place = Place::new();
    let market = place.with_market(MARKET);
    let keys = claimable(&place);

    let (key, claimed) = keys
        .iter()
        .find_map(|key| {
            let asked = place.run(&["claim", key]);
            assert_eq!(asked.code, 11, "without a yes nothing is claimed: {asked:?}");
            for part in ["Claim this job?", "practice", "$", "deliver within"] {
                assert!(asked.out.contains(part), "{part} is not in the terms: {asked:?}");
            }
            assert!(asked.err.contains(&format!("juggler claim {key} --yes")), "{asked:?}");
            assert!(place.run(&["hand", "--json"]).out.is_empty());
            let claimed = place.run(&["claim", key, "--yes", "--json"]);
            // Rivals are real: somebody else may have been faster.
            (claimed.code == 0).then_some((key.clone(), claimed.json()))
        })
        .expect("one of the jobs can be claimed");
    assert_eq!(text(&claimed, "/assignment/job/key"), key);
    let id = text(&claimed, "/assignment/id").to_owned();
    assert_eq!(place.run(&["hand", "--json"]).lines().len(), 1);

    assert_eq!(place.run(&["draft", &id]).code, 4, "there is no draft yet");
    assert_ne!(place.run(&["check", &id]).code, 0, "an empty draft does not pass");
    let bad = place.path().join("bad.txt");
    std::fs::write(&bad, "one line only\n").unwrap();
    assert_eq!(place.run(&["draft", &id, "--set", "bad.txt"]).code, 0);
    let check = place.run(&["check", &id, "--json"]);
    assert_eq!(check.code, 12, "{check:?}");
    assert_eq!(check.json()["passes"], false);
    assert_eq!(place.run(&["draft", &id, "--scaffold"]).code, 11, "a text is not replaced without a yes");
    assert_eq!(place.run(&["draft", &id, "--scaffold", "--yes"]).code, 0);
    assert!(place.run(&["draft", &id]).out.lines().count() > 1);

    let asked = place.run(&["submit", &id]);
    assert_eq!(asked.code, 11, "{asked:?}");
    for part in ["Submit this draft?", "deadline", "pay"] {
        assert!(asked.out.contains(part), "{part} is not in the terms: {asked:?}");
    }
    let done = place.run(&["submit", &id, "--yes", "--wait", "--json"]);
    assert!(matches!(done.code, 0 | 5), "a verdict, whichever: {done:?}");
    let state = text(&done.json(), "/assignment/state").to_owned();
    assert!(["approved", "paid", "rejected", "revision_asked"].contains(&state.as_str()), "{state}");

    let earnings = place.run(&["earnings", "--json"]);
    assert_eq!(earnings.code, 0, "{earnings:?}");
    assert!(earnings.json()["states"].as_array().is_some_and(|states| !states.is_empty()), "{earnings:?}");
    let verified = place.run(&["store", "verify", "--json"]);
    assert_eq!((verified.code, &verified.json()["agree"]), (0, &Value::Bool(true)));
    assert_eq!(place.run(&["doctor", "--json"]).code, 0);
    assert_eq!(market.stop(), 0, "a market that is told to stop ends well");
}

#[test]
fn triage_is_done_and_undone() {
    let place = Place::new();
    let _market = place.with_market(MARKET);
    let key = claimable(&place).remove(0);
    let starred = || place.run(&["jobs", "--view", "starred", "--json"]).lines().len();
    assert_eq!(place.run(&["triage", "star", &key]).code, 0);
    assert_eq!(starred(), 1);
    assert_eq!(place.run(&["undo"]).code, 0);
    assert_eq!(starred(), 0);
    assert_eq!(place.run(&["redo"]).code, 0);
    assert_eq!(starred(), 1);
    assert_eq!(place.run(&["triage", "hide", &key]).code, 0);
    assert!(place.run(&["jobs", "--json", "--limit", "200"]).lines().iter().all(|row| row["key"] != key.as_str()));
    assert_eq!(place.run(&["triage", "snooze", &key, "--for", "2h"]).code, 0);
    assert_eq!(place.run(&["triage", "star", "nonsense"]).code, 2);
}

#[test]
fn what_does_not_exist_is_exit_4() {
    let place = Place::new();
    let _market = place.with_market(MARKET);
    for args in
        [&["show", "practice:none"][..], &["claim", "practice:none"], &["check", "practice:none"], &["sources", "test", "x"]]
    {
        let ran = place.run(args);
        assert_eq!(ran.code, 4, "{args:?}: {ran:?}");
        assert!(ran.err.contains("try: "), "{ran:?}");
    }
}

#[test]
fn a_source_is_tried_and_a_wrong_key_is_said() {
    let place = Place::new();
    let market = place.with_market(MARKET);
    let tried = place.run(&["sources", "test", "practice"]);
    assert_eq!(tried.code, 0, "{tried:?}");
    assert!(tried.out.contains("understood"), "{tried:?}");
    std::fs::write(place.path().join("practice.key"), "wrong\n").unwrap();
    let tried = place.run(&["sources", "test", "practice"]);
    assert_eq!(tried.code, 7, "{tried:?}");
    assert!(!format!("{tried:?}").contains(&market.key));
    assert_eq!(place.run(&["jobs", "--poll"]).code, 7);
}

#[test]
fn an_unreachable_platform_is_exit_6() {
    let place = Place::new();
    let market = place.with_market(MARKET);
    drop(market);
    let ran = place.run(&["jobs", "--poll"]);
    assert_eq!(ran.code, 6, "{ran:?}");
    assert!(!ran.err.is_empty());
    let doctor = place.run(&["doctor", "--json"]);
    assert_eq!((doctor.code, &doctor.json()["healthy"]), (5, &Value::Bool(false)));
}

#[test]
fn commands_beside_a_running_engine_share_it() {
    let place = Place::new();
    let _market = place.with_market(MARKET);
    let mut engine = place.command(&["events", "--follow", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(engine.stdout.take().unwrap()).lines().map(Result::unwrap);
    // It polls by itself; the first thing to be heard of is the feed or the source.
    assert!(lines.next().is_some());
    let verify = place.run(&["store", "verify"]);
    assert_eq!(verify.code, 0, "over the engine that holds it: {verify:?}");
    let rebuild = place.run(&["store", "rebuild"]);
    assert_eq!(rebuild.code, 9, "{rebuild:?}");
    assert!(rebuild.err.contains(&engine.id().to_string()), "{rebuild:?}");
    let jobs = place.run(&["jobs", "--json", "--limit", "5"]).lines();
    let key = jobs[0]["key"].as_str().unwrap().to_owned();
    assert_eq!(place.run(&["triage", "star", &key]).code, 0);
    let heard = lines.map(|line| serde_json::from_str::<Value>(&line).unwrap()).find(|event| event["event"] == "marked");
    assert_eq!(heard.unwrap()["jobs"][0], key.as_str(), "the engine beside heard of it");
    let pid = rustix::process::Pid::from_child(&engine);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert_eq!(engine.wait().unwrap().code(), Some(0));
    assert_eq!(place.run(&["store", "rebuild"]).code, 0, "the store is free again");
    assert_eq!(place.run(&["jobs", "--view", "starred", "--json"]).lines().len(), 1, "and nothing is lost");
}

#[test]
fn a_backup_is_taken_in_elsewhere() {
    let place = Place::new();
    let _market = place.with_market(MARKET);
    let key = claimable(&place).remove(0);
    assert_eq!(place.run(&["triage", "star", &key]).code, 0);
    let backup = place.run(&["store", "backup", "backup.jsonl"]);
    assert_eq!(backup.code, 0, "{backup:?}");
    let restored = place.run(&["--data-dir", "other", "store", "restore", "backup.jsonl"]);
    assert_eq!(restored.code, 0, "{restored:?}");
    assert_eq!(place.run(&["--data-dir", "other", "jobs", "--view", "starred", "--json"]).lines().len(), 1);
    assert_eq!(place.run(&["store", "restore", "backup.jsonl"]).code, 5, "a store that holds something is left alone");
}
