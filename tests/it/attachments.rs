//! Attachments: what is read in them, how they are fetched and kept, and how they are worked with.

mod extraction;
mod fetched;
mod hostile;
pub mod made;
