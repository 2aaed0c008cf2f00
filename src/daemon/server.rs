//! Serves the engine's api to other processes of the same person.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::codec::{FramedRead, FramedWrite};

use super::front::{Entry, Fronts};
use super::wire::{Asked, Control, Controlled, Host, Leave, Role, Told, codec};
use crate::engine::Handle;
use crate::engine::api::VERSION;
use crate::error::{Class, Failure, Result};

/// Requests of one client that may be open, answers it has not read included, before no more of them are read.
const ANSWERS: usize = 64;
/// Front ends have so long to hear that another engine follows, or to save and leave.
const TOLD: Duration = Duration::from_secs(3);
const LEAVING: Duration = Duration::from_secs(5);
const LOOK_AGAIN: Duration = Duration::from_millis(10);
/// Bytes that a connection may keep for its next answer.
const BUFFER: usize = 256 << 10;
/// After a failing accept.
const PAUSE: Duration = Duration::from_millis(100);

/// A listening socket. Ends with [`Server::stop`] or when dropped.
pub struct Server {
    task: JoinHandle<()>,
    path: PathBuf,
    fronts: Fronts,
    asked: watch::Receiver<Option<Leave>>,
}

/// What every connection needs.
#[derive(Clone)]
struct Desk {
    handle: Handle,
    host: Host,
    fronts: Fronts,
    ask: watch::Sender<Option<Leave>>,
}

impl Server {
    /// Listens on `path` (0600, in a 0700 folder). The caller holds the store, so a socket left there is nobody's.
    pub fn start(path: &Path, handle: Handle, role: Role) -> Result<Server> {
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
        let fronts = Fronts::default();
        let (ask, asked) = watch::channel(None);
        let program = env!("CARGO_PKG_VERSION").to_owned();
        let host = Host { pid: std::process::id(), role, program, since: chrono::Utc::now() };
        let desk = Desk { handle, host, fronts: fronts.clone(), ask };
        let task = tokio::spawn(accept(listener, desk));
        Ok(Server { task, path: path.to_owned(), fronts, asked })
    }

    /// Who is attached.
    pub fn fronts(&self) -> &Fronts {
        &self.fronts
    }

    /// What somebody asks of this process: that its terminal leaves, or that its engine ends.
    pub fn asked(&self) -> watch::Receiver<Option<Leave>> {
        self.asked.clone()
    }

    /// Stops listening. Who is attached is told first, if there is something to tell, and has a moment to go by itself: a terminal
    /// has words to save.
    pub async fn stop(self, leave: Option<Leave>) {
        let Some(leave) = leave else { return };
        self.fronts.tell(leave);
        let gone = async {
            while self.fronts.others() > 0 {
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        };
        let _ = tokio::time::timeout(if leave == Leave::Follows { TOLD } else { LEAVING }, gone).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
        let _ = fs::remove_file(&self.path);
    }
}

async fn accept(listener: UnixListener, desk: Desk) {
    let me = rustix::process::geteuid().as_raw();
    let mut served = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                // The folder keeps others out already; this holds where somebody widened it.
                Ok((stream, _)) if stream.peer_cred().is_ok_and(|peer| peer.uid() == me) => {
                    served.spawn(serve(stream, desk.clone()));
                }
                Ok((stream, _)) => {
                    tracing::warn!("refused a connection of another user");
                    served.spawn(refuse(stream, me));
                }
                Err(why) => {
                    tracing::warn!(%why, "accept failed");
                    tokio::time::sleep(PAUSE).await;
                }
            },
            Some(_) = served.join_next() => {}
        }
    }
}

/// Says to another user why nothing is to be had here, and closes.
async fn refuse(stream: UnixStream, me: u32) {
    let who = stream.peer_cred().map_or("nobody knows who".to_owned(), |peer| format!("user {}", peer.uid()));
    let failure = Failure::new(Class::Refused, "this engine serves another user")
        .why(format!("it runs for user {me}, and the connection is of {who}"))
        .hint("run juggler as yourself: everybody has an engine of their own");
    let Ok(line) = serde_json::to_string(&Told::Control { id: 0, reply: Err(failure) }) else { return };
    // Whoever does not read is not waited for.
    let _ = tokio::time::timeout(TOLD, FramedWrite::new(stream, codec()).send(line)).await;
}

