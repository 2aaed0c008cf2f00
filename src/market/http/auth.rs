//! The key in `X-API-Key`.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::App;
use crate::market::refusal::Refusal;

/// The request carries this market's key.
pub fn is_known(app: &App, headers: &HeaderMap) -> bool {
    headers.get("x-api-key").is_some_and(|key| key.as_bytes() == app.key.as_bytes())
}

/// The layer: everything but health needs the key.
pub async fn auth(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.uri().path() == "/v1/health" || is_known(&app, request.headers()) {
        return next.run(request).await;
    }
    if request.headers().contains_key("x-api-key") {
        Refusal::new(403, "forbidden", "This X-API-Key is not known here.").into_response()
    } else {
        Refusal::new(401, "unauthenticated", "Send your key in the header X-API-Key.").into_response()
    }
}
