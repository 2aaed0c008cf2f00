//! Claim, release, deliver, fetch, watch.

use std::sync::atomic::{AtomicUsize, Ordering};

use juggler::domain::draft::{FileFacts, FileItem};
use juggler::domain::submission::SubmissionState;
use juggler::domain::{Assignment, AssignmentId, AssignmentState, Origin, Submission, SubmissionId, Text};
use juggler::platforms::Refusal;
use wiremock::matchers::{body_bytes, body_json, header, query_param};

use super::*;
use crate::net::{Act, Raw};

fn an_assignment() -> Assignment {
    Assignment {
        id: AssignmentId::new("demo:a1"),
        job: a_job(),
        state: AssignmentState::InProgress,
        native_state: Text::default(),
        claimed_at: now(),
        deadline: None,
        feedback: Text::default(),
        submission: None,
        moved_at: now(),
    }
}

fn a_submission(files: Vec<FileItem>) -> Submission {
    Submission {
        id: SubmissionId::new("0198-key"),
        assignment: AssignmentId::new("demo:a1"),
        attempt: 1,
        text: Text::own("One \"tag\"\nTwo {{ x }}"),
        files,
        disclosure: Text::own("Made with help."),
        overridden: None,
        body_hash: "h".into(),
        state: SubmissionState::Sending,
        queued_at: now(),
        sent_at: None,
        answered_at: None,
        sends: 0,
        native_id: Text::default(),
        note: Text::default(),
    }
}

/// SHA-256 of "hello".
const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

fn a_file(dir: &tempfile::TempDir, content: &[u8]) -> FileItem {
    let path = dir.path().join("art.png");
    std::fs::write(&path, content).unwrap();
    let facts = FileFacts { mime: "image/png".into(), ..FileFacts::default() };
    FileItem { name: "a&b.png".into(), path, size: 5, sha256: HELLO.into(), facts, origin: Origin::External }
}

fn taken(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({
        "submission": { "id": "s9", "attempt": 1, "key": "0198-key", "received_at": "2026-11-23T04:00:00Z" },
        "assignment": assignment_json("submitted")
    }))
}

#[tokio::test]
async fn a_claim_becomes_an_assignment() {
    for status in [201, 200] {
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(status).set_body_json(json!({ "assignment": assignment_json("active") }));
        Mock::given(method("POST"))
            .and(path("/v1/jobs/j1/claim"))
            .and(header("x-api-key", KEY))
            .respond_with(answer)
            .mount(&server)
            .await;
        let mine = done(connected(&server.uri()).claim(&a_job(), now()).await.outcome).assignment;
        assert_eq!((mine.id.as_str(), mine.job, mine.state), ("demo:a1", a_job(), AssignmentState::Claimed));
        assert_eq!((mine.native_state.as_str(), mine.deadline), ("active", Some("2026-11-23T04:29:00Z".parse().unwrap())));
    }
}

#[tokio::test]
async fn a_claim_of_something_else_is_broken() {
    let server = MockServer::start().await;
    let mut other = assignment_json("active");
    other["job_id"] = json!("j2");
    on(&server, "POST", "/jobs/j1/claim", ok(json!({ "assignment": other }))).await;
    let outcome = connected(&server.uri()).claim(&a_job(), now()).await.outcome;
    assert!(matches!(outcome, Outcome::Broken(failure) if failure.why.contains("it granted j2")));
}

#[tokio::test]
async fn ids_cannot_leave_their_place() {
    let server = MockServer::start().await;
    let board = connected(&server.uri());
    for evil in ["../payments", "..", "a/b?x=1#y", "%2e%2e"] {
        let mut job = a_job();
        job.key = juggler::domain::JobKey::of(&SourceName::new("demo"), evil);
        let _ = board.claim(&job, now()).await;
    }
    for request in server.received_requests().await.unwrap() {
        let parts: Vec<&str> = request.url.path().split('/').collect();
        assert_eq!((parts.len(), parts[1], parts[2], parts[4]), (5, "v1", "jobs", "claim"), "{}", request.url);
        assert_eq!(request.url.query(), None);
    }
}

#[tokio::test]
async fn releasing_needs_no_body() {
    let server = MockServer::start().await;
    on(&server, "POST", "/assignments/a1/release", ResponseTemplate::new(204)).await;
    done(connected(&server.uri()).release(&an_assignment(), now()).await.outcome);
}

