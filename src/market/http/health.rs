//! The market itself, and who is asking.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::App;
use crate::market::keeper::present;
use crate::market::view;

/// `GET /v1/health`.
pub async fn health(State(app): State<App>) -> Json<Value> {
    Json(json!({
        "status": "ok",
        "name": "practice market",
        "version": env!("CARGO_PKG_VERSION"),
        "now": view::stamp(present()),
        "seed": app.seed,
    }))
}

/// `GET /v1/me`.
pub async fn me(State(app): State<App>) -> Json<Value> {
    Json(app.keeper.with(|world, _| view::me(world)))
}
