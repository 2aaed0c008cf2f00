//! Jobs: the list, one of them, its files, and claiming it.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Json, body::Body};
use serde_json::{Value, json};

use super::App;
use super::page::{Page, bad_cursor, behind, cursor, place, tagged};
use crate::market::refusal::Refusal;
use crate::market::view;

/// The list of open jobs, newest first.
const OPEN: char = 'o';
/// The list of changes.
const CHANGED: char = 'c';

/// `GET /v1/jobs`.
pub async fn list(State(app): State<App>, headers: HeaderMap, page: Page) -> Result<Response, Refusal> {
    let before = page.cursor.as_deref().and_then(|c| place(OPEN, c));
    let after = page.cursor.as_deref().and_then(|c| place(CHANGED, c)).or_else(|| {
        // A cursor goes on where it was, whatever else is asked.
        page.updated_after.filter(|_| page.cursor.is_none()).map(behind)
    });
    if page.cursor.is_some() && before.is_none() && after.is_none() {
        return Err(bad_cursor());
    }
    let value = app.keeper.with(|world, now| {
        let as_of = world.seal(now);
        let (jobs, more) = match after {
            Some(after) => world.jobs_after(after, page.limit),
            None => world.newest(before, page.limit),
        };
        let last = jobs.last().filter(|_| more).map(|job| match after {
            Some(_) => cursor(CHANGED, (job.updated_at, job.change)),
            None => cursor(OPEN, (job.posted_at, job.n)),
        });
        let jobs: Vec<Value> = jobs.into_iter().map(|job| view::job_summary(world, job, &app.base)).collect();
        json!({ "jobs": jobs, "next_cursor": last, "has_more": more, "as_of": view::stamp(as_of) })
    });
    Ok(tagged(&headers, value, "as_of"))
}

/// `GET /v1/jobs/{id}`.
pub async fn show(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Refusal> {
    let value = app.keeper.with(|world, _| world.job(&id).map(|job| view::job(world, job, &app.base)))?;
    Ok(tagged(&headers, value, ""))
}

/// `GET /v1/jobs/{id}/attachments/{name}`.
pub async fn attachment(
    State(app): State<App>,
    headers: HeaderMap,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let found = app.keeper.with(|world, _| {
        let job = world.job(&id)?;
        let work = &world.catalogue.works[job.work];
        work.attachments.iter().find(|a| a.name == name).cloned().ok_or_else(|| Refusal::not_found("attachment"))
    })?;
    let tag = format!("\"{}\"", &found.sha256[..32]);
    let mut response = if headers.get_all(IF_NONE_MATCH).iter().any(|t| t.as_bytes() == tag.as_bytes()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(found.bytes.into_owned()).into_response()
    };
    let text = if found.mime.starts_with("text/") { format!("{}; charset=utf-8", found.mime) } else { found.mime };
    for (name, value) in [(CONTENT_TYPE, text), (ETAG, tag)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}

/// `POST /v1/jobs/{id}/claim`.
pub async fn claim(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (value, new) = app.keeper.with(|world, now| {
        let (claim, new) = world.claim(&id, now)?;
        Ok::<_, Refusal>((json!({ "assignment": view::assignment(world, &claim) }), new))
    })?;
    app.keeper.durable().await?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(value)).into_response())
}
