//! What differs between two texts, word by word, in pieces that can be taken or left one by one.

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

/// Texts with more words than this together are compared by lines: words would take too long, and nobody reads so many hunks.
const WORDS: usize = 12_000;
/// Hunks with less than this between them are one: nobody wants to decide about "a" and "the" apart.
const GAP: usize = 4;

/// One piece that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// Its first byte in the old text.
    pub at: usize,
    /// What stands there.
    pub old: String,
    /// What takes its place.
    pub new: String,
}

/// The hunks that make `after` of `before`, in order.
pub fn hunks(before: &str, after: &str) -> Vec<Hunk> {
    let words = |text: &str| text.split_word_bounds().count();
    let many = words(before) + words(after) > WORDS;
    let tokens = |text| -> Vec<&str> {
        if many { str::split_inclusive(text, '\n').collect() } else { UnicodeSegmentation::split_word_bounds(text).collect() }
    };
    let (old, new): (Vec<&str>, Vec<&str>) = (tokens(before), tokens(after));
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    let mut hunks: Vec<Hunk> = Vec::new();
    let (mut at, mut kept) = (0, String::new());
    for op in ops {
        let (from, to) = (old[op.old_range()].concat(), new[op.new_range()].concat());
        if matches!(op, DiffOp::Equal { .. }) {
            at += from.len();
            kept = from;
            continue;
        }
        let near = kept.chars().count() < GAP && !kept.contains('\n');
        match hunks.last_mut().filter(|_| near) {
            Some(last) => {
                last.old.push_str(&kept);
                last.new.push_str(&kept);
                last.old.push_str(&from);
                last.new.push_str(&to);
            }
            None => hunks.push(Hunk { at, old: from.clone(), new: to }),
        }
        at += from.len();
        kept.clear();
    }
    hunks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn put(before: &str, hunks: &[Hunk]) -> String {
        let mut text = before.to_owned();
        for hunk in hunks.iter().rev() {
            assert_eq!(text.get(hunk.at..hunk.at + hunk.old.len()), Some(hunk.old.as_str()));
            text.replace_range(hunk.at..hunk.at + hunk.old.len(), &hunk.new);
        }
        text
    }

    #[test]
    fn words_are_the_pieces() {
        let found = hunks("Bread from the harbour, baked at night.", "Bread by the harbour, baked each night.");
        let shown: Vec<(&str, &str)> = found.iter().map(|hunk| (hunk.old.as_str(), hunk.new.as_str())).collect();
        assert_eq!(shown, [("from", "by"), ("at", "each")]);
        assert_eq!(hunks("same", "same"), []);
        assert_eq!(hunks("", "all new"), [Hunk { at: 0, old: String::new(), new: "all new".into() }]);
        // What is a letter apart is one decision.
        assert_eq!(hunks("one a two", "1 a 2").len(), 1);
    }

    proptest! {
        /// Taking them all makes the new text, taking any of them leaves the rest of the old one alone.
        #[test]
        fn they_make_the_new_text(before in "([a-c]{1,3}[ \n.]|é👩‍🚀 ){0,40}", after in "([a-c]{1,3}[ \n.]|é👩‍🚀 ){0,40}", some in any::<u64>()) {
            let all = hunks(&before, &after);
            prop_assert_eq!(put(&before, &all), after.clone());
            let taken: Vec<Hunk> = all.iter().enumerate().filter(|(n, _)| some >> (n % 64) & 1 == 1).map(|(_, hunk)| hunk.clone()).collect();
            let text = put(&before, &taken);
            // Deciding the rest afterwards leads to the same text.
            prop_assert_eq!(put(&text, &hunks(&text, &after)), after);
        }
    }
}
