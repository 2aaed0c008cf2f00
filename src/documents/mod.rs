//! Files as facts, and text with page anchors. Reads bytes it is given; opens nothing itself.
//!
//! What is found here is judged in `domain::check`.

mod facts;
mod pages;

pub use facts::{MAX_SIDE, facts};
pub use pages::{Page, page_at, pages};
