//! The actor that owns everything: one input, one synchronous step, effects as data.

pub mod api;
pub mod handle;
mod run;

pub use handle::{Handle, Sent};
pub use run::{Polling, Running, start};
