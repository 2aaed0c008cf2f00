//! The engine's api over a Unix socket, so that every command and every terminal talk to the same engine, whoever runs it.
//!
//! Whoever holds the store serves the socket. [`session()`] is for one command; [`link`] is for a front end that lives long: it
//! outlives the engine it talks to, and [`bugs`] says when that is no use any more. [`via`] leads to another machine. [`successor`]
//! lets an engine go on without its terminal.

pub mod bugs;
mod client;
mod front;
pub mod link;
mod server;
mod session;
pub mod successor;
pub mod unit;
pub mod via;
mod wire;

pub use client::{Connection, open};
pub use front::{Front, Kind};
pub use server::Server;
pub use session::{Session, connect, find, session, session_as};
pub use wire::{Control, Controlled, Host, Leave, Role};
