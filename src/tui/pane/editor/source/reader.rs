//! The text of one source on the screen: lines laid out as they are shown, a cursor, a selection, a search. Nothing here takes longer
//! for a long text than for a short one, but finding.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::domain::pages::{self, Mark, mark_at};
use crate::domain::{Text, lookup};
use crate::tui::pane::editor::wrap;

/// A line longer than this is shown as several, in bytes.
const LONGEST: usize = 4_000;
/// How far a sentence is looked for to both sides.
const AROUND: usize = 4_000;

/// A row of a line.
pub type At = (usize, usize);

/// A text that is read.
pub struct Reader {
    text: Text,
    /// Where each line begins.
    starts: Vec<usize>,
    marks: Vec<Mark>,
    /// The row at the top.
    top: At,
    cursor: At,
    /// The other end of the selection.
    other: Option<At>,
    /// What was found.
    found: Option<Range<usize>>,
    words: Option<regex::Regex>,
    width: usize,
    height: usize,
}

impl Reader {
    pub fn new(text: Text) -> Reader {
        let (starts, marks) = (starts(text.as_str()), pages::marks(text.as_str()));
        Reader { text, starts, marks, top: (0, 0), cursor: (0, 0), other: None, found: None, words: None, width: 80, height: 20 }
    }

    /// This is the text that it reads.
    pub fn is_of(&self, text: &Text) -> bool {
        self.text == *text
    }

    /// Under which page or section the cursor stands.
    pub fn mark(&self) -> Option<&Mark> {
        mark_at(&self.marks, self.bytes(self.cursor).start)
    }

    /// The last page or section.
    pub fn last_mark(&self) -> Option<&Mark> {
        self.marks.last()
    }

    /// How much of the text is above the cursor, in percent.
    pub fn percent(&self) -> usize {
        (self.cursor.0 + 1) * 100 / self.starts.len().max(1)
    }

    /// Moves the cursor by rows; with `select` the selection grows with it.
    pub fn go(&mut self, rows: isize, select: bool) {
        let from = self.cursor;
        self.cursor = match rows {
            isize::MIN => (0, 0),
            isize::MAX => self.last(),
            rows => self.stepped(from, rows),
        };
        self.other = if select { self.other.or(Some(from)) } else { None };
    }

    /// Rows of a screen.
    pub fn page(&self) -> isize {
        isize::try_from(self.height.saturating_sub(1).max(1)).unwrap_or(1)
    }

    /// Puts the cursor on the row `y` of the screen.
    pub fn click(&mut self, y: usize, select: bool) {
        let from = self.cursor;
        self.cursor = self.stepped(self.top, isize::try_from(y).unwrap_or(0));
        self.other = if select { self.other.or(Some(from)) } else { None };
    }

    /// To the next page or section, or the one before.
    pub fn turn(&mut self, forward: bool) {
        let here = self.bytes(self.cursor).start;
        let next = if forward {
            self.marks.iter().find(|mark| mark.at > here)
        } else {
            let own = mark_at(&self.marks, here).map_or(0, |mark| mark.at);
            self.marks.iter().rev().find(|mark| mark.at < own)
        };
        if let Some(at) = next.map(|mark| mark.at) {
            self.cursor = self.at(at);
            self.top = self.cursor;
            self.other = None;
        }
    }

    /// Shows a place and marks it.
    pub fn show(&mut self, at: Range<usize>) {
        self.cursor = self.at(at.start);
        self.found = Some(at);
        self.other = None;
        // With what stands before it in sight.
        self.top = self.stepped(self.cursor, -isize::try_from(self.height / 3).unwrap_or(0));
    }

    /// Searches for these words from the cursor on; `false` when they are nowhere.
    pub fn seek(&mut self, words: &str) -> bool {
        self.words = lookup::words(words);
        self.found = None;
        words.is_empty() || self.next(true, true)
    }

    /// Where the cursor is, to come back to.
    pub fn place(&self) -> At {
        self.cursor
    }

    /// Back there.
    pub fn back_to(&mut self, at: At) {
        self.cursor = at;
    }

    /// To the next place of the words, or the one before, around the end; `here`: what begins under the cursor counts.
    pub fn next(&mut self, forward: bool, here: bool) -> bool {
        let Some(words) = self.words.clone() else { return false };
        let text = self.text.clone();
        let text = text.as_str();
        let row = self.bytes(self.cursor);
        let own = self.found.clone().filter(|found| row.contains(&found.start));
        let found = if forward {
            let from = own.map_or(if here { row.start } else { row.end }, |found| found.end);
            words.find_at(text, from.min(text.len())).or_else(|| words.find(text))
        } else {
            let until = own.map_or(row.start, |found| found.start);
            words.find_iter(&text[..until]).last().or_else(|| words.find_iter(text).last())
        };
        let Some(found) = found.map(|found| found.range()) else { return false };
        self.show(found);
        true
    }

