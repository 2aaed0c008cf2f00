//! Serves the engine's api to other processes of the same person.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use futures_util::{SinkExt, StreamExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::codec::{FramedRead, FramedWrite};

use super::wire::{Asked, Told, codec};
use crate::engine::Handle;
use crate::error::{Class, Failure, Result};

/// Requests of one client that may be open, answers it has not read included, before no more of them are read.
const ANSWERS: usize = 64;

/// A listening socket. Ends with [`Server::stop`] or when dropped.
pub struct Server {
    task: JoinHandle<()>,
    path: PathBuf,
}

impl Server {
    /// Listens on `path` (0600, in a 0700 folder). The caller holds the store, so a socket left there is nobody's.
    pub fn start(path: &Path, handle: Handle) -> Result<Server> {
        let cannot = |why: std::io::Error| {
            Failure::new(Class::Store, format!("the socket {} cannot be made", path.display()))
                .why(why)
                .hint("check the folder's permissions, or set XDG_RUNTIME_DIR")
        };
        if let Some(folder) = path.parent() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(cannot)?;
        }
        match fs::remove_file(path) {
            Err(why) if why.kind() != std::io::ErrorKind::NotFound => return Err(cannot(why)),
            _ => {}
        }
        let listener = UnixListener::bind(path).map_err(cannot)?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(cannot)?;
        let task = tokio::spawn(accept(listener, handle));
        Ok(Server { task, path: path.to_owned() })
    }

    /// Stops listening.
    pub fn stop(self) {}
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
        let _ = fs::remove_file(&self.path);
    }
}

async fn accept(listener: UnixListener, handle: Handle) {
    let me = rustix::process::geteuid().as_raw();
    let mut served = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                // The folder keeps others out already; this holds where somebody widened it.
                Ok((stream, _)) if stream.peer_cred().is_ok_and(|peer| peer.uid() == me) => {
                    served.spawn(serve(stream, handle.clone()));
                }
                Ok(_) => tracing::warn!("refused a connection of another user"),
                Err(why) => {
                    tracing::warn!(%why, "accept failed");
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                }
            },
            Some(_) = served.join_next() => {}
        }
    }
}

async fn serve(stream: UnixStream, handle: Handle) {
    let (read, write) = stream.into_split();
    let mut lines = FramedRead::new(read, codec());
    let mut events = handle.events();
    let (answers_in, mut answers) = mpsc::channel::<Told>(ANSWERS);
    let writer = async move {
        let mut out = FramedWrite::new(write, codec());
        loop {
            let told = tokio::select! {
                biased;
                answer = answers.recv() => match answer {
                    Some(answer) => answer,
                    None => break,
                },
                event = events.recv() => match event {
                    Ok(event) => Told::Event(Box::new(event)),
                    Err(RecvError::Lagged(n)) => Told::Missed(n),
                    Err(RecvError::Closed) => break,
                },
            };
            let Ok(line) = serde_json::to_string(&told) else { continue };
            if out.send(line).await.is_err() {
                break;
            }
        }
    };
    let reader = async move {
        while let Some(read) = lines.next().await {
            let line = match read {
                Ok(line) => line,
                Err(why) => {
                    let failure =
                        Failure::new(Class::Usage, "the line could not be read").why(why).hint("one JSON object a line");
                    let _ = answers_in.send(Told::Answer { id: 0, reply: Box::new(Err(failure)) }).await;
                    break;
                }
            };
            match serde_json::from_str::<Asked>(&line) {
                Ok(Asked { id, request }) => {
                    // The place for the answer comes first: who asks and never reads fills only his own places.
                    let Ok(place) = answers_in.clone().reserve_owned().await else { break };
                    let handle = handle.clone();
                    // Each on its own: a slow platform behind one request holds no other up.
                    tokio::spawn(async move {
                        let reply = Box::new(handle.ask(request).await);
                        place.send(Told::Answer { id, reply });
                    });
                }
                Err(why) => {
                    let id =
                        serde_json::from_str::<serde_json::Value>(&line).ok().and_then(|v| v.get("id")?.as_u64()).unwrap_or(0);
                    let failure = Failure::new(Class::Usage, "the request is not one this engine knows")
                        .why(why)
                        .hint("use the same version of juggler on both ends");
                    let reply = Box::new(Err(failure));
                    if answers_in.send(Told::Answer { id, reply }).await.is_err() {
                        break;
                    }
                }
            }
        }
    };
    let mut writer = std::pin::pin!(writer);
    tokio::select! {
        () = &mut writer => {}
        // Nothing more is asked; what was asked is still answered.
        () = reader => writer.await,
    }
}
