//! Keys to commands, as data: layers of bindings, compiled once at start and refused when anything is ambiguous.

mod chord;
mod compile;
mod default;
mod layers;

pub use chord::Chord;
pub use compile::{Found, Keymap};
pub use layers::{Layer, Stack};
