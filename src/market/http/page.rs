//! Paging: limits, cursors, times in a query, and answers that need not be sent twice.

use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Query};
use axum::http::header::{ETAG, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Json, RequestPartsExt};
use chrono::DateTime;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::domain::Time;
use crate::market::refusal::Refusal;
use crate::market::world::Place;

const LIMIT: usize = 100;
const LIMIT_MOST: usize = 200;

/// What a list was asked for.
pub struct Page {
    /// At most so many.
    pub limit: usize,
    /// Where to go on.
    pub cursor: Option<String>,
    /// Only what changed later.
    pub updated_after: Option<Time>,
}

#[derive(Deserialize)]
struct Asked {
    limit: Option<String>,
    cursor: Option<String>,
    updated_after: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let bad = |e: QueryRejection| Refusal::bad("bad_query", e.to_string());
        let Query(asked) = parts.extract::<Query<Asked>>().await.map_err(bad)?;
        let limit = match asked.limit.as_deref().filter(|limit| !limit.is_empty()) {
            None => LIMIT,
            Some(text) => text
                .parse()
                .ok()
                .filter(|n| (1..=LIMIT_MOST).contains(n))
                .ok_or_else(|| Refusal::bad("bad_query", format!("limit must be a number from 1 to {LIMIT_MOST}.")))?,
        };
        let time = |text: &str| {
            let read = DateTime::parse_from_rfc3339(text).map(|t| t.to_utc());
            read.map_err(|_| {
                Refusal::bad("bad_query", "updated_after must be a time as in RFC 3339, such as 2026-01-31T12:00:00Z.")
            })
        };
        let updated_after = asked.updated_after.as_deref().filter(|t| !t.is_empty()).map(time).transpose()?;
        Ok(Page { limit, cursor: asked.cursor.filter(|c| !c.is_empty()), updated_after })
    }
}

/// A cursor: a letter for the list, milliseconds, a number.
pub fn cursor(letter: char, (at, n): Place) -> String {
    format!("{letter}{}.{n}", at.timestamp_millis())
}

/// The place behind a cursor of the list `letter`; `None` for another list's.
pub fn place(letter: char, cursor: &str) -> Option<Place> {
    let (millis, n) = cursor.strip_prefix(letter)?.split_once('.')?;
    Some((DateTime::from_timestamp_millis(millis.parse().ok()?)?, n.parse().ok()?))
}

/// A cursor that no list gave.
pub fn bad_cursor() -> Refusal {
    Refusal::bad("bad_cursor", "This cursor was not given for this list; start without one.")
}

/// The place behind every change up to and including `at`.
pub fn behind(at: Time) -> Place {
    (at, u64::MAX)
}

/// 200 with an ETag over `value`, or 304 when the asker has it. `unless_stamped` is left out of the tag.
pub fn tagged(headers: &HeaderMap, mut value: Value, unless_stamped: &str) -> Response {
    let stamp = value.as_object_mut().and_then(|fields| fields.shift_remove(unless_stamped));
    let digest = format!("{:x}", Sha256::digest(value.to_string()));
    let tag = format!("\"{}\"", &digest[..32]);
    let known = |asked: &HeaderValue| {
        let tags = asked.to_str().unwrap_or_default().split(',');
        tags.map(|t| t.trim().trim_start_matches("W/")).any(|t| t == tag || t == "*")
    };
    let mut response = if headers.get_all(IF_NONE_MATCH).iter().any(known) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        if let (Some(stamp), Some(fields)) = (stamp, value.as_object_mut()) {
            fields.insert(unless_stamped.to_owned(), stamp);
        }
        Json(value).into_response()
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}
