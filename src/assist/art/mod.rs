//! Painters: models that make pictures, behind one trait with three dialects (OpenAI's Images, Stable Diffusion WebUI's, ComfyUI's).
//!
//! * Nothing is painted without a [`Sketch`], and there is none without the gate's pass.
//! * A painting ends in exactly one [`Why`], which says whether anything can have been made and paid for. Nothing is asked a second
//!   time by itself.
//! * What comes is bytes that nobody looked at: [`picture::fits`] says whether they are a picture, before anything is done with them.
//! * Dropping a painting closes its connection; [`Painter::stop`] tells the server.
//!
//! OpenAI's streamed partial pictures are not asked for: each is paid for in tokens, and shows over a terminal's link nothing that a
//! count of seconds does not.

pub mod able;
mod comfy;
mod line;
mod mask;
mod multipart;
mod openai;
pub mod picture;
pub mod price;
pub mod probe;
pub mod sheet;
mod sketch;
mod webui;
mod workflow;

use std::sync::Arc;

use futures_util::future::BoxFuture;

pub use sketch::Sketch;

use super::provider::Model;
use crate::config::{AssistantConfig, AssistantKind};
use crate::domain::Text;
use crate::domain::spend::Usage;
use crate::error::{Class, Failure, Result};
use crate::net::Http;

/// What comes while a picture is painted.
#[derive(Clone, Debug, PartialEq)]
pub enum Stroke {
    /// The provider knows the order by this name, and can be asked for it again.
    Named(Text),
    /// How far it is.
    At {
        /// Percent; `None` where nobody can say.
        percent: Option<u8>,
        /// In words: "2 before it".
        note: &'static str,
        /// A number that belongs to the words.
        n: u32,
    },
    /// The model's name.
    By(Text),
    /// Tokens.
    Told(Usage),
    /// A picture, as it came.
    Picture {
        /// Its bytes.
        bytes: Vec<u8>,
        /// What chance began with, where it is told.
        seed: Option<u64>,
        /// The prompt as the provider rewrote it.
        revised: Text,
    },
}

/// Why a painting ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// Everything that was ordered is there.
    Done,
    /// The provider will not paint this.
    Declined(Failure),
    /// Nothing was sent, or it was refused: nothing was made, and nothing is paid.
    Refused(Failure),
    /// It was begun, and went wrong.
    Failed(Failure),
    /// It was sent, and nobody knows what became of it.
    Unknown(Failure),
}

/// Hears what comes.
pub type Tell<'a> = &'a (dyn Fn(Stroke) + Send + Sync);

/// A model that paints.
pub trait Painter: Send + Sync {
    /// As configured.
    fn config(&self) -> &AssistantConfig;
    /// `host:port`.
    fn host(&self) -> String;
    /// What should be said about how its key is kept, once the key was fetched.
    fn warning(&self) -> Option<String>;
    /// Paints. Dropping it calls off what is on the line.
    fn paint<'a>(&'a self, sketch: &'a Sketch, tell: Tell<'a>) -> BoxFuture<'a, Why>;
    /// Looks for what became of an order that was sent earlier; `None` where the provider cannot tell.
    fn look<'a>(&'a self, _native: &'a str, _tell: Tell<'a>) -> Option<BoxFuture<'a, Why>> {
        None
    }
    /// Tells the server that it need not go on. Whatever comes of it, nobody waits for the picture any more.
    fn stop<'a>(&'a self, native: &'a str) -> BoxFuture<'a, ()>;
    /// The models there are, sorted by id.
    fn models(&self) -> BoxFuture<'_, Result<Vec<Model>>>;
}

/// A configured painter.
///
/// # Errors
/// Its address cannot be used, or it works with words.
pub fn connect(config: &AssistantConfig, http: Http) -> Result<Arc<dyn Painter>> {
    let line = line::Line::new(config, http)?;
    Ok(match config.kind {
        AssistantKind::OpenAiImages => Arc::new(openai::OpenAi(line)),
        AssistantKind::SdWebui => Arc::new(webui::WebUi(line)),
        AssistantKind::ComfyUi => Arc::new(comfy::Comfy(line)),
        _ => return Err(Failure::new(Class::Usage, format!("\"{}\" works with words, and does not paint", config.name))),
    })
}

/// An order can be looked for again after a crash: it is given a name that the provider knows it by.
pub fn keeps_history(kind: AssistantKind) -> bool {
    kind == AssistantKind::ComfyUi
}
