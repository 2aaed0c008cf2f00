//! Models at work for the person: who may be asked ([`ask`], [`cost`], [`decide`]), what they say ([`answers`]), what there is to ask ([`desk`]).
//!
//! Nothing here does anything with what a model says but keep it and show it. Before the first byte goes out, the gate gave a pass, what
//! the call could cost is within the caps, and the call stands in the journal.

mod answers;
mod ask;
mod cost;
mod decide;
mod delivery;
mod desk;

use std::collections::{BTreeMap, BTreeSet};

use super::State;
use crate::assist::prompt::Composed;
use crate::assist::provider::Answer;
use crate::config::AssistantConfig;
use crate::domain::ai::{Decided, Ended, Ruling};
use crate::domain::spend::Cost;
use crate::domain::{AssignmentId, Job, Text};
use crate::engine::effect::Asker;

/// Answers that are over and still at hand, so that a front end can come back to them.
const KEPT: usize = 24;

/// One answer that comes, or came.
#[derive(Debug)]
struct Column {
    assignment: AssignmentId,
    assistant: Box<AssistantConfig>,
    host: Text,
    template: Text,
    composed: Composed,
    /// Which try it is, from 0.
    attempt: u8,
    /// The call of this try.
    call: Text,
    answer: Answer,
    /// What is shown, and how often it was something else altogether.
    shown: String,
    edition: u32,
    ended: Option<Ended>,
    note: Text,
    /// The most that this try may cost; counts against the caps until it is over.
    reserved: Option<Cost>,
    /// Who waits for more.
    waiting: Vec<(Asker, u32, usize)>,
}

/// Everything that is asked.
#[derive(Debug, Default)]
pub(in crate::engine::state) struct Assisting {
    columns: BTreeMap<Text, Column>,
    /// Assignments whose dear calls the person agreed to.
    dear: BTreeSet<AssignmentId>,
}

impl State {
    /// What the person decided that bears on a job.
    pub(in crate::engine::state) fn decided(&self, job: &Job) -> Decided {
        self.book.calls.kept.decided_of(job)
    }

    /// What holds for a job, from what was noted of it.
    pub(in crate::engine::state) fn ruling(&self, job: &Job) -> Ruling {
        Ruling::noted(job.ai, self.decided(job))
    }
}
