//! Error answers: always `{"error", "message"}`.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::market::refusal::Refusal;

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(json!({ "error": self.code, "message": self.message }))).into_response()
    }
}

/// No such path.
pub async fn no_route() -> Refusal {
    Refusal::new(404, "not_found", "There is nothing at this address.")
}

/// The path is there, the method is not.
pub async fn no_method() -> Refusal {
    Refusal::new(405, "method_not_allowed", "This address does not take that method.")
}