    /// What is selected, else the sentence under the cursor or around what was found; one line of words. None where nothing stands.
    pub fn quotation(&self) -> Option<String> {
        let words = match self.selection() {
            Some(range) => without_anchors(self.text.as_str().get(range)?),
            None => {
                let row = self.bytes(self.cursor);
                if self.is_anchor(&row) && pages::anchor(self.text(&row)).is_some() {
                    return None;
                }
                let found = self.found.as_ref().filter(|found| row.contains(&found.start)).map(|found| found.start);
                let line = &self.text.as_str()[row.clone()];
                let first = row.start + line.len() - line.trim_start().len();
                sentence(self.text.as_str(), found.unwrap_or(first))
            }
        };
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        (!words.is_empty()).then_some(words)
    }

    fn selection(&self) -> Option<Range<usize>> {
        let other = self.other?;
        let (first, last) = (other.min(self.cursor), other.max(self.cursor));
        Some(self.bytes(first).start..self.bytes(last).end)
    }

    /// Rows to be drawn: their bytes, and whether the cursor is on them.
    pub fn rows(&mut self, width: usize, height: usize) -> Vec<(Range<usize>, bool)> {
        (self.width, self.height) = (width.max(1), height.max(1));
        self.cursor = self.fitting(self.cursor);
        self.top = self.fitting(self.top);
        self.other = self.other.map(|other| self.fitting(other));
        let mut shown = self.from(self.top, self.height);
        if !shown.contains(&self.cursor) {
            let back = if self.cursor < self.top { 0 } else { isize::try_from(self.height - 1).unwrap_or(0) };
            self.top = self.stepped(self.cursor, -back);
            shown = self.from(self.top, self.height);
        }
        shown.into_iter().map(|at| (self.bytes(at), at == self.cursor)).collect()
    }

    /// The text of these bytes.
    pub fn text(&self, bytes: &Range<usize>) -> &str {
        self.text.as_str().get(bytes.clone()).unwrap_or_default()
    }

    /// What of these bytes is selected, and what was found in them.
    pub fn lit(&self, bytes: &Range<usize>) -> (Option<Range<usize>>, Option<Range<usize>>) {
        let within = |range: Option<Range<usize>>| {
            let range = range?;
            let (start, end) = (range.start.max(bytes.start), range.end.min(bytes.end));
            (start < end).then(|| start - bytes.start..end - bytes.start)
        };
        (within(self.selection()), within(self.found.clone()))
    }

    /// The line is a page's anchor.
    pub fn is_anchor(&self, bytes: &Range<usize>) -> bool {
        self.marks.binary_search_by_key(&bytes.start, |mark| mark.at).is_ok()
    }

    fn from(&self, top: At, height: usize) -> Vec<At> {
        let mut shown = Vec::with_capacity(height);
        let (mut line, mut row) = top;
        while line < self.starts.len() && shown.len() < height {
            let rows = self.laid(line).len();
            while row < rows && shown.len() < height {
                shown.push((line, row));
                row += 1;
            }
            (line, row) = (line + 1, 0);
        }
        shown
    }

    fn stepped(&self, (mut line, mut row): At, rows: isize) -> At {
        for _ in 0..rows.unsigned_abs() {
            if rows > 0 {
                if row + 1 < self.laid(line).len() {
                    row += 1;
                } else if line + 1 < self.starts.len() {
                    (line, row) = (line + 1, 0);
                }
            } else if row > 0 {
                row -= 1;
            } else if line > 0 {
                line -= 1;
                row = self.laid(line).len() - 1;
            }
        }
        (line, row)
    }

    fn last(&self) -> At {
        let line = self.starts.len().saturating_sub(1);
        (line, self.laid(line).len() - 1)
    }

    fn fitting(&self, (line, row): At) -> At {
        let line = line.min(self.starts.len().saturating_sub(1));
        (line, row.min(self.laid(line).len() - 1))
    }

    /// The row on which a byte stands.
    fn at(&self, byte: usize) -> At {
        let line = self.starts.partition_point(|start| *start <= byte).saturating_sub(1);
        (line, wrap::row_of(&self.laid(line), byte - self.starts.get(line).copied().unwrap_or(0)))
    }

    fn laid(&self, line: usize) -> Vec<wrap::Row> {
        wrap::rows(&self.text.as_str()[self.line(line)], Some(self.width))
    }

