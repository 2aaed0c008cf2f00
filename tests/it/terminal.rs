//! The line to the terminal, without one: bytes in and events out, frames in and bytes out.

mod painter;
mod parser;
