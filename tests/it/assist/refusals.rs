//! When a provider says no, or says nothing: what happened, why, and what to do.

use juggler::assist::provider::{Piece, Why};
use juggler::config::{AssistantConfig, AssistantKind, KeyFrom, Secret};
use juggler::error::Class;
use serde_json::{Value, json};

use super::stand_in::{delta, openai};
use super::{Script, StandIn, assistant, failed, provider, whole};

fn no(code: &str, kind: &str, message: &str) -> Value {
    json!({ "error": { "message": message, "type": kind, "param": null, "code": code } })
}

#[tokio::test]
async fn every_no_has_its_reason_and_its_cure() {
    use AssistantKind::{Anthropic, Ollama, OpenAi};
    let anthropic = |kind: &str, message: &str| json!({ "type": "error", "error": { "type": kind, "message": message } });
    let cases: Vec<(AssistantKind, &'static str, Value, Class, &str, &str, &str)> = vec![
        (
            OpenAi,
            "401 Unauthorized",
            no("invalid_api_key", "invalid_request_error", "Incorrect API key provided"),
            Class::SignIn,
            "the key",
            "Incorrect",
            "set key_cmd",
        ),
        (
            OpenAi,
            "401 Unauthorized",
            json!({ "detail": "Invalid API key" }),
            Class::SignIn,
            "the key",
            "Invalid API key",
            "set key_cmd",
        ),
        (
            Anthropic,
            "401 Unauthorized",
            anthropic("authentication_error", "invalid x-api-key"),
            Class::SignIn,
            "the key",
            "x-api-key",
            "key_cmd",
        ),
        (
            OpenAi,
            "404 Not Found",
            no("model_not_found", "invalid_request_error", "The model `tiny-1` does not exist"),
            Class::Config,
            "no model \"tiny-1\"",
            "does not exist",
            "model = \"tiny-2\"",
        ),
        (
            OpenAi,
            "400 Bad Request",
            no("400", "", "tiny-1 is not a valid model ID"),
            Class::Config,
            "no model",
            "valid model ID",
            "tiny-2",
        ),
        (
            OpenAi,
            "410 Gone",
            no("gone", "", "The model has been deprecated"),
            Class::Config,
            "or has it no longer",
            "deprecated",
            "huge-9",
        ),
        (
            OpenAi,
            "404 Not Found",
            json!({ "object": "error", "message": "The model `tiny-1` does not exist.", "code": 404 }),
            Class::Config,
            "no model",
            "it answered 404",
            "tiny-2",
        ),
        (
            Anthropic,
            "404 Not Found",
            anthropic("not_found_error", "model: tiny-1"),
            Class::Config,
            "no model",
            "model: tiny-1",
            "tiny-2",
        ),
        (
            Ollama,
            "404 Not Found",
            json!({ "error": "model \"tiny-1\" not found, try pulling it first" }),
            Class::Config,
            "no model",
            "pulling",
            "ollama pull tiny-1, or write model = \"tiny-2\"",
        ),
        (
            OpenAi,
            "404 Not Found",
            json!({ "detail": "Not Found" }),
            Class::Config,
            "not at this address",
            "Not Found",
            "base_url",
        ),
        (
            OpenAi,
            "400 Bad Request",
            no("context_length_exceeded", "invalid_request_error", "This model's maximum context length is 8192 tokens"),
            Class::Refused,
            "too long",
            "8192",
            "send less",
        ),
        (
            OpenAi,
            "400 Bad Request",
            json!({ "error": { "code": 400, "type": "exceed_context_size_error", "message": "the request exceeds the available context size" } }),
            Class::Refused,
            "too long",
            "available",
            "send less",
        ),
        (
            Anthropic,
            "400 Bad Request",
            anthropic("invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum"),
            Class::Refused,
            "too long",
            "208310",
            "send less",
        ),
        (
            Anthropic,
            "400 Bad Request",
            anthropic("invalid_request_error", "Your credit balance is too low"),
            Class::Refused,
            "be paid",
            "credit",
            "top up",
        ),
        (
            OpenAi,
            "429 Too Many Requests",
            no("insufficient_quota", "insufficient_quota", "You exceeded your current quota"),
            Class::Refused,
            "be paid",
            "quota",
            "top up",
        ),
        (OpenAi, "402 Payment Required", no("402", "", "Insufficient credits"), Class::Refused, "be paid", "credits", "top up"),
        (
            OpenAi,
            "429 Too Many Requests",
            no("rate_limit_exceeded", "requests", "Rate limit reached"),
            Class::Platform,
            "cannot answer now",
            "Rate limit",
            "in a minute",
        ),
        (
            Anthropic,
            "529 Overloaded",
            anthropic("overloaded_error", "Overloaded"),
            Class::Platform,
            "cannot answer now",
            "Overloaded",
            "in a minute",
        ),
        (
            OpenAi,
            "503 Service Unavailable",
            json!({ "error": { "message": "Loading model", "type": "unavailable_error", "code": 503 } }),
            Class::Platform,
            "broke off",
            "Loading model",
            "in a moment",
        ),
        (
            OpenAi,
            "422 Unprocessable Entity",
            json!({ "detail": [{ "loc": ["body", "temperature"], "msg": "too hot", "type": "v" }] }),
            Class::Platform,
            "does not take the question",
            "temperature: too hot",
            "temperature",
        ),
    ];
    for (kind, status, body, class, what, why, hint) in cases {
        let server = StandIn::serve(move |request| match request.path().split('?').next().unwrap() {
            "/v1/models" => {
                Script::json("200 OK", &json!({ "data": [{ "id": "tiny-2" }, { "id": "huge-9", "context_length": 5 }] }))
            }
            "/api/tags" => Script::json("200 OK", &json!({ "models": [{ "name": "tiny-2" }] })),
            _ => Script::json(status, &body),
        });
        let (answer, pieces) = whole(&assistant(kind, &server)).await;
        let failure = failed(&answer);
        let said =
            failure.class == class && failure.what.contains(what) && failure.why.contains(why) && failure.hint.contains(hint);
        assert!(said, "{status}: {failure:?}");
        assert_eq!(pieces.len(), 1);
        // Nobody took the question, so nothing was spent.
        assert_eq!(answer.spent().cost.unwrap().to_string(), "$0.00");
    }
}

