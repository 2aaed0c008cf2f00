//! The stream of changes (server-sent events).

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::stream::{self, Stream};
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;

use super::App;
use crate::market::keeper::present;
use crate::market::view;
use crate::market::world::{News, Subject};

const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// `GET /v1/stream`. It opens with `hello`; another `hello` later means that changes were missed and lists should be read.
pub async fn stream(State(app): State<App>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let (listener, change) = app.keeper.listen();
    let first = Some(hello(change));
    let events = stream::unfold((first, listener, app), |(first, mut listener, app)| async move {
        if let Some(event) = first {
            return Some((Ok(event), (None, listener, app)));
        }
        let heard = tokio::select! {
            () = app.closing.cancelled() => return None,
            heard = listener.recv() => heard,
        };
        let event = match heard {
            Ok(news) => told(&news),
            Err(RecvError::Lagged(_)) => hello(app.keeper.with(|world, _| world.change())),
            Err(RecvError::Closed) => return None,
        };
        Some((Ok(event), (None, listener, app)))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE).text("alive"))
}

fn hello(change: u64) -> Event {
    let data = json!({ "id": "market", "status": "open", "updated_at": view::stamp(present()) });
    Event::default().event("hello").id(change.to_string()).data(data.to_string())
}

fn told(news: &News) -> Event {
    let event = match news.subject {
        Subject::Job => "job",
        Subject::Assignment => "assignment",
        Subject::Payment => "payment",
    };
    Event::default().event(event).id(news.change.to_string()).data(view::news(news).to_string())
}
