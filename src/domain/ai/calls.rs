//! Everything that models were asked, and what the person decided about asking.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{AiRule, Call, Decided, Ended, Scope, Spending};
use crate::domain::spend::Spent;
use crate::domain::{Assignment, AssignmentId, Job, SourceName, Text, Time};

/// Answers of one assignment whose words are kept.
const ANSWERS: usize = 32;

/// The fold of all that is recorded of assistants.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Calls {
    /// Every call, in the order of asking.
    all: Vec<Call>,
    /// The words of calls for what is not over.
    answers: BTreeMap<Text, Text>,
    /// What the person decided.
    decisions: BTreeMap<String, (Scope, AiRule)>,
    /// Models on other machines that texts of a source may go to.
    pub agreed: BTreeSet<(SourceName, Text)>,
}

impl Calls {
    /// Nothing was asked or decided.
    pub fn is_empty(&self) -> bool {
        *self == Calls::default()
    }

    pub(in crate::domain) fn asked(&mut self, call: &Call) {
        if self.all.iter().rev().all(|known| known.id != call.id) {
            self.all.push(call.clone());
        }
    }

    pub(in crate::domain) fn answered(&mut self, id: &Text, spent: &Spent, ended: Ended, note: &Text) {
        if let Some(call) = self.all.iter_mut().rev().find(|call| call.id == *id) {
            call.spent = spent.clone();
            call.ended = Some(ended);
            call.note = note.clone();
        }
    }

    pub(in crate::domain) fn said(&mut self, id: &Text, text: &Text, assignments: &BTreeMap<AssignmentId, Assignment>) {
        let open = |id: &AssignmentId| assignments.get(id).is_some_and(|assignment| !assignment.state.is_over());
        let Some(of) = self.all.iter().rev().find(|call| call.id == *id).map(|call| call.assignment.clone()) else { return };
        self.answers.insert(id.clone(), text.clone());
        // The words of what is over are let go; the words of the latest answers stay.
        let of_it =
            self.all.iter().rev().filter(|call| call.assignment == of && self.answers.contains_key(&call.id)).take(ANSWERS);
        let of_others = self.all.iter().filter(|call| call.assignment != of && open(&call.assignment));
        let kept: BTreeSet<Text> = of_it.chain(of_others).map(|call| call.id.clone()).collect();
        self.answers.retain(|call, _| kept.contains(call));
    }

    pub(in crate::domain) fn decided(&mut self, scope: &Scope, rule: AiRule) {
        let name = name(scope);
        match rule {
            AiRule::Unknown => {
                self.decisions.remove(&name);
            }
            rule => {
                self.decisions.insert(name, (scope.clone(), rule));
            }
        }
    }

    /// What the person decided that bears on a job.
    pub fn decided_of(&self, job: &Job) -> Decided {
        let of = |scope: Scope| self.decisions.get(&name(&scope)).map(|(_, rule)| *rule);
        Decided { job: of(Scope::Job(job.key.clone())), source: of(Scope::Source(job.key.source())) }
    }

    /// Every call, in the order of asking.
    pub fn all(&self) -> &[Call] {
        &self.all
    }

    /// The calls of an assignment, the latest first.
    pub fn of<'a>(&'a self, id: &'a AssignmentId) -> impl Iterator<Item = &'a Call> {
        self.all.iter().rev().filter(move |call| call.assignment == *id)
    }

    /// What came of a call, while its assignment is not over.
    pub fn answer(&self, call: &Text) -> Option<&Text> {
        self.answers.get(call)
    }

    /// What was spent, where caps look; the person's day and month began then.
    pub fn spending(&self, id: &AssignmentId, day: Time, month: Time) -> Spending {
        Spending::of(self.all.iter(), id, day, month)
    }

    /// The call that words came from, if they are an answer's that is kept: long enough, and nothing but a part of it.
    pub fn source_of(&self, words: &str) -> Option<&Text> {
        const LEAST: usize = 12;
        let words = words.trim();
        if words.chars().count() < LEAST {
            return None;
        }
        self.answers.iter().find(|(_, text)| text.as_str().contains(words)).map(|(call, _)| call)
    }
}

fn name(scope: &Scope) -> String {
    match scope {
        Scope::Job(key) => format!("job {key}"),
        Scope::Source(source) => format!("source {source}"),
    }
}
