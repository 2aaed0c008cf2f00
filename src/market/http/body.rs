//! Reading what is sent, up to a limit.

use axum::body::{Body, Bytes};
use futures_util::StreamExt;

use crate::market::refusal::Refusal;

/// The whole body, or 413. What is over the limit is read on for a while and thrown away: a client that is still sending when the
/// connection closes would see a reset instead of the answer.
pub async fn read(body: Body, limit: usize) -> Result<Bytes, Refusal> {
    let mut stream = body.into_data_stream();
    let mut bytes = Vec::new();
    let mut seen = 0;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|e| Refusal::bad("bad_body", format!("The body ended early: {e}.")))?;
        seen += chunk.len();
        if seen <= limit {
            bytes.extend_from_slice(&chunk);
        } else if seen > limit * 4 {
            break;
        }
    }
    if seen > limit {
        return Err(Refusal::new(413, "too_large", format!("At most {limit} bytes are taken.")));
    }
    Ok(bytes.into())
}
