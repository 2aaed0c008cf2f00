//! Origins carried over to another version of the text that nobody typed here: what `$EDITOR`, a file, a program or an assistant
//! made of it.

use std::collections::HashMap;

use unicode_segmentation::UnicodeSegmentation;

use super::{Origin, Origins};

/// So many words in a row, the same in both versions, are the same text; fewer may be chance.
const SAME: usize = 4;

/// A word or what stands between words: its first byte and itself.
type Token<'a> = (usize, &'a str);

impl Origins {
    /// The origins of `new`, which came of `old` (whose origins these are) by a way of the origin `by`. Whole lines that begin and end
    /// both stay what they were, and so does every stretch of four words and more that is found in both, wherever it was moved to; all
    /// else is `by`. A stretch of more than `most` bytes between the common lines is not compared.
    #[must_use]
    pub fn carried(&self, old: &str, new: &str, by: &Origin, most: usize) -> Origins {
        if old == new {
            return self.fitted(new);
        }
        let head = common_head(old, new);
        let tail = common_tail(&old[head..], &new[head..]);
        let mut out = self.slice(0..head);
        let (old_middle, new_middle) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
        if old_middle.len().max(new_middle.len()) <= most {
            self.moved(head, old_middle, new_middle, by, &mut out);
        } else {
            out.push(new_middle.len(), by.clone());
        }
        out.append(&self.slice(old.len() - tail..old.len()));
        out.fitted(new)
    }

    /// What lies between the common lines; `at` is where that begins in the old text.
    fn moved(&self, at: usize, old: &str, new: &str, by: &Origin, out: &mut Origins) {
        let (old_tokens, new_tokens): (Vec<Token<'_>>, Vec<Token<'_>>) =
            (old.split_word_bound_indices().collect(), new.split_word_bound_indices().collect());
        let mut known: HashMap<&str, Vec<usize>> = HashMap::new();
        for (n, stretch) in stretches(old, &old_tokens) {
            known.entry(stretch).or_default().push(n);
        }
        // Where the latest stretch ended, in tokens of both.
        let (mut here, mut done) = (0, 0);
        for (n, stretch) in stretches(new, &new_tokens) {
            if n < done {
                continue;
            }
            let Some(places) = known.get(stretch) else { continue };
            // The one that comes next in the old text, else the first.
            let next = places.partition_point(|place| *place < here);
            let Some(place) = places.get(next).or(places.first()).copied() else { continue };
            let same = |(a, b): &(&Token<'_>, &Token<'_>)| a.1 == b.1;
            let before = old_tokens[..place].iter().rev().zip(new_tokens[done..n].iter().rev()).take_while(same).count();
            let behind = old_tokens[place..].iter().zip(&new_tokens[n..]).take_while(same).count();
            let start = |tokens: &[Token<'_>], n: usize, text: &str| tokens.get(n).map_or(text.len(), |token| token.0);
            out.push(start(&new_tokens, n - before, new) - start(&new_tokens, done, new), by.clone());
            (here, done) = (place + behind, n + behind);
            out.append(&self.slice(at + start(&old_tokens, place - before, old)..at + start(&old_tokens, here, old)));
        }
        let told = new_tokens.get(done).map_or(new.len(), |token| token.0);
        out.push(new.len() - told, by.clone());
    }
}

/// Every four words in a row with what stands between them, and the token that each begins with.
fn stretches<'a>(text: &'a str, tokens: &[Token<'a>]) -> Vec<(usize, &'a str)> {
    let is_word = |token: &Token<'_>| token.1.chars().any(char::is_alphanumeric);
    let words: Vec<usize> = (0..tokens.len()).filter(|n| is_word(&tokens[*n])).collect();
    let stretch = |words: &[usize]| {
        let (first, last) = (words[0], words[SAME - 1]);
        (first, &text[tokens[first].0..tokens[last].0 + tokens[last].1.len()])
    };
    words.windows(SAME).map(stretch).collect()
}

/// Bytes of the whole lines that both begin with.
fn common_head(old: &str, new: &str) -> usize {
    let same = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    let ends = |text: &str| matches!(text.as_bytes().get(same), None | Some(b'\n'));
    if ends(old) && ends(new) { same } else { old.as_bytes()[..same].iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1) }
}

/// Bytes of the whole lines that both end with, of what is left behind the common head.
fn common_tail(old: &str, new: &str) -> usize {
    let same = old.bytes().rev().zip(new.bytes().rev()).take_while(|(a, b)| a == b).count();
    let begins = |text: &str| text.len() == same || text.as_bytes()[text.len() - same - 1] == b'\n';
    if begins(old) && begins(new) {
        return same;
    }
    let tail = &old.as_bytes()[old.len() - same..];
    tail.iter().position(|b| *b == b'\n').map_or(0, |at| same - at)
}
