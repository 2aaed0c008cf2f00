//! The real binary in a pseudo-terminal: what a person sees and presses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod alert;
mod attached;
mod editor;
mod faults;
mod fence;
mod full;
mod hang_up;
#[path = "../it/cli/place.rs"]
#[allow(dead_code)]
mod place;
mod signals;
mod steps;
mod terminal;
mod tour;