#[tokio::test]
async fn a_delivery_carries_text_and_key() {
    let server = MockServer::start().await;
    let body = json!({ "text": "One \"tag\"\nTwo {{ x }}", "files": [], "disclosure": "Made with help." });
    Mock::given(method("POST"))
        .and(path("/v1/assignments/a1/submit"))
        .and(header("idempotency-key", "0198-key"))
        .and(header("content-type", "application/json"))
        .and(body_json(&body))
        .respond_with(taken(201))
        .expect(2)
        .mount(&server)
        .await;
    let board = connected(&server.uri());
    let receipt = done(board.submit(&an_assignment(), &a_submission(vec![]), now()).await.outcome);
    assert_eq!(
        (receipt.native_id.as_str(), receipt.state, receipt.native_state.as_str()),
        ("s9", AssignmentState::Submitted, "submitted")
    );
    // Byte for byte the same when sent again.
    done(board.submit(&an_assignment(), &a_submission(vec![]), now()).await.outcome);
    let seen = server.received_requests().await.unwrap();
    assert_eq!(seen[0].body, seen[1].body);
}

#[tokio::test]
async fn files_go_first_with_their_hash() {
    let server = MockServer::start().await;
    let dir = tempfile::tempdir().unwrap();
    Mock::given(method("POST"))
        .and(path("/v1/uploads"))
        .and(query_param("name", "a&b.png"))
        .and(header("x-content-sha256", HELLO))
        .and(header("content-type", "image/png"))
        .and(body_bytes(b"hello"))
        .respond_with(
            ResponseTemplate::new(201)
                .set_body_json(json!({ "upload_id": "u7", "bytes": 5, "sha256": HELLO, "mime": "image/png" })),
        )
        .expect(1)
        .mount(&server)
        .await;
    let body = json!({ "text": "One \"tag\"\nTwo {{ x }}", "files": [{ "upload_id": "u7", "name": "a&b.png" }], "disclosure": "Made with help." });
    Mock::given(method("POST"))
        .and(path("/v1/assignments/a1/submit"))
        .and(body_json(&body))
        .respond_with(taken(201))
        .mount(&server)
        .await;
    let file = a_file(&dir, b"hello");
    done(connected(&server.uri()).submit(&an_assignment(), &a_submission(vec![file]), now()).await.outcome);
}

#[tokio::test]
async fn a_failed_upload_means_nothing_was_delivered() {
    let dir = tempfile::tempdir().unwrap();
    let deliver = |answer: ResponseTemplate, file: FileItem| async move {
        let server = MockServer::start().await;
        on(&server, "POST", "/uploads", answer).await;
        let outcome = connected(&server.uri()).submit(&an_assignment(), &a_submission(vec![file]), now()).await.outcome;
        (outcome, server.received_requests().await.unwrap().len())
    };
    let file = || a_file(&dir, b"hello");
    let (outcome, _) = deliver(ResponseTemplate::new(500), file()).await;
    assert!(matches!(outcome, Outcome::Unreachable(failure) if failure.what.contains("nothing was submitted")));
    let (outcome, _) = deliver(ok(json!({ "id": "u7" })), file()).await;
    assert!(matches!(outcome, Outcome::Refused { reason: Refusal::Other, message } if message.as_str().contains("`upload_id`")));
    let (outcome, _) =
        deliver(ResponseTemplate::new(413).set_body_json(json!({ "error": "too_large", "message": "big" })), file()).await;
    assert!(matches!(outcome, Outcome::Refused { reason: Refusal::Invalid, .. }));
    // A file that changed since it was queued is never sent.
    let (outcome, requests) = deliver(ok(json!({ "upload_id": "u7" })), a_file(&dir, b"hallo")).await;
    assert!(
        matches!(outcome, Outcome::Refused { reason: Refusal::Invalid, message } if message.as_str().contains("changed since"))
    );
    assert_eq!(requests, 0);
    let mut gone = file();
    gone.path = dir.path().join("gone");
    let (outcome, requests) = deliver(ok(json!({ "upload_id": "u7" })), gone).await;
    assert!(matches!(outcome, Outcome::Refused { reason: Refusal::Invalid, .. }));
    assert_eq!(requests, 0);
}

#[tokio::test]
async fn an_unclear_delivery_is_unclear() {
    let lost = Raw::serve(|_| Act::Reset);
    let outcome = connected(&lost.url("")).submit(&an_assignment(), &a_submission(vec![]), now()).await.outcome;
    assert!(outcome.is_unclear());
    assert_eq!(lost.requests().len(), 1, "sent once and never again by itself");
    let server = MockServer::start().await;
    on(&server, "POST", "/assignments/a1/submit", ok(json!({ "thanks": true }))).await;
    let outcome = connected(&server.uri()).submit(&an_assignment(), &a_submission(vec![]), now()).await.outcome;
    assert!(matches!(outcome, Outcome::Broken(failure) if failure.why.contains("field `id` (path $.submission.id)")));
}

