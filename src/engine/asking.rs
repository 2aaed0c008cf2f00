//! Models on the line: one task a call, whose pieces come in small batches, the first words at once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::actor::Actor;
use super::effect::Input;
use crate::assist::provider::{self, Ask, Piece, Provider, Why};
use crate::config::AssistantConfig;
use crate::domain::Text;
use crate::error::Result;
use crate::net::Http;

/// Pieces wait for others for so long: nobody reads faster, and each batch is a step.
const BATCH: Duration = Duration::from_millis(30);

/// The folder, in the store's, in which programs are given one each.
pub(super) const PROGRAMS: &str = "programs";

/// The models that are spoken to.
#[derive(Default)]
pub(super) struct Switchboard {
    providers: HashMap<String, Arc<dyn Provider>>,
    calls: HashMap<Text, AbortHandle>,
}

impl Switchboard {
    /// The provider of an assistant, connected anew when its config changed.
    fn provider(&mut self, config: &AssistantConfig, data: &Path) -> Result<Arc<dyn Provider>> {
        if let Some(known) = self.providers.get(&config.name).filter(|known| known.config() == config) {
            return Ok(known.clone());
        }
        let provider = provider::connect(config, Http::default(), &data.join(PROGRAMS))?;
        self.providers.insert(config.name.clone(), provider.clone());
        Ok(provider)
    }
}

impl Actor {
    pub(super) fn ask_model(&mut self, call: Text, config: &AssistantConfig, ask: Arc<Ask>) {
        let outputs = self.outputs.clone();
        match self.switchboard.provider(config, &self.data) {
            Err(failure) => {
                let _ = outputs.send(Input::Said { call, pieces: vec![Piece::End(Why::Failed(failure))] });
            }
            Ok(provider) => {
                self.switchboard.calls.retain(|_, task| !task.is_finished());
                let task = self.lines.spawn(listen(call.clone(), provider, ask, outputs, self.data.clone()));
                self.switchboard.calls.insert(call, task);
            }
        }
    }

    pub(super) fn hang_up(&mut self, call: &Text) {
        // The stream is dropped with its task, and with it the connection.
        if let Some(task) = self.switchboard.calls.remove(call) {
            task.abort();
        }
    }
}

async fn listen(call: Text, provider: Arc<dyn Provider>, ask: Arc<Ask>, outputs: mpsc::UnboundedSender<Input>, data: PathBuf) {
    let mut pieces = provider.ask((*ask).clone());
    let mut held: Vec<Piece> = Vec::new();
    let mut next = Instant::now();
    loop {
        let over = tokio::select! {
            piece = pieces.next() => match piece {
                Some(piece) => {
                    let piece = kept(piece, &call, &data).await;
                    let over = matches!(piece, Piece::End(_));
                    held.push(piece);
                    if !over && Instant::now() < next {
                        continue;
                    }
                    over
                }
                None => true,
            },
            () = tokio::time::sleep_until(next), if !held.is_empty() => false,
        };
        next = Instant::now() + BATCH;
        if !held.is_empty() {
            let _ = outputs.send(Input::Said { call: call.clone(), pieces: std::mem::take(&mut held) });
        }
        if over {
            return;
        }
    }
}

/// A file that was left is kept while its place is there.
async fn kept(piece: Piece, call: &Text, data: &Path) -> Piece {
    let Piece::Left { name, path } = piece else { return piece };
    let (call, data, shown) = (call.clone(), data.to_owned(), name.clone());
    match super::files::keep_left(data, name, path, call).await {
        Ok(file) => Piece::Kept(Box::new(file)),
        Err(failure) => Piece::Remark(Text::title(&format!("{shown} is not taken over: {failure}"))),
    }
}
