//! Pictures that models paint for a job: what is wished, what was ordered, what came of it.
//!
//! An [`Order`] holds everything that a repetition needs and stands in the journal before a byte is sent; the pictures that come stay
//! with their assignment in the [`Gallery`] until the person takes one into a draft.

mod gallery;
mod operation;
mod order;
mod size;
pub mod warning;
mod wish;

pub use gallery::{Gallery, Work};
pub use operation::Operation;
pub use order::{Order, Original, Picture};
pub use size::{Area, Size};
pub use wish::{ArtWish, Backdrop, From};
