//! Payments, in order of change.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::App;
use super::page::{Page, bad_cursor};
use crate::market::refusal::Refusal;
use crate::market::view;

/// `GET /v1/payments`. The cursor is the number of the latest change seen.
pub async fn list(State(app): State<App>, page: Page) -> Result<Json<Value>, Refusal> {
    let after = match &page.cursor {
        Some(cursor) => cursor.strip_prefix('p').and_then(|n| n.parse().ok()).ok_or_else(bad_cursor)?,
        None => 0,
    };
    Ok(Json(app.keeper.with(|world, _| {
        let (payments, more) = world.payments_after(after, page.limit);
        let last = payments.last().map_or(after, |p| p.change);
        let payments: Vec<Value> = payments.into_iter().map(view::payment).collect();
        json!({ "payments": payments, "next_cursor": format!("p{last}"), "has_more": more })
    })))
}
