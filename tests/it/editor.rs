//! The editor pane: keys in, screen out.

pub mod desk;
mod fuzz;
mod large;
mod screens;
mod sources;
mod tabs;
mod typing;
