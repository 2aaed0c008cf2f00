//! The actor that owns everything: one input, one synchronous step, effects as data.

pub mod account;
mod actor;
pub mod api;
mod asking;
pub mod attachments;
mod calls;
pub mod checking;
mod clock;
pub mod commission;
mod commits;
mod connect;
pub mod drawing;
pub mod effect;
mod files;
pub mod handle;
mod lane;
mod last;
mod opening;
pub mod painting;
mod run;
pub mod schedule;
pub mod state;
mod steps;
mod streams;
mod unsaved;
mod zone;

pub use files::read as read_file;
pub use handle::{Handle, Sent, went_away};
pub use last::{keep_window, last_window};
pub use run::{Engine, Polling, Running, Socket, open, start};
pub use unsaved::keep as keep_unsaved;
