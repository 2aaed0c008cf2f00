//! Uploads: bytes and their hash, to be delivered by id.

use std::path::PathBuf;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::App;
use super::body::read;
use crate::domain::draft::FileItem;
use crate::domain::{Origin, Text};
use crate::market::facts::facts;
use crate::market::refusal::Refusal;
use crate::market::store;

/// The most a file may weigh.
const MOST: usize = 25 << 20;

#[derive(Deserialize)]
pub struct Asked {
    name: Option<String>,
}

/// `POST /v1/uploads?name=`.
pub async fn upload(
    State(app): State<App>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let Query(asked) = asked.map_err(|e| Refusal::bad("bad_query", e.to_string()))?;
    let name = asked.name.filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| Refusal::bad("bad_query", "Say what the file is called: ?name="))?;
    let told = headers.get("x-content-sha256").and_then(|hash| hash.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
    let bytes = read(body, MOST).await?;
    let sha256 = format!("{:x}", Sha256::digest(&bytes));
    if told != sha256 {
        return Err(Refusal::new(422, "hash_mismatch", "X-Content-SHA256 does not agree with the bytes that came."));
    }
    let mime = headers.get(CONTENT_TYPE).and_then(|mime| mime.to_str().ok()).unwrap_or_default().to_owned();
    let size = bytes.len();
    let kept = bytes.clone();
    // Looking into a picture takes a while; the server must not stand still.
    let facts = tokio::task::spawn_blocking(move || facts(&bytes, &mime)).await;
    let facts = facts.map_err(|e| Refusal::new(500, "internal", e.to_string()))?;
    let file = FileItem {
        name: Text::title(&name),
        path: PathBuf::new(),
        size: u64::try_from(size).unwrap_or(u64::MAX),
        sha256: sha256.clone(),
        facts: facts.clone(),
        origin: Origin::External,
    };
    let (id, gone) = app.keeper.with(|world, _| world.upload(file));
    if let Some(dir) = app.keeper.dir() {
        let name = id.clone();
        let written = tokio::task::spawn_blocking(move || store::keep_upload(&dir, &name, &kept, gone.as_deref())).await;
        let failed = |e: String| Refusal::new(500, "internal", format!("The upload cannot be kept: {e}."));
        written.map_err(|e| failed(e.to_string()))?.map_err(|e| failed(e.to_string()))?;
    }
    app.keeper.durable().await?;
    Ok((StatusCode::CREATED, Json(json!({ "upload_id": id, "bytes": size, "sha256": sha256, "mime": facts.mime }))))
}
