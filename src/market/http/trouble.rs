//! The layer that makes answers go wrong on purpose.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::App;
use super::connection::Wire;
use super::limit::too_many;
use crate::market::faults::Fault;
use crate::market::refusal::Refusal;

/// The most of an answer that a fault takes apart; streams never end, and are left alone.
const ANSWER: usize = 64 << 20;

/// The layer.
pub async fn trouble(State(app): State<App>, ConnectInfo(wire): ConnectInfo<Wire>, request: Request, next: Next) -> Response {
    let Some(fault) = app.faults.pick(request.method().as_str(), request.uri().path()) else { return next.run(request).await };
    let broken = || Refusal::new(500, "internal", "Something went wrong here.").into_response();
    match fault {
        Fault::TooMany { retry_after } => too_many(retry_after.into()),
        Fault::ErrorBefore => broken(),
        Fault::ResetBefore => {
            wire.reset();
            broken()
        }
        Fault::SilentBefore => {
            app.closing.cancelled().await;
            broken()
        }
        Fault::Huge { bytes } => huge(bytes),
        Fault::ErrorAfter => {
            next.run(request).await;
            broken()
        }
        Fault::ResetAfter => {
            next.run(request).await;
            wire.reset();
            broken()
        }
        Fault::SilentAfter => {
            next.run(request).await;
            app.closing.cancelled().await;
            broken()
        }
        Fault::WrongShape => {
            let status = next.run(request).await.status();
            let status = if status.is_success() { status } else { StatusCode::OK };
            (status, axum::Json(serde_json::json!({ "jobs": { "count": "many" }, "assignment": 7, "payments": null })))
                .into_response()
        }
        Fault::Truncated | Fault::Cut | Fault::Drip { .. } => spoil(next.run(request).await, fault).await,
    }
}

/// Takes a whole answer apart.
async fn spoil(response: Response, fault: Fault) -> Response {
    if response.headers().get(CONTENT_TYPE).is_some_and(|mime| mime.as_bytes().starts_with(b"text/event-stream")) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, ANSWER).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    parts.headers.remove(ETAG);
    let half = bytes.slice(..bytes.len() / 2);
    let body = match fault {
        Fault::Truncated => {
            parts.headers.remove(CONTENT_LENGTH);
            Body::from(half)
        }
        Fault::Cut => {
            parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
            Body::from_stream(stream::unfold(Some(half), |half| async move {
                if let Some(half) = half.filter(|half| !half.is_empty()) {
                    return Some((Ok(half), Some(Bytes::new())));
                }
                // The half must be on its way before the end, or nothing of it arrives.
                tokio::time::sleep(Duration::from_millis(30)).await;
                Some((Err(io::Error::from(io::ErrorKind::ConnectionAborted)), None))
            }))
        }
        Fault::Drip { bytes: each, every_ms } => Body::from_stream(stream::unfold(bytes, move |mut rest| async move {
            if rest.is_empty() {
                return None;
            }
            tokio::time::sleep(Duration::from_millis(every_ms)).await;
            let drop = rest.split_to(each.clamp(1, rest.len()));
            Some((Ok::<_, io::Error>(drop), rest))
        })),
        _ => Body::from(bytes),
    };
    Response::from_parts(parts, body)
}

/// JSON that goes on and on.
fn huge(bytes: u64) -> Response {
    const CHUNK: usize = 64 << 10;
    let start = Bytes::from_static(b"{\"jobs\":[],\"next_cursor\":null,\"has_more\":false,\"padding\":\"");
    let filler = Bytes::from(vec![b'x'; CHUNK]);
    let body = stream::unfold((Some(start), bytes), move |(start, left)| {
        let filler = filler.clone();
        async move {
            if let Some(start) = start {
                return Some((Ok::<_, io::Error>(start), (None, left)));
            }
            let chunk = u64::try_from(CHUNK).unwrap_or(u64::MAX).min(left);
            if chunk == 0 {
                return None;
            }
            let piece = filler.slice(..usize::try_from(chunk).unwrap_or(CHUNK));
            Some((Ok(piece), (None, left - chunk)))
        }
    });
    let mut response = Body::from_stream(body).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
