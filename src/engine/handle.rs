//! How a front end holds the engine, whether it runs in this process or behind a socket.

use tokio::sync::{broadcast, mpsc, oneshot};

use super::api::{Event, Reply, Request};
use crate::error::{Class, Failure, Result};

/// A request with the place for its reply.
#[derive(Debug)]
pub struct Sent {
    /// What is wished.
    pub request: Request,
    /// Where the answer goes.
    pub reply: oneshot::Sender<Result<Reply>>,
}

/// Requests in, replies and events out. Cheap to clone; the engine ends when it is told to, not when handles go.
#[derive(Clone, Debug)]
pub struct Handle {
    requests: mpsc::Sender<Sent>,
    events: broadcast::Sender<Event>,
}

impl Handle {
    /// A handle over a queue of requests and a broadcast of events.
    pub fn new(requests: mpsc::Sender<Sent>, events: broadcast::Sender<Event>) -> Handle {
        Handle { requests, events }
    }

    /// Sends without waiting; `None` when the queue is full (press the key again).
    pub fn try_send(&self, request: Request) -> Option<oneshot::Receiver<Result<Reply>>> {
        let (reply, answer) = oneshot::channel();
        self.requests.try_send(Sent { request, reply }).ok().map(|()| answer)
    }

    /// Sends and waits for the answer.
    pub async fn ask(&self, request: Request) -> Result<Reply> {
        let (reply, answer) = oneshot::channel();
        self.requests.send(Sent { request, reply }).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| went_away())?
    }

    /// When nobody takes requests any more. An engine that may still be followed by another one does not count as gone.
    pub async fn closed(&self) {
        self.requests.closed().await;
    }

    /// Everything that happens from now on. A subscriber that lags is told so by its receiver and asks for a fresh window.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }
}

/// There is none any more.
fn stopped() -> Failure {
    Failure::new(Class::Internal, "the engine has stopped").hint("start juggler again")
}

/// It ended with a question still open: whether it was done is not known.
pub fn went_away() -> Failure {
    Failure::new(Class::Unknown, "the engine went away before it answered")
        .hint("look at how things stand, then do it again if it was not done")
}