/// One connection, to its end.
async fn serve(stream: UnixStream, desk: Desk) {
    let (read, write) = stream.into_split();
    let mut lines = FramedRead::new(read, codec());
    let mut events = desk.handle.events();
    let mut leaves = desk.fronts.heard();
    let (answers_in, mut answers) = mpsc::channel::<Told>(ANSWERS);
    let writer = async move {
        let mut out = FramedWrite::new(write, codec());
        let mut over = false;
        while !over {
            let told = tokio::select! {
                biased;
                answer = answers.recv() => match answer {
                    Some(answer) => answer,
                    None => break,
                },
                Ok(leave) = leaves.recv() => {
                    over = leave == Leave::Follows;
                    Told::Leave(leave)
                }
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
            // One large answer must not be paid for as long as somebody is attached.
            if out.write_buffer().capacity() > BUFFER {
                *out.write_buffer_mut() = Default::default();
            }
        }
    };
    let reader = async move {
        // Attached while it lives.
        let mut entry: Option<Entry> = None;
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
            let told = match serde_json::from_str::<Asked>(&line) {
                Ok(Asked { id, request: Some(request), control: None }) => {
                    // The place for the answer comes first: who asks and never reads fills only his own places.
                    let Ok(place) = answers_in.clone().reserve_owned().await else { break };
                    let handle = desk.handle.clone();
                    // Each on its own: a slow platform behind one request holds no other up.
                    tokio::spawn(async move {
                        let reply = Box::new(handle.ask(request).await);
                        place.send(Told::Answer { id, reply });
                    });
                    continue;
                }
                Ok(Asked { id, request: None, control: Some(control) }) => {
                    Told::Control { id, reply: desk.control(control, &mut entry) }
                }
                Ok(Asked { id, .. }) => strange(id, "it needs either a request or a control"),
                Err(why) => {
                    let id =
                        serde_json::from_str::<serde_json::Value>(&line).ok().and_then(|v| v.get("id")?.as_u64()).unwrap_or(0);
                    strange(id, why)
                }
            };
            if answers_in.send(told).await.is_err() {
                break;
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

fn strange(id: u64, why: impl std::fmt::Display) -> Told {
    let failure = Failure::new(Class::Usage, "the request is not one this engine knows")
        .why(why)
        .hint("use the same version of juggler on both ends");
    Told::Answer { id, reply: Box::new(Err(failure)) }
}

impl Desk {
    fn control(&self, control: Control, entry: &mut Option<Entry>) -> Result<Controlled> {
        match control {
            Control::Hello { version: VERSION, front } => {
                *entry = Some(self.fronts.enter(front));
                Ok(Controlled::Hello { version: VERSION, host: self.host.clone(), now: chrono::Utc::now() })
            }
            Control::Hello { version, .. } => {
                Err(Failure::new(Class::Busy, "the engine that holds the store is another version of juggler")
                    .why(format!("it speaks version {VERSION} (juggler {}), this one {version}", self.host.program))
                    .hint(format!(
                        "use the same version on both ends; `kill {}` ends that engine, and nothing saved is lost",
                        self.host.pid
                    )))
            }
            Control::Ping => Ok(Controlled::Done),
            Control::Status => Ok(self.status()),
            Control::Detach => {
                let before = self.status();
                let _ = self.ask.send(Some(Leave::Detached));
                self.fronts.tell(Leave::Detached);
                Ok(before)
            }
            Control::Stop { follows } => {
                let _ = self.ask.send(Some(if follows { Leave::Follows } else { Leave::Stopped }));
                Ok(Controlled::Done)
            }
        }
    }

    fn status(&self) -> Controlled {
        Controlled::Host { host: self.host.clone(), fronts: self.fronts.list() }
    }
}
