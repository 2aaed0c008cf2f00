//! The socket: several clients, one truth; bad and slow clients harm nobody but themselves.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::Duration;

use juggler::config::Config;
use juggler::daemon::{self, Role, Session};
use juggler::domain::View;
use juggler::domain::triage::Verdict;
use juggler::engine::Polling;
use juggler::engine::api::{Reply, Request, VERSION, What};
use juggler::error::Class;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;

use crate::support::{self, Stage};

const PATIENCE: Duration = Duration::from_secs(30);

/// Whoever does not know better than to speak for himself.
struct Raw {
    stream: BufReader<UnixStream>,
}

impl Raw {
    async fn connect(config: &Config) -> Raw {
        Raw { stream: BufReader::new(UnixStream::connect(&config.paths.socket).await.unwrap()) }
    }

    async fn say(&mut self, line: &str) {
        self.stream.write_all(format!("{line}\n").as_bytes()).await.unwrap();
    }

    /// The next answer; events go by.
    async fn answer(&mut self) -> Value {
        let mut line = String::new();
        loop {
            line.clear();
            let read = tokio::time::timeout(PATIENCE, self.stream.read_line(&mut line)).await.expect("no answer").unwrap();
            assert!(read > 0, "hung up");
            let told: Value = serde_json::from_str(&line).unwrap();
            if let Some(answer) = told.get("answer").or(told.get("control")) {
                return answer.clone();
            }
        }
    }
}

fn hello(version: u32) -> String {
    let front = json!({ "pid": 1, "kind": "command", "place": "", "since": "2026-01-01T00:00:00Z" });
    json!({ "id": 1, "control": { "do": "hello", "version": version, "front": front } }).to_string()
}

