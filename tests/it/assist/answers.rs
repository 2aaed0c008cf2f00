//! Answers as they come: whole, in odd pieces, with odd ends, and called off.

use std::time::Duration;

use futures_util::StreamExt;
use juggler::assist::provider::{Answer, Ask, Piece, Why};
use juggler::config::AssistantKind;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use super::stand_in::{anthropic, data, delta, ollama, openai};
use super::{Script, StandIn, Step, ask, assistant, failed, provider, whole};

const WORDS: [&str; 5] = ["Fresh", " brötchen", " 🥐", "\n漢字", " by the harbour."];
const SAID: &str = "Fresh brötchen 🥐\n漢字 by the harbour.";

fn scripts() -> [(AssistantKind, Script); 3] {
    [
        (AssistantKind::OpenAi, Script::events(&openai(&WORDS))),
        (AssistantKind::Anthropic, Script::events(&anthropic(&WORDS))),
        (AssistantKind::Ollama, Script::lines(&ollama(&WORDS))),
    ]
}

#[tokio::test]
async fn each_dialect_gives_words_tokens_cost_and_its_end() {
    for (kind, script) in scripts() {
        let server = StandIn::always(script);
        let config = assistant(kind, &server);
        let (answer, pieces) = whole(&config).await;
        assert_eq!((answer.text().as_str(), answer.why()), (SAID, Some(&Why::Done)), "{kind:?}");
        assert_eq!(pieces[0], Piece::Began);
        let spent = answer.spent();
        assert_eq!(spent.model.as_str(), "tiny-1-2026-01-31", "the model that answered, not the one that was asked for");
        assert_eq!((spent.usage.input.n, spent.usage.output.n, spent.usage.is_estimated()), (40, 6, false), "{kind:?}");
        // Billionths of a dollar: 32 fresh and 8 remembered at 2.50 and 1.25 a million, 6 written at 10.
        let cached = if kind == AssistantKind::Ollama { 0 } else { 8 };
        assert_eq!(spent.usage.cached, cached);
        assert_eq!(spent.cost.unwrap().money.minor, (40 - cached as i64) * 2_500 + cached as i64 * 1_250 + 6 * 10_000);
    }
}

#[tokio::test]
async fn a_schema_goes_along_in_each_dialect_and_a_server_that_knows_none_is_asked_without_one() {
    let schema = json!({ "type": "object", "properties": { "items": { "type": "array" } }, "required": ["items"] });
    for (kind, good) in scripts() {
        let place = match kind {
            AssistantKind::OpenAi => "/response_format/json_schema/schema",
            AssistantKind::Anthropic => "/output_config/format/schema",
            _ => "/format",
        };
        let refusal = match kind {
            AssistantKind::OpenAi => json!({ "error": { "message": "Unrecognized request argument supplied: response_format" } }),
            AssistantKind::Anthropic => json!({ "type": "error", "error": { "type": "invalid_request_error",
                "message": "output_config: Extra inputs are not permitted" } }),
            _ => json!({ "error": "invalid format: expected \"json\" or a JSON Schema object" }),
        };
        // One that knows schemas, and one that refuses whatever holds one.
        for knows in [true, false] {
            let (good, refusal) = (good.clone(), refusal.clone());
            let server = StandIn::serve(move |request| match request.body().pointer(place) {
                Some(_) if !knows => Script::json("400 Bad Request", &refusal),
                _ => good.clone(),
            });
            let asker = provider(&assistant(kind, &server));
            for _ in 0..2 {
                let pieces: Vec<Piece> = asker.ask(Ask { schema: Some(schema.clone()), ..ask() }).collect().await;
                assert_eq!(pieces.last(), Some(&Piece::End(Why::Done)), "{kind:?} {knows}");
            }
            let sent: Vec<bool> = server.bodies().iter().map(|body| body.pointer(place) == Some(&schema)).collect();
            // What was learnt once is not tried again.
            let wanted: &[bool] = if knows { &[true, true] } else { &[true, false, false] };
            assert_eq!(sent, wanted, "{kind:?} {knows}");
        }
    }
}

