//! What pictures cost: caps before a byte is sent, the price in the end, and what is left of the pay.

use juggler::config::AssistantKind;
use juggler::domain::art::ArtWish;
use juggler::domain::spend::{Tariff, price, short};
use juggler::domain::{Asset, Money};
use juggler::engine::Polling;
use juggler::engine::api::{Reply, Request};

use super::{Easel, claimed, ordered, over, painter, studio, wish};
use crate::support::Stage;

fn dollars(written: &str) -> Money {
    price(written, Asset::USD).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_and_pieces_are_counted_to_the_last_place() {
    let easel = Easel::start();
    let mut by_token = painter("tokens", AssistantKind::OpenAiImages, &easel);
    by_token.tariff = Some(Tariff { input: dollars("8"), cached: dollars("8"), output: dollars("32") });
    let mut by_piece = painter("pieces", AssistantKind::SdWebui, &easel);
    by_piece.paints.as_mut().unwrap().price_image = Some(dollars("0.013"));
    let mut stage = Stage::set(Stage::options(7), Polling::Always, |config| config.assistants = vec![by_token, by_piece]).await;
    juggler::documents::extract::desk::use_program(env!("CARGO_BIN_EXE_juggler"));
    let id = claimed(&stage).await;
    for (name, cost) in [("tokens", "$0.0644"), ("pieces", "$0.026")] {
        let painter = Some(juggler::domain::Text::title(name));
        let painting = ordered(&stage, &id, ArtWish { painter, count: 2, ..wish("a heron") }).await.unwrap();
        let work = over(&mut stage, &painting).await;
        // 50 tokens in at 8 and 2,000 out at 32 a million; two pictures at 1.3 cents.
        assert_eq!(short(work.spent.unwrap().cost.unwrap().money), cost, "{name}");
    }
    let desk = studio(&stage, &id).await;
    assert_eq!(desk.spending.job.words(), "$0.0904");
    // Before it is delivered, it stands beside the pay.
    stage.ask(Request::PaintTake { call: desk.works[0].work.order.call.clone(), picture: 1 }).await;
    let Reply::Terms(terms) = stage.ask(Request::SubmitTerms { assignment: id.clone() }).await else { panic!() };
    let line = |label: &str| terms.lines.iter().find(|(name, _)| name.as_str() == label).map(|(_, value)| value.to_string());
    assert_eq!(line("assistant").as_deref(), Some("$0.0904 in 2 calls"));
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_cost_too_much_is_not_sent_and_what_waits_counts() {
    let easel = std::sync::Arc::new(Easel::start());
    let mut dear = painter("it", AssistantKind::SdWebui, &easel);
    dear.paints.as_mut().unwrap().price_image = Some(dollars("0.40"));
    let mut stage = Stage::set(Stage::options(7), Polling::Always, |config| {
        config.assistants = vec![dear];
        config.ai_caps.day = Some(dollars("1.00"));
    })
    .await;
    juggler::documents::extract::desk::use_program(env!("CARGO_BIN_EXE_juggler"));
    let id = claimed(&stage).await;
    easel.hold();
    let first = ordered(&stage, &id, wish("a")).await.unwrap();
    let second = ordered(&stage, &id, wish("b")).await.unwrap();
    let third = ordered(&stage, &id, wish("c")).await.unwrap_err();
    assert!(third.why.contains("$0.80 of the $1.00") && third.why.contains("today"), "{third:?}");
    // What is stopped before it is sent gives its part back.
    stage.ask(Request::PaintStop { call: second.call.clone() }).await;
    over(&mut stage, &second).await;
    let fourth = ordered(&stage, &id, wish("d")).await.unwrap();
    easel.release();
    for painting in [&first, &fourth] {
        over(&mut stage, painting).await;
    }
    assert_eq!(easel.painted().len(), 2);
    assert_eq!(studio(&stage, &id).await.spending.day.words(), "$0.80");
    stage.end().await;
}
