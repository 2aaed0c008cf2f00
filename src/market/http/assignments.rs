//! Assignments: the list, one of them, giving it back, delivering.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::App;
use super::body::read;
use super::page::{Page, bad_cursor, behind, cursor, place, tagged};
use crate::domain::Time;
use crate::market::desk::Submit;
use crate::market::refusal::Refusal;
use crate::market::view;

const LETTER: char = 'a';
/// The most a delivery's JSON may weigh.
const DELIVERY: usize = 16 << 20;
/// The longest idempotency key.
const KEY: usize = 100;

/// `GET /v1/assignments`.
pub async fn list(State(app): State<App>, headers: HeaderMap, page: Page) -> Result<Response, Refusal> {
    let after = match &page.cursor {
        Some(cursor) => place(LETTER, cursor).ok_or_else(bad_cursor)?,
        None => page.updated_after.map_or((Time::UNIX_EPOCH, 0), behind),
    };
    let value = app.keeper.with(|world, now| {
        let as_of = world.seal(now);
        let (claims, more) = world.claims_after(after, page.limit);
        let last = claims.last().filter(|_| more).map(|c| cursor(LETTER, (c.updated_at, c.change)));
        let claims: Vec<Value> = claims.into_iter().map(|c| view::assignment(world, c)).collect();
        json!({ "assignments": claims, "next_cursor": last, "has_more": more, "as_of": view::stamp(as_of) })
    });
    Ok(tagged(&headers, value, "as_of"))
}

/// `GET /v1/assignments/{id}`.
pub async fn show(State(app): State<App>, Path(id): Path<String>) -> Result<Json<Value>, Refusal> {
    let value = app.keeper.with(|world, _| world.claim_by_id(&id).map(|claim| view::assignment(world, claim)))?;
    Ok(Json(json!({ "assignment": value })))
}

/// `POST /v1/assignments/{id}/release`.
pub async fn release(State(app): State<App>, Path(id): Path<String>) -> Result<Json<Value>, Refusal> {
    let value = app.keeper.with(|world, now| {
        let claim = world.release(&id, now)?;
        Ok::<_, Refusal>(view::assignment(world, &claim))
    })?;
    app.keeper.durable().await?;
    Ok(Json(json!({ "assignment": value })))
}

#[derive(Deserialize)]
struct Delivered {
    #[serde(default)]
    text: String,
    #[serde(default)]
    files: Vec<DeliveredFile>,
    #[serde(default)]
    disclosure: String,
}

#[derive(Deserialize)]
struct DeliveredFile {
    upload_id: String,
    name: String,
}

/// `POST /v1/assignments/{id}/submit`.
pub async fn submit(State(app): State<App>, Path(id): Path<String>, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    let key = headers.get("idempotency-key").map(|key| key.to_str().unwrap_or_default().trim().to_owned());
    let key = match key {
        None => return Err(Refusal::bad("key_missing", "Send an Idempotency-Key, a new one for each delivery.")),
        Some(key) if key.is_empty() || key.len() > KEY => {
            return Err(Refusal::bad("key_missing", format!("The Idempotency-Key must have 1 to {KEY} plain characters.")));
        }
        Some(key) => key,
    };
    let bytes = read(body, DELIVERY).await?;
    let asked: Delivered =
        serde_json::from_slice(&bytes).map_err(|e| Refusal::invalid(format!("The body is not a delivery: {e}.")))?;
    let submit = Submit {
        key,
        hash: fingerprint(&asked),
        text: asked.text,
        files: asked.files.into_iter().map(|f| (f.upload_id, f.name)).collect(),
        disclosure: asked.disclosure,
    };
    let (value, new) = app.keeper.with(|world, now| world.submit(&id, submit, now))?;
    app.keeper.durable().await?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(value)).into_response())
}

/// SHA-256 over the meaning of a delivery; how its JSON is laid out does not matter.
fn fingerprint(asked: &Delivered) -> String {
    let files: Vec<_> = asked.files.iter().map(|f| [&f.upload_id, &f.name]).collect();
    format!("{:x}", Sha256::digest(json!([asked.text, files, asked.disclosure]).to_string()))
}