#[tokio::test]
async fn the_question_is_what_each_dialect_wants_and_offers_no_tools() {
    for (kind, script) in scripts() {
        let server = StandIn::always(script);
        let mut config = assistant(kind, &server);
        config.temperature = Some(0.7);
        config.max_output = 100;
        whole(&config).await;
        let (request, body) = (server.requests().remove(0), server.bodies().remove(0));
        let user = body.pointer("/messages").unwrap().as_array().unwrap().last().unwrap()["content"].as_str().unwrap().to_owned();
        assert!(
            user.starts_with("<<<brief ") && user.contains("A bakery in the harbour.") && user.ends_with("Write a tagline."),
            "{user}"
        );
        assert_eq!((body["model"].as_str(), body["stream"].as_bool()), (Some("tiny-1"), Some(true)));
        for never in ["tools", "tool_choice", "functions", "mcp_servers"] {
            assert!(body.get(never).is_none(), "{never}: {body}");
        }
        let path = match kind {
            AssistantKind::OpenAi => {
                assert_eq!((body["max_tokens"].as_u64(), body["temperature"].as_f64()), (Some(100), Some(0.7)));
                assert_eq!(body["stream_options"], json!({ "include_usage": true }));
                "/v1/chat/completions"
            }
            AssistantKind::Anthropic => {
                assert_eq!(body["max_tokens"], 100);
                assert!(body["system"].as_str().unwrap().starts_with("You write."));
                assert!(request.0.to_lowercase().contains("anthropic-version: 2023-06-01"));
                "/v1/messages"
            }
            AssistantKind::Command => unreachable!("it has no address"),
            AssistantKind::Ollama => {
                assert_eq!(body["options"], json!({ "num_predict": 100, "num_ctx": 8192, "temperature": 0.7 }));
                "/api/chat"
            }
            painter => unreachable!("{painter:?} is asked for no words"),
        };
        assert_eq!(request.path(), path);
    }
}

/// Byte by byte, and in random pieces: characters, events and escapes are cut anywhere.
#[tokio::test]
async fn however_it_is_cut_the_same_comes() {
    let odd = ["a\u{1b}", "[2J", "e", "\u{301}", "👩", "\u{200d}", "💻", "\r", "\n", "\u{202e}", "1", "\u{fe0f}\u{20e3}", "ü"];
    let said = "a^[[2Je\u{301}👩\u{200d}💻\n<RLO>1\u{fe0f}\u{20e3}ü";
    let cases: usize = std::env::var("JUGGLER_TEST_FUZZ").ok().and_then(|n| n.parse().ok()).unwrap_or(12);
    for (kind, script) in [
        (AssistantKind::OpenAi, Script::events(&openai(&odd))),
        (AssistantKind::Anthropic, Script::events(&anthropic(&odd))),
        (AssistantKind::Ollama, Script::lines(&ollama(&odd))),
    ] {
        for seed in 0..cases as u64 {
            let mut dice = rand::rngs::StdRng::seed_from_u64(seed);
            let most = if seed == 0 { 1 } else { 1 + seed as usize % 40 };
            let server = StandIn::always(script.recut(|| dice.random_range(1..=most)));
            let (answer, pieces) = whole(&assistant(kind, &server)).await;
            assert_eq!((answer.text().as_str(), answer.why()), (said, Some(&Why::Done)), "{kind:?} {seed}: {pieces:?}");
            assert_eq!((answer.usage().input.n, answer.usage().output.n), (40, 6));
        }
    }
}

#[tokio::test]
async fn words_are_there_before_the_next_ones_come_and_escape_keeps_them() {
    // Up to the second word; then the server says nothing more.
    for (kind, said) in [
        (AssistantKind::OpenAi, Script::events(&openai(&WORDS)[..3])),
        (AssistantKind::Anthropic, Script::events(&anthropic(&WORDS)[..5])),
        (AssistantKind::Ollama, Script::lines(&ollama(&WORDS)[..2])),
    ] {
        let held = said.then(Step::Hold);
        let server = StandIn::always(held);
        let config = assistant(kind, &server);
        let mut answer = Answer::new(&config, &ask());
        let mut pieces = provider(&config).ask(ask());
        while answer.text().as_str() != "Fresh brötchen" {
            answer.take(pieces.next().await.expect("the words are here although nothing follows"));
        }
        drop(pieces);
        answer.stop();
        server.wait_gone(1).await;
        assert_eq!((answer.text().as_str(), answer.why()), ("Fresh brötchen", Some(&Why::Stopped)));
        let spent = answer.spent();
        assert!(spent.usage.output.estimated && spent.usage.output.n >= 2, "{spent:?}");
        // Anthropic tells at once what it read.
        assert_eq!(spent.usage.input.estimated, kind != AssistantKind::Anthropic);
        assert!(spent.cost.unwrap().to_string().starts_with("~$0.000"), "{spent:?}");
    }
}

