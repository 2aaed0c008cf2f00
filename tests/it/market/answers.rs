//! Every promise of the contract, kept once.

use juggler::market::{Fault, Options};
use reqwest::Method;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::talker::{Talker, id, quick};

/// A path with real ids in it.
fn filled(template: &str) -> String {
    template.replace("{id}", if template.contains("jobs") { "j000001" } else { "a000001" }).replace("{name}", "x.txt")
}

#[tokio::test]
async fn every_promise_of_the_contract_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options { store: Some(dir.path().to_owned()), hand_limit: 2, ..quick(5) };
    let talker = Talker::start(options.clone()).await;
    // Jobs of all sorts are listed, and each has a detail.
    let jobs = talker.all("/v1/jobs?limit=200", "jobs").await;
    assert_eq!(jobs.len(), 300);
    for job in &jobs {
        assert_eq!(talker.get(&format!("/v1/jobs/{}", id(job))).await.status, 200);
    }
    let gone = id(&jobs[0]).to_owned();
    talker.market.stop().await;

    // A withdrawn job is not made in a moment; the memory is told so.
    let file = dir.path().join("market.json");
    let mut memory: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let n = gone[1..].trim_start_matches('0');
    let n = if n.is_empty() { "0" } else { n };
    memory["memory"]["jobs"][n]["status"] = json!("cancelled");
    std::fs::write(&file, memory.to_string()).unwrap();
    let talker = Talker::start(options).await;

    for (template, method, name) in talker.contract.operations() {
        let path = filled(&template);
        if name != "health" {
            let bare = talker.http.request(Method::from_bytes(method.as_bytes()).unwrap(), talker.url(&path));
            assert_eq!(talker.send(&method, &path, bare.try_clone().unwrap()).await.code(), (401, "unauthenticated"));
            let wrong = bare.header("X-API-Key", "jm_wrong");
            assert_eq!(talker.send(&method, &path, wrong).await.code(), (403, "forbidden"));
        }
        let delete = talker.send("DELETE", &path, talker.raw("DELETE", &path)).await;
        assert_eq!(delete.code(), (405, "method_not_allowed"));
        // A path with two methods has both seen; one DELETE stands for them.
        talker.saw(&name, 405);
        for (fault, code) in [(Fault::TooMany { retry_after: 3 }, (429, "rate_limited")), (Fault::ErrorBefore, (500, "internal"))]
        {
            talker.market.faults().next("", "", 1, fault);
            assert_eq!(talker.send(&method, &path, talker.raw(&method, &path)).await.code(), code);
        }
    }

    talker.get("/v1/health").await;
    talker.get("/v1/me").await;
    jobs_and_files(&talker, &gone).await;
    claims_and_deliveries(&talker, &gone).await;
    uploads(&talker).await;
    // The stream does not end; its head is judged here, its words in `lists`.
    let stream = talker.raw("GET", "/v1/stream").send().await.unwrap();
    talker.contract.judge("stream", stream.status().as_u16(), stream.headers(), b"");
    talker.saw("stream", 200);
    drop(stream);

    assert_eq!(talker.unseen(), vec![], "promised and never seen");
    talker.market.stop().await;
}

