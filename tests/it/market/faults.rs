//! Faults on purpose are what they say, seen by a bare client.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use juggler::market::{Chance, Fault};
use serde_json::Value;

use super::talker::{Talker, quick};

#[tokio::test]
async fn a_lost_answer_took_effect_once_and_a_lost_question_did_not() {
    let talker = Talker::start(quick(31)).await;
    let faults = talker.market.faults();
    let jobs = talker.easy().await;
    let before = [Fault::ResetBefore, Fault::ErrorBefore, Fault::TooMany { retry_after: 1 }];
    let after = [Fault::ResetAfter, Fault::ErrorAfter, Fault::Cut];
    for (job, (fault, effects)) in jobs.iter().zip(before.map(|f| (f, 0)).into_iter().chain(after.map(|f| (f, 1)))) {
        let mine = talker.claim(job).await;
        let work = talker.good_work(job).await;
        let path = format!("/v1/assignments/{mine}/submit");
        let send = || talker.raw("POST", &path).header("Idempotency-Key", format!("key-{mine}")).json(&work).send();
        faults.next("POST", "/submit", 1, fault);
        let answer = send().await;
        match fault {
            Fault::ResetBefore | Fault::ResetAfter => assert!(answer.is_err(), "{fault:?}: {answer:?}"),
            Fault::Cut => assert!(answer.unwrap().bytes().await.is_err()),
            _ => assert!(!answer.unwrap().status().is_success()),
        }
        assert_eq!(talker.market.effects(&mine), effects, "{fault:?}");
        let again = talker.submit(&mine, &format!("key-{mine}"), &work).await;
        assert_eq!(again.status, if effects == 1 { 200 } else { 201 }, "{fault:?}");
        assert_eq!(talker.market.effects(&mine), 1, "{fault:?}");
    }
    assert_eq!(faults.hits(), 6);
    talker.market.stop().await;
}

#[tokio::test]
async fn answers_lie_drip_and_swell_when_told_to() {
    let talker = Talker::start(quick(32)).await;
    let faults = talker.market.faults();
    let whole = talker.get("/v1/jobs?limit=2").await.bytes;
    let ask = || async { talker.raw("GET", "/v1/jobs?limit=2").send().await.unwrap() };

    faults.next("GET", "/v1/jobs", 1, Fault::Truncated);
    let answer = ask().await;
    assert_eq!(answer.status(), 200);
    assert!(serde_json::from_slice::<Value>(&answer.bytes().await.unwrap()).is_err());

    faults.next("GET", "/v1/jobs", 1, Fault::WrongShape);
    let answer: Value = serde_json::from_slice(&ask().await.bytes().await.unwrap()).unwrap();
    assert!(!answer["jobs"].is_array());

    faults.next("GET", "/v1/jobs", 1, Fault::Drip { bytes: whole.len() / 4, every_ms: 10 });
    let start = Instant::now();
    let slow: Value = serde_json::from_slice(&ask().await.bytes().await.unwrap()).unwrap();
    assert!(start.elapsed() >= Duration::from_millis(40));
    assert_eq!(slow["jobs"].as_array().unwrap().len(), 2);

    faults.next("GET", "/v1/jobs", 1, Fault::Huge { bytes: 200 << 20 });
    let (mut seen, mut stream) = (0, ask().await.bytes_stream());
    while seen < 8 << 20 {
        seen += stream.next().await.expect("it goes on").unwrap().len();
    }
    drop(stream);

    faults.next("GET", "/v1/me", 1, Fault::SilentBefore);
    let silent = tokio::time::timeout(Duration::from_millis(300), talker.raw("GET", "/v1/me").send()).await;
    assert!(silent.is_err(), "nobody answers");

    faults.chance("429=50@/v1/me".parse::<Chance>().unwrap());
    let mut refused = 0;
    for _ in 0..100 {
        refused += u32::from(talker.get("/v1/me").await.status == 429);
    }
    assert!((25..=75).contains(&refused), "{refused} of 100");
    faults.clear();
    assert_eq!(talker.get("/v1/me").await.status, 200);
    talker.market.stop().await;
}
