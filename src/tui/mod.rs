//! The terminal program.

pub mod app;
pub mod command;
mod feed_model;
pub mod keeper;
pub mod keymap;
pub mod layout;
pub mod message;
pub mod model;
pub mod pane;
pub mod theme;
mod update;
mod view;
pub mod widget;
mod worktime;
