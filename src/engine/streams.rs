//! Streams of changes that platforms keep open.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc};

use super::actor::Actor;
use super::effect::Input;
use crate::domain::SourceName;
use crate::platforms::Platform;

/// A broken stream is tried again after this, doubled up to the cap.
const STREAM_BASE: Duration = Duration::from_secs(1);
const STREAM_CAP: Duration = Duration::from_secs(60);
/// Streams at the same time: each holds a connection, or one of the system's 128 watches of folders that a person has for everything.
/// Sources beyond that are polled by their pace.
pub(super) const STREAMS_AT_ONCE: usize = 48;

impl Actor {
    /// One task a stream: a word of change pokes the schedule, a broken stream is tried again, ever more rarely.
    pub(super) fn watch_streams(&mut self) {
        let sources: Vec<SourceName> = self.platforms.keys().cloned().collect();
        sources.iter().for_each(|source| self.watch_stream(source));
    }

    /// The stream of one source, if its platform has one; one that was open before is closed.
    pub(super) fn watch_stream(&mut self, source: &SourceName) {
        self.leave_stream(source);
        let platform = self.platforms.get(source).filter(|platform| platform.abilities().stream);
        let Some(platform) = platform.filter(|_| self.state.polls_by_itself()).cloned() else { return };
        let poked = Arc::new(AtomicBool::new(false));
        self.poked.insert(source.clone(), poked.clone());
        let task = self.lines.spawn(watch(source.clone(), platform, poked, self.outputs.clone(), self.places.clone()));
        self.watching.insert(source.clone(), task);
    }

    /// Closes a stream.
    pub(super) fn leave_stream(&mut self, source: &SourceName) {
        self.poked.remove(source);
        if let Some(task) = self.watching.remove(source) {
            task.abort();
        }
    }
}

async fn watch(
    source: SourceName,
    platform: Arc<dyn Platform>,
    poked: Arc<AtomicBool>,
    outputs: mpsc::UnboundedSender<Input>,
    places: Arc<Semaphore>,
) {
    let mut pause = STREAM_BASE;
    loop {
        let connected = AtomicBool::new(false);
        let poke = || {
            if !connected.swap(true, Ordering::AcqRel) {
                let _ = outputs.send(Input::Streaming { source: source.clone(), on: true });
            }
            // One word is enough until it was heard.
            if !poked.swap(true, Ordering::AcqRel) {
                let _ = outputs.send(Input::Poked { source: source.clone() });
            }
        };
        // Given back while it waits for its next try. Nobody closes the semaphore.
        let place = places.acquire().await;
        platform.watch(&poke).await;
        drop(place);
        if connected.load(Ordering::Acquire) {
            let _ = outputs.send(Input::Streaming { source: source.clone(), on: false });
            pause = STREAM_BASE;
        }
        tokio::time::sleep(pause.mul_f64(0.5 + rand::random::<f64>() / 2.0)).await;
        pause = STREAM_CAP.min(pause * 2);
    }
}