#[tokio::test]
async fn a_question_that_is_dropped_before_its_answer_is_called_off() {
    let server = StandIn::always(Script::new("200 OK", "text/event-stream", vec![Step::Hold]));
    let config = assistant(AssistantKind::OpenAi, &server);
    let mut pieces = provider(&config).ask(ask());
    assert_eq!(pieces.next().await, Some(Piece::Began));
    drop(pieces);
    server.wait_gone(1).await;
    // One that is never read is never sent.
    drop(provider(&config).ask(ask()));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn odd_servers_are_understood() {
    let word = |word: &str| delta(json!({ "content": word }), Value::Null);
    let stop = || delta(json!({}), json!("stop"));
    let done = || "data: [DONE]\n\n".to_owned();
    let kept_alive = || ": OPENROUTER PROCESSING\n\n".to_owned();
    let cases: Vec<(&str, Vec<String>, &str, Why)> = vec![
        (
            "comments that keep the line open",
            vec![kept_alive(), word("a"), kept_alive(), word("b"), stop(), done()],
            "ab",
            Why::Done,
        ),
        ("carriage returns", openai(&["a"]).iter().map(|frame| frame.replace('\n', "\r\n")).collect(), "a", Why::Done),
        ("no end but the reason", vec![word("a"), stop()], "a", Why::Done),
        ("no reason but the end", vec![word("a"), done()], "a", Why::Done),
        ("no empty line at the end", vec![word("a"), stop(), "data: [DONE]".to_owned()], "a", Why::Done),
        ("cut by its limit", vec![word("a"), delta(json!({}), json!("length")), done()], "a", Why::Length),
        ("filtered", vec![word("a"), delta(json!({}), json!("content_filter")), done()], "a", Why::Declined),
        ("refused", vec![delta(json!({ "refusal": "No." }), Value::Null), stop(), done()], "No.", Why::Declined),
        (
            "a call of a tool that nobody offered",
            vec![
                delta(
                    json!({ "tool_calls": [{ "index": 0, "id": "c1", "type": "function",
                    "function": { "name": "submit", "arguments": "{\"yes\":true}" } }] }),
                    Value::Null,
                ),
                delta(json!({}), json!("tool_calls")),
                done(),
            ],
            "",
            Why::Tool,
        ),
        (
            "thoughts",
            vec![delta(json!({ "reasoning_content": "secret plan" }), Value::Null), word("a"), stop(), done()],
            "a",
            Why::Done,
        ),
        (
            "words in parts",
            vec![delta(json!({ "content": [{ "type": "text", "text": "a" }] }), json!("stop")), done()],
            "a",
            Why::Done,
        ),
        (
            "counts of nothing",
            vec![
                word("a"),
                data(&json!({ "choices": [], "usage": { "prompt_tokens": 0, "completion_tokens": 0 } })),
                stop(),
                done(),
            ],
            "a",
            Why::Done,
        ),
        (
            "a second choice, nonsense fields and a count that is none",
            vec![
                data(&json!({ "choices": [{ "index": 1, "delta": { "content": "other" } }] })),
                data(&json!({ "choices": "none", "model": 7, "error": null, "new": { "deep": [1, 2] } })),
                data(&json!({ "choices": [{ "delta": { "content": "a" }, "finish_reason": "eos" }],
                    "usage": { "prompt_tokens": "many", "completion_tokens": -1 } })),
                done(),
            ],
            "a",
            Why::Done,
        ),
    ];
    for (name, frames, said, why) in cases {
        let server = StandIn::always(Script::events(&frames));
        let (answer, pieces) = whole(&assistant(AssistantKind::OpenAi, &server)).await;
        assert_eq!((answer.text().as_str(), answer.why()), (said, Some(&why)), "{name}: {pieces:?}");
        assert_eq!(answer.usage().is_estimated(), !name.starts_with("carriage"), "{name}");
        assert_eq!(pieces.contains(&Piece::Thinking), name == "thoughts");
    }
}

#[tokio::test]
async fn one_json_where_a_stream_was_asked_for_is_an_answer_too() {
    let openai = json!({ "id": "x", "object": "chat.completion", "model": "tiny-1", "choices": [{ "index": 0, "finish_reason": "stop",
        "message": { "role": "assistant", "content": "all at once", "tool_calls": [] } }],
        "usage": { "prompt_tokens": 4, "completion_tokens": 3 } });
    let anthropic = json!({ "type": "message", "role": "assistant", "model": "tiny-1", "stop_reason": "end_turn",
        "content": [{ "type": "tool_use", "name": "submit", "input": {} }, { "type": "text", "text": "all at once" }],
        "usage": { "input_tokens": 4, "output_tokens": 3 } });
    let ollama = json!({ "model": "tiny-1", "message": { "role": "assistant", "content": "all at once" }, "done": true,
        "done_reason": "stop", "prompt_eval_count": 4, "eval_count": 3 });
    for (kind, body) in [(AssistantKind::OpenAi, openai), (AssistantKind::Anthropic, anthropic), (AssistantKind::Ollama, ollama)]
    {
        let server = StandIn::always(Script::json("200 OK", &body));
        let (answer, pieces) = whole(&assistant(kind, &server)).await;
        assert_eq!((answer.text().as_str(), answer.why()), ("all at once", Some(&Why::Done)), "{pieces:?}");
        assert_eq!((answer.usage().input.n, answer.usage().output.n, answer.usage().is_estimated()), (4, 3, false));
    }
}

#[tokio::test]
async fn packed_streams_are_unpacked() {
    // gzip without compression: one stored block.
    let plain = Script::events(&openai(&WORDS)).bytes();
    let length = u16::try_from(plain.len()).unwrap();
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1];
    packed.extend_from_slice(&length.to_le_bytes());
    packed.extend_from_slice(&(!length).to_le_bytes());
    packed.extend_from_slice(&plain);
    packed.extend_from_slice(&crc32fast::hash(&plain).to_le_bytes());
    packed.extend_from_slice(&u32::from(length).to_le_bytes());
    let script = Script::new("200 OK", "text/event-stream", vec![Step::Send(packed)]).header("Content-Encoding", "gzip");
    let server = StandIn::always(script.recut(|| 100));
    assert_eq!(whole(&assistant(AssistantKind::OpenAi, &server)).await.0.text().as_str(), SAID);
}

