//! What was read before, as hashes: a file that was written anew brings only what changed in it.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// More ids are not remembered: an inbox of a million lines is a log that grows, and is not written anew.
const MOST: usize = 400_000;

/// Keys are hashes already.
#[derive(Clone, Copy, Debug, Default)]
struct Already(u64);

impl Hasher for Already {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

type Hashes = HashMap<u64, u64, BuildHasherDefault<Already>>;

/// The latest line of each id.
#[derive(Debug, Default)]
pub struct Known {
    lines: Hashes,
    /// What a whole list was known to hold before it was read again.
    before: Hashes,
    full: bool,
}

/// Whether a line brings anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// Not what was known of its id.
    New,
    /// Word for word what is known.
    Same,
}

impl Known {
    /// Nothing is known.
    pub fn forget(&mut self) {
        *self = Known::default();
    }

    /// A whole list is read from its beginning: what it holds no more is forgotten.
    pub fn whole_again(&mut self) {
        self.before = std::mem::take(&mut self.lines);
    }

    /// The whole list was read.
    pub fn whole_read(&mut self) {
        self.before = Hashes::default();
    }

    /// Compares a line with what is known of its id.
    pub fn look(&self, id: &str, line: &str) -> News {
        let id = hash(id);
        let known = self.lines.get(&id).or_else(|| self.before.get(&id));
        if known.is_some_and(|known| *known == hash(line)) { News::Same } else { News::New }
    }

    /// From now on this is known.
    pub fn keep(&mut self, id: &str, line: &str) {
        if self.full {
            return;
        }
        if self.lines.len() >= MOST {
            self.forget();
            self.full = true;
            return;
        }
        self.lines.insert(hash(id), hash(line));
    }

    /// It is withdrawn: the same line means something again.
    pub fn drop(&mut self, id: &str) {
        self.lines.remove(&hash(id));
        self.before.remove(&hash(id));
    }
}

/// 64 bits of a text: sixteen bytes are multiplied into the state at a time and both halves of the product kept ("wyhash", Wang Yi).
/// A script's own lines are no adversary; two that collide would only hide a change until the next one.
pub fn hash(text: &str) -> u64 {
    const A: u64 = 0xa076_1d64_78bd_642f;
    const B: u64 = 0xe703_7ed1_a0b4_28db;
    let fold = |a: u64, b: u64| {
        let product = u128::from(a) * u128::from(b);
        (product as u64) ^ (product >> 64) as u64
    };
    let (blocks, rest) = text.as_bytes().as_chunks::<16>();
    let halves = |block: &[u8; 16]| {
        let whole = u128::from_le_bytes(*block);
        (whole as u64, (whole >> 64) as u64)
    };
    let mut state = A ^ text.len() as u64;
    for block in blocks {
        let (low, high) = halves(block);
        state = fold(low ^ B, high ^ state);
    }
    let mut last = [0; 16];
    last[..rest.len()].copy_from_slice(rest);
    let (low, high) = halves(&last);
    fold(fold(low ^ A, high ^ state), B)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_latest_line_of_an_id_is_known() {
        let mut known = Known::default();
        assert_eq!(known.look("1", "a"), News::New);
        known.keep("1", "a");
        assert_eq!(known.look("1", "a"), News::Same);
        known.keep("1", "b");
        assert_eq!((known.look("1", "a"), known.look("1", "b"), known.look("2", "b")), (News::New, News::Same, News::New));
        known.drop("1");
        assert_eq!(known.look("1", "b"), News::New);
    }

    #[test]
    fn what_a_whole_list_left_out_is_news_when_it_returns() {
        let mut known = Known::default();
        known.keep("1", "a");
        known.keep("2", "b");
        known.whole_again();
        assert_eq!(known.look("1", "a"), News::Same);
        known.keep("1", "a");
        known.whole_read();
        assert_eq!((known.look("1", "a"), known.look("2", "b")), (News::Same, News::New));
    }

    #[test]
    fn hashes_differ_where_texts_do() {
        let mut seen = std::collections::HashSet::new();
        for n in 0..20_000 {
            assert!(seen.insert(hash(&format!("{{\"id\":\"{n}\",\"title\":\"Write five taglines\"}}"))));
        }
        assert!(seen.insert(hash("")) && seen.insert(hash("\0")) && seen.insert(hash("\0\0")));
    }
}
