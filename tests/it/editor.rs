//! The editor pane: keys in, screen out.

mod bench;
mod desk;
mod fuzz;
mod screens;
mod tabs;
mod typing;
