//! Files as facts, and documents as text with marks of their pages. Reads bytes it is given, or a file it is pointed at; keeps nothing.
//!
//! What is found here is judged in `domain::check`.

pub mod extract;
mod facts;
pub mod picture;

pub use crate::domain::pages::{Page, page_at, pages};
pub use extract::{Extracted, extract};
pub use facts::{MAX_SIDE, facts, sniff as kind};