#[tokio::test]
async fn what_came_before_it_went_wrong_stays() {
    let word = || delta(json!({ "content": "half a" }), Value::Null);
    let fault = data(&json!({ "error": { "code": 502, "message": "Provider disconnected \u{1b}[2J", "metadata": {} } }));
    let overloaded =
        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";
    let cases = [
        (AssistantKind::OpenAi, Script::events(&[word(), fault]), "broke off", "disconnected ^[[2J"),
        (AssistantKind::OpenAi, Script::events(&[word(), "data: {\"choices\": [tru\n\n".to_owned()]), "broke off", "no JSON"),
        (AssistantKind::OpenAi, Script::events(&[word()]), "not whole", "in the middle"),
        (AssistantKind::OpenAi, Script::events(&[word()]).then(Step::Cut), "to the end", "connection broke"),
        (AssistantKind::OpenAi, Script::events(&[]), "not whole", "before the first word"),
        (
            AssistantKind::Anthropic,
            Script::events(&[anthropic(&["half a"])[..4].concat(), overloaded.to_owned()]),
            "cannot answer now",
            "Overloaded",
        ),
        (
            AssistantKind::Ollama,
            Script::lines(&[
                ollama(&["half a"])[0].clone(),
                json!({ "error": "an error was encountered while running the model" }),
            ]),
            "broke off",
            "running the model",
        ),
    ];
    for (kind, script, what, why) in cases {
        let server = StandIn::always(script);
        let (answer, pieces) = whole(&assistant(kind, &server)).await;
        let failure = failed(&answer);
        assert!(failure.what.contains(what) && failure.why.contains(why) && !failure.hint.is_empty(), "{failure:?}");
        assert!(["half a", ""].contains(&answer.text().as_str()), "{pieces:?}");
        assert!(answer.usage().output.estimated, "{pieces:?}");
    }
}

