//! Words in titles: a whole block's titles are searched as one text.

use memchr::memmem::Finder;

use super::Scratch;
use crate::domain::query::{Matcher, Pattern, Place, fold};
use crate::feed::block::{Block, flag};
use crate::feed::mask::Mask;

/// Below so many candidates, titles are looked at one by one.
const FEW: usize = 96;

/// What a title must hold.
#[derive(Clone, Debug)]
pub(super) enum Title {
    /// These characters, anywhere. Folded.
    Part(Finder<'static>),
    /// What only the pattern itself can tell, and only of titles that hold these characters.
    Guarded(Finder<'static>, Matcher),
    /// What only the pattern itself can tell.
    Other(Matcher),
}

impl Title {
    pub(super) fn new(pattern: &Pattern) -> Title {
        let finder = |part: &str| Finder::new(fold(part).as_bytes()).into_owned();
        let matcher = || Matcher::new(pattern, Place::Prose);
        match pattern {
            Pattern::Plain(part) => Title::Part(finder(part)),
            Pattern::Exact(part) => Title::Guarded(finder(part), matcher()),
            Pattern::Wild(parts) => {
                Title::Guarded(finder(parts.split('*').max_by_key(|part| part.len()).unwrap_or_default()), matcher())
            }
            Pattern::Fuzzy(_) | Pattern::Regex(_) => Title::Other(matcher()),
        }
    }

    /// Found by a plain search.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self, Title::Part(_))
    }

    pub(super) fn fits(&self, block: &Block, at: usize, scratch: &mut Scratch) -> bool {
        let folded = block.fold_title(at, &mut scratch.title);
        match self {
            Title::Part(part) => part.find(folded.as_bytes()).is_some(),
            Title::Guarded(part, matcher) => {
                part.find(folded.as_bytes()).is_some() && matcher.fits_both(block.titles.get(at), folded)
            }
            Title::Other(matcher) => matcher.fits_both(block.titles.get(at), folded),
        }
    }

    pub(super) fn scan(&self, block: &Block, among: &Mask, scratch: &mut Scratch) -> Mask {
        match self {
            Title::Part(part) if among.count() >= FEW => part_scan(part, block, scratch).and(among),
            Title::Guarded(part, _) if among.count() >= FEW => {
                let held = part_scan(part, block, scratch).and(among);
                self.one_by_one(block, &held, scratch)
            }
            _ => self.one_by_one(block, among, scratch),
        }
    }

    fn one_by_one(&self, block: &Block, among: &Mask, scratch: &mut Scratch) -> Mask {
        let mut out = Mask::default();
        for at in among.rows() {
            out.put(at, self.fits(block, at, scratch));
        }
        out
    }
}

/// Rows whose folded title holds `part`. Titles lie end to end: a hit that reaches over a title's end is none.
fn part_scan(part: &Finder<'static>, block: &Block, scratch: &mut Scratch) -> Mask {
    let needle = part.needle();
    if needle.is_empty() {
        return Mask::first(block.len());
    }
    let haystack = scratch.fold_titles(block).as_bytes();
    let ends = block.titles.ends();
    let mut out = Mask::default();
    let (mut from, mut row) = (0, 0);
    // Of one character nearly every title has some: going from title to title is cheaper then than to start a search after each hit.
    let search = |from: usize| match needle {
        [byte] => memchr::memchr(*byte, &haystack[from..]),
        _ => part.find(&haystack[from..]),
    };
    while let Some(hit) = search(from).map(|at| at + from) {
        while ends[row] as usize <= hit {
            row += 1;
        }
        let end = ends[row] as usize;
        if hit + needle.len() <= end {
            out.put(row, true);
        }
        from = end;
        row += 1;
    }
    for (row, folded) in block.folded() {
        out.put(usize::from(*row), part.find(folded.as_bytes()).is_some());
    }
    debug_assert!(block.folded().iter().all(|(row, _)| block.numbers.flags[usize::from(*row)] & flag::FOLDED != 0));
    out
}
