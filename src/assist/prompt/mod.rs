//! Prompts: how a wish becomes a question to a model, and an answer becomes words for a draft.
//!
//! Templates are files (`assets/prompts`, and `prompts` beside the person's config). A task is made of numbers and the person's own
//! words; everything of the job's goes along as quoted data, and nothing is put together without a [`Pass`](crate::domain::ai::Pass).

mod answer;
mod compose;
mod library;
mod picture;
mod template;

pub use answer::Shape;
pub use compose::{Composed, Order, again, compose};
pub use library::Library;
pub use picture::picture;
pub use template::{Input, Kind, Part, Template};