#[tokio::test]
async fn silence_and_endlessness_have_their_limits() {
    let word = delta(json!({ "content": "a" }), Value::Null);
    let stop = delta(json!({}), json!("stop"));
    // Silent after a word; open after the end; and alive for ever without a word.
    let cases = [
        (Script::events(std::slice::from_ref(&word)).then(Step::Hold), "a", "silent"),
        (Script::events(&[word, stop]).then(Step::Hold), "a", ""),
        (Script::events(&[": alive\n\n".to_owned()]).then(Step::Flood(b": alive\n\n".to_vec())), "", "late"),
    ];
    for (script, said, why) in cases {
        let server = StandIn::always(script);
        let mut config = assistant(AssistantKind::OpenAi, &server);
        (config.silence, config.limit) = (Duration::from_millis(300), Duration::from_millis(900));
        let (answer, pieces) = whole(&config).await;
        assert_eq!(answer.text().as_str(), said, "{pieces:?}");
        match why {
            "silent" => assert!(failed(&answer).why.contains("silent"), "{pieces:?}"),
            "late" => assert_eq!(answer.why(), Some(&Why::Late)),
            _ => assert_eq!(answer.why(), Some(&Why::Done)),
        }
        server.wait_gone(1).await;
    }
}

/// How long a word is on its way from the server's socket to the reader, and an Esc back to it. `JUGGLER_TEST_ROUNDS` makes it many.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_word_and_an_escape_are_quick() {
    let rounds = std::env::var("JUGGLER_TEST_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(3);
    let word = delta(json!({ "content": "Fresh" }), Value::Null);
    let (mut words, mut escapes) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let server = StandIn::always(Script::events(std::slice::from_ref(&word)).then(Step::Hold));
        let config = assistant(AssistantKind::OpenAi, &server);
        let mut pieces = provider(&config).ask(ask());
        while !matches!(pieces.next().await.expect("a word"), Piece::Words(_)) {}
        words.push(server.since_sent());
        let pressed = std::time::Instant::now();
        drop(pieces);
        server.wait_gone(1).await;
        escapes.push(server.gone_after(pressed));
    }
    for (what, times) in [("a word", &mut words), ("an escape", &mut escapes)] {
        times.sort();
        let at = |share: usize| times[(times.len() - 1) * share / 100];
        eprintln!("{what}: {rounds} rounds, median {:?}, p99 {:?}, longest {:?}", at(50), at(99), at(100));
    }
}

/// Whatever bytes a server sends as a stream, it ends in one way and nothing breaks.
#[test]
fn bytes_of_no_kind_end_in_words() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let cases = std::env::var("JUGGLER_TEST_FUZZ").ok().and_then(|n| n.parse().ok()).unwrap_or(40);
    let mut runner = TestRunner::new_with_rng(Config::with_cases(cases), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let strategy = proptest::collection::vec(
        proptest::prop_oneof![
            proptest::collection::vec(proptest::arbitrary::any::<u8>(), 0..60),
            proptest::string::bytes_regex("data: |\\{\"choices\":\\[|\"delta\":\\{|\\}\\]\\}\n\n|\n|\"error\":|\\{\"message\":\\{\"content\":\"x\"\\},\"done\":true\\}\n|\\[DONE\\]").unwrap(),
        ],
        0..20,
    );
    runner
        .run(&strategy, |pieces| {
            for kind in [AssistantKind::OpenAi, AssistantKind::Anthropic, AssistantKind::Ollama] {
                let steps = pieces.iter().filter(|piece| !piece.is_empty()).map(|piece| Step::Send(piece.clone())).collect();
                let mime = if kind == AssistantKind::Ollama { "application/x-ndjson" } else { "text/event-stream" };
                let server = StandIn::always(Script::new("200 OK", mime, steps));
                runtime.block_on(whole(&assistant(kind, &server)));
            }
            Ok(())
        })
        .unwrap();
}