#[tokio::test]
async fn attachments_come_with_the_key_from_home_only() {
    let server = MockServer::start().await;
    let pdf = ResponseTemplate::new(200).set_body_raw(b"%PDF".to_vec(), "application/pdf");
    Mock::given(method("GET"))
        .and(path("/v1/jobs/j1/attachments/a.pdf"))
        .and(header("x-api-key", KEY))
        .respond_with(pdf)
        .mount(&server)
        .await;
    let board = connected(&server.uri());
    let fetch = |url: &str| {
        let (board, url) = (board.clone(), Text::title(url));
        async move { board.attachment(&url, now()).await.outcome }
    };
    let fetched = done(fetch("/v1/jobs/j1/attachments/a.pdf").await);
    assert_eq!((fetched.mime.as_str(), fetched.bytes.as_slice()), ("application/pdf", &b"%PDF"[..]));
    assert!(matches!(fetch("/v1/jobs/j1/attachments/none").await, Outcome::Refused { reason: Refusal::Gone, .. }));
    let stranger = MockServer::start().await;
    for inside in [format!("{}/x", stranger.uri()), "https://169.254.169.254/latest".into(), "https://localhost:1/".into()] {
        assert!(matches!(fetch(&inside).await, Outcome::Unreachable(_)), "{inside}");
    }
    assert!(matches!(fetch("file:///etc/passwd").await, Outcome::Refused { .. }));
    assert!(stranger.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_stream_pokes_at_changes() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    let events =
        "event: hello\ndata: {}\n\n: still here\n\nevent: job\nid: 1\ndata: {\"id\":\"j1\"}\n\nevent: payment\ndata: {}\n\n";
    let bytes = format!("{head}{events}").into_bytes();
    let server = Raw::serve(move |_| Act::Bytes(bytes.clone()));
    let count = AtomicUsize::new(0);
    let poke = || {
        count.fetch_add(1, Ordering::Relaxed);
    };
    done(connected(&server.url("")).watch(&poke).await.outcome);
    assert_eq!(count.load(Ordering::Relaxed), 2);
    assert!(server.requests()[0].to_lowercase().contains(&format!("x-api-key: {KEY}")));
    let silent = Raw::serve(move |_| Act::Hold(head.as_bytes().to_vec()));
    let idle = Patience { stream_idle: Some(Duration::from_millis(100)), ..patience() };
    let board = connect_with(&source(&silent.url("")), Path::new("/nonexistent"), idle).unwrap();
    assert!(matches!(board.watch(&|| ()).await.outcome, Outcome::Unanswered(failure) if failure.why.contains("silent")));
    let shut = Raw::serve(|_| Act::json("403 Forbidden", &json!({ "error": "forbidden", "message": "no" })));
    assert!(matches!(connected(&shut.url("")).watch(&|| ()).await.outcome, Outcome::SignIn(_)));
}

#[tokio::test]
async fn an_upload_target_elsewhere_gets_no_key_and_nothing_inside() {
    let dir = tempfile::tempdir().unwrap();
    let two_steps = |text: String| {
        let (before, rest) = text.split_once("[[calls.submit.steps]]").unwrap();
        let (_, after) = rest.split_once("[calls.submit.send]").unwrap();
        let steps = r#"
[[calls.submit.steps]]
name = "target"
for_each = "files"
capture = { upload_id = "$.id", target = "$.put_to" }
call = { method = "POST", path = "/targets", body = '{"name": {{ file.name }}}' }
[[calls.submit.steps]]
name = "put"
for_each = "files"
file_body = true
to = "{{ file.target }}"
call = { method = "PUT" }
"#;
        format!("{before}{steps}[calls.submit.send]{after}")
    };
    let deliver = |target: String, file: FileItem| async move {
        let server = MockServer::start().await;
        let target = target.replace("HOME", &server.uri());
        on(&server, "POST", "/targets", ok(json!({ "id": "u1", "put_to": target }))).await;
        Mock::given(method("PUT"))
            .and(path("/bucket/u1"))
            .and(body_bytes(b"hello"))
            .respond_with(ResponseTemplate::new(204))
            .mount(&server)
            .await;
        on(&server, "POST", "/assignments/a1/submit", taken(201)).await;
        with_recipe(&server.uri(), two_steps).submit(&an_assignment(), &a_submission(vec![file]), now()).await.outcome
    };
    done(deliver("HOME/bucket/u1?sig=x".into(), a_file(&dir, b"hello")).await);
    let stranger = MockServer::start().await;
    for inside in [format!("{}/bucket/u1", stranger.uri()), "https://127.0.0.1:1/x".into(), "file:///etc/x".into()] {
        let outcome = deliver(inside, a_file(&dir, b"hello")).await;
        assert!(!outcome.is_unclear() && !matches!(outcome, Outcome::Done(_)), "{outcome:?}");
    }
    assert!(stranger.received_requests().await.unwrap().is_empty());
}
