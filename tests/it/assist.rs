//! Assistants: from the config to a streamed, scrubbed answer and its cost, against stand-ins that speak as the providers' own
//! documents say, and as their servers do on bad days.
// Figures are told on standard error, for whoever runs the long versions with --nocapture.
#![allow(clippy::print_stderr)]

mod adversary;
mod answers;
pub mod asking;
mod by_command;
mod command;
mod gate;
mod program;
mod real;
mod refusals;
pub mod stand_in;

use std::sync::Arc;

use futures_util::StreamExt;
use juggler::assist::provider::{Answer, Ask, Piece, Provider, Quote, Why, connect};
use juggler::config::{AssistantConfig, AssistantKind};
use juggler::domain::spend::{Tariff, price};
use juggler::domain::{Asset, Text};
use juggler::net::Http;

pub use stand_in::{Script, StandIn, Step};

/// An assistant of a kind at a stand-in, with prices.
pub fn assistant(kind: AssistantKind, server: &StandIn) -> AssistantConfig {
    let price = |written| price(written, Asset::USD).unwrap();
    AssistantConfig {
        base_url: server.url(),
        model: Some("tiny-1".to_owned()),
        tariff: Some(Tariff { input: price("2.50"), cached: price("1.25"), output: price("10") }),
        ..AssistantConfig::of("it", kind)
    }
}

pub fn provider(config: &AssistantConfig) -> Arc<dyn Provider> {
    connect(config, Http::default(), std::path::Path::new("/nowhere")).unwrap()
}

pub fn ask() -> Ask {
    Ask {
        system: "You write.".to_owned(),
        task: Text::body("Write a tagline."),
        data: vec![Quote { label: "brief", text: Text::body("A bakery in the harbour.") }],
        ..Ask::default()
    }
}

/// Everything that came of a question.
pub async fn whole(config: &AssistantConfig) -> (Answer, Vec<Piece>) {
    let pieces: Vec<Piece> = provider(config).ask(ask()).collect().await;
    let mut answer = Answer::new(config, &ask());
    pieces.iter().cloned().for_each(|piece| answer.take(piece));
    let ends = pieces.iter().filter(|piece| matches!(piece, Piece::End(_))).count();
    assert!(ends == 1 && matches!(pieces.last(), Some(Piece::End(_))), "{pieces:?}");
    (answer, pieces)
}

/// Why it failed: what, why and what to do.
pub fn failed(answer: &Answer) -> juggler::error::Failure {
    match answer.why() {
        Some(Why::Failed(failure)) => failure.clone(),
        other => panic!("{other:?}"),
    }
}
