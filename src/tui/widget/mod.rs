//! Small parts that panes and overlays are made of.

pub mod bar;
pub mod confirm;
pub mod countdown;
pub mod field;
pub mod help;
pub mod palette;
pub mod rowcache;
pub mod text;
pub mod toast;
pub mod whichkey;
