//! The terminal program.

pub mod pane;
pub mod theme;
