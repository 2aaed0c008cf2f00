//! An edit of the text, in the origins.

use unicode_segmentation::GraphemeCursor;

use super::{Origin, Origins};

/// A change of origins that can be taken back and done again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Splice {
    at: usize,
    old: Origins,
    new: Origins,
}

/// The lines of the text that an edit touched, as they are after it. Whole lines are enough: no grapheme goes over a line's end.
#[derive(Clone, Copy, Debug)]
pub struct Window<'a> {
    /// The byte of the whole text where they begin.
    pub start: usize,
    /// The lines.
    pub text: &'a str,
}

/// A stretch of the text after an edit.
struct Piece<'a> {
    bytes: usize,
    origin: &'a Origin,
    /// The edit put it there.
    fresh: bool,
}

impl Origins {
    /// `removed` bytes at `at` became a text with the origins `inserted`; `window` is what now stands there. Both ends of the edit
    /// were graphemes' edges before.
    pub fn edit(&mut self, at: usize, removed: usize, inserted: &Origins, window: Window<'_>) -> Splice {
        let put = inserted.bytes();
        let start = window.around(at).0;
        let mut end = window.around(at + put).1;
        // Flags pair up anew behind what was put before them: as far as borders of runs fall into a grapheme, it is mended.
        for (run, _) in self.runs().filter(|(run, _)| run.end > at + removed) {
            let border = run.end - removed + put;
            if border <= end {
                continue;
            }
            match window.around(border) {
                (from, to) if from < to => end = to,
                _ => break,
            }
        }
        let old_end = end - put + removed;
        let old = self.slice(start..old_end);
        let (head, tail) = (self.slice(start..at), self.slice(at + removed..old_end));
        let pieces: Vec<Piece<'_>> = pieces(&head, false).chain(pieces(inserted, true)).chain(pieces(&tail, false)).collect();
        let new = window.on_edges(start, &pieces);
        self.put(start, old_end - start, &new);
        Splice { at: start, old, new }
    }

    /// Other origins for a part of the same text.
    pub fn restate(&mut self, at: usize, new: Origins) -> Splice {
        let old = self.slice(at..at + new.bytes());
        self.put(at, new.bytes(), &new);
        Splice { at, old, new }
    }

    /// Takes a change back; what came after it was taken back before.
    pub fn revert(&mut self, splice: &Splice) {
        self.put(splice.at, splice.new.bytes(), &splice.old);
    }

    /// Does a change again that was taken back.
    pub fn repeat(&mut self, splice: &Splice) {
        self.put(splice.at, splice.old.bytes(), &splice.new);
    }

    /// These origins as far as they fit `text`: the end that they do not cover is external, all of it when they claim more than
    /// there is, and a grapheme that they divide is of its least human part.
    #[must_use]
    pub fn fitted(&self, text: &str) -> Origins {
        let covered = self.bytes();
        if covered > text.len() {
            return Origins::whole(text.len(), Origin::External);
        }
        let rest = Origins::whole(text.len() - covered, Origin::External);
        let pieces: Vec<Piece<'_>> = pieces(self, false).chain(pieces(&rest, false)).collect();
        Window { start: 0, text }.on_edges(0, &pieces)
    }
}

fn pieces(origins: &Origins, fresh: bool) -> impl Iterator<Item = Piece<'_>> {
    origins.0.iter().map(move |run| Piece { bytes: run.bytes, origin: &run.origin, fresh })
}

impl Window<'_> {
    /// The grapheme that the byte is within; twice the byte where it is a grapheme's edge.
    fn around(&self, byte: usize) -> (usize, usize) {
        let (at, length) = (byte.saturating_sub(self.start), self.text.len());
        if at == 0 || at >= length {
            return (byte, byte);
        }
        let floor = self.text.floor_char_boundary(at);
        let cursor = || GraphemeCursor::new(floor, length, true);
        let edge = cursor().is_boundary(self.text, 0).unwrap_or(true);
        if edge && floor == at {
            return (byte, byte);
        }
        let before = if edge { floor } else { cursor().prev_boundary(self.text, 0).ok().flatten().unwrap_or(0) };
        let behind = cursor().next_boundary(self.text, 0).ok().flatten().unwrap_or(length);
        (self.start + before, self.start + behind)
    }

    /// The pieces, which begin at `start` and end at a grapheme's edge, as runs whose borders are graphemes' edges.
    fn on_edges(&self, start: usize, pieces: &[Piece<'_>]) -> Origins {
        let mut out = Origins::default();
        let (mut told, mut end) = (start, start);
        for (n, piece) in pieces.iter().enumerate() {
            end += piece.bytes;
            if end <= told {
                continue;
            }
            let (from, to) = self.around(end);
            if from == to || n + 1 == pieces.len() {
                out.push(end - told, piece.origin.clone());
                told = end;
                continue;
            }
            out.push(from.saturating_sub(told), piece.origin.clone());
            out.push(to - from.max(told), joined(&pieces[n..], to - (end - piece.bytes)).clone());
            told = to;
        }
        out
    }
}

/// The origin of a grapheme that the first pieces make up, as far as `bytes` go: of what the edit put into it, else of all.
fn joined<'a>(pieces: &[Piece<'a>], bytes: usize) -> &'a Origin {
    let mut from = 0;
    let mut chosen = None;
    for piece in pieces {
        if from >= bytes {
            break;
        }
        from += piece.bytes;
        chosen = chosen.max(Some((piece.fresh, piece.origin)));
    }
    chosen.map_or(&Origin::External, |(_, origin)| origin)
}
