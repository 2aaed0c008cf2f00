//! All jobs of all sources, in one list. Pure: the jobs live here once, front ends get windows.

mod index;
mod view;
mod window;

pub use index::{Arrival, Feed};
pub use view::listing;
pub use window::{Anchor, Window};
