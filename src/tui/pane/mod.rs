//! What fills the screen: one folder or file a pane.

pub mod editor;
