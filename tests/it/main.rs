//! The one integration binary: tests enter where users enter.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod alert;
mod art;
mod assist;
mod attachments;
mod board;
mod checks;
mod cli;
mod config;
mod crash;
mod daemon;
mod demo;
mod editor;
mod engine;
mod hostile;
mod inbox;
mod ledger;
mod load;
mod market;
mod net;
mod origins;
mod pictures;
mod plain;
mod store;
mod support;
mod terminal;
mod tidy;
mod trouble;
mod tui;
