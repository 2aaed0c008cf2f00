//! The blocks that stand, ready to be asked of every job that arrives; and blocks made from a job.

use super::query::{Context, Expr, Pattern, Query, Sieve, Term, TextField};
use super::{Block, Listing, SourceName, Text, Time};

/// Blocks made ready.
#[derive(Clone, Debug, Default)]
pub struct Blocks {
    ready: Vec<(u64, Option<Time>, Sieve)>,
}

impl Blocks {
    /// Those of `blocks` that stand at `now`.
    pub fn of<'a>(blocks: impl IntoIterator<Item = &'a Block>, now: Time) -> Blocks {
        let standing = blocks.into_iter().filter(|block| block.stands(now));
        Blocks { ready: standing.map(|block| (block.id, block.until, block.query.sieve())).collect() }
    }

    /// None.
    pub fn is_empty(&self) -> bool {
        self.ready.is_empty()
    }

    /// The first block that hides the job.
    pub fn hides(&self, listing: &Listing, ctx: &Context) -> Option<u64> {
        let stands = |until: Option<Time>| until.is_none_or(|until| until > ctx.now);
        self.ready.iter().find(|(_, until, sieve)| stands(*until) && sieve.holds(listing, ctx)).map(|(id, ..)| *id)
    }

    /// When the first of them ends by itself: then they are made ready anew.
    pub fn next_end(&self) -> Option<Time> {
        self.ready.iter().filter_map(|(_, until, _)| *until).min()
    }
}

impl Block {
    /// Of the requester of a job, on its source; `None` when the job names none.
    pub fn of_requester(listing: &Listing, until: Option<Time>, now: Time) -> Option<Block> {
        Block::of_field(TextField::Requester, listing.requester, listing, until, now)
    }

    /// Of the kind of a job, on its source; `None` when the job names none.
    pub fn of_kind(listing: &Listing, until: Option<Time>, now: Time) -> Option<Block> {
        Block::of_field(TextField::Kind, listing.kind, listing, until, now)
    }

    fn of_field(field: TextField, value: &str, listing: &Listing, until: Option<Time>, now: Time) -> Option<Block> {
        let from = Text::title(&format!("by hand, from the job {}", listing.title));
        let exact = |field, value: &str| Expr::Term(Term::Text(field, vec![Pattern::Exact(value.to_owned())]));
        let expr = Expr::And(vec![exact(field, value), exact(TextField::Source, listing.source)]);
        (!value.is_empty()).then_some(Block { id: 0, query: Query { expr }, made_at: now, until, from })
    }

    /// Of words in the title, the requester or a tag; `*` stands for anything. Everywhere, or on one source.
    pub fn of_words(words: &str, source: Option<&SourceName>, until: Option<Time>, now: Time) -> Option<Block> {
        let words = words.trim();
        let pattern = if words.contains('*') { Pattern::Wild(words.to_owned()) } else { Pattern::Exact(words.to_owned()) };
        let mut parts = vec![Expr::Term(Term::Word(pattern))];
        if let Some(source) = source {
            parts.push(Expr::Term(Term::Text(TextField::Source, vec![Pattern::Exact(source.as_str().to_owned())])));
        }
        let query = Query { expr: if parts.len() == 1 { parts.remove(0) } else { Expr::And(parts) } };
        let from = Text::title("by hand, from words");
        // A block of nothing but stars would hide everything there is.
        (!words.chars().all(|c| c == '*' || c.is_whitespace())).then_some(Block { id: 0, query, made_at: now, until, from })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::domain::triage::Marks;
    use crate::domain::{Book, Entry, Job, Record, Worth};

    fn job(native: &str, requester: &str, kind: &str, title: &str) -> Job {
        let mut job = Job::new(&SourceName::new("here"), native, title, Time::default());
        job.requester.name = Text::title(requester);
        job.kind = Text::title(kind);
        job
    }

    fn listing(job: &Job) -> Listing<'_> {
        job.listing(Marks::default(), None, Worth::default())
    }

    fn ctx(now: Time) -> Context {
        Context { now, new_since: now }
    }

    #[test]
    fn a_block_hides_what_it_names_until_it_ends() {
        let now = Time::default();
        let acme = job("1", "Acme \"the\" Corp*", "tagline", "Write about Shoes");
        let other = job("2", "Acme the Corporation", "art", "Paint shoes");
        let until = now + chrono::TimeDelta::hours(1);
        let by_requester = Block::of_requester(&listing(&acme), Some(until), now).unwrap();
        let blocks = Blocks::of([&Block { id: 7, ..by_requester.clone() }], now);
        assert_eq!(blocks.hides(&listing(&acme), &ctx(now)), Some(7));
        assert_eq!(blocks.hides(&listing(&other), &ctx(now)), None);
        assert_eq!((blocks.hides(&listing(&acme), &ctx(until)), blocks.next_end()), (None, Some(until)));
        assert!(Blocks::of([&by_requester], until).is_empty());
        let by_kind = Block::of_kind(&listing(&other), None, now).unwrap();
        assert!(Blocks::of([&by_kind], now).hides(&listing(&other), &ctx(now)).is_some());
        for (words, hides) in [("shoes", true), ("sho*", true), ("shoe", false), ("paint shoes", false)] {
            let block = Block::of_words(words, None, None, now).unwrap();
            assert_eq!(Blocks::of([&block], now).hides(&listing(&acme), &ctx(now)).is_some(), hides, "{words}");
        }
        assert!(
            Block::of_words(" ** ", None, None, now).is_none()
                && Block::of_kind(&listing(&job("3", "", "", "x")), None, now).is_none()
        );
    }

    #[test]
    fn a_block_is_undone_and_done_again() {
        let now = Time::default();
        let block = Block { id: 1, ..Block::of_words("shoes", None, None, now).unwrap() };
        let mut book = Book::default();
        let mut apply = |act, on, undoes, redoes| {
            let record = Record::Blocked { act, block: Box::new(block.clone()), on, undoes, redoes };
            book.apply(&Entry { at: now, record });
            (book.blocks.len(), book.undo.len(), book.redo.len(), book.redo.last().map(|act| act.blocks[0].1))
        };
        assert_eq!(apply(1, true, None, None), (1, 1, 0, None));
        assert_eq!(apply(2, false, Some(1), None), (0, 0, 1, Some(true)));
        assert_eq!(apply(3, true, None, Some(1)), (1, 1, 0, None));
        assert_eq!(apply(4, false, None, None), (0, 2, 0, None));
    }
}
