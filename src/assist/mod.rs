//! The assistant. Here: the scaffold, which needs no model. It lays a draft out from the job's own words, and repairs what checks
//! say, mechanically; it is always labelled as what it is.

pub mod material;
pub mod provider;
pub mod repair;
pub mod scaffold;
pub mod textrank;

pub use repair::repair;
pub use scaffold::{LABEL, Layout, Picture, lay_out};
