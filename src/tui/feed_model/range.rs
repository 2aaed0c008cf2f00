//! A stretch of jobs being marked: it grows as the cursor moves away from where it began, and shrinks as it comes back.

use std::collections::{BTreeSet, HashMap};

use super::FeedModel;
use crate::domain::JobKey;
use crate::engine::api::JobRow;

/// Jobs from the first one to the one under the cursor, in the order in which they were passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    keys: Vec<JobKey>,
    places: HashMap<JobKey, usize>,
    /// Rows among them that stand for several jobs.
    pub several: BTreeSet<JobKey>,
    /// The cursor jumped over rows that are not at hand; they are being asked for.
    pub asking: bool,
}

impl Range {
    /// Begins at a job.
    pub fn begin(key: &JobKey) -> Range {
        let keys = vec![key.clone()];
        Range { keys, places: HashMap::from([(key.clone(), 0)]), several: BTreeSet::new(), asking: false }
    }

    /// The cursor passes over the next row: a job passed before ends the range, any other lengthens it.
    pub fn walk(&mut self, key: &JobKey) {
        if let Some(at) = self.places.get(key).copied() {
            for left in self.keys.drain(at + 1..) {
                self.places.remove(&left);
            }
        } else {
            self.places.insert(key.clone(), self.keys.len());
            self.keys.push(key.clone());
        }
    }

    /// Passes over a row of the feed.
    pub(super) fn pass(&mut self, row: &JobRow) {
        self.walk(&row.key);
        if row.alike > 1 {
            self.several.insert(row.key.clone());
        }
    }

    /// A job left the view.
    pub fn forget(&mut self, key: &JobKey) {
        if self.places.contains_key(key) {
            self.keep(|other| other != key);
        }
    }

    fn keep(&mut self, stays: impl Fn(&JobKey) -> bool) {
        self.keys.retain(stays);
        self.places = self.keys.iter().enumerate().map(|(at, key)| (key.clone(), at)).collect();
    }

    /// The whole stretch, from the first to the one under the cursor.
    pub fn replace(&mut self, keys: Vec<JobKey>) {
        self.keys = keys;
        self.asking = false;
        self.keep(|_| true);
    }

    /// Where it began.
    pub fn first(&self) -> Option<&JobKey> {
        self.keys.first()
    }

    /// In it.
    pub fn contains(&self, key: &JobKey) -> bool {
        self.places.contains_key(key)
    }

    /// All of it.
    pub fn keys(&self) -> &[JobKey] {
        &self.keys
    }

    /// Its last job is under the cursor.
    fn ends_at(&self, key: Option<&JobKey>) -> bool {
        self.keys.last() == key
    }
}

impl FeedModel {
    /// An act would be for it, beside the one under the cursor.
    pub fn is_marked(&self, key: &JobKey) -> bool {
        self.marked.contains(key) || self.range.as_ref().is_some_and(|range| range.contains(key))
    }

    /// How many jobs are marked, the stretch among them.
    pub fn marks(&self) -> usize {
        match &self.range {
            Some(range) => self.marked.len() + range.keys.iter().filter(|key| !self.marked.contains(*key)).count(),
            None => self.marked.len(),
        }
    }

    /// The jobs an act is for: the marked ones, else the one under the cursor.
    pub fn targets(&self) -> Vec<JobKey> {
        match &self.range {
            Some(range) => self.marked.iter().chain(&range.keys).collect::<BTreeSet<_>>().into_iter().cloned().collect(),
            None if self.marked.is_empty() => self.cursor.clone().into_iter().collect(),
            None => self.marked.iter().cloned().collect(),
        }
    }

    /// The stretch becomes marks.
    pub fn take_range(&mut self) {
        if let Some(range) = self.range.take() {
            self.marked.extend(range.keys);
        }
    }

    /// No marks, no stretch.
    pub fn clear_marks(&mut self) {
        self.marked.clear();
        self.range = None;
    }

    /// After rows came: jobs that left from within the stretch are no part of it; whether the cursor jumped out of it.
    pub(super) fn mend_range(&mut self, left: &[JobKey]) {
        let Some(range) = &mut self.range else { return };
        for key in left {
            range.forget(key);
        }
        match &self.cursor {
            Some(key) if range.keys.is_empty() => *range = Range::begin(key),
            Some(key) if range.contains(key) => range.walk(key),
            cursor => range.asking |= !range.ends_at(cursor.as_ref()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: usize) -> JobKey {
        JobKey::from(format!("s:{n}").as_str())
    }

    #[test]
    fn it_grows_shrinks_and_turns_over() {
        let mut range = Range::begin(&key(5));
        for n in [6, 7, 8] {
            range.walk(&key(n));
        }
        assert_eq!(range.keys(), [5, 6, 7, 8].map(key));
        for n in [7, 6, 5] {
            range.walk(&key(n));
        }
        assert_eq!(range.keys(), [key(5)]);
        for n in [4, 3] {
            range.walk(&key(n));
        }
        range.forget(&key(4));
        assert_eq!(range.keys(), [5, 3].map(key));
        assert!(range.contains(&key(3)) && !range.contains(&key(4)));
    }
}
