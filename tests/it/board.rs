//! The board adapter and the practice market's recipe, at the HTTP socket.

mod account;
mod hostile;
mod lists;
mod manners;
mod others;
mod practice;
mod recipes;
mod validators;
mod work;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use juggler::config::{KeyFrom, Secret, SourceConfig};
use juggler::domain::{Job, SourceName, Time};
use juggler::net::Limits;
use juggler::platforms::board::Patience;
use juggler::platforms::{Outcome, Platform, connect_with};
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// The key; nothing the program says may ever hold it.
const KEY: &str = "canary-key-7f3a";

fn now() -> Time {
    "2026-11-23T04:00:00Z".parse().unwrap()
}

fn source(base: &str) -> SourceConfig {
    SourceConfig {
        base_url: Some(format!("{base}/v1")),
        key: KeyFrom::Given(Secret::new(KEY.into())),
        ..SourceConfig::of(SourceName::new("demo"), "practice")
    }
}

fn patience() -> Patience {
    let limits = Limits { connect: Duration::from_secs(5), read: Duration::from_secs(5), total: Duration::from_secs(10) };
    Patience { limits: Some(limits), stream_idle: None }
}

fn connected(base: &str) -> Arc<dyn Platform> {
    connect_with(&source(base), Path::new("/nonexistent"), patience()).unwrap()
}

/// The built-in recipe with a change, from a folder of the person's own.
fn with_recipe(base: &str, change: impl Fn(String) -> String) -> Arc<dyn Platform> {
    let dir = tempfile::tempdir().unwrap();
    let text = change(std::fs::read_to_string("assets/platforms/practice.toml").unwrap());
    std::fs::write(dir.path().join("practice.toml"), text).unwrap();
    connect_with(&source(base), dir.path(), patience()).unwrap()
}

/// Answers every request like `method` `path` with this.
async fn on(server: &MockServer, verb: &str, at: &str, answer: ResponseTemplate) {
    Mock::given(method(verb)).and(path(format!("/v1{at}"))).respond_with(answer).mount(server).await;
}

fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

fn summary(id: &str) -> Value {
    json!({
        "id": id, "revision": 3, "url": "http://market/jobs/1", "title": "5 taglines", "summary": "Short.", "kind": "tagline",
        "tags": ["copy", "brand"], "language": "en",
        "requester": { "id": "r1", "name": "Lumen", "verified": true, "country": "SE",
            "record": { "approved": 9, "rejected": 1, "paid": 8, "late": 1, "unpaid": 0 } },
        "reward": { "kind": "fixed", "amount": "1.20", "currency": "USD", "bonus_max": "0.50", "fee_percent": "10", "funded": "escrowed" },
        "est_seconds": 300, "avg_seconds": null, "slots_total": 3, "slots_left": 2, "workers_now": 1, "claim_mode": "instant_lock",
        "claim_seconds": 1800, "auto_approve_seconds": 86400, "ai_policy": "disclose",
        "requirements": [{ "kind": "language", "text": "Fluent English", "met": "yes" }],
        "cost": null, "status": "open", "posted_at": "2026-11-23T03:00:00Z", "updated_at": "2026-11-23T03:10:00Z",
        "expires_at": "2026-11-23T08:00:00Z"
    })
}

fn jobs(items: &[Value], next: Value, as_of: &str) -> Value {
    json!({ "jobs": items, "next_cursor": next, "has_more": !next.is_null(), "as_of": as_of })
}

fn assignment_json(status: &str) -> Value {
    json!({
        "id": "a1", "job_id": "j1", "status": status, "claimed_at": "2026-11-23T03:59:00Z", "deadline": "2026-11-23T04:29:00Z",
        "updated_at": "2026-11-23T03:59:00Z", "submissions": 0, "submission_key": null, "feedback": "",
        "reward": { "kind": "fixed", "amount": "1.20", "currency": "USD", "bonus_max": null, "fee_percent": "10", "funded": "escrowed" }
    })
}

fn done<T: std::fmt::Debug>(outcome: Outcome<T>) -> T {
    match outcome {
        Outcome::Done(value) => value,
        other => panic!("{other:?}"),
    }
}

fn a_job() -> Job {
    let mut job = Job::new(&SourceName::new("demo"), "j1", "5 taglines", now());
    job.claim_ttl = Some(600);
    job
}

/// Whatever came out, the key is not in it.
fn no_canary(said: &impl std::fmt::Debug) {
    let said = format!("{said:?}");
    assert!(!said.contains("canary"), "{said}");
}
