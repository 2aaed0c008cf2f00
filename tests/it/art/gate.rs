//! Nothing is sent without leave: by no door, on no job that is closed.

use juggler::config::AssistantKind;
use juggler::domain::Text;
use juggler::domain::ai::AiRule;
use juggler::domain::art::{Area, ArtWish, From, Operation};
use juggler::engine::Polling;
use juggler::engine::api::{Reply, Request};
use juggler::error::Class;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::{Easel, ordered, painter, stage, wish};
use crate::support::Stage;

/// What anybody may try with a job that is closed to AI.
fn tries() -> impl Strategy<Value = Request> {
    let id = || Just(juggler::domain::AssignmentId::new("?"));
    let wish = (0_usize..5, "[a-z ]{0,12}", prop::option::of(0_u64..9), any::<bool>(), 0_u8..5).prop_map(
        |(op, prompt, seed, from, count)| ArtWish {
            operation: Operation::ALL[op],
            prompt: Text::title(&prompt),
            seed,
            count,
            from: from.then(|| From::File { name: Text::title("art.png") }),
            areas: if op == 2 { vec![Area { x: 0, y: 0, width: 4, height: 4 }] } else { Vec::new() },
            ..ArtWish::default()
        },
    );
    let agreed = prop::option::of("[0-9a-f]{16}");
    prop_oneof![
        4 => (id(), wish.clone(), agreed).prop_map(|(assignment, wish, agreed)| Request::Paint { assignment, wish: Box::new(wish), agreed }),
        1 => (id(), wish.clone()).prop_map(|(assignment, wish)| Request::ArtPrompt { assignment, wish: Box::new(wish), tool: None }),
        1 => (id(), wish).prop_map(|(assignment, wish)| Request::ArtPrompt { assignment, wish: Box::new(wish), tool: Some(Text::title("mj")) }),
        1 => Just(Request::PaintLook { call: Text::title("ai-1") }),
        1 => Just(Request::PaintTake { call: Text::title("ai-1"), picture: 1 }),
        1 => Just(Request::Easels),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_for_people_sends_nothing_by_any_door() {
    let easel = Easel::start();
    let painters: Vec<_> = [AssistantKind::OpenAiImages, AssistantKind::SdWebui, AssistantKind::ComfyUi]
        .into_iter()
        .map(|kind| painter(kind.word(), kind, &easel))
        .collect();
    let stage = Stage::set(Stage::options(7), Polling::Always, |config| config.assistants = painters).await;
    let id = stage.claim(|row| row.ai == AiRule::HumanOnly).await.assignment.id;
    // There is a picture in the draft that could be worked on.
    let file = stage.config.paths.data.join("art.png");
    std::fs::write(&file, crate::support::easel::png(16, 16, 1, false)).unwrap();
    stage.ask(Request::AddFile { assignment: id.clone(), path: file, content: None }).await;
    let (mut runner, strategy) = (TestRunner::deterministic(), tries());
    for _ in 0..400 {
        let mut request = strategy.new_tree(&mut runner).unwrap().current();
        if let Request::Paint { assignment, .. } | Request::ArtPrompt { assignment, .. } = &mut request {
            *assignment = id.clone();
        }
        let reply = stage.try_ask(request.clone()).await;
        match (&request, reply) {
            (Request::Easels, Ok(Reply::Works { works })) => assert!(works.is_empty()),
            (_, Err(failure)) => assert!(!failure.what.is_empty()),
            (request, reply) => panic!("{request:?} {reply:?}"),
        }
    }
    assert_eq!(easel.seen().len(), 0);
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_closes_while_it_waits_is_never_sent() {
    let easel = std::sync::Arc::new(Easel::start());
    let (mut stage, id) = stage(vec![painter("it", AssistantKind::SdWebui, &easel)]).await;
    easel.hold();
    let first = ordered(&stage, &id, wish("one")).await.unwrap();
    let second = ordered(&stage, &id, wish("two")).await.unwrap();
    super::easel_until(&easel, "the first is painted", |easel| easel.painted().len() == 1).await;
    let job = stage.assignment(&id).await.assignment.job.key;
    stage.ask(Request::DecideAi { job, rule: AiRule::HumanOnly, everywhere: false }).await;
    for painting in [&first, &second] {
        let work = super::over(&mut stage, painting).await;
        assert!(work.note.as_str().contains("no AI is allowed any more"), "{work:?}");
    }
    easel.release();
    assert_eq!(easel.painted().len(), 1);
    assert_eq!(ordered(&stage, &id, wish("three")).await.unwrap_err().class, Class::Refused);
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_and_pictures_are_not_mistaken_for_each_other() {
    let easel = Easel::start();
    let words = juggler::config::AssistantConfig {
        base_url: easel.url(),
        model: Some("m".to_owned()),
        ..juggler::config::AssistantConfig::of("words", AssistantKind::OpenAi)
    };
    let (stage, id) = stage(vec![words, painter("pictures", AssistantKind::SdWebui, &easel)]).await;
    let named = |name: &str| Some(Text::title(name));
    let wrong = ordered(&stage, &id, ArtWish { painter: named("words"), ..wish("x") }).await.unwrap_err();
    assert!(wrong.why.contains("works with words") && wrong.why.contains("pictures"), "{wrong:?}");
    let mut ask = juggler::domain::ai::Wish::of(juggler::domain::ai::Action::Draft);
    ask.assistants = vec![Text::title("pictures")];
    let wrong = stage.try_ask(Request::Assist { assignment: id.clone(), wish: ask.clone(), agreed: None }).await.unwrap_err();
    assert!(wrong.what.contains("paints, and writes nothing"), "{wrong:?}");
    // Nor is painting something that words can be asked for.
    ask.assistants.clear();
    ask.action = juggler::domain::ai::Action::Paint;
    assert!(stage.try_ask(Request::Assist { assignment: id.clone(), wish: ask, agreed: None }).await.is_err());
    // Of the desk for words only those are offered.
    let Reply::AssistDesk(desk) = stage.ask(Request::AssistDesk { assignment: id.clone() }).await else { panic!() };
    assert_eq!(desk.assistants.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["words"]);
    assert!(desk.actions.iter().all(|view| !view.action.is_painted()));
    assert_eq!(easel.seen().len(), 0);
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn marks_and_people_in_a_prompt_are_warned_of_before_it_is_sent() {
    let easel = Easel::start();
    let (stage, id) = stage(vec![painter("it", AssistantKind::SdWebui, &easel)]).await;
    let request =
        Request::Paint { assignment: id.clone(), wish: Box::new(wish("Pikachu in the style of Ada Quill")), agreed: None };
    let Reply::Terms(terms) = stage.ask(request).await else { panic!() };
    assert!(terms.warnings[0].as_str().contains("pikachu, Ada Quill"), "{terms:?}");
    assert_eq!(easel.seen().len(), 0);
    // Without one there is nothing to agree to on this machine.
    let request = Request::Paint { assignment: id.clone(), wish: Box::new(wish("a heron")), agreed: None };
    assert!(matches!(stage.ask(request).await, Reply::Painting(_)));
    stage.end().await;
}
