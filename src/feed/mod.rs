//! All jobs of all sources, in one list. Pure: the jobs live here once, in short and in columns; front ends get windows.
//!
//! [`Columns`] is the whole of it. Inside, a job is a row of a block of a thousand; what many jobs share is a number in a
//! dictionary. A query becomes a plan over the columns; the views somebody looks at or counts are kept
//! up with every change, and what takes long (a new view, an order) is done in pieces by [`Columns::work`].

mod arrival;
mod block;
mod bytes;
mod cells;
mod clock;
mod closeness;
mod coding;
mod columns;
mod digest;
mod groups;
mod image;
mod live;
mod lives;
mod mask;
mod names;
mod order;
mod pane;
mod plan;
mod rank;
mod said;
mod shards;
mod shown;
mod table;
mod texts;
mod top;
mod verdict;
mod vocabulary;
mod window;

#[cfg(test)]
mod tests;

pub use arrival::Arrival;
pub use clock::{Round, Ticked};
pub use columns::Columns;
pub use image::{IMAGE_VERSION, ImageError, ImagePart, Loader};
pub use live::Counts;
pub use lives::Progress;
pub use pane::{WindowState, fuzzy};
pub use verdict::{Judged, Upsert};
pub use vocabulary::Vocabulary;
pub use window::{Anchor, Window};
