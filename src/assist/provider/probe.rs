//! A trial of one assistant: a question of a few tokens, how long it took and what it cost. No job's text goes along.

use std::time::Instant;

use futures_util::StreamExt;
use serde::Serialize;

use super::{Answer, Ask, Piece, Provider, Why};
use crate::domain::Text;
use crate::domain::spend::Spent;
use crate::error::{Class, Failure};

/// Models that think need some room before the first word.
const ROOM: u32 = 512;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Probe {
    /// The assistant's name.
    pub assistant: String,
    /// Its kind.
    pub kind: &'static str,
    /// `host:port`.
    pub host: String,
    /// What it said.
    pub said: Text,
    /// Milliseconds to the first word; `None` when none came.
    pub first_ms: Option<u64>,
    /// Milliseconds in all.
    pub took_ms: u64,
    /// Why it ended.
    pub why: Why,
    /// Model, tokens, prices, cost.
    pub spent: Spent,
    /// What should be said about how the key is kept.
    pub warning: Option<String>,
}

impl Probe {
    /// What went wrong; an answer that was cut short is one, if there was a word in it.
    pub fn failure(&self) -> Option<Failure> {
        match &self.why {
            Why::Failed(failure) => Some(failure.clone()),
            Why::TooMuch | Why::Late if self.said.is_empty() => Some(
                Failure::new(Class::Platform, format!("\"{}\" sends and sends, and says nothing", self.assistant))
                    .why(self.why.sentence())
                    .hint("try again, or ask another assistant"),
            ),
            _ => None,
        }
    }
}

/// Asks for one word.
pub async fn probe(provider: &dyn Provider) -> Probe {
    let config = provider.config();
    let ask = Ask {
        system: "You are being tested for whether you answer at all.".to_owned(),
        task: Text::body("Answer with the one word: ready"),
        data: Vec::new(),
        max_output: Some(ROOM),
        ..Ask::default()
    };
    let mut answer = Answer::new(config, &ask);
    let begin = Instant::now();
    let millis = || u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX);
    let mut first_ms = None;
    let mut pieces = provider.ask(ask);
    while let Some(piece) = pieces.next().await {
        if matches!(piece, Piece::Words(_)) {
            first_ms.get_or_insert_with(millis);
        }
        answer.take(piece);
    }
    Probe {
        assistant: config.name.clone(),
        kind: config.kind.word(),
        host: provider.host(),
        said: answer.text(),
        first_ms,
        took_ms: millis(),
        why: answer.why().cloned().unwrap_or(Why::Stopped),
        spent: answer.spent(),
        warning: provider.warning(),
    }
}
