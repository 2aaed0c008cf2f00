//! The editor pane: keys in, screen out.

mod desk;
mod fuzz;
mod large;
mod screens;
mod tabs;
mod typing;
