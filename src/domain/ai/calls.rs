//! Everything that models were asked, and what the person decided about asking.

use serde::{Deserialize, Serialize};

use super::{Call, Ended, Kept, Spending};
use crate::domain::spend::Spent;
use crate::domain::{AssignmentId, Text, Time};

/// The fold of all that is recorded of assistants.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Calls {
    /// Every call, in the order of asking.
    all: Vec<Call>,
    /// What the other half of the journal keeps of them.
    pub kept: Kept,
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

    /// Every call, in the order of asking.
    pub fn all(&self) -> &[Call] {
        &self.all
    }

    /// The calls of an assignment, the latest first.
    pub fn of<'a>(&'a self, id: &'a AssignmentId) -> impl Iterator<Item = &'a Call> {
        self.all.iter().rev().filter(move |call| call.assignment == *id)
    }

    /// What was spent, where caps look; the person's day and month began then.
    pub fn spending(&self, id: &AssignmentId, day: Time, month: Time) -> Spending {
        Spending::of(self.all.iter(), id, day, month)
    }
}
