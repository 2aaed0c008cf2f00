//! The watched folder: what a tool without an API puts there is offered as a result, for the job whose prompt was written down last.

use std::path::PathBuf;
use std::time::SystemTime;

use chrono::TimeDelta;

use super::State;
use crate::domain::{AssignmentId, Text, Time};
use crate::engine::effect::{Effect, Effects};
use crate::engine::painting::{Bringing, Seen};

/// The folder is looked into this often.
const EVERY: TimeDelta = TimeDelta::seconds(2);
/// So long after the latest sheet nothing more is expected.
const PATIENCE: TimeDelta = TimeDelta::hours(6);

/// Clocks of file systems lag behind.
const SLACK: TimeDelta = TimeDelta::seconds(1);

/// What is waited for.
#[derive(Debug)]
pub(super) struct Watch {
    folder: PathBuf,
    assignment: AssignmentId,
    /// The order that the sheet belongs to.
    call: Text,
    until: Time,
    /// When it is looked into next; `None` while it is looked into.
    due: Option<Time>,
    /// When the first sheet was written down: what is older is no answer to it.
    since: SystemTime,
    /// What lay there at the last look.
    before: Vec<Seen>,
    /// What was brought in.
    known: Vec<Seen>,
}

impl Watch {
    pub fn due(&self) -> Option<Time> {
        self.due
    }
}

impl State {
    /// A sheet was written down: from now on what turns up is meant for it.
    pub(super) fn watch_folder(&mut self, id: &AssignmentId, call: &Text, now: Time) {
        let Some(folder) = self.config.art.watch.clone() else { return };
        let (assignment, call, until) = (id.clone(), call.clone(), now + PATIENCE);
        self.atelier.watch = Some(match self.atelier.watch.take().filter(|watch| watch.folder == folder) {
            Some(watch) => Watch { assignment, call, until, ..watch },
            None => {
                let (due, since) = (Some(now), SystemTime::from(now - SLACK));
                Watch { folder, assignment, call, until, due, since, before: Vec::new(), known: Vec::new() }
            }
        });
    }

    pub(in crate::engine::state) fn look_in_folder(&mut self, now: Time, effects: &mut Effects) {
        let Some(watch) = &mut self.atelier.watch else { return };
        let open = self.book.assignments.get(&watch.assignment).is_some_and(|assignment| assignment.state.is_editable());
        if now > watch.until || !open {
            self.atelier.watch = None;
            return;
        }
        if watch.due.is_some_and(|due| due <= now) {
            watch.due = None;
            effects.push(Effect::LookInFolder { folder: watch.folder.clone() });
        }
    }

    /// What lies there. A file that is as it was at the last look is whole.
    pub(in crate::engine::state) fn folder_seen(&mut self, files: Vec<Seen>, now: Time, effects: &mut Effects) {
        let Some(watch) = &mut self.atelier.watch else { return };
        watch.due = Some(now + EVERY);
        let before = std::mem::replace(&mut watch.before, files.clone());
        let is_news = |file: &Seen| file.changed.is_some_and(|at| at >= watch.since) && !watch.known.contains(file);
        let fresh: Vec<Seen> = files.into_iter().filter(|file| before.contains(file) && is_news(file)).collect();
        watch.known.extend(fresh.iter().cloned());
        let (assignment, call) = (watch.assignment.clone(), watch.call.clone());
        let tool = self.book.art.work(&call).map(|work| work.order.painter.clone()).unwrap_or_default();
        for file in fresh {
            let (assignment, tool) = (assignment.clone(), tool.clone());
            effects.push(Effect::BringArt(Bringing { asker: None, assignment, tool, path: file.path, content: None }));
        }
    }
}
