//! The terminal program without a terminal: keys in, screen out, over any handle on an engine.

mod cursor;
mod desk;
mod fuzz;
mod keys;
mod screen;
mod shots;
mod work;

pub use screen::Screen;
