//! The terminal program without a terminal: keys in, screen out, over any handle on an engine.

mod assist;
mod briefs;
mod cursor;
mod desk;
mod feed;
mod fuzz;
mod grading;
mod keys;
mod own;
mod pictures;
mod query;
mod random;
mod real;
mod reasons;
mod reload;
mod rows;
mod screen;
mod shots;
mod sizes;
mod triage;
mod work;

pub use desk::{Desk, start};
pub use screen::{Screen, apply};