async fn jobs_and_files(talker: &Talker, gone: &str) {
    for bad in ["limit=0", "limit=201", "limit=many", "updated_after=noon"] {
        assert_eq!(talker.get(&format!("/v1/jobs?{bad}")).await.code(), (400, "bad_query"), "{bad}");
    }
    assert_eq!(talker.get("/v1/jobs?cursor=p7").await.code(), (400, "bad_cursor"));
    assert_eq!(talker.get("/v1/assignments?cursor=o1.1").await.code(), (400, "bad_cursor"));
    assert_eq!(talker.get("/v1/payments?cursor=o1.1").await.code(), (400, "bad_cursor"));
    assert_eq!(talker.get("/v1/jobs/j999999").await.code(), (404, "not_found"));
    assert_eq!(talker.get("/v1/jobs/j1").await.code(), (404, "not_found"), "only one way to write an id");
    assert_eq!(talker.get(&format!("/v1/jobs/{gone}")).await.code(), (410, "gone"));
    assert_eq!(talker.get(&format!("/v1/jobs/{gone}/attachments/x")).await.code(), (410, "gone"));
    let jobs = talker.claimable().await;
    assert_eq!(talker.get(&format!("/v1/jobs/{}/attachments/none", id(&jobs[0]))).await.code(), (404, "not_found"));
    for path in ["/v1/jobs".to_owned(), format!("/v1/jobs/{}", id(&jobs[0])), "/v1/assignments".to_owned()] {
        let tag = talker.get(&path).await.header("etag");
        let again = talker.send("GET", &path, talker.raw("GET", &path).header("If-None-Match", &tag)).await;
        assert_eq!(again.status, 304, "{path}");
        let other = talker.send("GET", &path, talker.raw("GET", &path).header("If-None-Match", "\"x\"")).await;
        assert_eq!((other.status, other.header("etag")), (200, tag), "{path}");
    }
    let mut files = 0;
    for job in &jobs {
        let job = talker.get(&format!("/v1/jobs/{}", id(job))).await.body;
        for file in job["attachments"].as_array().unwrap() {
            let path = file["url"].as_str().unwrap();
            let answer = talker.get(path).await;
            assert_eq!(answer.bytes.len() as u64, file["bytes"].as_u64().unwrap());
            assert_eq!(format!("{:x}", Sha256::digest(&answer.bytes)), file["sha256"].as_str().unwrap());
            assert!(answer.header("content-type").starts_with(file["mime"].as_str().unwrap()));
            let tag = answer.header("etag");
            assert_eq!(talker.send("GET", path, talker.raw("GET", path).header("If-None-Match", tag)).await.status, 304);
            files += 1;
        }
    }
    assert!(files > 10, "{files} files");
}

async fn claims_and_deliveries(talker: &Talker, gone: &str) {
    assert_eq!(talker.post("/v1/jobs/j999999/claim").await.code(), (404, "not_found"));
    assert_eq!(talker.post(&format!("/v1/jobs/{gone}/claim")).await.code(), (409, "gone"));
    let out_of_reach = talker.all("/v1/jobs?limit=200", "jobs").await;
    let unmet = |job: &&serde_json::Value| job["requirements"].as_array().unwrap().iter().any(|r| r["met"] == "no");
    if let Some(job) = out_of_reach.iter().find(unmet) {
        assert_eq!(talker.post(&format!("/v1/jobs/{}/claim", id(job))).await.code(), (409, "not_qualified"));
    }
    let jobs = talker.easy().await;
    let (first, second) = (talker.claim(&jobs[0]).await, talker.claim(&jobs[1]).await);
    let again = talker.post(&format!("/v1/jobs/{}/claim", id(&jobs[0]))).await;
    assert_eq!((again.status, id(&again.body["assignment"])), (200, &*first));
    assert_eq!(talker.post(&format!("/v1/jobs/{}/claim", id(&jobs[2]))).await.code(), (409, "hand_full"));
    assert_eq!(talker.get("/v1/me").await.body["held"], 2);

    let release = |id: &str| format!("/v1/assignments/{id}/release");
    assert_eq!(talker.post(&release("a999999")).await.code(), (404, "not_found"));
    assert_eq!(talker.post(&release(&second)).await.body["assignment"]["status"], "released");
    assert_eq!(talker.post(&release(&second)).await.status, 200, "asked again");

    let work = talker.good_work(&jobs[0]).await;
    let path = format!("/v1/assignments/{first}/submit");
    let keyless = talker.send("POST", &path, talker.raw("POST", &path).json(&work)).await;
    assert_eq!(keyless.code(), (400, "key_missing"));
    let long = "k".repeat(101);
    assert_eq!(talker.submit(&first, &long, &work).await.code(), (400, "key_missing"));
    assert_eq!(talker.submit(&first, "k1", &json!({ "text": 7 })).await.code(), (422, "invalid"));
    let unknown = json!({ "text": "", "files": [{ "upload_id": "u000099", "name": "x.png" }] });
    assert_eq!(talker.submit(&first, "k1", &unknown).await.code(), (422, "invalid"));
    let heavy = json!({ "text": "x".repeat(17 << 20) });
    assert_eq!(talker.submit(&first, "k1", &heavy).await.code(), (413, "too_large"));
    assert_eq!(talker.submit("a999999", "k1", &work).await.code(), (404, "not_found"));
    assert_eq!(talker.submit(&second, "k1", &work).await.code(), (409, "not_open"), "released");

    let sent = talker.submit(&first, "k1", &work).await;
    assert_eq!((sent.status, sent.body["submission"]["attempt"].as_u64()), (201, Some(1)));
    assert_eq!(talker.market.effects(&first), 1);
    let again = talker.submit(&first, "k1", &work).await;
    assert_eq!((again.status, again.body), (200, sent.body));
    assert_eq!(talker.submit(&first, "k1", &json!({ "text": "other" })).await.code(), (409, "key_reused"));
    assert_eq!(talker.market.effects(&first), 1);
    let over = talker.until(&first, &["approved", "rejected", "revision_requested", "paid"]).await;
    if over["status"] != "revision_requested" {
        assert_eq!(talker.post(&release(&first)).await.code(), (409, "not_releasable"));
        assert_eq!(talker.post(&format!("/v1/jobs/{}/claim", id(&jobs[0]))).await.code(), (409, "taken"));
    } else {
        let other = talker.claim(&jobs[3]).await;
        let work = talker.good_work(&jobs[3]).await;
        talker.submit(&other, "k2", &work).await;
        assert_eq!(talker.post(&release(&other)).await.code(), (409, "not_releasable"));
    }
    assert_eq!(talker.get("/v1/assignments/a999999").await.code(), (404, "not_found"));
    talker.get("/v1/assignments?limit=1").await;
    talker.get("/v1/payments").await;
}

