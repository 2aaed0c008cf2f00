//! So many requests a minute for each key, and headers that say how many are left.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{App, auth};
use crate::market::keeper::present;
use crate::market::refusal::Refusal;

const MINUTE: i64 = 60;

/// The windows of all keys. A window is a minute of the clock.
pub struct Limit {
    per_minute: u32,
    windows: Mutex<HashMap<bool, (i64, u32)>>,
}

/// Where a key stands.
struct Stand {
    remaining: u32,
    /// Seconds since 1970.
    reset: i64,
    refused: Option<i64>,
}

impl Limit {
    /// With so many requests a minute.
    pub fn new(per_minute: u32) -> Limit {
        Limit { per_minute, windows: Mutex::default() }
    }

    /// Counts a request; `known`: it carries the right key (all others share one window, which they cannot fill for the worker).
    fn count(&self, known: bool, counts: bool, now: i64) -> Stand {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = now.div_euclid(MINUTE);
        let reset = (minute + 1) * MINUTE;
        let window = windows.entry(known).or_insert((minute, 0));
        if window.0 != minute {
            *window = (minute, 0);
        }
        if counts && window.1 >= self.per_minute {
            return Stand { remaining: 0, reset, refused: Some((reset - now).max(1)) };
        }
        window.1 += u32::from(counts);
        Stand { remaining: self.per_minute.saturating_sub(window.1), reset, refused: None }
    }
}

/// The layer. Health is free.
pub async fn limit(State(app): State<App>, request: Request, next: Next) -> Response {
    let counts = request.uri().path() != "/v1/health";
    let stand = app.limit.count(auth::is_known(&app, request.headers()), counts, present().timestamp());
    let mut response = match stand.refused {
        None => next.run(request).await,
        Some(wait) => too_many(wait),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        ("x-ratelimit-limit", i64::from(app.limit.per_minute)),
        ("x-ratelimit-remaining", i64::from(stand.remaining)),
        ("x-ratelimit-reset", stand.reset),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
    }
    response
}

/// 429 with the seconds to wait.
pub fn too_many(wait: i64) -> Response {
    let message = format!("Too many requests; try again in {wait} s.");
    let mut response = Refusal::new(429, "rate_limited", message).into_response();
    response.headers_mut().insert(axum::http::header::RETRY_AFTER, HeaderValue::from(wait));
    response
}
