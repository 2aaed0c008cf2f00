//! Statuses, waiting, broken bodies and broken connections.

use juggler::error::{Class, Failure};
use juggler::platforms::Refusal;

use super::*;
use crate::net::{Act, Raw};

async fn listed(answer: ResponseTemplate) -> Outcome<()> {
    let server = MockServer::start().await;
    on(&server, "GET", "/jobs", answer).await;
    let outcome = connected(&server.uri()).jobs(&Value::Null, now()).await.outcome;
    no_canary(&outcome);
    outcome.map(|_| ())
}

async fn claimed(answer: ResponseTemplate) -> Outcome<()> {
    let server = MockServer::start().await;
    on(&server, "POST", "/jobs/j1/claim", answer).await;
    let outcome = connected(&server.uri()).claim(&a_job(), now()).await.outcome;
    no_canary(&outcome);
    outcome.map(|_| ())
}

fn error(status: u16, code: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({ "error": code, "message": format!("your key {KEY} says {code}") }))
}

#[tokio::test]
async fn a_refused_key_asks_to_sign_in() {
    for (status, code) in [(401, "unauthenticated"), (403, "forbidden")] {
        match listed(error(status, code)).await {
            Outcome::SignIn(failure) => {
                assert_eq!(failure.class, Class::SignIn);
                assert!(failure.what.contains("demo") && failure.why.contains("[key]"), "{failure:?}");
                assert!(failure.hint.contains("sources test demo"), "{failure:?}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn refusals_have_their_names() {
    use Refusal as R;
    for (status, code, reason) in [
        (409, "taken", R::Taken),
        (409, "full", R::Full),
        (409, "not_qualified", R::NotQualified),
        (409, "gone", R::Gone),
        (409, "hand_full", R::HandFull),
        (404, "not_found", R::Gone),
        (404, "nonsense", R::Gone),
        (410, "", R::Gone),
        (409, "timed_out", R::TimedOut),
        (422, "invalid", R::Invalid),
        (422, "whatever", R::Invalid),
        (409, "key_reused", R::KeyReused),
        (409, "whatever", R::Other),
        (400, "key_missing", R::Other),
        (403, "not_qualified", R::NotQualified),
    ] {
        match claimed(error(status, code)).await {
            Outcome::Refused { reason: told, message } => {
                assert_eq!(told, reason, "{status} {code}");
                assert!(message.as_str().contains("says"), "{message}");
            }
            other => panic!("{status} {code}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn waiting_is_told_in_seconds_dates_and_headers() {
    let at = |seconds: u64| Some(now() + Duration::from_secs(seconds));
    let day = 86_400;
    for (headers, until) in [
        (vec![("retry-after", "7")], at(7)),
        (vec![("retry-after", "Mon, 23 Nov 2026 04:02:00 GMT")], at(120)),
        (vec![("retry-after", "Mon, 23 Nov 2020 04:02:00 GMT")], at(0)),
        (vec![("retry-after", "99999999999999999999999")], at(day)),
        (vec![("retry-after", "Mon, 23 Nov 2099 04:02:00 GMT")], at(day)),
        (vec![("retry-after", "soon")], None),
        (vec![], None),
        (vec![("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1795406430")], at(30)),
    ] {
        let mut answer = error(429, "rate_limited");
        for (name, value) in headers.clone() {
            answer = answer.insert_header(name, value);
        }
        match listed(answer.clone()).await {
            Outcome::Limited { until: told, .. } => assert_eq!(told, until, "{headers:?}"),
            other => panic!("{other:?}"),
        }
        assert!(matches!(claimed(answer).await, Outcome::Limited { .. }));
    }
    // A read that got 503 may wait as asked; a write that got it may have happened.
    let busy = ResponseTemplate::new(503).insert_header("retry-after", "9");
    assert!(matches!(listed(busy.clone()).await, Outcome::Limited { until, .. } if until == at(9)));
    assert!(claimed(busy).await.is_unclear());
}

#[tokio::test]
async fn rates_and_clocks_are_noted() {
    let server = MockServer::start().await;
    let answer = ok(jobs(&[], Value::Null, "2026-11-23T04:00:00Z"))
        .insert_header("date", "Mon, 23 Nov 2026 04:00:05 GMT")
        .insert_header("x-ratelimit-limit", "600")
        .insert_header("x-ratelimit-remaining", "599")
        .insert_header("x-ratelimit-reset", "1795406430");
    on(&server, "GET", "/jobs", answer).await;
    let meta = connected(&server.uri()).jobs(&Value::Null, now()).await.meta;
    assert_eq!(meta.server_time, Some(now() + Duration::from_secs(5)));
    assert_eq!((meta.budget.limit, meta.budget.remaining), (Some(600), Some(599)));
    assert_eq!(meta.budget.reset, Some(now() + Duration::from_secs(30)));
    assert!(meta.latency > Duration::ZERO);
}

#[tokio::test]
async fn trouble_on_the_other_side_is_unanswered() {
    for status in [500, 502, 503, 504, 520, 408] {
        assert!(matches!(listed(ResponseTemplate::new(status)).await, Outcome::Unanswered(_)), "{status}");
        assert!(matches!(claimed(ResponseTemplate::new(status)).await, Outcome::Unanswered(_)), "{status}");
    }
}

#[tokio::test]
async fn answers_that_make_no_sense_are_broken() {
    let html = ResponseTemplate::new(200).set_body_raw("<html>Sign in</html>", "text/html; charset=utf-8");
    let cut = ResponseTemplate::new(200).set_body_raw("{\"jobs\": [{\"id\": \"j1\", \"ti", "application/json");
    let deep = ResponseTemplate::new(200).set_body_raw("[".repeat(100_000), "application/json");
    let huge = ResponseTemplate::new(200).set_body_raw("{\"jobs\":[1e400]}", "application/json");
    let many = ResponseTemplate::new(200).set_body_raw(format!("[{}0]", "0,".repeat(300_000)), "application/json");
    let words = [
        (html, "web page"),
        (cut, "line 1"),
        (deep, "not whole JSON"),
        (huge, "out of range"),
        (many, "more than 250000 values"),
    ];
    for (answer, word) in words {
        for outcome in [listed(answer.clone()).await, claimed(answer.clone()).await] {
            match outcome {
                Outcome::Broken(failure) => assert!(failure.why.contains(word), "{failure:?}"),
                other => panic!("{other:?}"),
            }
        }
    }
    assert!(matches!(listed(ResponseTemplate::new(200)).await, Outcome::Broken(_)));
    assert!(
        matches!(listed(ResponseTemplate::new(404)).await, Outcome::Broken(Failure { hint, .. }) if hint.contains("base_url"))
    );
    let moved = ResponseTemplate::new(307).insert_header("location", "/v1/elsewhere");
    assert!(matches!(claimed(moved).await, Outcome::Broken(_)));
}

#[tokio::test]
async fn a_redirect_to_a_stranger_takes_no_key_along() {
    let stranger = MockServer::start().await;
    let away = ResponseTemplate::new(302).insert_header("location", format!("{}/take?k=1", stranger.uri()));
    assert!(matches!(listed(away).await, Outcome::Broken(failure) if failure.why.contains("another origin")));
    assert!(stranger.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn how_far_a_write_got_is_told_apart() {
    let claim = |act: Act| async move {
        let server = Raw::serve(move |_| act.clone());
        connected(&server.url("")).claim(&a_job(), now()).await.outcome.map(|_| ())
    };
    assert!(matches!(claim(Act::Reset).await, Outcome::Unanswered(_)));
    assert!(matches!(claim(Act::bytes(b"HTTP/1.1 201 Created\r\nContent-Length: 50\r\n\r\n{")).await, Outcome::Unanswered(_)));
    let nobody = {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", free.local_addr().unwrap())
    };
    assert!(matches!(connected(&nobody).claim(&a_job(), now()).await.outcome, Outcome::Unreachable(_)));
}

#[tokio::test]
async fn slow_and_large_answers_are_given_up() {
    let short = |base: &str| {
        let limits = Limits { total: Duration::from_millis(200), ..Limits::default() };
        connect_with(&source(base), Path::new("/nonexistent"), Patience { limits: Some(limits), stream_idle: None }).unwrap()
    };
    let drip = Raw::serve(|_| Act::Drip {
        head: b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n".to_vec(),
        every: Duration::from_millis(10),
    });
    assert!(matches!(short(&drip.url("")).jobs(&Value::Null, now()).await.outcome, Outcome::Unanswered(_)));
    let flood = Raw::serve(|_| Act::Flood { bytes: 200 << 20 });
    assert!(matches!(connected(&flood.url("")).jobs(&Value::Null, now()).await.outcome, Outcome::Broken(_)));
}
