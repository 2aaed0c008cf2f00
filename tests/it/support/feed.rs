//! A feed with its whole jobs beside it, for tests that have no store.

use std::collections::HashMap;

use juggler::domain::{Book, Job, JobKey, Time, View};
use juggler::feed::{Anchor, Columns, Counts, Judged, Window, WindowState};

pub struct Feed {
    pub columns: Columns,
    jobs: HashMap<JobKey, Job>,
}

impl Default for Feed {
    fn default() -> Self {
        Feed { columns: Columns::new(Time::default()), jobs: HashMap::new() }
    }
}

impl Feed {
    pub fn get(&self, key: &JobKey) -> Option<&Job> {
        self.jobs.get(key)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Job> {
        self.jobs.values()
    }

    pub fn upsert(&mut self, job: Job, book: &Book, now: Time) {
        let judged = Judged {
            marks: book.marks(&job.key),
            mine: book.assignment_of(&job.key).map(|mine| mine.state),
            ..Judged::default()
        };
        self.columns.upsert(&job, &judged, now);
        self.jobs.insert(job.key.clone(), job);
    }

    /// Marks or assignment changed.
    pub fn refresh(&mut self, key: &JobKey, book: &Book, _now: Time) {
        self.columns.set_marks(key.as_str(), book.marks(key));
        self.columns.set_mine(key.as_str(), book.assignment_of(key).map(|mine| mine.state));
    }

    pub fn window(&mut self, view: &View, anchor: &Anchor, height: usize, margin: usize, _book: &Book, now: Time) -> Window {
        while self.columns.tick(now, 1 << 20).more {}
        loop {
            match self.columns.window(view, anchor, height, margin) {
                WindowState::Ready(window) => return window,
                WindowState::Counting { .. } => drop(self.columns.work(1 << 20)),
            }
        }
    }

    pub fn keys(&mut self, view: &View, limit: usize, book: &Book, now: Time) -> Vec<JobKey> {
        self.window(view, &Anchor::Top, limit.min(1 << 20), 0, book, now).keys
    }

    pub fn count(&mut self, view: &View, book: &Book, now: Time) -> usize {
        let _ = self.window(view, &Anchor::Top, 1, 0, book, now);
        self.columns.counts(view).map_or(0, |Counts { jobs, .. }| jobs)
    }
}
