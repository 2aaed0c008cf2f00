//! Painters: from a wish to a picture in a draft, against a stand-in that speaks as OpenAI's Images, Stable Diffusion WebUI and ComfyUI
//! do.

mod by_command;
mod cost;
mod crash;
mod gate;
mod odd;
mod queue;

use std::sync::Arc;

use juggler::config::{AssistantConfig, AssistantKind};
use juggler::domain::ai::AiRule;
use juggler::domain::art::ArtWish;
use juggler::domain::{AssignmentId, Text};
use juggler::engine::Polling;
use juggler::engine::api::{Event, Painting, Reply, Request, Studio, What, WorkView};
use juggler::error::Failure;

pub use crate::support::easel::{Easel, Odd};
use crate::support::{PATIENCE, Stage};

/// A painter of a kind at a stand-in.
pub fn painter(name: &str, kind: AssistantKind, easel: &Easel) -> AssistantConfig {
    let openai = kind == AssistantKind::OpenAiImages;
    let mut config = AssistantConfig::of(name, kind);
    config.base_url = if openai { format!("{}/v1", easel.url()) } else { easel.url() };
    config.model = match kind {
        AssistantKind::OpenAiImages => Some("gpt-image-2".to_owned()),
        AssistantKind::ComfyUi => Some("sd_xl_base_1.0.safetensors".to_owned()),
        _ => None,
    };
    config
}

/// An engine with these painters, and a claimed picture job.
pub async fn stage(painters: Vec<AssistantConfig>) -> (Stage, AssignmentId) {
    // Pictures are looked at by a process of the program's, and this is not the program.
    juggler::documents::extract::desk::use_program(env!("CARGO_BIN_EXE_juggler"));
    let stage = Stage::set(Stage::options(7), Polling::Always, |config| config.assistants = painters).await;
    let id = claimed(&stage).await;
    (stage, id)
}

pub async fn claimed(stage: &Stage) -> AssignmentId {
    let open = [AiRule::Allowed, AiRule::Disclose];
    stage.claim(|row| row.kind.as_str() == "art" && open.contains(&row.ai)).await.assignment.id
}

pub fn wish(prompt: &str) -> ArtWish {
    // Small, so that a picture is made and looked at in no time.
    let size = Some("256x256".parse().unwrap());
    ArtWish { prompt: Text::title(prompt), size, count: 1, ..ArtWish::default() }
}

/// Orders it.
pub async fn ordered(stage: &Stage, id: &AssignmentId, wish: ArtWish) -> Result<Painting, Failure> {
    let mut agreed = None;
    loop {
        let request = Request::Paint { assignment: id.clone(), wish: Box::new(wish.clone()), agreed: agreed.clone() };
        match stage.try_ask(request).await? {
            Reply::Painting(painting) => return Ok(painting),
            Reply::Terms(terms) if agreed.is_none() => agreed = Some(terms.digest),
            other => panic!("{other:?}"),
        }
    }
}

pub async fn studio(stage: &Stage, id: &AssignmentId) -> Studio {
    match stage.ask(Request::Studio { assignment: id.clone() }).await {
        Reply::Studio(studio) => *studio,
        other => panic!("{other:?}"),
    }
}

pub async fn work(stage: &Stage, painting: &Painting) -> WorkView {
    let works = studio(stage, &painting.assignment).await.works;
    works.into_iter().find(|work| work.work.order.call == painting.call).unwrap()
}

/// Waits until an order stands as `wanted` says.
pub async fn until(stage: &mut Stage, painting: &Painting, wanted: impl Fn(&WorkView) -> bool) -> WorkView {
    let waited = async {
        loop {
            let now = work(stage, painting).await;
            if wanted(&now) {
                return now;
            }
            loop {
                match stage.events.recv().await {
                    Ok(Event { what: What::Art { call, .. }, .. }) if call == painting.call => break,
                    Ok(_) => {}
                    Err(_) => break,
                }
            }
        }
    };
    tokio::time::timeout(PATIENCE, waited).await.expect("it never got there")
}

pub async fn over(stage: &mut Stage, painting: &Painting) -> WorkView {
    until(stage, painting, |work| !work.stage.is_open()).await
}

/// The stand-in is waited for where the engine goes on meanwhile.
pub async fn easel_until(easel: &Arc<Easel>, what: &'static str, wanted: impl Fn(&Easel) -> bool + Send + 'static) {
    let easel = easel.clone();
    tokio::task::spawn_blocking(move || easel.until(what, wanted)).await.unwrap();
}
