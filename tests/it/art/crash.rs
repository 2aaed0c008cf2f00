//! The engine ends in the middle: what was sent has an end that is not known, what waited was never sent, and nothing is sent again.

use std::sync::Arc;

use juggler::config::AssistantKind;
use juggler::domain::ai::Ended;
use juggler::engine::api::{Request, Stage as At};

use super::{Easel, easel_until, ordered, over, painter, stage, until, wish};

#[tokio::test(flavor = "multi_thread")]
async fn comfyuis_history_is_read_again_after_the_end_and_nothing_is_sent_twice() {
    let easel = Arc::new(Easel::start());
    let (mut stage, id) = stage(vec![painter("it", AssistantKind::ComfyUi, &easel)]).await;
    easel.hold();
    let first = ordered(&stage, &id, wish("a heron")).await.unwrap();
    let second = ordered(&stage, &id, wish("a fern")).await.unwrap();
    easel_until(&easel, "it is painted", |easel| easel.painted().len() == 1).await;
    until(&mut stage, &first, |work| work.stage == At::Painting).await;
    stage.restart().await;
    // What was on the line goes on at the server; what waited was stopped, and costs nothing.
    let work = super::work(&stage, &first).await;
    assert_eq!((work.stage, work.can_look), (At::Unknown, true), "{work:?}");
    assert_eq!(super::work(&stage, &second).await.ended, Some(Ended::Stopped));
    easel.release();
    // Nothing is looked for by itself either.
    assert_eq!(super::work(&stage, &first).await.stage, At::Unknown);
    stage.ask(Request::PaintLook { call: first.call.clone() }).await;
    let work = over(&mut stage, &first).await;
    assert_eq!((work.ended, work.work.pictures.len()), (Some(Ended::Done), 1), "{work:?}");
    assert_eq!(easel.painted().len(), 1);
    // Its end is known now.
    assert!(stage.try_ask(Request::PaintLook { call: first.call.clone() }).await.is_err());
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_and_orders_are_there_after_a_restart_and_after_a_backup() {
    let easel = Easel::start();
    let (mut stage, id) = stage(vec![painter("it", AssistantKind::SdWebui, &easel)]).await;
    let painting = ordered(&stage, &id, wish("a heron")).await.unwrap();
    let before = over(&mut stage, &painting).await;
    stage.restart().await;
    let after = super::work(&stage, &painting).await;
    assert_eq!(before.work, after.work);
    assert_eq!((after.stage, after.ended), (At::Over, Some(Ended::Done)));
    let verified = stage.ask(Request::Verify).await;
    assert!(matches!(&verified, juggler::engine::api::Reply::Verified { findings, .. } if findings.is_empty()), "{verified:?}");
    stage.end().await;
}
