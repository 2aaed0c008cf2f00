//! Named views, and the questions about a view that are not windows.

use super::State;
use crate::domain::query::Is;
use crate::domain::view::builtin;
use crate::domain::{JobKey, NamedView, Query, Text, Time, View};
use crate::engine::api::{Known, Reply, ViewCount, What};
use crate::engine::effect::{Asker, Effect, Effects, ViewChange};
use crate::error::{Class, Failure, Result};

/// Keys in one answer: what one act of triage may touch.
pub(super) const KEYS_CAP: usize = 10_000;
/// Words of one sort that are offered.
const WORDS_CAP: usize = 500;

impl State {
    /// What is kept counted from the beginning: the tabs, what is put away and starred, each source's part. Marks and assignments of the
    /// journal are put on the feed, which has them from an older image at best.
    pub(super) fn settle_in(&mut self, now: Time) {
        let _ = self.feed.tick(now, usize::MAX);
        let mut marked: Vec<JobKey> = self.book.marks.keys().cloned().collect();
        for stretch in 0..self.feed.stretches() {
            let said = self.feed.stretch(stretch).filter(|listing| listing.marks != Default::default() || listing.mine.is_some());
            marked.extend(said.map(|listing| JobKey::new(listing.key)));
        }
        let mine: Vec<JobKey> = self.book.assignments.values().map(|mine| mine.job.key.clone()).collect();
        for key in marked.iter().chain(&mine) {
            self.place(key);
        }
        self.judge_again(now);
        self.feed.leave(self.left_at);
        self.watch_views();
    }

    /// Keeps counted what is on a tab, put away, starred, of a source or hidden by a block; and nothing else any longer.
    pub(super) fn watch_views(&mut self) {
        let states = [Is::Starred, Is::Away].map(|state| View { query: Query::is(state), ..View::default() });
        let sources = self.sources.keys().map(super::rows::of_source);
        let tabs = self.views.iter().map(|named| named.view.clone());
        let blocks = self.book.blocks.values().map(super::blocks::hidden_by);
        let wanted: Vec<View> = [View::default()].into_iter().chain(states).chain(sources).chain(tabs).chain(blocks).collect();
        for view in self.watched.iter().filter(|view| !wanted.contains(view)) {
            self.feed.unwatch(view);
        }
        for view in &wanted {
            self.feed.watch(view);
        }
        self.watched = wanted;
        self.counting = true;
    }

    /// The named views; `true` for those that came with the program and are as they came.
    pub(super) fn named_views(&self) -> Vec<(NamedView, bool)> {
        let came = builtin();
        self.views.iter().map(|named| (named.clone(), came.contains(named))).collect()
    }

    pub(super) fn view_counts(&self) -> Reply {
        let views = self.named_views();
        let counted = views.into_iter().map(|(named, builtin)| {
            let counts = self.feed.counts(&named.view);
            let known = counts.unwrap_or_default();
            ViewCount { named, total: known.jobs, fresh: known.new, counting: counts.is_none(), builtin }
        });
        Reply::Views { views: counted.collect() }
    }

    pub(super) fn save_view(&mut self, asker: Asker, named: NamedView, effects: &mut Effects) {
        self.change_views(asker, ViewChange::Save(named), effects);
    }

    pub(super) fn drop_view(&mut self, asker: Asker, name: Text, effects: &mut Effects) {
        self.change_views(asker, ViewChange::Drop(name), effects);
    }

    /// One change at a time is written, in the order they were asked for: each reads the file that the one before it wrote.
    fn change_views(&mut self, asker: Asker, change: ViewChange, effects: &mut Effects) {
        self.view_changes.push_back((asker, change));
        if self.view_changes.len() == 1 {
            self.keep_views(effects);
        }
    }

    fn keep_views(&self, effects: &mut Effects) {
        if let Some((_, change)) = self.view_changes.front() {
            effects.push(Effect::KeepView { config: self.config.clone(), change: change.clone() });
        }
    }

    /// The oldest change was written, or could not be: then nothing changed.
    pub(super) fn view_kept(&mut self, kept: Result<bool>, now: Time, effects: &mut Effects) {
        let Some((asker, change)) = self.view_changes.pop_front() else { return };
        let reply = kept.and_then(|written| {
            let known = self.change_known(change);
            if written || known {
                self.publish(What::Views, now, effects);
                Ok(self.view_counts())
            } else {
                let names: Vec<&str> = self.views.iter().map(|known| known.name.as_str()).collect();
                Err(Failure::new(Class::NotFound, "there is no view of that name").hint(format!("views: {}", names.join(", "))))
            }
        });
        effects.reply(asker, reply);
        self.keep_views(effects);
    }

    /// The list as the file now has it; whether that changed it.
    fn change_known(&mut self, change: ViewChange) -> bool {
        match change {
            ViewChange::Save(named) => {
                match self.views.iter_mut().find(|known| known.name == named.name) {
                    Some(known) => *known = named,
                    None => self.views.push(named),
                }
                self.watch_views();
                true
            }
            ViewChange::Drop(name) => {
                let before = self.views.len();
                self.views.retain(|known| known.name != name);
                let dropped = self.views.len() < before;
                if self.views.is_empty() {
                    self.views = builtin();
                }
                self.watch_views();
                dropped
            }
        }
    }

    /// The words of the feed.
    pub(super) fn known(&self) -> Known {
        let words = self.feed.vocabulary(WORDS_CAP);
        let texts = |words: Vec<&str>| words.into_iter().map(Text::title).collect();
        Known {
            kinds: texts(words.kinds),
            sources: texts(words.sources),
            requesters: texts(words.requesters),
            tags: texts(words.tags),
            languages: texts(words.languages),
        }
    }

    /// The jobs that are the same but for their key.
    pub(super) fn group(&mut self, view: &View, key: &JobKey) -> Reply {
        let mut keys = self.feed.group_keys(view, key);
        let total = keys.len();
        keys.truncate(KEYS_CAP);
        Reply::Keys { keys, total }
    }
}
