//! Text that comes in pieces, cut anywhere: scrubbed as if it had come whole.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

use super::{Cap, GRAPHEME_CHARS, Text, has_two_looks, is_script, mark_for, scrub};

/// The scrubber for a stream. What it gives away, put together, is what [`Text::own`] makes of the whole; only its length is for
/// whoever reads the stream to bound.
///
/// The last user-perceived character is kept back while what follows could change how it is shown. Most characters cannot be
/// changed, only added to, and go out at once: nobody waits for the next piece to see the end of this one.
#[derive(Clone, Debug, Default)]
pub struct Inflow {
    /// The last user-perceived character, as it came.
    tail: String,
    /// How many bytes of it are out.
    out: usize,
}

/// A character of more bytes is an attack; its middle is forgotten.
const LONG: usize = 512;
/// How many code points of its end decide whether the next one belongs to it.
const END: usize = 8;

impl Inflow {
    /// Takes a piece in and gives away what can be shown.
    pub fn take(&mut self, piece: &str) -> Text {
        if piece.is_empty() {
            return Text::default();
        }
        let mut raw = std::mem::take(&mut self.tail);
        raw.push_str(piece);
        let last = raw.graphemes(true).next_back().map_or(0, str::len);
        let (done, tail) = raw.split_at(raw.len() - last);
        let mut shown = scrub(done, Cap::OWN, true);
        // What is out is the first code point of `raw`, and stands in `shown` as it is.
        let skip = if done.is_empty() { 0 } else { std::mem::take(&mut self.out) };
        if self.out == 0 && stands(tail) {
            shown.push_str(tail);
            self.out = tail.len();
        }
        self.tail = shortened(tail);
        Text(shown.get(skip..).unwrap_or_default().into())
    }

    /// The stream is over: what was kept back.
    pub fn end(&mut self) -> Text {
        let shown = scrub(&std::mem::take(&mut self.tail), Cap::OWN, true);
        Text(shown.get(std::mem::take(&mut self.out)..).unwrap_or_default().into())
    }
}

/// Whether it is one code point that is shown as itself whatever follows, and that no joiner or selector belongs behind: what comes
/// behind it may then be shown on its own.
fn stands(grapheme: &str) -> bool {
    let mut chars = grapheme.chars();
    let (Some(c), None) = (chars.next(), chars.next()) else { return false };
    let plain = c.width().unwrap_or(0) > 0 && mark_for(c).is_none();
    c == '\n' || plain && !has_two_looks(c) && !is_script(c)
}

fn shortened(grapheme: &str) -> String {
    if grapheme.len() <= LONG {
        return grapheme.to_owned();
    }
    let count = grapheme.chars().count();
    let kept = grapheme.chars().enumerate().filter(|(n, _)| *n < GRAPHEME_CHARS || *n + END >= count);
    kept.map(|(_, c)| c).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn in_pieces(raw: &str, cuts: &[usize]) -> Vec<Text> {
        let (mut inflow, mut out, mut rest) = (Inflow::default(), Vec::new(), raw);
        for cut in cuts {
            let at = rest.char_indices().nth(*cut).map_or(rest.len(), |(at, _)| at);
            let (piece, behind) = rest.split_at(at);
            out.push(inflow.take(piece));
            rest = behind;
        }
        out.extend([inflow.take(rest), inflow.end()]);
        out
    }

    #[test]
    fn the_end_of_a_word_does_not_wait() {
        let mut inflow = Inflow::default();
        for word in ["Hello", " wörld", "!", "\n", "漢字"] {
            assert_eq!(inflow.take(word).as_str(), word);
        }
        // A keycap, a flag and a family may go on.
        assert_eq!(inflow.take("1").as_str(), "");
        assert_eq!(inflow.take("\u{fe0f}\u{20e3}").as_str(), "");
        assert_eq!(inflow.take("a").as_str(), "1\u{fe0f}\u{20e3}a");
        assert_eq!(inflow.end().as_str(), "");
    }

    #[test]
    fn marks_that_come_one_by_one_do_not_pile_up() {
        let mut inflow = Inflow::default();
        let mut shown = inflow.take("e").to_string();
        for _ in 0..100_000 {
            shown.push_str(inflow.take("\u{301}").as_str());
        }
        shown.push_str(inflow.end().as_str());
        assert_eq!(shown, Text::own(&format!("e{}", "\u{301}".repeat(100))).as_str());
        assert!(inflow.tail.len() <= LONG);
    }

    proptest! {
        #[test]
        fn however_it_is_cut_the_same_text_comes(
            raw in "([a-z0-9#*]|\r\n|\r|\n|\t|\u{1b}\\[2J|\u{9b}|\u{202e}|\u{200d}|\u{200c}|\u{fe0f}|\u{20e3}|\u{301}|é|漢|한|ᄀ|ᅡ|क|्|ष|م|👩|💻|🏽|🇩|🇪|🏴|\u{e0067}|\u{e007f}|\u{600}|©|—){0,40}",
            cuts in prop::collection::vec(0_usize..5, 0..40),
        ) {
            let pieces = in_pieces(&raw, &cuts);
            let whole: String = pieces.iter().map(Text::as_str).collect();
            prop_assert_eq!(whole, Text::own(&raw).to_string());
            // Each of them crosses a wire, where it is scrubbed again.
            for piece in &pieces {
                prop_assert_eq!(&Text::own(piece.as_str()), piece);
            }
        }
    }
}
