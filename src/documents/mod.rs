//! Files as facts, and text with page anchors. Reads bytes it is given; opens nothing itself.
//!
//! What is found here is judged in `domain::check`.

mod facts;

pub use crate::domain::pages::{Page, page_at, pages};
pub use facts::{MAX_SIDE, facts};
