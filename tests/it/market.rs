//! The practice market over its own socket: every answer is held against `assets/market/openapi.yaml`.

mod answers;
mod contract;
mod delivery;
mod faults;
mod lists;
mod memory;
mod talker;

pub use talker::{Talker, quick};
