//! Soft wrap: one line of text laid out as rows of cells, by grapheme and with the widths that the screen really uses.
//!
//! The text widget's own wrapping sums widths by code point, which shows one family emoji as eight columns, and lays the whole
//! text out on every edit. This lays out only the lines that are asked for.

use std::ops::Range;

use ratatui::buffer::CellWidth;
use unicode_segmentation::UnicodeSegmentation;

/// One row of a line: the bytes it shows.
pub type Row = Range<usize>;

/// Cells that `grapheme` takes on the screen.
pub fn cells(grapheme: &str) -> usize {
    if grapheme.len() == 1 { 1 } else { usize::from(grapheme.cell_width()) }
}

/// Cells that `text` takes on one row.
pub fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.graphemes(true).map(cells).sum() }
}

/// The rows of `line` at most `limit` cells wide, at least one; breaks behind blanks where it can, within a word where it must.
/// Blanks at a break hang over the edge. `None` is no wrap.
pub fn rows(line: &str, limit: Option<usize>) -> Vec<Row> {
    let Some(limit) = limit.map(|limit| limit.max(1)) else { return one(line) };
    // Each byte is at most one cell, so a short line needs no look inside.
    if line.len() <= limit {
        return one(line);
    }
    let mut rows = Vec::new();
    let (mut start, mut filled) = (0, 0);
    // Where the row may end, and the cells up to there.
    let mut chance: Option<(usize, usize)> = None;
    for (at, grapheme) in line.grapheme_indices(true) {
        let wide = cells(grapheme);
        let blank = grapheme.starts_with(char::is_whitespace);
        if filled + wide > limit && !blank && at > start {
            let (end, used) = chance.unwrap_or((at, filled));
            rows.push(start..end);
            start = end;
            filled -= used.min(filled);
            chance = None;
            // The word carried over may itself fill the row.
            if filled + wide > limit && at > start {
                rows.push(start..at);
                start = at;
                filled = 0;
            }
        }
        filled += wide;
        if blank {
            chance = Some((at + grapheme.len(), filled));
        }
    }
    rows.push(start..line.len());
    rows
}

fn one(line: &str) -> Vec<Row> {
    std::iter::once(0..line.len()).collect()
}

/// The row of `rows` that the cursor stands on at byte `at`: at a break it stands on the later one.
pub fn row_of(rows: &[Row], at: usize) -> usize {
    rows.partition_point(|row| row.start <= at).saturating_sub(1)
}

/// The byte in `row` of `line` under cell `x`; the end of the row when it is shorter, but not the next row's first byte.
pub fn byte_under(line: &str, row: &Row, x: usize, last: bool) -> usize {
    let text = line.get(row.clone()).unwrap_or_default();
    let mut filled = 0;
    let mut before = row.start;
    for (at, grapheme) in text.grapheme_indices(true) {
        let wide = cells(grapheme);
        if filled + wide > x {
            return row.start + at;
        }
        filled += wide;
        before = row.start + at;
    }
    if last { row.end } else { before }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str, limit: usize) -> Vec<&str> {
        rows(line, Some(limit)).into_iter().map(|row| &line[row]).collect()
    }

    #[test]
    fn breaks_behind_blanks_and_within_long_words() {
        assert_eq!(shown("one two three", 8), ["one two ", "three"]);
        assert_eq!(shown("one    two", 4), ["one    ", "two"]);
        assert_eq!(shown("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(shown("ab cdefghij", 4), ["ab ", "cdef", "ghij"]);
        assert_eq!(shown("", 4), [""]);
    }

    #[test]
    fn a_family_is_two_cells_and_never_split() {
        let family = "👨‍👩‍👧‍👦";
        assert_eq!(width(family), 2);
        let three = family.repeat(3);
        assert_eq!(shown(&three, 4), [family.repeat(2), family.to_owned()]);
        assert_eq!(shown(&three, 1), [family, family, family], "wider than the row, and still one a row");
    }

    #[test]
    fn rows_join_to_the_line_at_every_width() {
        for line in ["a b  c   d", "日本語 テキスト mixed with words", "e\u{301}e\u{301} e\u{301}", "   ", "x"] {
            for limit in 1..12 {
                assert_eq!(shown(line, limit).concat(), line, "{line:?} at {limit}");
            }
        }
    }
}
