//! Judging answers in pairs: the pairs out of a job's texts, blind and in an order of one's own, and the records that are delivered.
//!
//! Two answers are shown without their letters, left and right as chance will have it, for those that come first and those that are
//! longer win too often (position and length bias: Zheng et al., arXiv:2306.05685). Of twenty pairs or more, one in twenty comes a
//! second time with its sides changed: how far the two choices agree is Cohen's kappa.

mod pair;
mod record;
mod round;

pub use pair::{Pair, pairs};
pub use record::{Better, Record, put};
pub use round::{Round, Side, Turn};
