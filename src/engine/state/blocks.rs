//! Blocks: made, lifted and listed. What they hide follows from them and is marked on no job.

use super::{State, Then};
use crate::domain::query::Is;
use crate::domain::{Block, Query, Record, Text, Time, View};
use crate::engine::api::{BlockView, Reply, TriageDone, What};
use crate::engine::effect::{Asker, Effects};
use crate::error::{Class, Failure};

impl State {
    pub(super) fn block(&mut self, asker: Asker, block: Block, now: Time, effects: &mut Effects) {
        if block.query.is_all() {
            let failure = Failure::new(Class::Usage, "this would hide everything").hint("name a requester, a kind or words");
            return effects.reply(asker, Err(failure));
        }
        self.issued_block = self.issued_block.max(self.book.last_block) + 1;
        let block = Block { id: self.issued_block, made_at: now, ..block };
        self.turn_block(asker, block, true, now, effects);
    }

    pub(super) fn unblock(&mut self, asker: Asker, id: u64, now: Time, effects: &mut Effects) {
        match self.book.blocks.get(&id).cloned() {
            Some(block) => self.turn_block(asker, block, false, now, effects),
            None => effects.reply(asker, Err(Failure::new(Class::NotFound, format!("there is no block {id}")))),
        }
    }

    fn turn_block(&mut self, asker: Asker, block: Block, on: bool, now: Time, effects: &mut Effects) {
        self.issued_act += 1;
        let text = Text::title(&format!("{} {}", if on { "blocked" } else { "unblocked" }, block.query));
        let record = Record::Blocked { act: self.issued_act, block: Box::new(block), on, undoes: None, redoes: None };
        self.commit_blocks(asker, vec![record], text, now, effects);
    }

    pub(super) fn commit_blocks(&mut self, asker: Asker, records: Vec<Record>, text: Text, now: Time, effects: &mut Effects) {
        match self.record_act(records, Then::Blocked { asker, text }, now, effects) {
            Ok(batch) => {
                self.marks_pending.insert(batch);
            }
            Err(failure) => effects.reply(asker, Err(failure)),
        }
    }

    pub(super) fn blocks_durable(&mut self, batch: u64, asker: Asker, text: Text, now: Time, effects: &mut Effects) {
        self.marks_pending.remove(&batch);
        self.judge_again(now);
        self.watch_views();
        self.version += 1;
        effects.reply(asker, Ok(Reply::Triaged(TriageDone { text, changed: Vec::new(), failed: Vec::new() })));
        self.publish(What::Marked { jobs: Vec::new() }, now, effects);
        self.replay_after_marks(now, effects);
    }

    pub(super) fn block_views(&self, now: Time) -> Reply {
        let standing = self.book.blocks.values().filter(|block| block.stands(now));
        let view = |block: &Block| {
            let hides = self.feed.counts(&hidden_by(block)).unwrap_or_default().jobs;
            BlockView { block: block.clone(), hides }
        };
        Reply::Blocks { blocks: standing.map(view).collect() }
    }
}

/// What a block hides, as a view.
pub(super) fn hidden_by(block: &Block) -> View {
    View { query: Query::is(Is::Any).and(&block.query), ..View::default() }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    use super::*;
    use crate::config::{Config, Paths};
    use crate::domain::Book;
    use crate::engine::api::Request;
    use crate::engine::effect::{Effect, Input};
    use crate::engine::run::Polling;
    use crate::engine::state::Beginning;
    use crate::feed::Columns;

    fn at() -> Time {
        Time::from_timestamp(1_800_000_000, 0).unwrap_or_default()
    }

    fn state() -> State {
        let paths = Paths::at("/nowhere/config.toml".into(), "/nowhere".into(), None::<&Path>);
        let beginning = Beginning {
            config: Arc::new(Config::defaults(paths)),
            polling: Polling::OnRequest,
            book: Book::default(),
            feed: Columns::new(at()),
            left_at: at(),
            past: Default::default(),
            sources: Vec::new(),
            mended: Vec::new(),
            dice: ChaCha8Rng::seed_from_u64(1),
        };
        State::begin(beginning, at()).0
    }

    /// Asks, has it written, and lets the feed come to rest.
    fn ask(state: &mut State, request: Request) {
        let effects = state.step(Input::Asked { asker: 1, request }, at());
        for effect in effects {
            if let Effect::Commit { batch, .. } = effect {
                let _ = state.step(Input::Committed { batch }, at());
            }
        }
        while state.step(Input::Work, at()).more {}
    }

    #[test]
    fn what_a_block_hides_is_counted_while_it_stands_and_no_longer() {
        let mut state = state();
        let before = state.watched.clone();
        let query = Query::parse("kind:art").unwrap_or_default();
        for _ in 0..3 {
            let block = Block { id: 0, query: query.clone(), made_at: at(), until: None, from: Text::default() };
            ask(&mut state, Request::Block { block: block.clone() });
            let view = hidden_by(&block);
            assert!(state.watched.contains(&view) && state.feed.counts(&view).is_some());
            ask(&mut state, Request::Undo);
            assert_eq!((&state.watched, state.feed.counts(&view)), (&before, None));
            ask(&mut state, Request::Redo);
            assert!(state.feed.counts(&view).is_some());
            let id = state.issued_block;
            ask(&mut state, Request::Unblock { id });
            assert_eq!((&state.watched, state.feed.counts(&view)), (&before, None));
        }
    }
}
