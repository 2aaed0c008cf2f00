//! The command line of the real binary: help, exit codes, clean output, and the main job against a market served beside it.

mod blocks;
mod checks;
mod help;
mod jobs;
mod main_job;
pub mod place;
mod plain;
mod private;
mod rules;
mod secrets;
mod views;

pub use place::{Place, Ran};
