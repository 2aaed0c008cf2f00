//! Marks: one by one, a stretch, all of a view, turned round.

use std::collections::BTreeSet;

use super::Update;
use super::triage::jobs;
use crate::domain::{JobKey, Text, View};
use crate::engine::api::Request;
use crate::tui::command::Command;
use crate::tui::feed_model::Range;
use crate::tui::message::{Asked, Marking};
use crate::tui::widget::toast::Tone;

impl Update<'_> {
    /// Marks or unmarks the job under the cursor; a row that stands for several jobs takes them along.
    pub(super) fn mark(&mut self) {
        if self.model.feed.range.is_some() {
            return self.model.feed.take_range();
        }
        let Some(key) = self.model.feed.cursor.clone() else { return };
        let feed = &mut self.model.feed;
        let group = feed.view.group && feed.row().is_some_and(|row| row.alike > 1);
        let alike = feed.groups.get(&key).filter(|_| group).cloned();
        if feed.marked.remove(&key) {
            for other in alike.into_iter().flatten() {
                feed.marked.remove(&other);
            }
        } else {
            feed.marked.insert(key.clone());
            match alike {
                Some(alike) => feed.marked.extend(alike),
                None if group => {
                    let view = feed.view.clone();
                    self.ask(Asked::GroupMark(key.clone()), Request::Group { view, key });
                }
                None => {}
            }
        }
        self.step(1);
    }

    /// The jobs of a marked row: marked too, if it still is.
    pub(super) fn group_marked(&mut self, key: JobKey, keys: Vec<JobKey>) {
        let feed = &mut self.model.feed;
        if feed.marked.contains(&key) {
            feed.marked.extend(keys.iter().cloned());
        }
        feed.groups.insert(key, keys);
    }

    /// Begins a stretch, or keeps the one there is as marks.
    pub(super) fn mark_range(&mut self) {
        if self.model.feed.range.is_some() {
            return self.model.feed.take_range();
        }
        match &self.model.feed.cursor {
            Some(key) => self.model.feed.range = Some(Range::begin(key)),
            None => self.plain("no job is under the cursor"),
        }
    }

    /// Everything the view shows, or the opposite of what is marked.
    pub(super) fn mark_view(&mut self, marking: Marking) {
        if self.model.opening.is_some() {
            return self.say(Tone::Plain, "all of a view can be marked once the store is open", "");
        }
        self.model.feed.take_range();
        self.ask_keys(marking);
    }

    pub(super) fn ask_keys(&mut self, marking: Marking) {
        if !self.model.keys_asking {
            self.model.keys_asking = true;
            // A group's jobs are marked one and all, but the ends of a stretch are rows.
            let group = self.model.feed.view.group && marking == Marking::Range;
            let view = View { group, ..self.model.feed.view.clone() };
            self.ask(Asked::Keys(marking), Request::Keys { view });
        }
    }

    /// Keys of a whole view came.
    pub(super) fn keys_came(&mut self, marking: Marking, keys: Vec<JobKey>, total: usize) {
        let feed = &mut self.model.feed;
        let cut = total > keys.len();
        let most = if cut { format!(" of {total}: no more fit one act") } else { String::new() };
        match marking {
            Marking::All => {
                let n = keys.len();
                feed.marked = keys.into_iter().collect();
                self.say(if cut { Tone::Warn } else { Tone::Plain }, format!("{} marked{most}", jobs(n)), self.unmark_hint());
            }
            Marking::Invert => {
                let marked: BTreeSet<JobKey> = keys.into_iter().filter(|key| !feed.marked.contains(key)).collect();
                let n = marked.len();
                feed.marked = marked;
                self.say(if cut { Tone::Warn } else { Tone::Plain }, format!("{} marked{most}", jobs(n)), self.unmark_hint());
            }
            Marking::Range => self.stretch(keys, cut),
        }
    }

    fn unmark_hint(&self) -> String {
        format!("{} forgets the marks", self.key(Command::Unmark))
    }

    /// The rows between the ends of the stretch.
    fn stretch(&mut self, keys: Vec<JobKey>, cut: bool) {
        let feed = &mut self.model.feed;
        let (Some(range), Some(cursor)) = (&mut feed.range, &feed.cursor) else { return };
        let place = |key: &JobKey| keys.iter().position(|other| other == key);
        let last = keys.len().saturating_sub(1);
        let (from, to) = match (range.first().and_then(place), place(cursor)) {
            (Some(from), Some(to)) => (from, to),
            (Some(from), None) if cut => (from, last),
            (None, Some(to)) if cut => (last, to),
            _ => {
                *range = Range::begin(cursor);
                return self.say(Tone::Warn, "where the stretch began has left the view: it begins here", "");
            }
        };
        let mut between: Vec<JobKey> = keys.get(from.min(to)..=from.max(to)).unwrap_or_default().to_vec();
        if from > to {
            between.reverse();
        }
        let n = between.len();
        range.replace(between);
        if cut && place(cursor).is_none() {
            self.say(Tone::Warn, format!("the stretch is {} long: no more fit one act", jobs(n)), "");
        }
    }

    /// Step by step back to the whole feed: the stretch, the marks, the filter, the message.
    pub(super) fn unmark(&mut self) {
        let feed = &mut self.model.feed;
        if feed.range.is_some() {
            feed.range = None;
        } else if !feed.marked.is_empty() {
            feed.marked.clear();
            // What was said of them is past.
            self.model.hush(self.now);
        } else if !feed.filter.is_empty() {
            self.set_filter(Text::default());
        } else {
            self.model.hush(self.now);
        }
    }
}
