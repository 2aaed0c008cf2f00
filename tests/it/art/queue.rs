//! The queue: progress, one at a time for each painter, stopping, results and what becomes of them.

use std::sync::Arc;

use juggler::config::AssistantKind;
use juggler::domain::Origin;
use juggler::domain::ai::Ended;
use juggler::domain::art::{Area, ArtWish, Backdrop, From, Operation};
use juggler::engine::api::{Reply, Request, Stage as At};

use super::{Easel, easel_until, ordered, over, painter, stage, studio, until, wish};

const KINDS: [AssistantKind; 3] = [AssistantKind::OpenAiImages, AssistantKind::SdWebui, AssistantKind::ComfyUi];

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_painted_by_each_kind_and_taken_into_the_draft() {
    for kind in KINDS {
        let easel = Easel::start();
        let (mut stage, id) = stage(vec![painter("it", kind, &easel)]).await;
        let painting = ordered(&stage, &id, ArtWish { count: 2, ..wish("a heron with headphones") }).await.unwrap();
        let work = over(&mut stage, &painting).await;
        assert_eq!((work.stage, work.ended), (At::Over, Some(Ended::Done)), "{kind:?} {work:?}");
        assert_eq!(work.work.pictures.len(), 2, "{kind:?}");
        let sizes: Vec<_> =
            work.work.pictures.iter().map(|picture| (picture.file.facts.width, picture.file.facts.height)).collect();
        assert_eq!(sizes, [(Some(256), Some(256)); 2], "{kind:?}");
        // Where there are seeds, each picture has its own, and the order its first.
        let has_seeds = kind != AssistantKind::OpenAiImages;
        assert_eq!(work.work.order.seed.is_some(), has_seeds, "{kind:?}");
        assert_eq!(work.work.pictures[0].seed, work.work.order.seed, "{kind:?}");
        assert_eq!(easel.painted().len(), 1, "{kind:?}");
        // It is a result, and nothing of it is in the draft.
        let view = stage.assignment(&id).await;
        assert!(view.draft.is_none_or(|draft| draft.files.is_empty()), "{kind:?}");
        let take = Request::PaintTake { call: painting.call.clone(), picture: 2 };
        let Reply::Saved { draft, .. } = stage.ask(take).await else { panic!() };
        assert_eq!(draft.files.len(), 1);
        assert_eq!(draft.files[0].origin, Origin::Ai { call: painting.call.clone() });
        assert!(std::fs::read(&draft.files[0].path).unwrap().starts_with(b"\x89PNG"));
        assert_eq!(studio(&stage, &id).await.works[0].taken, [2]);
        // A draft with it says so on delivery.
        let Reply::Terms(terms) = stage.ask(Request::SubmitTerms { assignment: id.clone() }).await else { panic!() };
        assert!(terms.lines.iter().any(|(_, value)| value.as_str().contains("AI")), "{terms:?}");
        stage.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_at_a_time_for_each_painter_and_several_painters_at_once() {
    let easel = Arc::new(Easel::start());
    let painters = vec![painter("one", AssistantKind::SdWebui, &easel), painter("two", AssistantKind::OpenAiImages, &easel)];
    let (mut stage, id) = stage(painters).await;
    easel.hold();
    let by = |name: &str| ArtWish { painter: Some(juggler::domain::Text::title(name)), ..wish("a fern") };
    let first = ordered(&stage, &id, by("one")).await.unwrap();
    let second = ordered(&stage, &id, by("one")).await.unwrap();
    let third = ordered(&stage, &id, by("two")).await.unwrap();
    assert_eq!((first.before, second.before, third.before), (0, 1, 0));
    easel_until(&easel, "both painters at work", |easel| easel.painted().len() == 2).await;
    assert_eq!(super::work(&stage, &second).await.stage, At::Waiting);
    // What is known of progress is told: it begins at nothing, and jumps.
    easel.percent(0.0);
    easel.percent(0.42);
    until(&mut stage, &first, |work| work.percent == Some(42)).await;
    let Reply::Works { works } = stage.ask(Request::Easels).await else { panic!() };
    assert_eq!(works.len(), 3);
    easel.release();
    for painting in [&first, &second, &third] {
        assert_eq!(over(&mut stage, painting).await.ended, Some(Ended::Done));
    }
    assert_eq!(easel.painted().len(), 3);
    let Reply::Works { works } = stage.ask(Request::Easels).await else { panic!() };
    assert!(works.is_empty());
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_tells_the_server_and_what_waits_is_never_sent() {
    for kind in KINDS {
        let easel = Arc::new(Easel::start());
        let (mut stage, id) = stage(vec![painter("it", kind, &easel)]).await;
        easel.hold();
        let first = ordered(&stage, &id, wish("a fern")).await.unwrap();
        let second = ordered(&stage, &id, wish("a rope")).await.unwrap();
        easel_until(&easel, "it is painted", |easel| easel.painted().len() == 1).await;
        until(&mut stage, &first, |work| work.stage == At::Painting).await;
        for painting in [&second, &first] {
            stage.ask(Request::PaintStop { call: painting.call.clone() }).await;
            let work = over(&mut stage, painting).await;
            assert_eq!(work.ended, Some(Ended::Stopped), "{kind:?} {work:?}");
            // Stopped again it is over already.
            assert!(stage.try_ask(Request::PaintStop { call: painting.call.clone() }).await.is_err());
        }
        if kind != AssistantKind::OpenAiImages {
            easel_until(&easel, "it is told", |easel| easel.interrupted() == 1).await;
        }
        assert_eq!(easel.painted().len(), 1, "{kind:?}");
        stage.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_is_changed_in_parts_enlarged_and_repeated() {
    let easel = Easel::start();
    let painters = vec![
        painter("webui", AssistantKind::SdWebui, &easel),
        painter("comfy", AssistantKind::ComfyUi, &easel),
        painter("images", AssistantKind::OpenAiImages, &easel),
    ];
    let (mut stage, id) = stage(painters).await;
    let first = ordered(&stage, &id, ArtWish { seed: Some(7), ..wish("a heron") }).await.unwrap();
    let work = over(&mut stage, &first).await;
    assert_eq!(work.work.pictures[0].seed, Some(7));
    let from = Some(From::Result { call: first.call.clone(), picture: 1 });
    let areas = vec![Area { x: 10, y: 20, width: 30, height: 40 }];
    for name in ["webui", "comfy", "images"] {
        let by = Some(juggler::domain::Text::title(name));
        let wish = ArtWish {
            operation: Operation::Inpaint,
            painter: by,
            from: from.clone(),
            areas: areas.clone(),
            ..wish("a closed eye")
        };
        let painting = ordered(&stage, &id, wish).await.unwrap();
        let work = over(&mut stage, &painting).await;
        assert_eq!(work.ended, Some(Ended::Done), "{name} {work:?}");
    }
    let asked = easel.painted();
    // WebUI: white where it may change.
    let body = asked[1].json();
    use base64::Engine;
    let mask = base64::engine::general_purpose::STANDARD.decode(body["mask"].as_str().unwrap()).unwrap();
    let mask = image::load_from_memory(&mask).unwrap().to_luma8();
    assert_eq!((mask.get_pixel(10, 20).0, mask.get_pixel(9, 20).0), ([255], [0]));
    assert_eq!(body["denoising_strength"], 0.75);
    // ComfyUI: both were handed over first, and the graph names them.
    let uploads: Vec<_> = easel.seen().into_iter().filter(|seen| seen.path == "/upload/image").collect();
    assert_eq!(uploads.len(), 2);
    let graph = asked[2].json()["prompt"].to_string();
    assert!(graph.contains("juggler-picture-") && graph.contains("juggler-mask-") && graph.contains("a closed eye"), "{graph}");
    // OpenAI: see-through where it may change.
    let form = asked[3].form();
    let mask = image::load_from_memory(&form["mask"]).unwrap().to_rgba8();
    assert_eq!((mask.get_pixel(10, 20).0[3], mask.get_pixel(9, 20).0[3]), (0, 255));
    // Twice as large, by WebUI alone.
    let larger = ArtWish { operation: Operation::Upscale, scale: 2, from: from.clone(), ..ArtWish::default() };
    let painting = ordered(&stage, &id, larger.clone()).await.unwrap();
    let work = over(&mut stage, &painting).await;
    assert_eq!(work.work.pictures[0].file.facts.width, Some(512), "{work:?}");
    let cannot = ordered(&stage, &id, ArtWish { painter: Some("images".into()), ..larger }).await.unwrap_err();
    assert!(cannot.what.contains("cannot make a picture larger") && cannot.hint.contains("webui"), "{cannot:?}");
    // The same again has the same seed, varied it has another.
    let order = super::work(&stage, &first).await.work.order;
    let again = ordered(&stage, &id, order.again(false)).await.unwrap();
    assert_eq!(over(&mut stage, &again).await.work.order.seed, Some(7));
    let varied = ordered(&stage, &id, order.again(true)).await.unwrap();
    let varied = over(&mut stage, &varied).await.work.order;
    assert!(varied.seed.is_some_and(|seed| seed != 7) && varied.prompt == order.prompt, "{varied:?}");
    // A cut-out is an edit on no ground; this model cannot, and says which can, before anything is sent.
    let before = easel.seen().len();
    let cut = ArtWish { operation: Operation::Cutout, painter: Some("images".into()), from, ..ArtWish::default() };
    assert!(ordered(&stage, &id, cut).await.unwrap_err().hint.contains("gpt-image-2.5-flare"));
    let clear = ArtWish { backdrop: Backdrop::Transparent, painter: Some("images".into()), ..wish("x") };
    assert!(ordered(&stage, &id, clear).await.unwrap_err().what.contains("gpt-image-2 paints no see-through ground"));
    assert_eq!(easel.seen().len(), before);
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_and_whole_orders_are_thrown_away_with_their_files() {
    let easel = Easel::start();
    let (mut stage, id) = stage(vec![painter("it", AssistantKind::SdWebui, &easel)]).await;
    let painting = ordered(&stage, &id, ArtWish { count: 3, ..wish("a secret motif") }).await.unwrap();
    let work = over(&mut stage, &painting).await;
    let paths: Vec<_> = work.work.pictures.iter().map(|picture| picture.file.path.clone()).collect();
    stage.ask(Request::PaintTake { call: painting.call.clone(), picture: 1 }).await;
    let drop = |picture| Request::PaintDrop { call: painting.call.clone(), picture };
    stage.ask(drop(Some(2))).await;
    let gone = |path: std::path::PathBuf| async move {
        let begun = std::time::Instant::now();
        while path.exists() {
            assert!(begun.elapsed() < crate::support::PATIENCE, "{path:?} is still there");
            tokio::task::yield_now().await;
        }
    };
    gone(paths[1].clone()).await;
    assert_eq!(super::work(&stage, &painting).await.work.pictures.len(), 2);
    assert!(stage.try_ask(drop(Some(2))).await.is_err());
    stage.ask(drop(None)).await;
    gone(paths[2].clone()).await;
    // What is in the draft stays, and stays an AI's.
    assert!(paths[0].exists());
    assert!(studio(&stage, &id).await.works.is_empty());
    let view = stage.assignment(&id).await;
    assert!(view.draft.unwrap().files[0].is_ai());
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_turns_up_in_the_watched_folder_is_offered_and_never_taken_by_itself() {
    juggler::documents::extract::desk::use_program(env!("CARGO_BIN_EXE_juggler"));
    let folder = tempfile::tempdir().unwrap();
    let watched = folder.path().to_owned();
    std::fs::write(watched.join("old.png"), crate::support::easel::png(16, 16, 1, false)).unwrap();
    let old = std::fs::File::options().write(true).open(watched.join("old.png")).unwrap();
    old.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(60)).unwrap();
    let mut stage = crate::support::Stage::set(crate::support::Stage::options(7), juggler::engine::Polling::Always, |config| {
        config.art.watch = Some(watched.clone());
    })
    .await;
    let id = super::claimed(&stage).await;
    let request = Request::ArtPrompt { assignment: id.clone(), wish: Box::new(wish("a heron")), tool: Some("midjourney".into()) };
    let Reply::ArtPrompt(sheet) = stage.ask(request).await else { panic!() };
    assert!(sheet.sheet.as_str().starts_with("a heron --ar 1:1"), "{sheet:?}");
    let painting =
        juggler::engine::api::Painting { call: sheet.call.clone(), assignment: id.clone(), notes: Vec::new(), before: 0 };
    // What is half written is no picture yet; what was there before is none for this sheet.
    let whole = crate::support::easel::png(32, 32, 2, false);
    std::fs::write(watched.join("half.png.crdownload"), &whole[..40]).unwrap();
    std::fs::write(watched.join("new.png"), &whole).unwrap();
    let work = until(&mut stage, &painting, |work| !work.work.pictures.is_empty()).await;
    assert_eq!((work.stage, work.work.pictures.len()), (At::ByHand, 1), "{work:?}");
    assert_eq!(work.work.pictures[0].file.name.as_str(), "new.png");
    let view = stage.assignment(&id).await;
    assert!(view.draft.is_none_or(|draft| draft.files.is_empty()));
    stage.end().await;
}
