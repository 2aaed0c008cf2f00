//! A market with a folder remembers.

use std::fs;

use juggler::market::{self, Options};
use serde_json::{Value, json};

use super::talker::{Talker, id, quick};

#[tokio::test]
async fn what_was_answered_survives_a_crash() {
    let (dir, crashed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let options = |dir: &tempfile::TempDir| Options { store: Some(dir.path().to_owned()), speed: 1, ..quick(41) };
    let talker = Talker::start(options(&dir)).await;
    let jobs = talker.easy().await;
    let (first, second) = (talker.claim(&jobs[0]).await, talker.claim(&jobs[1]).await);
    let work = talker.good_work(&jobs[0]).await;
    let sent = talker.submit(&first, "k1", &work).await.body;
    // What is on disk at this instant is all that a crash would leave.
    fs::copy(dir.path().join("market.json"), crashed.path().join("market.json")).unwrap();

    let again = Talker::start(options(&crashed)).await;
    assert_eq!(again.market.api_key(), talker.market.api_key());
    assert_eq!(again.assignment(&second).await["status"], "active");
    assert_eq!(again.market.effects(&first), 1);
    let replay = again.submit(&first, "k1", &work).await;
    assert_eq!((replay.status, replay.body), (200, sent));
    assert_eq!(again.market.totals().submitted, 1);
    let old = talker.all("/v1/jobs?limit=200", "jobs").await.len();
    assert_eq!(again.all("/v1/jobs?limit=200", "jobs").await.len(), old);
    again.market.stop().await;
    talker.market.stop().await;
}

#[tokio::test]
async fn places_and_times_that_ran_out_are_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options { store: Some(dir.path().to_owned()), speed: 1, ..quick(42) };
    let talker = Talker::start(options.clone()).await;
    let jobs = talker.easy().await;
    let single = jobs.iter().chain(&talker.claimable().await).find(|job| job["slots_total"] == 1).unwrap().clone();
    let several = jobs.iter().rfind(|job| job["slots_total"].as_u64() > Some(1) && id(job) != id(&single)).unwrap().clone();
    let mine = jobs.iter().find(|job| id(job) != id(&several) && id(job) != id(&single)).unwrap();
    let claim = talker.claim(mine).await;
    let work = talker.good_work(mine).await;
    talker.market.stop().await;

    // Rivals take their time; the memory says that they have come already, and that an hour has passed for the claim.
    let file = dir.path().join("market.json");
    let mut memory: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    for job in [&single, &several] {
        let n = id(job)[1..].parse::<u64>().unwrap().to_string();
        let entry = &mut memory["memory"]["jobs"][n];
        entry["slots_left"] = json!(0);
        entry["rivals_now"] = entry["slots_total"].clone();
        entry["status"] = json!("full");
    }
    let n = claim[1..].parse::<u64>().unwrap().to_string();
    memory["memory"]["claims"][n]["deadline"] = json!("2026-01-01T00:00:00Z");
    fs::write(&file, memory.to_string()).unwrap();

    let talker = Talker::start(options.clone()).await;
    assert_eq!(talker.post(&format!("/v1/jobs/{}/claim", id(&single))).await.code(), (409, "taken"));
    assert_eq!(talker.post(&format!("/v1/jobs/{}/claim", id(&several))).await.code(), (409, "full"));
    assert_eq!(talker.submit(&claim, "late", &work).await.code(), (409, "timed_out"));
    assert_eq!(talker.assignment(&claim).await["status"], "timed_out");
    assert_eq!(talker.market.effects(&claim), 0);
    talker.market.stop().await;

    let other = market::serve(Options { seed: 43, ..options.clone() }).await.err().map(|e| e.to_string()).unwrap();
    assert!(other.contains("seed 42"), "{other}");
    fs::write(&file, "{").unwrap();
    let broken = market::serve(options).await.err().map(|e| e.to_string()).unwrap();
    assert!(broken.contains("move the file away"), "{broken}");
}
