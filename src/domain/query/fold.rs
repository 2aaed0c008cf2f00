//! Text without regard to case: every character by itself through `char::to_lowercase`, so that a place in the folded text leads
//! back to a place in the text.

use std::borrow::Cow;

/// `text` folded; borrowed when folding changes nothing.
pub fn fold(text: &str) -> Cow<'_, str> {
    let folded_already = |c: char| {
        let mut lower = c.to_lowercase();
        lower.next() == Some(c) && lower.next().is_none()
    };
    if text.is_ascii() {
        if text.bytes().any(|b| b.is_ascii_uppercase()) { Cow::Owned(text.to_ascii_lowercase()) } else { Cow::Borrowed(text) }
    } else if text.chars().all(folded_already) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().flat_map(char::to_lowercase).collect())
    }
}

/// A folded text with the way back.
pub(super) struct Folded<'t> {
    pub(super) text: &'t str,
    pub(super) folded: Cow<'t, str>,
    /// For each character of the text: where its folding starts, and where it starts itself. Empty when the places are the same.
    starts: Vec<(usize, usize)>,
}

impl<'t> Folded<'t> {
    pub(super) fn of(text: &'t str) -> Folded<'t> {
        let folded = fold(text);
        let mut starts = Vec::new();
        if !text.is_ascii() && matches!(folded, Cow::Owned(_)) {
            let mut at = 0;
            for (start, c) in text.char_indices() {
                starts.push((at, start));
                at += c.to_lowercase().map(char::len_utf8).sum::<usize>();
            }
        }
        Folded { text, folded, starts }
    }

    /// The range of the text that `range` of the folded text comes from, whole characters.
    pub(super) fn back(&self, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
        if self.starts.is_empty() {
            return range;
        }
        let after = self.starts.partition_point(|(folded, _)| *folded <= range.start);
        let start = self.starts.get(after.saturating_sub(1)).map_or(0, |(_, own)| *own);
        let next = self.starts.partition_point(|(folded, _)| *folded < range.end);
        let end = self.starts.get(next).map_or(self.text.len(), |(_, own)| *own);
        start..end
    }
}
