//! `brief:` in a query: the whole briefs are in the store, which is searched piece by piece while what was found is shown.

use std::cmp::Reverse;

use super::State;
use crate::domain::view::{Level, SortKey};
use crate::domain::{JobKey, Listing, Time, View};
use crate::engine::effect::{Effect, Effects};
use crate::error::{Class, Failure, Result};
use crate::feed::{Anchor, Window, WindowState};

/// Up to so many jobs are looked up one by one; more are gone through in the store's order.
const PICKED: usize = 20_000;
/// Found jobs that are kept.
const KEPT: usize = 10_000;

/// A search in progress, or done.
pub(super) struct Briefs {
    number: u64,
    view: View,
    found: Vec<JobKey>,
    done: u64,
    total: u64,
    over: bool,
}

impl State {
    /// A window over what a search has found so far; `None` while the jobs to search are still being counted.
    pub(super) fn brief_window(
        &mut self,
        view: &View,
        anchor: &Anchor,
        length: usize,
        effects: &mut Effects,
    ) -> Result<Option<(Window, Option<u8>)>> {
        if !view.query.briefs_stand_alone() {
            return Err(Failure::new(Class::Usage, "brief: cannot stand in one or, or in one negation, with other conditions")
                .why("the briefs are searched in the store, beside the other conditions")
                .hint("write it beside the rest: kind:art (brief:watercolour or brief:ink)"));
        }
        if self.briefs.as_ref().is_none_or(|briefs| briefs.view != *view) {
            let WindowState::Ready(all) = self.feed.window(view, &Anchor::Top, 1, 0) else {
                self.counting = true;
                return Ok(None);
            };
            self.searches += 1;
            let keys = (all.total <= PICKED).then(|| {
                (0..self.feed.stretches()).flat_map(|stretch| self.feed.members(view, stretch)).collect::<Vec<JobKey>>()
            });
            let (number, query) = (self.searches, view.query.clone());
            effects.push(Effect::SearchBriefs { search: number, query, keys });
            let total = u64::try_from(all.total).unwrap_or(u64::MAX);
            self.briefs = Some(Briefs { number, view: view.clone(), found: Vec::new(), done: 0, total, over: false });
        }
        let Some(briefs) = &self.briefs else { return Ok(None) };
        let total = briefs.found.len();
        let at = match anchor {
            Anchor::Top => 0,
            Anchor::Bottom => total.saturating_sub(1),
            Anchor::Job(key) => briefs.found.iter().position(|found| found == key).unwrap_or(0),
        };
        let start = at.saturating_sub(length / 2).min(total.saturating_sub(length));
        let keys = briefs.found.iter().skip(start).take(length).cloned().collect();
        let percent = (!briefs.over).then(|| u8::try_from(briefs.done * 100 / briefs.total.max(1)).unwrap_or(100).min(99));
        Ok(Some((Window { start, keys, total, anchor: at, ..Window::default() }, percent)))
    }

    /// A piece of the store was searched.
    pub(super) fn briefs_found(
        &mut self,
        search: u64,
        keys: Vec<JobKey>,
        (done, total, over): (u64, u64, bool),
        now: Time,
        effects: &mut Effects,
    ) {
        let Some(briefs) = self.briefs.as_mut().filter(|briefs| briefs.number == search) else { return };
        (briefs.done, briefs.total, briefs.over) = (done, total.max(1), over);
        let view = briefs.view.clone();
        let fits = |key: &JobKey| self.feed.is_member(&view, key.as_str()) == Some(true);
        let before = briefs.found.len();
        briefs.found.extend(keys.into_iter().filter(fits).take(KEPT.saturating_sub(before)));
        if briefs.found.len() > before {
            let level = view.sort.first().copied().unwrap_or(Level { by: SortKey::Newest, reversed: false });
            briefs.found.sort_by_cached_key(|key| self.feed.listing(key.as_str()).map(|listing| rank(&listing, level)));
        }
        if over || briefs.found.len() > before {
            self.feed_changed(0, 0, 0, now, effects);
        }
        self.answer_parked(now, effects);
    }

    /// Somebody looks at something else: the search ends.
    pub(super) fn end_search(&mut self, effects: &mut Effects) {
        if self.briefs.take().is_some_and(|briefs| !briefs.over) {
            effects.push(Effect::EndSearch);
        }
    }
}

/// Smaller comes first.
fn rank(listing: &Listing<'_>, level: Level) -> (i64, Reverse<Time>) {
    let best = |value: Option<i64>| value.map_or(i64::MAX, |value| value.saturating_neg());
    let value = match level.by {
        SortKey::Newest => best(Some(listing.since.timestamp())),
        SortKey::Pay => best(listing.pay.map(|pay| pay.minor)),
        SortKey::Rate => best(listing.worth.hourly.map(|rate| rate.minor)),
        SortKey::Expiring => listing.expires_at.map_or(i64::MAX, |at| at.timestamp()),
        SortKey::Fit => best(listing.worth.fit.map(i64::from)),
        SortKey::Requester => best(listing.record.approved.map(i64::from)),
    };
    (if level.reversed { value.saturating_neg() } else { value }, Reverse(listing.since))
}
