//! The other end of the socket, or of any pair of pipes that leads to one: greets, then carries requests over and answers back.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::UnixStream;
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio_util::codec::{FramedRead, FramedWrite, LinesCodec};

use super::front::Front;
use super::wire::{Asked, Control, Controlled, Host, Leave, Told, codec};
use crate::engine::api::{Event, Reply, VERSION, What};
use crate::engine::{Sent, went_away};
use crate::error::{Class, Failure, Result};

/// What is written before the answer to the greeting and is none: words of a login, at most so many lines.
const PREAMBLE: usize = 200;
/// A far engine is asked this often whether it is there, and given up after so long without a word.
const PING: Duration = Duration::from_secs(5);
const SILENCE: Duration = Duration::from_secs(15);

type Reader = FramedRead<Box<dyn AsyncRead + Send + Unpin>, LinesCodec>;
type Writer = FramedWrite<Box<dyn AsyncWrite + Send + Unpin>, LinesCodec>;
/// Requests that wait for their answers, by number.
type Open = Arc<Mutex<HashMap<u64, oneshot::Sender<Result<Reply>>>>>;

/// A way to an engine that understood the greeting.
pub struct Connection {
    lines: Reader,
    out: Writer,
    last: u64,
    /// Silence means that it is gone: what leads there may not say so.
    far: bool,
    /// Who runs the engine.
    pub host: Host,
    /// How far the clock over there is ahead of ours, at most.
    pub ahead: TimeDelta,
}

/// What a connection tells beside answers.
pub struct Tell<'a> {
    /// Where events go.
    pub events: &'a broadcast::Sender<Event>,
    /// Where words to the front end go.
    pub leaves: &'a mpsc::UnboundedSender<Leave>,
}

