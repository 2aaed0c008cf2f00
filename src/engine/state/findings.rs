//! What the checks say of the drafts in hand. Judging a long draft by a long source takes longer than a step may, so it is an
//! effect: each version is judged once, off the step, and whoever needs the answer waits for it.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::State;
use crate::domain::check::Finding;
use crate::domain::{Assignment, AssignmentId, Book, Draft, Job, Time};
use crate::engine::api::{Request, What};
use crate::engine::checking::{Checking, Ground};
use crate::engine::effect::{Asker, Effect, Effects};

/// The latest judgement of each assignment in hand.
#[derive(Default)]
pub(super) struct Findings {
    known: HashMap<AssignmentId, (Ground, Vec<Finding>)>,
    /// What is being judged.
    out: HashMap<AssignmentId, Ground>,
    /// Views of these were given out before their newest version was judged.
    wanted: RefCell<BTreeSet<AssignmentId>>,
    told: RefCell<HashSet<AssignmentId>>,
    /// Requests that wait for judgements.
    parked: Vec<Parked>,
}

/// A request, and whose judgement it waits for.
struct Parked {
    asker: Asker,
    request: Request,
    on: BTreeSet<AssignmentId>,
    /// Judgements of older versions that came meanwhile: somebody types on.
    stale: u8,
}

/// A view waits for so many judgements that came too late, then shows the latest and says that it is not the last word.
const PATIENCE: u8 = 3;

impl State {
    fn ground(&self, job: &Job, draft: Option<&Draft>) -> Ground {
        Ground {
            version: draft.map_or(0, |draft| draft.version),
            bytes: job.attachments.iter().filter_map(|a| Some(a.text.as_ref()?.as_str().len())).sum(),
            pace: self.config.pace,
        }
    }

    /// The findings of the version that is there; nothing while they are worked out.
    pub(super) fn findings_of(&self, assignment: &Assignment) -> Option<&[Finding]> {
        let (ground, findings) = self.findings.known.get(&assignment.id)?;
        let here = self.ground(&self.job_of(assignment), self.book.drafts.get(&assignment.id));
        (*ground == here).then_some(&findings[..])
    }

    /// What is known so far, and whether something newer is being worked out; then its end will be told.
    pub(super) fn findings_so_far(&self, id: &AssignmentId, job: &Job, draft: Option<&Draft>) -> (Vec<Finding>, bool) {
        let known = self.findings.known.get(id);
        if let Some((ground, findings)) = known
            && *ground == self.ground(job, draft)
        {
            return (findings.clone(), false);
        }
        self.findings.wanted.borrow_mut().insert(id.clone());
        self.findings.told.borrow_mut().insert(id.clone());
        (known.map(|(_, findings)| findings.clone()).unwrap_or_default(), true)
    }

    /// A request that speaks of findings waits until they are known; the others, and those that know, are answered.
    pub(super) fn ask_with_findings(&mut self, asker: Asker, request: Request, now: Time, effects: &mut Effects) {
        if self.waits_for_texts(asker, &request) {
            return;
        }
        let book = &self.book;
        let subjects: Vec<&Assignment> = match &request {
            Request::Hand | Request::Assignments => book.assignments.values().collect(),
            Request::Assignment { id: assignment }
            | Request::Check { assignment }
            | Request::SubmitTerms { assignment }
            | Request::Submit { assignment, .. } => book.assignments.get(assignment).into_iter().collect(),
            _ => Vec::new(),
        };
        let on: BTreeSet<AssignmentId> = subjects
            .into_iter()
            .filter(|assignment| assignment.state.is_in_hand() && self.findings_of(assignment).is_none())
            .map(|assignment| assignment.id.clone())
            .collect();
        if on.is_empty() {
            return self.answer(asker, request, now, effects);
        }
        self.findings.wanted.borrow_mut().extend(on.iter().cloned());
        self.findings.parked.push(Parked { asker, request, on, stale: 0 });
    }

    /// A draft was judged.
    pub(super) fn checked(
        &mut self,
        id: &AssignmentId,
        ground: Ground,
        findings: Vec<Finding>,
        now: Time,
        effects: &mut Effects,
    ) {
        self.findings.out.remove(id);
        if self.book.assignments.get(id).is_some_and(|assignment| assignment.state.is_in_hand()) {
            self.findings.known.insert(id.clone(), (ground, findings));
        }
        let mut ready = Vec::new();
        let fresh = self.book.assignments.get(id).is_none_or(|assignment| self.findings_of(assignment).is_some());
        for parked in self.findings.parked.iter_mut().filter(|parked| parked.on.contains(id)) {
            if fresh || parked.stale >= PATIENCE {
                parked.on.remove(id);
            } else {
                parked.stale += 1;
                self.findings.wanted.borrow_mut().insert(id.clone());
            }
        }
        self.findings.parked.retain_mut(|parked| {
            let done = parked.on.is_empty();
            if done {
                ready.push((parked.asker, parked.request.clone()));
            }
            !done
        });
        for (asker, request) in ready {
            match request {
                // What is agreed to must be of the very version; a newer one is judged first.
                Request::Check { .. } | Request::SubmitTerms { .. } | Request::Submit { .. } => {
                    self.ask_with_findings(asker, request, now, effects);
                }
                // A view may be of a version ago while somebody types on; it says so.
                request => self.answer(asker, request, now, effects),
            }
        }
        if fresh && self.findings.told.borrow_mut().remove(id) {
            self.publish(What::Checked { assignment: id.clone() }, now, effects);
        }
    }

    /// Hands out what is to be judged: one version of each draft at a time.
    pub(super) fn start_checks(&mut self, effects: &mut Effects) {
        let wanted: Vec<AssignmentId> =
            self.findings.wanted.borrow().iter().filter(|id| !self.findings.out.contains_key(*id)).cloned().collect();
        for id in wanted {
            self.findings.wanted.borrow_mut().remove(&id);
            let assignment = self.book.assignments.get(&id).filter(|assignment| assignment.state.is_in_hand());
            let Some(assignment) = assignment else { continue };
            if self.findings_of(assignment).is_some() {
                continue;
            }
            let (job, draft) = (Box::new(self.job_of(assignment)), self.book.drafts.get(&id).cloned().map(Box::new));
            let ground = self.ground(&job, draft.as_deref());
            self.findings.out.insert(id.clone(), ground);
            effects.push(Effect::Check(Checking { id, ground, job, draft }));
        }
    }

    /// Forgets what is in hand no more, and lets go whoever waited for it.
    pub(super) fn forget_findings(&mut self, now: Time, effects: &mut Effects) {
        let in_hand = |book: &Book, id: &AssignmentId| book.assignments.get(id).is_some_and(|a| a.state.is_in_hand());
        let book = &self.book;
        self.findings.known.retain(|id, _| in_hand(book, id));
        let gone = |on: &BTreeSet<AssignmentId>| on.iter().all(|id| !in_hand(book, id));
        let stuck: Vec<usize> =
            self.findings.parked.iter().enumerate().filter(|(_, parked)| gone(&parked.on)).map(|(i, _)| i).collect();
        for i in stuck.into_iter().rev() {
            let parked = self.findings.parked.remove(i);
            self.answer(parked.asker, parked.request, now, effects);
        }
    }
}
