//! What the checks say of the drafts in hand. Every list of the hand wants it, so each version of a draft is judged once.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::domain::check::{Finding, Judged, check};
use crate::domain::{AssignmentId, Book, Draft, Job};

/// What a judgement rests on: the version of the draft, and how many bytes of attachments are there.
type Ground = (u32, usize);

/// The latest judgement of each assignment in hand.
#[derive(Default)]
pub(super) struct Findings(RefCell<HashMap<AssignmentId, (Ground, Vec<Finding>)>>);

impl Findings {
    /// The findings of `draft`, or of nothing, for `job`, which is the assignment's with its attachments' texts.
    pub fn of(&self, id: &AssignmentId, job: &Job, draft: Option<&Draft>) -> Vec<Finding> {
        let bytes = job.attachments.iter().filter_map(|a| Some(a.text.as_ref()?.as_str().len())).sum();
        let ground = (draft.map_or(0, |draft| draft.version), bytes);
        if let Some((known, findings)) = self.0.borrow().get(id)
            && *known == ground
        {
            return findings.clone();
        }
        let (text, files) = draft.map_or(("", &[][..]), |draft| (draft.text.as_str(), &draft.files[..]));
        let findings = check(&job.deliverable, &Judged::of(job, text, files));
        self.0.borrow_mut().insert(id.clone(), (ground, findings.clone()));
        findings
    }

    /// Forgets what is in hand no more.
    pub fn keep(&self, book: &Book) {
        let in_hand = |id: &AssignmentId| book.assignments.get(id).is_some_and(|a| a.state.is_in_hand());
        self.0.borrow_mut().retain(|id, _| in_hand(id));
    }
}
