//! Webhooks against a server on this machine: the exact request of each shape, and how refusals end.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use juggler::alert::{Hook, Parcel};
use juggler::config::alert::{Shape, Webhook};
use juggler::config::{KeyFrom, Secret};
use juggler::error::Class;
use juggler::net::Http;
use serde_json::{Value, json};

use super::{many, parcel};
use crate::net::{Act, Raw};

const PAUSES: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(40)];

fn hook(shape: Shape, url: String, key: Option<&str>) -> Hook {
    let key = key.map_or(KeyFrom::None, |key| KeyFrom::Given(Secret::new(key.to_owned())));
    let to = (shape == Shape::Telegram).then(|| "-100123".to_owned());
    Hook::new(Http::default(), Webhook { url, shape, to, key }).with_pauses(PAUSES)
}

fn ok() -> Raw {
    Raw::serve(|_| Act::json("200 OK", &json!({ "ok": true })))
}

/// Line of the request, headers in lower case, body.
fn parts(request: &str) -> (String, String, Value) {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let (line, headers) = head.split_once("\r\n").unwrap();
    (line.to_owned(), headers.to_lowercase(), serde_json::from_str(body).unwrap())
}

async fn posted(shape: Shape, path: &str, key: Option<&str>, parcel: &Parcel) -> (String, String, Value) {
    let server = ok();
    assert_eq!(hook(shape, server.url(path), key).send(parcel).await.unwrap(), "answered 200");
    let requests = server.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    let (line, headers, body) = parts(&requests[0]);
    assert!(headers.contains("content-type: application/json"), "{headers}");
    (line, headers, body)
}

#[tokio::test]
async fn ntfy_is_told_at_its_root_with_the_topic_as_a_field() {
    let (line, headers, body) = posted(Shape::Ntfy, "/my-topic?auth=abc", Some("tk_canary"), &parcel()).await;
    assert_eq!(line, "POST /?auth=abc HTTP/1.1");
    assert!(headers.contains("authorization: bearer tk_canary"), "{headers}");
    let wanted = json!({
        "topic": "my-topic",
        "title": "**Five** [taglines](https://evil.example) @everyone; ^[]0;x",
        "message": "0.85 USD, 6 min, practice · rule taglines",
        "priority": 4,
        "tags": ["juggler"],
        "click": "https://jobs.example.org/j1",
    });
    assert_eq!(body, wanted);
    let (line, headers, body) = posted(Shape::Ntfy, "/{key}", Some("secret-topic"), &many(20)).await;
    assert_eq!((line.as_str(), &body["topic"], &body["title"]), ("POST / HTTP/1.1", &"secret-topic".into(), &"30 alerts".into()));
    assert!(!headers.contains("authorization") && body.get("click").is_none());
    assert_eq!(body["message"].as_str().unwrap().lines().count(), 15);
}

#[tokio::test]
async fn telegram_is_sent_plain_text() {
    let (line, _, body) = posted(Shape::Telegram, "/bot{key}", Some("12:canary"), &parcel()).await;
    assert_eq!(line, "POST /bot12:canary/sendMessage HTTP/1.1");
    let wanted = json!({
        "chat_id": "-100123",
        "text": "**Five** [taglines](https://evil.example) @everyone; ^[]0;x\n0.85 USD, 6 min, practice · rule taglines\n\
                 https://jobs.example.org/j1",
        "disable_notification": false,
        "link_preview_options": { "is_disabled": true },
    });
    assert_eq!(body, wanted);
}

#[tokio::test]
async fn discord_gets_no_mark_up_no_ping_and_no_preview() {
    let (line, _, body) = posted(Shape::Discord, "/api/webhooks/1/tok", None, &parcel()).await;
    assert_eq!(line, "POST /api/webhooks/1/tok HTTP/1.1");
    let wanted = json!({
        "username": "Juggler",
        "content": "**\\*\\*Five\\*\\* \\[taglines\\]\\(https:\\//evil.example\\) \\@everyone; ^\\[\\]0;x**\n\
                    0.85 USD, 6 min, practice · rule taglines\n<https://jobs.example.org/j1>",
        "allowed_mentions": { "parse": [] },
        "flags": 4,
    });
    assert_eq!(body, wanted);
    let (.., body) = posted(Shape::Discord, "/x", None, &many(50)).await;
    assert!(body["content"].as_str().unwrap().chars().count() <= 2000);
}

