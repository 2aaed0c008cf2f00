//! Attachments: what is read in them, how they are fetched and kept, and how they are worked with.
#![allow(clippy::print_stdout, reason = "figures, for who asks with --nocapture")]

mod extraction;
mod fetched;
mod hostile;
pub mod made;
