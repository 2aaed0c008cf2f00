//! Lists: every job once, every change found, the same jobs for the same seed.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::StreamExt;
use juggler::market::Options;
use serde_json::Value;

use super::talker::{Talker, by_id, eventually, id, quick};

/// What the seed decides about a job.
fn fixed(job: &Value) -> Value {
    let mut job = job.clone();
    for changing in
        ["url", "posted_at", "updated_at", "expires_at", "revision", "slots_left", "workers_now", "status", "avg_seconds"]
    {
        job.as_object_mut().unwrap().remove(changing);
    }
    job
}

#[tokio::test]
async fn pages_show_every_job_once_while_others_arrive() {
    let rate = "500".parse().unwrap();
    let talker = Talker::start(Options { rate, jobs: 10_000, ..quick(3) }).await;
    let jobs = talker.all("/v1/jobs?limit=200", "jobs").await;
    let ids: BTreeSet<&str> = jobs.iter().map(id).collect();
    assert_eq!(ids.len(), jobs.len(), "a job came twice");
    let first = jobs.iter().filter(|job| id(job) < "j010000").count();
    assert_eq!(first, 10_000);
    let times: Vec<&str> = jobs.iter().map(|job| job["posted_at"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "newest first");
    talker.market.stop().await;
}

#[tokio::test]
async fn changes_are_found_by_asking_for_what_is_new() {
    let talker = Talker::start(Options { rate: "100".parse().unwrap(), rivals: true, ..quick(4) }).await;
    let start = talker.get("/v1/jobs?limit=200").await.body["as_of"].as_str().unwrap().to_owned();
    let mut known = by_id(&talker.all("/v1/jobs?limit=200", "jobs").await);
    let job = talker.claimable().await[0].clone();
    let mine = talker.claim(&job).await;
    let mut after = start.clone();
    eventually(|| async { (talker.get("/v1/jobs?limit=1").await.body["jobs"][0]["id"].as_str()? >= "j000340").then_some(()) })
        .await;
    for _ in 0..3 {
        let as_of =
            talker.get(&format!("/v1/jobs?limit=1&updated_after={after}")).await.body["as_of"].as_str().unwrap().to_owned();
        let changed = talker.all(&format!("/v1/jobs?limit=7&updated_after={after}"), "jobs").await;
        let stamps: Vec<&str> = changed.iter().map(|job| job["updated_at"].as_str().unwrap()).collect();
        assert!(stamps.is_sorted(), "in order of change");
        assert!(stamps.iter().all(|stamp| *stamp > &*after), "nothing old");
        known.extend(by_id(&changed));
        after = as_of;
    }
    assert!(known[id(&job)]["workers_now"].as_u64() > job["workers_now"].as_u64(), "the claim is a change");
    // What was put together from changes is what a fresh reading says, for every job that did not change again meanwhile.
    let fresh = by_id(&talker.all("/v1/jobs?limit=200", "jobs").await);
    for (id, job) in fresh.iter().filter(|(id, job)| job["updated_at"].as_str().unwrap() <= &*after && known.contains_key(*id)) {
        assert_eq!(&known[id], job);
    }
    assert!(fresh.iter().filter(|(_, job)| job["updated_at"].as_str().unwrap() <= &*after).all(|(id, _)| known.contains_key(id)));
    let assignments = talker.all(&format!("/v1/assignments?updated_after={start}"), "assignments").await;
    assert_eq!(assignments.iter().map(id).collect::<Vec<_>>(), [mine]);
    assert!(talker.all("/v1/assignments?updated_after=2999-01-01T00:00:00Z", "assignments").await.is_empty());
    talker.market.stop().await;
}

#[tokio::test]
async fn a_seed_decides_the_jobs_and_the_verdicts() {
    let options = || Options { jobs: 60, rate: "200".parse().unwrap(), ..quick(11) };
    let (one, two) = (Talker::start(options()).await, Talker::start(options()).await);
    let other = Talker::start(Options { seed: 12, ..options() }).await;
    assert_ne!(one.market.api_key(), other.market.api_key());
    let mut lists = Vec::new();
    for talker in [&one, &two, &other] {
        eventually(|| async { (talker.get("/v1/jobs?limit=1").await.body["jobs"][0]["id"].as_str()? > "j000110").then_some(()) })
            .await;
        let jobs = talker.all("/v1/jobs?limit=200", "jobs").await;
        lists.push(jobs.iter().filter(|job| id(job) < "j000110").map(|job| (id(job).to_owned(), fixed(job))).collect::<Vec<_>>());
    }
    lists.iter_mut().for_each(|list| list.sort_by(|a, b| a.0.cmp(&b.0)));
    assert_eq!(lists[0], lists[1]);
    assert_ne!(lists[0], lists[2]);
    // The second worker goes the other way round, and gets the same verdicts.
    let mut jobs: Vec<Value> = one.easy().await.into_iter().filter(|job| id(job) < "j000060").collect();
    let mut verdicts = Vec::new();
    for talker in [&one, &two] {
        let mut said = Vec::new();
        for job in &jobs {
            let mine = talker.claim(job).await;
            let work = talker.good_work(job).await;
            talker.submit(&mine, &format!("k{}", id(job)), &work).await;
            let over = talker.until(&mine, &["approved", "paid", "rejected", "revision_requested"]).await;
            let word = if over["status"] == "paid" { "approved" } else { over["status"].as_str().unwrap() };
            said.push((id(job).to_owned(), word.to_owned(), over["feedback"].clone()));
        }
        said.sort_by(|a, b| a.0.cmp(&b.0));
        verdicts.push(said);
        jobs.reverse();
    }
    assert_eq!(verdicts[0], verdicts[1]);
}

#[tokio::test]
async fn the_stream_tells_of_changes() {
    let talker = Talker::start(quick(8)).await;
    let job = talker.easy().await[0].clone();
    let mut stream = talker.raw("GET", "/v1/stream").send().await.unwrap().bytes_stream();
    let mut heard = String::new();
    let mut mine = None;
    let wait = tokio::time::timeout(Duration::from_secs(30), async {
        while !heard.contains("event: payment") {
            heard.push_str(std::str::from_utf8(&stream.next().await.unwrap().unwrap()).unwrap());
            if heard.contains("event: hello") && mine.is_none() {
                mine = Some(talker.claim(&job).await);
            }
            if let Some(mine) = &mine
                && talker.assignment(mine).await["status"] != "rejected"
                && ["active", "revision_requested"].contains(&talker.assignment(mine).await["status"].as_str().unwrap())
            {
                let work = talker.good_work(&job).await;
                talker.submit(mine, &format!("k{}", talker.market.effects(mine)), &work).await;
            }
        }
    });
    wait.await.unwrap_or_else(|_| panic!("no payment was heard of:\n{heard}"));
    let mut last = 0;
    for frame in heard.split("\n\n").filter(|frame| frame.contains("event:") && frame.contains("data:")) {
        let field =
            |name: &str| frame.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{frame}")).trim();
        let number: u64 = field("id:").parse().unwrap();
        assert!(number >= last, "changes come in order");
        last = number;
        let data: Value = serde_json::from_str(field("data:")).unwrap();
        assert!(["id", "status", "updated_at"].iter().all(|key| data[key].is_string()), "{frame}");
    }
    assert!(heard.contains(&format!("\"id\":\"{}\"", id(&job))), "the job's places changed");
    // A market that stops ends its streams.
    talker.market.stop().await;
    while let Some(Ok(_)) = stream.next().await {}
}
