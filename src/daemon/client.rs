//! The other end of the socket: looks like any engine.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::{SinkExt, StreamExt};
use tokio::net::UnixStream;
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio_util::codec::{FramedRead, FramedWrite};

use super::wire::{Asked, Told, codec};
use crate::engine::api::{Event, Reply, What};
use crate::engine::{Handle, Sent};
use crate::error::{Class, Failure, Result};

const REQUESTS: usize = 256;
const EVENTS: usize = 1024;

/// A handle on the engine behind `socket`; `None` where nobody listens.
pub async fn connect(socket: &Path) -> Result<Option<Handle>> {
    let stream = match UnixStream::connect(socket).await {
        Ok(stream) => stream,
        Err(why) if matches!(why.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => return Ok(None),
        Err(why) => {
            return Err(Failure::new(Class::Busy, format!("the socket {} cannot be used", socket.display()))
                .why(why)
                .hint("is it another user's?"));
        }
    };
    let me = rustix::process::geteuid().as_raw();
    if !stream.peer_cred().is_ok_and(|peer| peer.uid() == me) {
        return Err(Failure::new(Class::Busy, format!("the socket {} belongs to another user", socket.display()))
            .hint("remove it, or set XDG_RUNTIME_DIR to a folder of your own"));
    }
    let (requests_in, requests) = mpsc::channel(REQUESTS);
    let (events, _) = broadcast::channel(EVENTS);
    tokio::spawn(relay(stream, requests, events.clone()));
    Ok(Some(Handle::new(requests_in, events)))
}

/// Requests that wait for their answers, by number.
type Open = Arc<Mutex<HashMap<u64, oneshot::Sender<Result<Reply>>>>>;

/// Carries requests over and answers back, until either side goes; then every open request fails by its dropped answerer.
///
/// Both directions at once: a long request on its way out never keeps the answers from being read, else both ends could wait for
/// each other.
async fn relay(stream: UnixStream, mut requests: mpsc::Receiver<Sent>, events: broadcast::Sender<Event>) {
    let (read, write) = stream.into_split();
    let mut lines = FramedRead::new(read, codec());
    let mut out = FramedWrite::new(write, codec());
    let open = Open::default();
    let waiting = open.clone();
    let writer = async move {
        let mut last = 0;
        while let Some(Sent { request, reply }) = requests.recv().await {
            last += 1;
            let Ok(line) = serde_json::to_string(&Asked { id: last, request }) else { continue };
            lock(&waiting).insert(last, reply);
            if out.send(line).await.is_err() {
                break;
            }
        }
    };
    let reader = async move {
        while let Some(Ok(line)) = lines.next().await {
            match serde_json::from_str::<Told>(&line) {
                Ok(Told::Answer { id, reply }) => {
                    let answerer = lock(&open).remove(&id);
                    if let Some(answerer) = answerer {
                        let _ = answerer.send(*reply);
                    }
                }
                Ok(Told::Event(event)) => {
                    let _ = events.send(*event);
                }
                Ok(Told::Missed(_)) => {
                    // Every window is stale now; version 0 is older than any, so it is asked for again.
                    let what = What::Feed { version: 0, arrived: 0, changed: 0, gone: 0 };
                    let _ = events.send(Event { seq: 0, at: chrono::Utc::now(), what });
                }
                Err(why) => tracing::warn!(%why, "a line from the engine makes no sense"),
            }
        }
    };
    tokio::select! {
        () = writer => {}
        () = reader => {}
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
