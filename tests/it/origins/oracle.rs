//! The naive account: every character with its origin, cut into graphemes anew after each edit. Slow, and plainly right.

use juggler::domain::origin::{Origin, Origins, Shares};
use unicode_segmentation::UnicodeSegmentation;

/// A text as its characters, each with its origin.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Oracle(pub Vec<(char, Origin)>);

impl Oracle {
    pub fn of(text: &str, origin: &Origin) -> Oracle {
        Oracle(text.chars().map(|c| (c, origin.clone())).collect())
    }

    pub fn text(&self) -> String {
        self.0.iter().map(|(c, _)| c).collect()
    }

    /// Graphemes, each with the characters it is made of.
    fn graphemes(&self) -> Vec<std::ops::Range<usize>> {
        let mut from = 0;
        let text = self.text();
        let lengths = text.graphemes(true).map(|grapheme| grapheme.chars().count());
        lengths.map(|n| (from..from + n, from += n).0).collect()
    }

    /// How many graphemes there are.
    pub fn length(&self) -> usize {
        self.graphemes().len()
    }

    /// The place in characters where the grapheme `n` begins.
    fn at(&self, n: usize) -> usize {
        self.graphemes().get(n).map_or(self.0.len(), |grapheme| grapheme.start)
    }

    /// The place in bytes where the grapheme `n` begins.
    pub fn byte(&self, n: usize) -> usize {
        self.0[..self.at(n)].iter().map(|(c, _)| c.len_utf8()).sum()
    }

    /// Puts `new` in place of the graphemes from `from` to `to`.
    pub fn replace(&mut self, from: usize, to: usize, new: &Oracle) {
        let (start, end) = (self.at(from), self.at(to));
        self.0.splice(start..end, new.0.iter().cloned());
        let fresh = start..start + new.0.len();
        for grapheme in self.graphemes() {
            let own = grapheme.clone().filter(|n| fresh.contains(n));
            let of = |n: usize| self.0[n].1.clone();
            // A grapheme that something was put into is of that; else of the least human of its parts.
            let origin = own.map(of).max().or(grapheme.clone().map(of).max());
            grapheme.for_each(|n| self.0[n].1 = origin.clone().unwrap());
        }
    }

    /// The same as runs of bytes.
    pub fn origins(&self) -> Origins {
        Origins::from(self.0.iter().map(|(c, origin)| (c.len_utf8(), origin.clone())).collect::<Vec<_>>())
    }

    /// The same as shares.
    pub fn shares(&self) -> Shares {
        let mut shares = Shares::default();
        for grapheme in self.graphemes().into_iter().filter(|grapheme| self.0[grapheme.start].0 != '\n') {
            shares.total += 1;
            *match &self.0[grapheme.start].1 {
                Origin::Typed => &mut shares.typed,
                Origin::Declared => &mut shares.declared,
                Origin::Scaffold => &mut shares.scaffold,
                Origin::Quoted { .. } => &mut shares.quoted,
                Origin::Pasted => &mut shares.pasted,
                Origin::External => &mut shares.external,
                Origin::Ai { .. } => &mut shares.ai,
            } += 1;
        }
        shares
    }
}
