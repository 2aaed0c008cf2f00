//! What undo takes back at once: the widget's entries, one a key, bound into steps with what they did to the origins. A word typed, a run
//! of erasing, a paste, a whole text laid out is one step.

use std::collections::VecDeque;

use chrono::TimeDelta;

use crate::domain::Time;
use crate::domain::origin::Splice;

/// History entries that the widget keeps; a step is one or more.
pub(super) const KEPT: usize = 20_000;
/// Typing on after a pause this long is a step of its own.
const PAUSE: TimeDelta = TimeDelta::seconds(2);

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Typing,
    Erasing,
}

/// The step that the next key may still join.
#[derive(Clone, Copy)]
pub(super) struct Open {
    pub kind: Kind,
    pub at: Time,
    /// The cursor behind it, in the widget's rows and columns.
    pub place: (usize, usize),
    /// The last thing typed was a blank: the next word opens a new step.
    pub blank: bool,
}

/// One.
#[derive(Default)]
pub(super) struct Step {
    /// Entries of the widget's history.
    pub entries: usize,
    pub splices: Vec<Splice>,
}

/// All of them.
#[derive(Default)]
pub(super) struct Past {
    undo: VecDeque<Step>,
    redo: Vec<Step>,
    open: Option<Open>,
}

impl Past {
    /// Whether a key of this kind at the cursor `place` goes on with the latest step.
    pub fn goes_on(&self, kind: Kind, place: (usize, usize), now: Time, blank: bool) -> bool {
        self.open.is_some_and(|open| open.kind == kind && open.place == place && now - open.at < PAUSE && (blank || !open.blank))
    }

    /// The next key may join the latest step.
    pub fn keep_open(&mut self, open: Open) {
        self.open = Some(open);
    }

    /// The next key begins a step.
    pub fn close(&mut self) {
        self.open = None;
    }

    /// A step was made, or (`grows`) the latest one went on.
    pub fn remember(&mut self, step: Step, grows: bool) {
        self.redo.clear();
        match self.undo.back_mut() {
            Some(last) if grows => {
                last.entries += step.entries;
                last.splices.extend(step.splices);
            }
            _ => self.undo.push_back(step),
        }
        // The widget drops its oldest entries by itself; the steps over them go too.
        let mut total: usize = self.undo.iter().map(|step| step.entries).sum();
        while total > KEPT
            && let Some(first) = self.undo.pop_front()
        {
            total -= first.entries;
        }
    }

    /// The latest step, to be taken back now.
    pub fn back(&mut self) -> Option<&Step> {
        self.redo.push(self.undo.pop_back()?);
        self.redo.last()
    }

    /// The step taken back last, to be done again now.
    pub fn forth(&mut self) -> Option<&Step> {
        self.undo.push_back(self.redo.pop()?);
        self.undo.back()
    }
}