#[tokio::test]
async fn a_web_page_and_a_redirect_are_no_provider() {
    let page = || Script::new("200 OK", "text/html", vec![super::Step::Send(b"<html>sign in</html>".to_vec())]);
    let elsewhere = StandIn::always(page());
    let to = elsewhere.url();
    for script in [page(), Script::new("307 Temporary Redirect", "text/html", Vec::new()).header("Location", &to)] {
        let server = StandIn::always(script);
        let failure = failed(&whole(&assistant(AssistantKind::OpenAi, &server)).await.0);
        assert!(failure.class == Class::Config && failure.hint.contains("base_url") && !failure.why.contains('<'), "{failure:?}");
    }
    assert_eq!(elsewhere.requests().len(), 0, "a question and its key go nowhere else");
}

#[tokio::test]
async fn nobody_there_says_which_command_starts_it() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (kind, hint) in [(AssistantKind::Ollama, "ollama serve"), (AssistantKind::OpenAi, "start its server")] {
        let config = AssistantConfig {
            base_url: format!("http://{port}"),
            model: Some("m".to_owned()),
            ..AssistantConfig::of("it", kind)
        };
        let failure = failed(&whole(&config).await.0);
        assert!(failure.what.contains("cannot be reached") && failure.hint.contains(hint), "{failure:?}");
    }
    // Beyond this machine only encrypted, unless somebody says that the network is trusted.
    let config = AssistantConfig {
        base_url: "http://192.0.2.1:11434".to_owned(),
        model: Some("m".to_owned()),
        ..AssistantConfig::of("it", AssistantKind::Ollama)
    };
    let failure = failed(&whole(&config).await.0);
    assert!(failure.class == Class::Config && failure.hint.contains("plain_http = true"), "{failure:?}");
}