async fn uploads(talker: &Talker) {
    let path = "/v1/uploads?name=note.txt";
    let send = |path: &'static str, bytes: Vec<u8>, hash: String| {
        talker.send("POST", path, talker.raw("POST", path).header("X-Content-SHA256", hash).body(bytes))
    };
    let bytes = b"a note".to_vec();
    let hash = format!("{:x}", Sha256::digest(&bytes));
    let kept = send(path, bytes.clone(), hash.clone()).await;
    assert_eq!((kept.status, kept.body["bytes"].as_u64(), kept.body["sha256"].as_str()), (201, Some(6), Some(&*hash)));
    assert_eq!(send(path, b"b note".to_vec(), hash.clone()).await.code(), (422, "hash_mismatch"));
    assert_eq!(send("/v1/uploads", bytes, hash.clone()).await.code(), (400, "bad_query"));
    let heavy = vec![b'x'; (25 << 20) + 1];
    assert_eq!(send(path, heavy, hash).await.code(), (413, "too_large"));
}

#[tokio::test]
async fn requests_are_counted_and_refused_beyond_the_limit() {
    let talker = Talker::start(Options { requests_per_minute: 5, ..quick(5) }).await;
    // The minute may turn in between; then it is counted from the start again.
    let refused = loop {
        let answer = talker.get("/v1/me").await;
        let left: u32 = answer.header("x-ratelimit-remaining").parse().unwrap();
        assert_eq!(answer.header("x-ratelimit-limit"), "5");
        if answer.status == 429 {
            assert_eq!(left, 0);
            break answer;
        }
        assert!(left < 5);
    };
    let (wait, reset): (i64, i64) =
        (refused.header("retry-after").parse().unwrap(), refused.header("x-ratelimit-reset").parse().unwrap());
    assert!((1..=60).contains(&wait));
    assert!((reset - chrono::Utc::now().timestamp()).abs() <= 61);
    assert_eq!(talker.get("/v1/health").await.status, 200, "health is free");
    // Whoever has no key cannot use up the worker's requests, and is limited too.
    let bare = || talker.send("GET", "/v1/me", talker.http.get(talker.url("/v1/me")));
    let mut codes = Vec::new();
    for _ in 0..12 {
        codes.push(bare().await.status);
    }
    assert!(codes.contains(&401) && codes.contains(&429), "{codes:?}");
    talker.market.stop().await;
}
