//! Providers of models: one trait, three dialects (OpenAI's and whatever speaks like it, Anthropic's, Ollama's), from the config to
//! a streamed, scrubbed answer and what it cost.
//!
//! # Why a client of our own
//!
//! A client library for many providers (`genai`) was weighed. It brings its own HTTP client, and everything that this program
//! promises about the network is promised by [`crate::net`]: caps on decoded bytes, three time-outs, redirects that take no key along,
//! plain `http` on this machine only, no proxy for this machine, errors without addresses' queries and without keys. Of our needs
//! beside that, calling off and keeping what came, usage after `finish_reason`, and the odd servers (no usage at all, no `[DONE]`, an
//! error with status 200 in mid-stream, one JSON where a stream was asked for) each want the frames themselves. What is left for a
//! library is the making of three small JSON bodies, in `dialect`.
//!
//! # What holds
//!
//! * A model has no tools: none is offered, and what looks like a call of one is not looked at. It gets a task and quoted texts
//!   ([`fence`]); words come back, as [`Text`], and nothing here does anything with them. A [`program`] of the person's has whatever
//!   powers they gave it.
//! * Every stream of [`Piece`]s ends with exactly one [`Piece::End`], whatever the server does. Bytes, words and time are capped.
//! * Dropping the stream closes the connection. What came is in the [`Answer`]; what it cost is reckoned and marked.
//! * Nothing is asked a second time by itself, but for a request that was refused as malformed for a parameter that the server does
//!   not know: that one took no effect and cost nothing. Nobody is asked before a `Retry-After` is over.

mod answer;
mod ask;
mod connection;
mod dialect;
mod fault;
pub mod fence;
mod model;
mod piece;
pub mod probe;
pub mod program;
mod talk;
pub mod tokens;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

pub use answer::Answer;
pub use ask::{Ask, Quote};
use connection::Connection;
pub use model::Model;
pub use piece::{Piece, Told, Why};
pub use probe::{Probe, probe};

use std::path::Path;

use crate::config::{AssistantConfig, AssistantKind};
use crate::domain::Text;
use crate::error::Result;
use crate::net::{Address, Http};

/// What a model says, as it comes; the last one is a [`Piece::End`], and there is only one.
pub type Pieces = BoxStream<'static, Piece>;

/// A model that may be asked.
pub trait Provider: Send + Sync {
    /// As configured.
    fn config(&self) -> &AssistantConfig;
    /// `host:port`.
    fn host(&self) -> String;
    /// What should be said about how its key is kept, once the key was fetched.
    fn warning(&self) -> Option<String>;
    /// Asks. Nothing is sent before the stream is first polled; dropping it calls the request off at once.
    fn ask(&self, ask: Ask) -> Pieces;
    /// The models there are, sorted by id.
    fn models(&self) -> BoxFuture<'_, Result<Vec<Model>>>;
}

/// Where an assistant is, `host:port` or the program that is run, and whether nothing leaves this machine by asking it. What a program
/// does nobody knows.
pub fn host(config: &AssistantConfig) -> (Text, bool) {
    match (&config.program, Address::parse(&config.base_url)) {
        (Some(program), _) => (Text::title(&program.title()), false),
        (None, Ok(address)) => (Text::title(&address.host()), address.is_loopback()),
        (None, Err(_)) => (Text::title(&config.base_url), false),
    }
}

/// A configured provider. Programs are given folders beneath `scratch`.
///
/// # Errors
/// Its address cannot be used.
pub fn connect(config: &AssistantConfig, http: Http, scratch: &Path) -> Result<Arc<dyn Provider>> {
    if config.kind == AssistantKind::Command {
        return Ok(Arc::new(program::Program::new(config, scratch)));
    }
    Ok(Arc::new(Remote { connection: Arc::new(Connection::new(config, http)?) }))
}

/// A provider behind HTTP.
struct Remote {
    connection: Arc<Connection>,
}

impl Provider for Remote {
    fn config(&self) -> &AssistantConfig {
        &self.connection.config
    }

    fn host(&self) -> String {
        self.connection.base.host()
    }

    fn warning(&self) -> Option<String> {
        self.connection.warning()
    }

    fn ask(&self, ask: Ask) -> Pieces {
        talk::talk(self.connection.clone(), ask)
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<Model>>> {
        Box::pin(self.connection.models())
    }
}