    fn line(&self, line: usize) -> Range<usize> {
        let text = self.text.as_str();
        let start = self.starts.get(line).copied().unwrap_or(text.len());
        let end = self.starts.get(line + 1).copied().unwrap_or(text.len());
        start..if text[start..end].ends_with('\n') { end - 1 } else { end }
    }

    fn bytes(&self, (line, row): At) -> Range<usize> {
        let whole = self.line(line);
        let laid = self.laid(line);
        let row = laid.get(row).or(laid.last()).cloned().unwrap_or(0..0);
        whole.start + row.start..whole.start + row.end
    }
}

/// Where lines begin; long ones are cut behind a blank.
fn starts(text: &str) -> Vec<usize> {
    let mut starts = vec![0];
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1).chain([text.len()]) {
        while end - start > LONGEST {
            let cut = text.floor_char_boundary(start + LONGEST);
            let blank = text[start..cut].rfind(' ').map_or(cut, |at| start + at + 1);
            start = if blank > start + LONGEST / 2 { blank } else { cut };
            starts.push(start);
        }
        if end < text.len() {
            starts.push(end);
        }
        start = end;
    }
    starts.dedup();
    starts
}

fn without_anchors(text: &str) -> String {
    text.lines().filter(|line| pages::anchor(line).is_none()).collect::<Vec<_>>().join("\n")
}

/// The sentence around a byte, within its paragraph.
fn sentence(text: &str, at: usize) -> String {
    let low = text.floor_char_boundary(at.saturating_sub(AROUND));
    let high = text.floor_char_boundary((at + AROUND).min(text.len()));
    let ends = |line: &str| line.trim().is_empty() || pages::anchor(line).is_some() || line.starts_with('#');
    // Line by line to both sides until the paragraph ends.
    let own = text[low..at].rfind('\n').map_or(low, |n| low + n + 1);
    let mut start = own;
    while start > low {
        let before = text[low..start - 1].rfind('\n').map_or(low, |n| low + n + 1);
        if ends(&text[before..start - 1]) {
            break;
        }
        start = before;
    }
    let mut end = text[at..high].find('\n').map_or(high, |n| at + n);
    let heading = text[own..end].starts_with('#');
    while !heading && end < high {
        let next = text[end + 1..high].find('\n').map_or(high, |n| end + 1 + n);
        if ends(&text[end + 1..next]) {
            break;
        }
        end = next;
    }
    let paragraph = if heading { &text[own..end] } else { &text[start..end] };
    let inside = at - if heading { own } else { start };
    // Line ends inside of a paragraph end no sentence.
    let joined: String = paragraph.chars().map(|c| if c == '\n' { ' ' } else { c }).collect();
    let words = joined.split_sentence_bound_indices().take_while(|(from, _)| *from <= inside).last();
    let words = words.map_or("", |(_, words)| words).trim();
    words.trim_start_matches('#').trim().to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_whole_however_it_is_wrapped() {
        let text = "# Head\nOne is here. Two goes\nover lines, at 3.5 percent. Three.\n\n--- page 2 ---\nFour\nends.";
        let of = |words: &str| sentence(text, text.find(words).unwrap());
        assert_eq!(of("Two"), "Two goes over lines, at 3.5 percent.");
        assert_eq!(of("percent"), "Two goes over lines, at 3.5 percent.");
        assert_eq!(of("One"), "One is here.");
        assert_eq!(of("Head"), "Head");
        assert_eq!(of("ends"), "Four ends.");
    }

    #[test]
    fn every_byte_of_a_text_is_on_one_row() {
        for text in ["", "\n", "a\n\nb", &"word ".repeat(5_000), &"x".repeat(9_000), &"日本 ".repeat(3_000), "a\n"] {
            let reader = Reader { width: 17, ..Reader::new(Text::source(text)) };
            let rows = reader.from((0, 0), usize::MAX >> 40);
            let joined: String = rows.iter().map(|at| reader.text(&reader.bytes(*at))).collect();
            assert_eq!(joined, reader.text.as_str().replace('\n', ""));
            for at in &rows {
                assert_eq!(reader.at(reader.bytes(*at).start), *at);
            }
        }
    }

    #[test]
    fn searching_goes_around_the_end_and_back() {
        let mut reader = Reader::new(Text::source("one two\ntwo three\nTwo"));
        assert!(reader.seek("two"));
        let mut seen = vec![reader.found.clone().unwrap()];
        for _ in 0..3 {
            assert!(reader.next(true, false));
            seen.push(reader.found.clone().unwrap());
        }
        assert_eq!(seen, [4..7, 8..11, 18..21, 4..7]);
        assert!(reader.next(false, false));
        assert_eq!(reader.found, Some(18..21));
        assert!(!reader.seek("four"));
    }
}
