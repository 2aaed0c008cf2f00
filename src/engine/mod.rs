//! The actor that owns everything: one input, one synchronous step, effects as data.

mod actor;
pub mod api;
pub mod effect;
pub mod handle;
mod lane;
mod run;
pub mod schedule;
pub mod state;
mod zone;

pub use handle::{Handle, Sent};
pub use run::{Polling, Running, start};
