//! The command line of the real binary: help, exit codes, clean output, and the main job against a market served beside it.

mod help;
mod main_job;
mod place;
mod plain;
mod secrets;

pub use place::{Place, Ran};
