//! What a move of the cursor changes: rows of one region, known without drawing the rest of the screen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Rows to be drawn anew, over the frame that is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Patch {
    /// Where the rows are.
    pub region: Rect,
    /// All rows of the region move up by so many first; less than zero: down.
    pub up: i32,
    /// Lines of the region, each one row high, where they belong on the screen.
    pub rows: Vec<Buffer>,
}