#[tokio::test]
async fn the_plain_shape_is_the_alerts_themselves() {
    let (.., body) = posted(Shape::Json, "/hook", None, &parcel()).await;
    assert_eq!((&body["version"], &body["alerts"][0]["kind"], &body["count"]), (&1.into(), &"rule".into(), &1.into()));
    // Another machine is told which job, not what stands in it.
    let job = &body["jobs"][0];
    assert_eq!(
        (&job["key"], &job["url"], job.get("brief")),
        (&"practice:j1".into(), &"https://jobs.example.org/j1".into(), None)
    );
    let (.., body) = posted(Shape::Json, "/hook", None, &many(2)).await;
    assert_eq!((&body["more"], &body["held"]), (&3.into(), &json!([{ "kind": "rule", "count": 7 }])));
    assert_eq!(body["text"], "paid: 1.00 USD for job 1\npaid: 2.00 USD for job 2\nand 3 more\n7 while quiet: 7 × match");
}

#[tokio::test]
async fn what_may_pass_is_tried_three_times_and_no_more() {
    let count = AtomicUsize::new(0);
    let flaky = Raw::serve(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => Act::reply("503 Service Unavailable", "Retry-After: 0\r\n", b""),
        1 => Act::Reset,
        _ => Act::reply("204 No Content", "", b""),
    });
    let words = hook(Shape::Json, flaky.url("/"), None).send(&parcel()).await.unwrap();
    assert_eq!((words.as_str(), flaky.requests().len()), ("answered 204 at try 3", 3));
    let down = Raw::serve(|_| Act::reply("500 Internal Server Error", "", b"boom"));
    let failure = hook(Shape::Json, down.url("/"), None).send(&parcel()).await.unwrap_err();
    assert_eq!((failure.class, down.requests().len()), (Class::Platform, 3));
    assert!(failure.why.contains("it answered 500: boom"), "{failure:?}");
    // A server that wants an hour is not waited for.
    let busy = Raw::serve(|_| Act::reply("429 Too Many Requests", "Retry-After: 3600\r\n", b""));
    let begun = Instant::now();
    hook(Shape::Json, busy.url("/"), None).send(&parcel()).await.unwrap_err();
    assert!(busy.requests().len() == 1 && begun.elapsed() < Duration::from_secs(30));
}

#[tokio::test]
async fn a_refusal_is_told_without_the_secret() {
    let echo = Raw::serve(|request| {
        Act::json("401 Unauthorized", &json!({ "ok": false, "description": format!("no such bot: {}", request.path()) }))
    });
    let telegram = hook(Shape::Telegram, echo.url("/bot{key}"), Some("12:canary"));
    let failure = telegram.send(&parcel()).await.unwrap_err();
    assert_eq!((failure.class, echo.requests().len()), (Class::SignIn, 1));
    assert!(failure.why.contains("it answered 401: no such bot: /bot…/sendMessage"), "{failure:?}");
    assert!(failure.hint.contains("token"), "{failure:?}");
    assert!(!format!("{failure:?}{}", telegram.name()).contains("canary"));
    assert!(telegram.name().starts_with("telegram at 127.0.0.1:"), "{}", telegram.name());
}

#[tokio::test]
async fn neither_alert_nor_key_follows_a_redirect_or_goes_out_in_the_clear() {
    let elsewhere = ok();
    let target = elsewhere.url("/take");
    let server = Raw::serve(move |_| Act::reply("307 Temporary Redirect", &format!("Location: {target}\r\n"), b""));
    let failure = hook(Shape::Json, server.url("/"), Some("canary")).send(&parcel()).await.unwrap_err();
    assert!(failure.why.contains("redirects") && elsewhere.requests().is_empty(), "{failure:?}");
    for bad in ["http://192.0.2.1/hook", "ftp://example.org/", "nonsense", "https://user:canary@example.org/", "https://{key}/"] {
        let failure = hook(Shape::Json, bad.to_owned(), None).send(&parcel()).await.unwrap_err();
        assert_eq!(failure.class, Class::Config, "{bad}: {failure:?}");
        assert!(!format!("{failure:?}").contains("canary"), "{failure:?}");
    }
    let topicless = hook(Shape::Ntfy, "https://ntfy.example".into(), None).send(&parcel()).await.unwrap_err();
    assert!(topicless.why.contains("names no topic"), "{topicless:?}");
}

#[tokio::test]
async fn a_flood_of_an_answer_is_not_read() {
    let flood = Raw::serve(|_| Act::Flood { bytes: 50 << 20 });
    let failure = hook(Shape::Json, flood.url("/"), None).send(&parcel()).await.unwrap_err();
    assert!(failure.why.contains("larger than 64 KiB") && flood.requests().len() == 1, "{failure:?}");
}
