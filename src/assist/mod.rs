//! The assistant: models behind one trait ([`provider`]) and how they are asked ([`prompt`]), and the scaffold, which needs none. The scaffold lays a draft out from the
//! job's own words, and repairs what checks say, mechanically; it is always labelled as what it is.

pub mod art;
pub mod material;
pub mod prompt;
pub mod provider;
pub mod repair;
pub mod scaffold;
pub mod textrank;

pub use repair::repair;
pub use scaffold::{LABEL, Layout, Picture, lay_out};
