//! Juggler.

pub mod assist;
pub mod cli;
pub mod config;
pub mod daemon;
pub mod documents;
pub mod domain;
pub mod engine;
pub mod error;
pub mod feed;
pub mod market;
pub mod net;
pub mod platforms;
pub mod store;
pub mod tui;
