//! Servers on bad days: what each oddity comes to, that the program says what is so, and that nothing is sent a second time.

use std::sync::Arc;

use juggler::config::AssistantKind;
use juggler::domain::ai::Ended;
use juggler::domain::art::ArtWish;
use juggler::engine::api::{Request, Stage as At};

use super::{Easel, Odd, easel_until, ordered, over, painter, stage, wish};

const OPENAI: AssistantKind = AssistantKind::OpenAiImages;
const WEBUI: AssistantKind = AssistantKind::SdWebui;
const COMFY: AssistantKind = AssistantKind::ComfyUi;

fn error(kind: &str, code: &str, message: &str) -> String {
    serde_json::json!({ "error": { "message": message, "type": kind, "param": null, "code": code } }).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_oddity_has_an_end_in_words() {
    let json = || ("content-type", "application/json".to_owned());
    let busy = || {
        Odd::Status(
            429,
            vec![json(), ("retry-after", "30".to_owned())],
            error("tokens", "rate_limit_exceeded", "Rate limit reached for gpt-image-2."),
        )
    };
    let cases: Vec<(AssistantKind, Odd, Ended, &str)> = vec![
        (OPENAI, Odd::Policy, Ended::Declined, "will not paint this"),
        (OPENAI, busy(), Ended::Failed, "asks to wait: try again in 30 s"),
        (WEBUI, busy(), Ended::Failed, "cannot answer now"),
        (
            OPENAI,
            Odd::Status(401, vec![json()], error("invalid_request_error", "invalid_api_key", "Incorrect API key provided.")),
            Ended::Failed,
            "does not take the key",
        ),
        (
            OPENAI,
            Odd::Status(
                400,
                vec![json()],
                error(
                    "insufficient_quota",
                    "billing_hard_limit_reached",
                    "Billing hard limit has been reached, insufficient_quota",
                ),
            ),
            Ended::Failed,
            "wants to be paid first",
        ),
        (OPENAI, Odd::Status(500, vec![json()], "{}".to_owned()), Ended::Failed, "broke off"),
        (
            OPENAI,
            Odd::Status(200, vec![("content-type", "text/html".to_owned())], "<html>".to_owned()),
            Ended::Failed,
            "is not at this address",
        ),
        (OPENAI, Odd::Truncated, Ended::Unfit, "cut short"),
        (WEBUI, Odd::Truncated, Ended::Unfit, "cut short"),
        (COMFY, Odd::Truncated, Ended::Unfit, "cut short"),
        (OPENAI, Odd::Huge, Ended::Unfit, "30000"),
        (WEBUI, Odd::Huge, Ended::Unfit, "30000"),
        (COMFY, Odd::NotAPicture, Ended::Unfit, "no picture but text/html"),
        (WEBUI, Odd::NotAPicture, Ended::Unfit, "no picture but text/html"),
        (OPENAI, Odd::Nothing, Ended::Failed, "no picture is in it"),
        (WEBUI, Odd::Nothing, Ended::Failed, "no picture is in it"),
        (COMFY, Odd::Nothing, Ended::Failed, "the workflow saves none"),
        (OPENAI, Odd::Cut, Ended::Failed, "its end is not known, and it may be paid"),
        (WEBUI, Odd::Cut, Ended::Failed, "its end is not known"),
        (COMFY, Odd::NodeError, Ended::Failed, "KSampler: Allocation on device 0"),
        (COMFY, Odd::Forget, Ended::Failed, "does not know the order any more"),
        (OPENAI, Odd::DataUrl, Ended::Done, ""),
        (WEBUI, Odd::DataUrl, Ended::Done, ""),
        (OPENAI, Odd::Address, Ended::Done, ""),
    ];
    for (kind, odd, ended, words) in cases {
        let easel = Easel::start();
        let (mut stage, id) = stage(vec![painter("it", kind, &easel)]).await;
        easel.odd(odd.clone());
        let painting = ordered(&stage, &id, wish("a heron")).await.unwrap();
        let work = over(&mut stage, &painting).await;
        assert_eq!(work.ended, Some(ended), "{kind:?} {odd:?}: {work:?}");
        assert!(work.note.as_str().contains(words), "{kind:?} {odd:?}: {}", work.note);
        assert_eq!(work.work.pictures.len(), usize::from(ended == Ended::Done), "{kind:?} {odd:?}");
        // Once, and never again by itself.
        assert_eq!(easel.painted().len(), 1, "{kind:?} {odd:?}");
        // What is no picture is not kept.
        let kept = std::fs::read_dir(stage.config.paths.store().join("files")).map_or(0, Iterator::count);
        assert_eq!(kept, usize::from(ended == Ended::Done), "{kind:?} {odd:?}");
        stage.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_to_wait_is_not_asked_before() {
    let easel = Easel::start();
    let (mut stage, id) = stage(vec![painter("it", WEBUI, &easel)]).await;
    easel.odd(Odd::Status(429, vec![("retry-after", "60".to_owned())], String::new()));
    let first = ordered(&stage, &id, wish("a")).await.unwrap();
    over(&mut stage, &first).await;
    let second = ordered(&stage, &id, wish("b")).await.unwrap();
    let work = over(&mut stage, &second).await;
    assert!(work.note.as_str().contains("asked to wait"), "{work:?}");
    assert_eq!(easel.painted().len(), 1);
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_is_gone_is_told_with_those_there_are() {
    let easel = Easel::start();
    let mut gone = painter("images", OPENAI, &easel);
    gone.model = Some("gpt-image-1".to_owned());
    let mut missing = painter("comfy", COMFY, &easel);
    missing.model = Some("sdxl.safetensors".to_owned());
    let (mut stage, id) = stage(vec![gone, missing]).await;
    for (name, words) in
        [("images", "it has gpt-image-1.5, gpt-image-2"), ("comfy", "write model = \"sd_xl_base_1.0.safetensors\"")]
    {
        let painter = Some(juggler::domain::Text::title(name));
        let size = Some("1024x1024".parse().unwrap());
        let painting = ordered(&stage, &id, ArtWish { painter, size, ..wish("a") }).await.unwrap();
        let work = over(&mut stage, &painting).await;
        assert!(work.note.as_str().contains(words), "{name}: {}", work.note);
        // Nothing was painted, and nothing is paid.
        assert!(work.spent.as_ref().is_none_or(|spent| spent.cost.is_none_or(|cost| cost.money.minor == 0)), "{work:?}");
    }
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_in_the_middle_leaves_an_end_that_is_not_known() {
    for kind in [OPENAI, WEBUI] {
        let easel = Arc::new(Easel::start());
        let (mut stage, id) = stage(vec![painter("it", kind, &easel)]).await;
        easel.hold();
        let painting = ordered(&stage, &id, wish("a")).await.unwrap();
        easel_until(&easel, "it is painted", |easel| easel.painted().len() == 1).await;
        drop(Arc::try_unwrap(easel).ok().expect("the only owner"));
        let work = over(&mut stage, &painting).await;
        assert!(work.note.as_str().contains("its end is not known"), "{kind:?} {work:?}");
        assert!(stage.try_ask(Request::PaintLook { call: painting.call.clone() }).await.is_err());
        stage.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_comfyui_names_the_order_itself() {
    let easel = Easel::start();
    easel.old();
    let (mut stage, id) = stage(vec![painter("it", COMFY, &easel)]).await;
    let painting = ordered(&stage, &id, wish("a")).await.unwrap();
    let work = over(&mut stage, &painting).await;
    assert_eq!((work.stage, work.ended), (At::Over, Some(Ended::Done)), "{work:?}");
    assert!(work.work.native.as_str().starts_with("00000000-0000-4000-8000-"), "{work:?}");
    stage.end().await;
}
