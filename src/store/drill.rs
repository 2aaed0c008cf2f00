//! Bugs on purpose: in a development build `JUGGLER_DRILL=PLACE:N` breaks the N-th step at a place, so that the way out of a bug can
//! be tried on the real program. Places: `screen`, `engine`, `store`, `call`. A release build has none of it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

static WISH: OnceLock<Option<(String, u64)>> = OnceLock::new();
static STEPS: AtomicU64 = AtomicU64::new(0);

fn wish() -> Option<(String, u64)> {
    let drill = std::env::var("JUGGLER_DRILL").ok()?;
    let (place, n) = drill.split_once(':')?;
    Some((place.to_owned(), n.parse().ok()?))
}

/// A step at `place`; the one that was wished for is a bug.
#[expect(clippy::panic, reason = "what is tried here is a panic")]
pub fn drill(place: &str) {
    if cfg!(debug_assertions)
        && let Some((wished, n)) = WISH.get_or_init(wish)
        && wished == place
        && STEPS.fetch_add(1, Ordering::Relaxed) + 1 == *n
    {
        std::panic::panic_any("a drill");
    }
}
