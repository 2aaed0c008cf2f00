//! The real binary in a pseudo-terminal: what a person sees and presses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod alert;
mod attached;
mod canary;
#[path = "../it/support/easel.rs"]
#[allow(dead_code)]
mod easel;
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
/// Where the stand-in looks for it.
mod net {
    pub(crate) use crate::raw;
}
#[path = "../it/net/raw.rs"]
#[allow(dead_code)]
mod raw;
mod signals;
#[path = "../it/assist/stand_in.rs"]
#[allow(dead_code)]
mod stand_in;
mod steps;
mod terminal;
mod tour;
mod trades;
mod work;
