//! Named views, and the questions about a view that are not windows.

use std::collections::BTreeSet;

use super::State;
use crate::domain::{JobKey, NamedView, Text, Time, View, view};
use crate::engine::api::{Known, Reply, ViewCount, What};
use crate::engine::effect::{Asker, Effects};

/// Keys in one answer: what one act of triage may touch.
pub(super) const KEYS_CAP: usize = 10_000;
/// Words of one sort that are offered.
const WORDS_CAP: usize = 500;

impl State {
    /// The named views: those made on the spot behind those of the config.
    pub(super) fn named_views(&self) -> Vec<(NamedView, bool)> {
        let builtin = view::builtin();
        let mut views: Vec<(NamedView, bool)> = builtin.into_iter().map(|named| (named, true)).collect();
        for made in &self.views {
            match views.iter_mut().find(|(named, _)| named.name == made.name) {
                Some(known) => *known = (made.clone(), false),
                None => views.push((made.clone(), false)),
            }
        }
        views
    }

    pub(super) fn view_counts(&mut self, now: Time) -> Reply {
        let views = self.named_views();
        let counted = views.into_iter().map(|(named, builtin)| {
            let total = self.feed.count(&named.view, &self.book, now);
            ViewCount { named, total, fresh: 0, counting: false, builtin }
        });
        Reply::Views { views: counted.collect() }
    }

    pub(super) fn save_view(&mut self, asker: Asker, named: NamedView, now: Time, effects: &mut Effects) {
        match self.views.iter_mut().find(|known| known.name == named.name) {
            Some(known) => *known = named,
            None => self.views.push(named),
        }
        self.publish(What::Views, now, effects);
        let reply = self.view_counts(now);
        effects.reply(asker, Ok(reply));
    }

    pub(super) fn drop_view(&mut self, asker: Asker, name: &Text, now: Time, effects: &mut Effects) {
        self.views.retain(|known| known.name != *name);
        self.publish(What::Views, now, effects);
        let reply = self.view_counts(now);
        effects.reply(asker, Ok(reply));
    }

    /// The words of the feed.
    pub(super) fn known(&self) -> Known {
        let mut words: [BTreeSet<Text>; 5] = Default::default();
        for job in self.feed.iter() {
            words[0].insert(job.kind.clone());
            words[1].insert(Text::title(job.key.source().as_str()));
            words[2].insert(job.requester.name.clone());
            words[3].extend(job.tags.iter().cloned());
            words[4].extend(job.language.clone());
        }
        let [kinds, sources, requesters, tags, languages] =
            words.map(|set| set.into_iter().filter(|word| !word.is_empty()).take(WORDS_CAP).collect::<Vec<Text>>());
        Known { kinds, sources, requesters, tags, languages }
    }

    /// Keys of a view in order.
    pub(super) fn keys(&mut self, view: &View, now: Time) -> Reply {
        let keys = self.feed.keys(view, KEYS_CAP, &self.book, now);
        Reply::Keys { total: self.feed.count(view, &self.book, now), keys }
    }

    /// The jobs that are the same but for their key.
    pub(super) fn group(&self, key: &JobKey) -> Reply {
        let Some(job) = self.feed.get(key) else { return Reply::Keys { keys: Vec::new(), total: 0 } };
        let alike = |other: &&crate::domain::Job| {
            other.key.source() == job.key.source()
                && other.title == job.title
                && other.requester.name == job.requester.name
                && other.kind == job.kind
                && other.reward.gross() == job.reward.gross()
        };
        let keys: Vec<JobKey> = self.feed.iter().filter(alike).map(|job| job.key.clone()).take(KEYS_CAP).collect();
        Reply::Keys { total: keys.len(), keys }
    }
}