/// The socket at `path`; `None` where nobody listens.
///
/// # Errors
/// When it is another user's, or cannot be used.
pub async fn open(path: &Path) -> Result<Option<UnixStream>> {
    let stream = match UnixStream::connect(path).await {
        Ok(stream) => stream,
        Err(why) if matches!(why.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => return Ok(None),
        Err(why) => {
            return Err(Failure::new(Class::Busy, format!("the socket {} cannot be used", path.display()))
                .why(why)
                .hint("is it another user's?"));
        }
    };
    let me = rustix::process::geteuid().as_raw();
    if !stream.peer_cred().is_ok_and(|peer| peer.uid() == me) {
        return Err(Failure::new(Class::Busy, format!("the socket {} belongs to another user", path.display()))
            .hint("remove it, or set XDG_RUNTIME_DIR to a folder of your own"));
    }
    Ok(Some(stream))
}

/// Greets the engine behind `path`; `None` where nobody listens, or not any more.
///
/// # Errors
/// As [`open`], and when it is another version.
pub async fn connect(path: &Path, front: &Front) -> Result<Option<Connection>> {
    let Some(stream) = open(path).await? else { return Ok(None) };
    let (read, write) = stream.into_split();
    match greet(Box::new(read), Box::new(write), front, false).await {
        Ok(connection) => Ok(Some(connection)),
        Err(Greeting::Refused(failure)) => Err(failure),
        // It went away between connecting and asking.
        Err(Greeting::Silent) => Ok(None),
    }
}

/// Why a greeting came to nothing.
pub enum Greeting {
    /// It was answered with this.
    Refused(Failure),
    /// The other end closed.
    Silent,
}

/// Greets whatever is at the other end.
///
/// # Errors
/// See [`Greeting`].
pub async fn greet(
    read: Box<dyn AsyncRead + Send + Unpin>,
    write: Box<dyn AsyncWrite + Send + Unpin>,
    front: &Front,
    far: bool,
) -> std::result::Result<Connection, Greeting> {
    let (mut lines, mut out) = (FramedRead::new(read, codec()), FramedWrite::new(write, codec()));
    let asked_at = chrono::Utc::now();
    let hello = Control::Hello { version: VERSION, front: front.clone() };
    say(&mut out, Asked { id: 0, control: Some(hello), ..Asked::default() }).await.map_err(|_| Greeting::Silent)?;
    for _ in 0..PREAMBLE {
        let Some(Ok(line)) = lines.next().await else { return Err(Greeting::Silent) };
        match serde_json::from_str(&line) {
            Ok(Told::Control { reply: Ok(Controlled::Hello { host, now, .. }), .. }) => {
                // On one machine there is one clock. Else the way back counts against the person, as everywhere with deadlines.
                let ahead = if far { now - asked_at } else { TimeDelta::zero() };
                return Ok(Connection { lines, out, last: 0, far, host, ahead });
            }
            Ok(Told::Control { reply: Err(failure), .. }) => return Err(Greeting::Refused(failure)),
            // An engine from before there were greetings calls this one strange.
            Ok(Told::Answer { reply, .. }) => {
                let why = reply.err().map(|failure| failure.why).unwrap_or_default();
                return Err(Greeting::Refused(
                    Failure::new(Class::Busy, "the engine that holds the store is another version of juggler")
                        .why(why)
                        .hint("quit the other one, or use the same version"),
                ));
            }
            _ => {}
        }
    }
    Err(Greeting::Refused(
        Failure::new(Class::Usage, "what answers there is no juggler")
            .why("it says something else")
            .hint("try the command by hand, with juggler attach --stdio behind it"),
    ))
}

async fn say(out: &mut Writer, asked: Asked) -> Result<(), ()> {
    let line = serde_json::to_string(&asked).map_err(drop)?;
    out.send(line).await.map_err(drop)
}

impl Connection {
    /// One wish to the process that runs the engine.
    ///
    /// # Errors
    /// What it says, or that it went away.
    pub async fn control(&mut self, control: Control) -> Result<Controlled> {
        let gone = || Failure::new(Class::Internal, "the engine went away").hint("try again");
        self.last += 1;
        let id = self.last;
        say(&mut self.out, Asked { id, control: Some(control), ..Asked::default() }).await.map_err(|()| gone())?;
        while let Some(Ok(line)) = self.lines.next().await {
            if let Ok(Told::Control { id: answered, reply }) = serde_json::from_str(&line)
                && answered == id
            {
                return reply;
            }
        }
        Err(gone())
    }

    /// Asks the engine to end. Whether it still has time to say yes or is gone at once is the same.
    pub async fn stop(&mut self, follows: bool) {
        let _ = self.control(Control::Stop { follows }).await;
    }

    /// Waits until the other end closes.
    pub async fn closed(mut self) {
        while let Some(Ok(_)) = self.lines.next().await {}
    }

    /// Carries requests over and answers back, until the other end goes or nobody asks any more (`false`). Then every open request
    /// fails.
    ///
    /// Both directions at once: a long request on its way out never keeps the answers from being read, else both ends could wait
    /// for each other.
    pub async fn relay(self, requests: &mut mpsc::Receiver<Sent>, tell: Tell<'_>) -> bool {
        let Connection { mut lines, mut out, mut last, far, .. } = self;
        let open = Open::default();
        let waiting = open.clone();
        let writer = async move {
            let mut ping = tokio::time::interval(PING);
            loop {
                let asked = tokio::select! {
                    sent = requests.recv() => {
                        let Some(Sent { request, reply }) = sent else { return false };
                        last += 1;
                        lock(&waiting).insert(last, reply);
                        Asked { id: last, request: Some(request), control: None }
                    }
                    _ = ping.tick(), if far => {
                        last += 1;
                        Asked { id: last, request: None, control: Some(Control::Ping) }
                    }
                };
                if say(&mut out, asked).await.is_err() {
                    return true;
                }
            }
        };
        let reader = async {
            loop {
                let next =
                    if far { tokio::time::timeout(SILENCE, lines.next()).await.unwrap_or(None) } else { lines.next().await };
                let Some(Ok(line)) = next else { return true };
                match serde_json::from_str::<Told>(&line) {
                    Ok(Told::Answer { id, reply }) => {
                        let answerer = lock(&open).remove(&id);
                        if let Some(answerer) = answerer {
                            let _ = answerer.send(*reply);
                        }
                    }
                    Ok(Told::Event(event)) => drop(tell.events.send(*event)),
                    Ok(Told::Missed(_)) => {
                        let _ = tell.events.send(Event { seq: 0, at: chrono::Utc::now(), what: What::Missed });
                    }
                    Ok(Told::Leave(leave)) => drop(tell.leaves.send(leave)),
                    Ok(Told::Control { .. }) => {}
                    Err(why) => tracing::warn!(%why, "a line from the engine makes no sense"),
                }
            }
        };
        let went = tokio::select! {
            went = writer => went,
            went = reader => went,
        };
        for (_, answerer) in lock(&open).drain() {
            let _ = answerer.send(Err(went_away()));
        }
        went
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
