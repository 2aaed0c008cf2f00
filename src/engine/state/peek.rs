//! One job at a glance: what is known of it, what it is worth, and why.

use super::State;
use crate::domain::{Job, JobKey, Text, Time};
use crate::engine::api::{Peek, Reply};
use crate::error::Result;

impl State {
    pub(super) fn peek(&self, key: &JobKey, now: Time) -> Result<Reply> {
        let job = self.job(key)?;
        let row = super::rows::row(job, &self.book, now);
        Ok(Reply::Peek(Box::new(Peek {
            row,
            rate_why: Vec::new(),
            fit_why: Vec::new(),
            barred: None,
            history: history(job),
            job: Some(job.clone()),
        })))
    }
}

fn history(job: &Job) -> Vec<(Text, Text)> {
    let local = |at: Time| Text::title(&at.with_timezone(&chrono::Local).format("%a %d %b %H:%M").to_string());
    let mut lines = vec![(Text::title("first seen"), local(job.first_seen)), (Text::title("last seen"), local(job.last_seen))];
    if job.seen_count > 1 {
        lines.push((Text::title("changed"), Text::title(&format!("{} times", job.seen_count - 1))));
    }
    lines.extend(job.reopened_at.map(|at| (Text::title("reopened"), local(at))));
    lines
}
