//! Painters by keys: the sheet, an order from words to a picture in the draft, stopping, and jobs where none is allowed.

use std::sync::Arc;

use juggler::config::AssistantKind;
use juggler::domain::ai::AiRule;

use super::Screen;
use super::screen::Hands;
use crate::art::{Easel, easel_until, painter, stage};
use crate::support::Stage;

async fn screen(stage: &Stage, width: u16, height: u16) -> Screen {
    let config = (*stage.config).clone();
    let mut screen = Screen::open(stage.handle.clone(), config, Hands::at(chrono::Utc::now()), width, height).await;
    screen.keys("e m i").await;
    screen
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_goes_from_words_to_the_draft_by_keys() {
    let easel = Arc::new(Easel::start());
    let (stage, id) = stage(vec![painter("webui", AssistantKind::SdWebui, &easel)]).await;
    let mut screen = screen(&stage, 80, 24).await;
    screen.wait_for("webui: its own model, on this machine").await;
    assert!(screen.sees("the job wants 2400x3200") && screen.sees("Nothing was ordered yet"), "{}", screen.text());
    // The prompt is one's own, the size is small, two pictures.
    screen.keys("p").await;
    screen.wait_for("paint:").await;
    screen.write("a heron with headphones").await;
    screen.keys("enter").await;
    screen.wait_for("a heron with headphones").await;
    screen.keys("s").await;
    screen.write("256x256").await;
    screen.keys("enter").await;
    screen.wait_for("1 × 256x256").await;
    screen.keys("c").await;
    screen.wait_for("2 × 256x256").await;
    easel.hold();
    screen.keys("g").await;
    screen.wait_for("painting").await;
    easel.percent(0.5);
    screen.wait_for("50 %").await;
    easel.release();
    screen.wait_for("done").await;
    screen.wait_for(" 2  256 × 256").await;
    assert_eq!(easel.painted().len(), 1);
    // Each is in a line of its own; the second is taken.
    screen.keys("j t").await;
    screen.wait_for("in the draft").await;
    let draft = stage.assignment(&id).await.draft.unwrap();
    assert!(draft.files.len() == 1 && draft.files[0].is_ai(), "{draft:?}");
    // Side by side, and back.
    screen.keys("enter").await;
    screen.wait_for("Pictures that came").await;
    screen.keys("esc").await;
    screen.wait_for("Pictures by a painter").await;
    screen.wait_for("done").await;
    // Thrown away only after a yes; a no leads back.
    screen.keys("x").await;
    screen.wait_for("Throw it away?").await;
    screen.keys("n").await;
    screen.wait_for("256 × 256").await;
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_stopped_by_a_key_and_marks_are_asked_about() {
    let easel = Arc::new(Easel::start());
    let (stage, _) = stage(vec![painter("webui", AssistantKind::SdWebui, &easel)]).await;
    let mut screen = screen(&stage, 100, 30).await;
    screen.wait_for("Nothing was ordered yet").await;
    screen.keys("esc").await;
    easel.hold();
    screen.keys(":").await;
    screen.write("art a mouse like Mickey Mouse").await;
    screen.keys("enter").await;
    screen.wait_for("The prompt names mickey mouse").await;
    assert_eq!(easel.painted().len(), 0);
    screen.keys("y").await;
    easel_until(&easel, "it is painted", |easel| easel.painted().len() == 1).await;
    screen.wait_for("painting").await;
    screen.keys("x").await;
    screen.wait_for("stopped").await;
    easel_until(&easel, "it is told", |easel| easel.interrupted() == 1).await;
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_job_for_people_every_key_of_the_sheet_sends_nothing() {
    let easel = Easel::start();
    let painters = vec![painter("webui", AssistantKind::SdWebui, &easel)];
    let stage = Stage::set(Stage::options(7), juggler::engine::Polling::Always, |config| config.assistants = painters).await;
    stage.claim(|row| row.ai == AiRule::HumanOnly).await;
    let mut screen = screen(&stage, 80, 24).await;
    screen.wait_for("no AI is allowed on this job").await;
    for keys in ["g", "esc m i", "b", "esc m i", "y", "esc m i", "a", "v", "u", "o", "f", "t", "x"] {
        screen.keys(keys).await;
    }
    screen.keys("esc").await;
    screen.keys(":").await;
    screen.write("art a heron").await;
    screen.keys("enter").await;
    screen.wait_for("no assistant is asked").await;
    assert_eq!(easel.seen().len(), 0);
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_chosen_for_one_job_is_not_ordered_for_another() {
    let easel = Arc::new(Easel::start());
    let (stage, _) = stage(vec![painter("webui", AssistantKind::SdWebui, &easel)]).await;
    let mut screen = screen(&stage, 100, 30).await;
    screen.wait_for("Nothing was ordered yet").await;
    // This painter knows no see-through ground, whatever the job wants.
    assert!(screen.sees("any ground"), "{}", screen.text());
    screen.keys("G c p").await;
    screen.wait_for("paint:").await;
    screen.write("a heron with headphones").await;
    screen.keys("enter").await;
    screen.wait_for("a heron with headphones").await;
    assert!(screen.sees("2 × ") && screen.sees("transparent ground"), "{}", screen.text());
    screen.keys("esc").await;
    crate::art::claimed(&stage).await;
    screen.wait_for("Hand 2").await;
    screen.keys("l m i").await;
    screen.wait_for("Nothing was ordered yet").await;
    screen.wait_for("1 × ").await;
    assert!(!screen.sees("heron") && screen.sees("any ground"), "{}", screen.text());
    screen.keys("esc").await;
    stage.end().await;
}
