//! The real binary in a pseudo-terminal: what a person sees and presses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod alert;
mod attached;
mod canary;
mod editor;
mod faults;
mod fence;
mod full;
mod hang_up;
mod lost;
#[path = "../it/support/canary.rs"]
#[allow(dead_code)]
mod oracle;
mod origins;
mod panics;
#[path = "../it/cli/place.rs"]
#[allow(dead_code)]
mod place;
#[path = "../it/net/raw.rs"]
#[allow(dead_code)]
mod raw;
mod signals;
mod steps;
mod terminal;
mod tour;
mod work;
