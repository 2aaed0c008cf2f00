//! The HTTP face of the market: the routes of `openapi.yaml`.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tokio_util::sync::CancellationToken;

use super::faults::Faults;
use super::keeper::Keeper;

mod assignments;
mod auth;
mod body;
pub mod connection;
mod errors;
mod health;
mod jobs;
mod limit;
mod page;
mod payments;
mod stream;
mod trouble;
mod uploads;

pub use limit::Limit;

/// What every route knows.
pub struct Shared {
    /// The owner of the world.
    pub keeper: Arc<Keeper>,
    /// The one key.
    pub key: String,
    /// Scheme, host and port.
    pub base: String,
    /// The market's seed.
    pub seed: u64,
    /// Requests a minute.
    pub limit: Limit,
    /// Faults on purpose.
    pub faults: Faults,
    /// No more requests; streams end.
    pub closing: CancellationToken,
}

/// [`Shared`], handed around.
pub type App = Arc<Shared>;

/// All routes. The layers run from the last to the first: count, spoil, ask for the key, answer.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/v1/health", get(health::health))
        .route("/v1/me", get(health::me))
        .route("/v1/jobs", get(jobs::list))
        .route("/v1/jobs/{id}", get(jobs::show))
        .route("/v1/jobs/{id}/attachments/{name}", get(jobs::attachment))
        .route("/v1/jobs/{id}/claim", post(jobs::claim))
        .route("/v1/assignments", get(assignments::list))
        .route("/v1/assignments/{id}", get(assignments::show))
        .route("/v1/assignments/{id}/release", post(assignments::release))
        .route("/v1/assignments/{id}/submit", post(assignments::submit))
        .route("/v1/payments", get(payments::list))
        .route("/v1/uploads", post(uploads::upload))
        .route("/v1/stream", get(stream::stream))
        .fallback(errors::no_route)
        .method_not_allowed_fallback(errors::no_method)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(app.clone(), auth::auth))
        .layer(from_fn_with_state(app.clone(), trouble::trouble))
        .layer(from_fn_with_state(app.clone(), limit::limit))
        .with_state(app)
}
