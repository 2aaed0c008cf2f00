//! Tables without borders: one row a line, so that they can be searched and cut; money to the right.

use unicode_width::UnicodeWidthStr;

use super::out::{Out, Role};

/// How a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// To the left, and cut when the terminal is too narrow.
    Flex,
}

/// Rows under heads.
pub struct Table {
    heads: Vec<(&'static str, Column)>,
    rows: Vec<Vec<String>>,
}

/// No flexible column is cut below this.
const FLEX_MIN: usize = 12;

impl Table {
    /// An empty table.
    pub fn new(heads: &[(&'static str, Column)]) -> Table {
        Table { heads: heads.to_vec(), rows: Vec::new() }
    }

    /// Adds a row: one cell for each head.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|cell| cell.replace('\n', " ")).collect());
    }

    /// Prints it; nothing at all when it has no row.
    pub fn print(&self, out: &mut Out) {
        if self.rows.is_empty() {
            return;
        }
        let mut widths: Vec<usize> = self.heads.iter().map(|(head, _)| head.width()).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        let all = widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1);
        if let Some(over) = out.width().and_then(|wide| all.checked_sub(wide))
            && let Some(flex) = self.heads.iter().position(|(_, column)| *column == Column::Flex)
        {
            widths[flex] = widths[flex].saturating_sub(over).max(FLEX_MIN.min(widths[flex]));
        }
        let heads: Vec<String> = self.heads.iter().map(|(head, _)| (*head).to_owned()).collect();
        let head = self.lay(&heads, &widths);
        out.line(out.paint(Role::Head, &head));
        for row in &self.rows {
            out.line(self.lay(row, &widths));
        }
    }

    fn lay(&self, cells: &[String], widths: &[usize]) -> String {
        let mut line = String::new();
        for (n, ((cell, width), (_, column))) in cells.iter().zip(widths).zip(&self.heads).enumerate() {
            if n > 0 {
                line.push_str("  ");
            }
            let cell = cut(cell, *width);
            let pad = " ".repeat(width.saturating_sub(cell.width()));
            match column {
                Column::Right => line.extend([pad.as_str(), &cell]),
                Column::Left | Column::Flex => line.extend([cell.as_str(), &pad]),
            }
        }
        line.truncate(line.trim_end().len());
        line
    }
}

/// At most `width` columns, with an ellipsis where something is missing.
pub fn cut(text: &str, width: usize) -> String {
    use unicode_segmentation::UnicodeSegmentation;
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        used += grapheme.width();
        if used + 1 > width {
            break;
        }
        kept.push_str(grapheme);
    }
    kept.push('…');
    kept
}
