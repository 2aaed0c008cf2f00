//! What a book can be asked without being read through: derived from it, never saved, and no part of what makes two books equal.
//!
//! Each part counts what it knows. A book that was just read from a file has more: until [`Index::of`] it is read through.

use std::collections::{BTreeMap, HashMap};

use super::work::{Span, Spent};
use super::{Assignment, AssignmentId, JobKey, Payment, Text};

/// The parts.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    of_job: HashMap<JobKey, Vec<AssignmentId>>,
    assignments: usize,
    worked: HashMap<AssignmentId, i64>,
    spans: usize,
    paid: HashMap<AssignmentId, Vec<Text>>,
    payments: usize,
}

impl PartialEq for Index {
    fn eq(&self, _: &Index) -> bool {
        true
    }
}

impl Index {
    /// Of all of this.
    pub fn of(assignments: &BTreeMap<AssignmentId, Assignment>, spans: &[Span], payments: &BTreeMap<Text, Payment>) -> Index {
        let mut index = Index::default();
        assignments.values().enumerate().for_each(|(before, assignment)| index.claimed(assignment, before));
        spans.iter().enumerate().for_each(|(before, span)| index.worked(span, before));
        payments.values().enumerate().for_each(|(before, payment)| index.paid(payment, before));
        index
    }

    /// One more assignment, beside so many.
    pub fn claimed(&mut self, assignment: &Assignment, before: usize) {
        if self.assignments == before {
            let ids = self.of_job.entry(assignment.job.key.clone()).or_default();
            let at = ids.partition_point(|id| *id < assignment.id);
            ids.insert(at, assignment.id.clone());
            self.assignments += 1;
        }
    }

    /// One more span, behind so many.
    pub fn worked(&mut self, span: &Span, before: usize) {
        if self.spans == before {
            if let Spent::Assignment { id } = &span.spent {
                *self.worked.entry(id.clone()).or_default() += i64::from(span.seconds);
            }
            self.spans += 1;
        }
    }

    /// One more payment, beside so many.
    pub fn paid(&mut self, payment: &Payment, before: usize) {
        if self.payments == before {
            let ids = self.paid.entry(payment.assignment.clone()).or_default();
            let at = ids.partition_point(|id| *id < payment.id);
            ids.insert(at, payment.id.clone());
            self.payments += 1;
        }
    }

    /// A payment is for another assignment than before: all of them are read through from now on.
    pub fn payment_moved(&mut self) {
        self.payments = usize::MAX;
    }

    /// The assignments of a job, in order, if all of `assignments` are known.
    pub fn of_job(&self, job: &JobKey, assignments: usize) -> Option<&[AssignmentId]> {
        (self.assignments == assignments).then(|| self.of_job.get(job).map(Vec::as_slice).unwrap_or_default())
    }

    /// Seconds worked on an assignment, if all of `spans` are known.
    pub fn seconds(&self, id: &AssignmentId, spans: usize) -> Option<i64> {
        (self.spans == spans).then(|| self.worked.get(id).copied().unwrap_or_default())
    }

    /// The payments for an assignment, in order, if all of `payments` are known.
    pub fn payments(&self, id: &AssignmentId, payments: usize) -> Option<&[Text]> {
        (self.payments == payments).then(|| self.paid.get(id).map(Vec::as_slice).unwrap_or_default())
    }
}