#[tokio::test]
async fn who_asks_to_wait_is_not_asked_before() {
    let script =
        Script::json("429 Too Many Requests", &no("rate_limit_exceeded", "requests", "Slow down")).header("Retry-After", "20");
    let server = StandIn::always(script);
    let config = assistant(AssistantKind::OpenAi, &server);
    let provider = provider(&config);
    let first = ended(provider.ask(super::ask())).await;
    assert!(matches!(&first, Why::Failed(failure) if failure.hint.contains("20 s")), "{first:?}");
    let second = ended(provider.ask(super::ask())).await;
    assert!(matches!(&second, Why::Failed(failure) if failure.what.contains("asked to wait")), "{second:?}");
    assert!(provider.models().await.is_err());
    assert_eq!(server.requests().len(), 1);
}

async fn ended(mut pieces: juggler::assist::provider::Pieces) -> Why {
    use futures_util::StreamExt;
    loop {
        if let Some(Piece::End(why)) = pieces.next().await {
            return why;
        }
    }
}

#[tokio::test]
async fn a_server_that_does_not_know_a_parameter_is_asked_without_it() {
    let server = StandIn::serve(|request| {
        let body: Value = serde_json::from_str(request.0.split_once("\r\n\r\n").unwrap().1).unwrap();
        if body.get("max_tokens").is_some() {
            let message =
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
            return Script::json("400 Bad Request", &no("unsupported_parameter", "invalid_request_error", message));
        }
        if body.get("stream_options").is_some() {
            return Script::json(
                "422 Unprocessable Entity",
                &json!({ "detail": [{ "loc": ["body", "stream_options"], "msg": "Extra inputs are not permitted" }] }),
            );
        }
        Script::events(&openai(&["ready"]))
    });
    let config = assistant(AssistantKind::OpenAi, &server);
    let provider = provider(&config);
    for asked in [3, 4] {
        assert_eq!(ended(provider.ask(super::ask())).await, Why::Done);
        assert_eq!(server.requests().len(), asked, "what was learnt is remembered");
    }
    assert_eq!(server.bodies()[3]["max_completion_tokens"], 4096);
    // One that refuses everything is asked three times at most.
    let stubborn =
        StandIn::always(Script::json("400 Bad Request", &no("unknown", "", "unknown: max_tokens, max_completion_tokens")));
    let failure = failed(&whole(&assistant(AssistantKind::OpenAi, &stubborn)).await.0);
    assert!(failure.what.contains("does not take the question") && stubborn.requests().len() == 3, "{failure:?}");
}

#[tokio::test]
async fn what_does_not_fit_is_not_sent() {
    let server = StandIn::always(Script::events(&openai(&["ready"])));
    let mut config = assistant(AssistantKind::OpenAi, &server);
    (config.context, config.max_output) = (Some(100), 60);
    let failure = failed(&whole(&config).await.0);
    assert!(failure.class == Class::Refused && failure.why.contains("leave 40"), "{failure:?}");
    config.context = Some(1_000);
    assert_eq!(whole(&config).await.0.why(), Some(&Why::Done));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_key_that_is_renewed_is_fetched_again() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("key");
    let write = |key: &str| {
        std::fs::write(&file, key).unwrap();
        std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    };
    write("old-key");
    let server = StandIn::serve(|request| match request.0.to_lowercase().contains("authorization: bearer new-key") {
        true => Script::events(&[delta(json!({ "content": "yes" }), json!("stop"))]),
        // It repeats what it was sent.
        false => Script::json("401 Unauthorized", &no("invalid_api_key", "", "old-key is no key of mine")),
    });
    let config = AssistantConfig { key: KeyFrom::File(file.clone()), ..assistant(AssistantKind::OpenAi, &server) };
    let provider = provider(&config);
    match ended(provider.ask(super::ask())).await {
        Why::Failed(failure) => {
            assert!(failure.why.contains("… is no key") && failure.hint.contains(&file.display().to_string()), "{failure:?}");
        }
        other => panic!("{other:?}"),
    }
    write("new-key");
    assert_eq!(ended(provider.ask(super::ask())).await, Why::Done);
    let given = AssistantConfig { key: KeyFrom::Given(Secret::new("bad\nkey".to_owned())), ..config };
    assert!(!format!("{:?}", failed(&whole(&given).await.0)).contains("bad"));
}
