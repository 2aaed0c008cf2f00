//! A real server, where there is one: llama.cpp's, with a model that talks nonsense. `.ci/servers` starts it and says where it is.

use futures_util::StreamExt;
use juggler::assist::provider::{Ask, Piece, Why};
use juggler::config::{AssistantConfig, AssistantKind};
use serde_json::{Value, json};

use super::{ask, provider, whole};

fn at(kind: AssistantKind) -> AssistantConfig {
    let url = std::env::var("JUGGLER_LLAMA").expect(".ci/servers says where the server is");
    let base_url = if kind == AssistantKind::OpenAi { format!("{url}/v1") } else { url };
    AssistantConfig { base_url, model: Some("tiny".to_owned()), max_output: 200, ..AssistantConfig::of("llama", kind) }
}

const SPOKEN: [AssistantKind; 2] = [AssistantKind::OpenAi, AssistantKind::Anthropic];

#[tokio::test]
#[ignore = "needs llama.cpp's server: .ci/servers"]
async fn words_tokens_and_ends_are_as_a_real_server_tells_them() {
    for kind in SPOKEN {
        let config = at(kind);
        let (answer, pieces) = whole(&config).await;
        assert!(matches!(answer.why(), Some(Why::Done | Why::Length)), "{kind:?}: {answer:?}");
        let words = pieces.iter().filter(|piece| matches!(piece, Piece::Words(_))).count();
        assert!(words > 1, "{kind:?}: it streams, in {words} pieces");
        let usage = answer.usage();
        assert!(usage.input.n > 10 && usage.output.n > 0 && !usage.is_estimated(), "{kind:?}: {usage:?}");
        assert!(!answer.words().contains(['\u{1b}', '\u{0}', '\u{9b}']), "{kind:?}: {:?}", answer.words());
    }
    let models = provider(&at(AssistantKind::OpenAi)).models().await.unwrap();
    assert!(models.iter().any(|model| model.id.as_str() == "tiny"), "{models:?}");
}

#[tokio::test]
#[ignore = "needs llama.cpp's server: .ci/servers"]
async fn a_schema_holds_a_real_server_and_who_is_called_off_leaves_it_free() {
    let schema = json!({ "type": "object", "properties": { "better": { "enum": ["a", "b", "tie"] } }, "required": ["better"],
        "additionalProperties": false });
    let asker = provider(&at(AssistantKind::OpenAi));
    let mut words = String::new();
    let mut pieces = asker.ask(Ask { schema: Some(schema), ..ask() });
    while let Some(piece) = pieces.next().await {
        match piece {
            Piece::Words(more) => words.push_str(more.as_str()),
            Piece::End(why) => assert_eq!(why, Why::Done, "{words}"),
            _ => {}
        }
    }
    let read: Value = serde_json::from_str(&words).unwrap_or_else(|error| panic!("{error}: {words}"));
    assert!(["a", "b", "tie"].contains(&read["better"].as_str().unwrap()), "{read}");

    // More are begun and dropped than it has places; it answers all the same.
    for _ in 0..6 {
        let mut long = asker.ask(ask());
        while !matches!(long.next().await, Some(Piece::Words(_)) | None) {}
    }
    let (answer, _) = whole(&at(AssistantKind::OpenAi)).await;
    assert!(matches!(answer.why(), Some(Why::Done | Why::Length)), "{answer:?}");
}
