//! Keys and tokens.

use juggler::error::Class;
use wiremock::matchers::{body_json, header};

use super::*;

fn exchanging(lifetime: &'static str) -> impl Fn(String) -> String {
    move |text| {
        let (before, rest) = text.split_once("header = \"X-API-Key\"").unwrap();
        let (_, after) = rest.split_once("# Platforms that want").unwrap();
        let token = "[auth.token]\npath = \"/token/refresh/\"\nbody = '{\"refresh\": {{ key }}}'\ntoken = \"$.access\"\n";
        format!("{before}header = \"Authorization\"\nprefix = \"Bearer \"\n{token}{lifetime}\n# {after}")
    }
}

async fn exchange(server: &MockServer, token: &str, times: u64) {
    Mock::given(method("POST"))
        .and(path("/v1/token/refresh/"))
        .and(body_json(json!({ "refresh": KEY })))
        .respond_with(ok(json!({ "access": token, "expires_in": 300 })))
        .up_to_n_times(times)
        .expect(times)
        .mount(server)
        .await;
}

fn list() -> Value {
    jobs(&[], Value::Null, "2026-11-23T04:00:00Z")
}

#[tokio::test]
async fn a_token_is_fetched_once_and_used() {
    let server = MockServer::start().await;
    exchange(&server, "canary-token-1", 1).await;
    Mock::given(method("GET"))
        .and(header("authorization", "Bearer canary-token-1"))
        .respond_with(ok(list()))
        .expect(3)
        .mount(&server)
        .await;
    let board = with_recipe(&server.uri(), exchanging("lifetime = 300"));
    for _ in 0..3 {
        done(board.jobs(&Value::Null, now()).await.outcome);
    }
}

#[tokio::test]
async fn a_token_that_is_not_accepted_is_renewed_once() {
    let server = MockServer::start().await;
    exchange(&server, "canary-token-1", 1).await;
    Mock::given(method("GET"))
        .and(header("authorization", "Bearer canary-token-1"))
        .respond_with(ResponseTemplate::new(401))
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .and(header("authorization", "Bearer canary-token-2"))
        .respond_with(ok(list()))
        .mount(&server)
        .await;
    Mock::given(method("POST"))
        .and(path("/v1/token/refresh/"))
        .respond_with(ok(json!({ "access": "canary-token-2" })))
        .with_priority(9)
        .mount(&server)
        .await;
    let board = with_recipe(&server.uri(), exchanging(""));
    done(board.jobs(&Value::Null, now()).await.outcome);
}

#[tokio::test]
async fn a_token_is_renewed_before_its_end() {
    let server = MockServer::start().await;
    // With no life left after the margin, every call renews.
    exchange(&server, "canary-token-1", 2).await;
    Mock::given(method("GET")).respond_with(ok(list())).mount(&server).await;
    let board = with_recipe(&server.uri(), exchanging("expires_in = \"$.expires_in\"\nlifetime = 400\nrenew_before = 300"));
    for _ in 0..2 {
        done(board.jobs(&Value::Null, now()).await.outcome);
    }
}

#[tokio::test]
async fn a_key_that_is_not_exchanged_asks_to_sign_in() {
    for answer in [
        ResponseTemplate::new(401).set_body_json(json!({ "message": format!("bad {KEY}") })),
        ResponseTemplate::new(400).set_body_json(json!({ "message": format!("bad {KEY}") })),
    ] {
        let server = MockServer::start().await;
        on(&server, "POST", "/token/refresh/", answer).await;
        let outcome = with_recipe(&server.uri(), exchanging("")).claim(&a_job(), now()).await.outcome;
        no_canary(&outcome);
        assert!(matches!(outcome, Outcome::SignIn(_)), "{outcome:?}");
    }
    // Without a token the claim was never sent: that is certain.
    for answer in [ResponseTemplate::new(500), ok(json!({ "nothing": 1 })), ResponseTemplate::new(200).set_body_string("canary?")]
    {
        let server = MockServer::start().await;
        on(&server, "POST", "/token/refresh/", answer).await;
        let outcome = with_recipe(&server.uri(), exchanging("")).claim(&a_job(), now()).await.outcome;
        no_canary(&outcome);
        assert!(matches!(outcome, Outcome::Unreachable(_)), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_key_renewed_at_its_place_is_found() {
    let server = MockServer::start().await;
    Mock::given(method("GET")).and(header("x-api-key", "canary-new")).respond_with(ok(list())).mount(&server).await;
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(401)).with_priority(9).mount(&server).await;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("key");
    let write = |key: &str| {
        use std::os::unix::fs::PermissionsExt;
        std::fs::write(&file, key).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    };
    write("canary-old");
    let mut config = source(&server.uri());
    config.key = KeyFrom::File(file.clone());
    let board = connect_with(&config, Path::new("/nonexistent"), patience()).unwrap();
    match board.jobs(&Value::Null, now()).await.outcome {
        Outcome::SignIn(failure) => assert!(failure.hint.contains(file.to_str().unwrap()), "{failure:?}"),
        other => panic!("{other:?}"),
    }
    write("canary-new");
    done(board.jobs(&Value::Null, now()).await.outcome);
}

#[tokio::test]
async fn no_key_means_no_call() {
    let server = MockServer::start().await;
    let mut config = source(&server.uri());
    config.key = KeyFrom::None;
    let board = connect_with(&config, Path::new("/nonexistent"), patience()).unwrap();
    assert!(matches!(board.jobs(&Value::Null, now()).await.outcome, Outcome::SignIn(failure) if failure.class == Class::SignIn));
    assert!(server.received_requests().await.unwrap().is_empty());
}