async fn own(config: &Arc<Config>) -> Session {
    config.paths.prepare().unwrap();
    let session = daemon::session(config.clone(), Polling::OnRequest).await.unwrap();
    assert!(session.is_own());
    session
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clients_see_the_same_truth() {
    let stage = Stage::start(11).await;
    let jobs = stage.jobs().await;
    let server = daemon::Server::start(&stage.config.paths.socket, stage.handle.clone(), Role::Terminal).unwrap();
    let first = daemon::session(stage.config.clone(), Polling::OnRequest).await.unwrap();
    let second = daemon::session(stage.config.clone(), Polling::OnRequest).await.unwrap();
    assert!(!first.is_own() && !second.is_own());
    assert_eq!(first.holder(), std::process::id());
    let mut heard = second.handle().events();
    let star = Request::Triage { keys: vec![jobs[0].key.clone()], verdict: Verdict::Star { on: true } };
    first.handle().ask(star).await.unwrap();
    let told = async {
        loop {
            if let Ok(event) = heard.recv().await
                && let What::Marked { jobs } = event.what
            {
                return jobs;
            }
        }
    };
    assert_eq!(tokio::time::timeout(PATIENCE, told).await.unwrap(), vec![jobs[0].key.clone()]);
    let view = View::of("is:starred").unwrap();
    let Ok(Reply::Jobs { jobs: starred, .. }) = second.handle().ask(Request::Jobs { view, limit: 9 }).await else { panic!() };
    assert_eq!(starred.iter().map(|row| &row.key).collect::<Vec<_>>(), [&jobs[0].key]);
    server.stop(None).await;
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_never_reads_delays_nobody() {
    let stage = Stage::start(12).await;
    stage.jobs().await;
    let server = daemon::Server::start(&stage.config.paths.socket, stage.handle.clone(), Role::Terminal).unwrap();
    let mut deaf = Raw::connect(&stage.config).await;
    let line = json!({ "id": 1, "request": { "ask": "jobs", "view": View::default(), "limit": 1000 } }).to_string();
    // It asks until nobody listens to it any more.
    let mut taken = 0;
    while tokio::time::timeout(Duration::from_millis(500), deaf.say(&line)).await.is_ok() {
        taken += 1;
        assert!(taken < 100_000, "its requests pile up without end");
    }
    let other = daemon::session(stage.config.clone(), Polling::OnRequest).await.unwrap();
    let hand = tokio::time::timeout(PATIENCE, other.handle().ask(Request::Hand)).await.expect("held up by the other client");
    assert!(matches!(hand, Ok(Reply::Hand(_))));
    server.stop(None).await;
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_clients_at_once_are_all_answered() {
    let dir = tempfile::tempdir().unwrap();
    let config = Arc::new(support::config(dir.path()));
    let session = own(&config).await;
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let config = config.clone();
        asking.spawn(async move {
            let client = daemon::session(config, Polling::OnRequest).await.unwrap();
            matches!(client.handle().ask(Request::Sources).await, Ok(Reply::Sources { .. }))
        });
    }
    assert!(asking.join_all().await.into_iter().all(|answered| answered));
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_make_no_sense_are_answered_with_a_reason() {
    let dir = tempfile::tempdir().unwrap();
    let config = Arc::new(support::config(dir.path()));
    let session = own(&config).await;
    let mut raw = Raw::connect(&config).await;
    for (line, id) in [("garbage", 0), (r#"{"id":7,"request":{"ask":"dance"}}"#, 7), ("{}", 0), ("[[[[", 0)] {
        raw.say(line).await;
        let answer = raw.answer().await;
        assert_eq!(answer["id"], id, "{answer}");
        let failure = &answer["reply"]["Err"];
        assert!(failure["what"].as_str().is_some_and(|what| !what.is_empty()), "{answer}");
        assert!(failure["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{answer}");
    }
    // It goes on all the same.
    raw.say(r#"{"id":8,"request":{"ask":"hand"}}"#).await;
    assert_eq!(raw.answer().await["id"], 8);
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_text_ends_only_that_client() {
    let dir = tempfile::tempdir().unwrap();
    let config = Arc::new(support::config(dir.path()));
    let session = own(&config).await;
    let mut raw = Raw::connect(&config).await;
    raw.stream.write_all(b"\xff\xfe\x00\n").await.unwrap();
    assert!(raw.answer().await["reply"]["Err"]["what"].is_string());
    let mut rest = Vec::new();
    tokio::time::timeout(PATIENCE, raw.stream.read_to_end(&mut rest)).await.expect("still open").unwrap();
    assert!(session.handle().ask(Request::Hand).await.is_ok());
    let mut next = Raw::connect(&config).await;
    next.say(r#"{"id":1,"request":{"ask":"hand"}}"#).await;
    assert_eq!(next.answer().await["id"], 1);
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stops_talking_still_hears_the_answer() {
    let dir = tempfile::tempdir().unwrap();
    let config = Arc::new(support::config(dir.path()));
    let session = own(&config).await;
    let mut raw = Raw::connect(&config).await;
    raw.say(r#"{"id":1,"request":{"ask":"verify"}}"#).await;
    raw.stream.get_mut().shutdown().await.unwrap();
    assert_eq!(raw.answer().await["id"], 1);
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_version_is_told_so() {
    let dir = tempfile::tempdir().unwrap();
    let config = Arc::new(support::config(dir.path()));
    let session = own(&config).await;
    let mut raw = Raw::connect(&config).await;
    raw.say(&hello(999)).await;
    let answer = raw.answer().await;
    let what = answer["reply"]["Err"]["what"].as_str().unwrap();
    assert!(what.contains("another version"), "{what}");
    assert!(answer["reply"]["Err"]["hint"].as_str().unwrap().contains(&std::process::id().to_string()), "{answer}");
    raw.say(&hello(VERSION)).await;
    assert_eq!(raw.answer().await["reply"]["Ok"]["host"]["pid"], std::process::id());
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_socket_is_for_its_owner_and_goes_with_the_engine() {
    let dir = tempfile::tempdir().unwrap();
    let config = Arc::new(support::config(dir.path()));
    config.paths.prepare().unwrap();
    // A dead engine left its socket behind.
    let dead = std::os::unix::net::UnixListener::bind(&config.paths.socket).unwrap();
    drop(dead);
    assert!(UnixStream::connect(&config.paths.socket).await.is_err(), "nobody listens there");
    let session = own(&config).await;
    let facts = std::fs::metadata(&config.paths.socket).unwrap();
    assert!(UnixStream::connect(&config.paths.socket).await.is_ok(), "the stale one was replaced");
    assert_eq!(facts.permissions().mode() & 0o777, 0o600);
    session.close().await;
    assert!(!config.paths.socket.exists());
    let again = own(&config).await;
    again.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_that_does_not_answer_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let config = Arc::new(support::config(dir.path()));
    config.paths.prepare().unwrap();
    let (acks, _kept) = tokio::sync::mpsc::unbounded_channel();
    let held = juggler::store::begin(&config.paths.store(), acks, juggler::store::Options::default()).unwrap();
    let Err(failure) = daemon::session(config.clone(), Polling::OnRequest).await else { panic!("two holders") };
    assert_eq!(failure.class, Class::Busy);
    let sentence = format!("{} {} {}", failure.what, failure.why, failure.hint);
    assert!(sentence.contains(&std::process::id().to_string()), "{sentence}");
    held.store.close();
}
