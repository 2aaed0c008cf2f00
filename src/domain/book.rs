//! The fold of the journal: what is mine, in memory. `Book::apply` over every entry, in order, gives the same book each time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ai::Calls;
use super::book_index::Index;
use super::clocks::Clocks;
use super::draft::{Cause, FileItem};
use super::origin::Origins;
use super::rule::{AutoClaim, RuleMemory};
use super::shield::{self, Found};
use super::submission::SubmissionState;
use super::triage::Marks;
use super::work::{Span, Spent};
use super::{
    Assignment, AssignmentId, Block, Draft, Entry, Job, JobKey, KeptFile, Money, Move, Payment, Record, SourceName, Submission,
    SubmissionId, Text, Time, Versions,
};

/// A reversible act of triage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// Its number.
    pub act: u64,
    /// What it changed.
    pub changes: Vec<super::triage::Change>,
    /// The rules that did it, and not the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Text>,
    /// Blocks it made (`true`) or took away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<(Block, bool)>,
}

impl Act {
    /// What takes it back.
    #[must_use]
    pub fn reversed(&self) -> Act {
        // The last change of a job is taken back first.
        let changes = self.changes.iter().rev().map(|c| super::triage::Change { before: c.after, after: c.before, ..c.clone() });
        let blocks = self.blocks.iter().map(|(block, on)| (block.clone(), !on));
        Act { act: self.act, changes: changes.collect(), rule: self.rule.clone(), blocks: blocks.collect() }
    }
}

/// Something entered by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manual {
    /// Its id.
    pub id: Text,
    /// How much; negative for a cost.
    pub amount: Money,
    /// What for.
    pub what: Text,
    /// For which day.
    pub on: Time,
}

/// Everything that is mine and cannot be fetched again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Book {
    /// Claims sent and not answered: the platform's list decides.
    pub claims: BTreeMap<JobKey, (Time, Job)>,
    /// Claims tried and lost.
    pub claims_lost: u32,
    /// The same by source and kind of work.
    pub losses: BTreeMap<SourceName, BTreeMap<Text, u32>>,
    /// Jobs that are or were mine.
    pub assignments: BTreeMap<AssignmentId, Assignment>,
    /// Everything ever queued.
    pub submissions: BTreeMap<SubmissionId, Submission>,
    /// Payments as last reported, by id.
    pub payments: BTreeMap<Text, Payment>,
    /// Entered by hand.
    pub manual: Vec<Manual>,
    /// Latest drafts.
    pub drafts: BTreeMap<AssignmentId, Draft>,
    /// Earlier versions of them.
    pub versions: Versions,
    /// Texts of attachments that earlier versions fetched, by assignment and name.
    #[serde(with = "pairs")]
    pub attached: BTreeMap<(AssignmentId, Text), Text>,
    /// Attachments that were fetched: which files they are. Their texts are read where they are needed.
    #[serde(default, with = "pairs")]
    pub kept: BTreeMap<(AssignmentId, Text), KeptFile>,
    /// What models were asked.
    #[serde(skip_serializing_if = "Calls::is_empty")]
    pub calls: Calls,
    /// Signs of a scam in them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attached_signs: BTreeMap<AssignmentId, Vec<Found>>,
    /// Marks that are not the default.
    pub marks: BTreeMap<JobKey, Marks>,
    /// Blocks, those that ended by themselves among them.
    pub blocks: BTreeMap<u64, Block>,
    /// Number of the latest block.
    pub last_block: u64,
    /// What rules did.
    pub rules: RuleMemory,
    /// Jobs that rules claimed.
    pub auto_claims: Vec<AutoClaim>,
    /// Acts that can be undone, oldest first (the latest 1,000; of rules the latest 200).
    pub undo: Vec<Act>,
    /// Acts that can be redone, oldest first.
    pub redo: Vec<Act>,
    /// Number of the latest act.
    pub last_act: u64,
    /// Time spent.
    pub spans: Vec<Span>,
    /// Illegal or orphaned entries met while folding: findings, never panics.
    pub findings: Vec<Text>,
    /// The platforms' clocks; measured anew in each session.
    #[serde(skip)]
    pub clocks: Clocks,
    #[serde(skip)]
    index: Index,
}

const UNDO_KEPT: usize = 1000;
/// Of these, acts of rules.
const RULES_KEPT: usize = 200;
const FINDINGS_KEPT: usize = 100;

impl Book {
    /// When an assignment has to be delivered, on our clock.
    pub fn deadline(&self, assignment: &Assignment) -> Option<Time> {
        assignment.deadline.map(|at| self.clocks.here(assignment.job.key.source().as_str(), at))
    }

    /// Takes one entry in. An entry that does not fit leaves the book as it was, apart from a finding.
    pub fn apply(&mut self, entry: &Entry) {
        let at = entry.at;
        match &entry.record {
            Record::ClaimSent { job } => {
                self.claims.insert(job.key.clone(), (at, (**job).clone()));
            }
            Record::Claimed { assignment } => {
                self.claims.remove(&assignment.job.key);
                if !self.assignments.contains_key(&assignment.id) {
                    self.index.claimed(assignment, self.assignments.len());
                    self.assignments.insert(assignment.id.clone(), (**assignment).clone());
                }
            }
            Record::ClaimLost { job, .. } => {
                let kind = self.claims.remove(job).map(|(_, job)| job.kind).unwrap_or_default();
                *self.losses.entry(job.source()).or_default().entry(kind).or_default() += 1;
                self.claims_lost += 1;
            }
            Record::Moved { assignment, step, native_state, note } => self.step(assignment, *step, native_state, note, at),
            Record::Deadline { assignment, deadline } => {
                if let Some(found) = self.assignments.get_mut(assignment) {
                    found.deadline = *deadline;
                }
            }
            Record::Queued { submission } => {
                let id = submission.id.clone();
                let assignment = submission.assignment.clone();
                self.submissions.entry(id.clone()).or_insert_with(|| (**submission).clone());
                self.step(&assignment, Move::Queue, &Text::default(), &Text::default(), at);
                if let Some(found) = self.assignments.get_mut(&assignment) {
                    found.submission = Some(id);
                }
            }
            Record::Sent { submission, state, native_id, note } => self.sent(submission, *state, native_id, note, at),
            Record::Paid { payment } => {
                let before = self.payments.len();
                match self.payments.insert(payment.id.clone(), (**payment).clone()) {
                    None => self.index.paid(payment, before),
                    Some(old) if old.assignment != payment.assignment => self.index.payment_moved(),
                    Some(_) => {}
                }
            }
            Record::Manual { id, amount, what, on } => {
                // An entry with the same id corrects the earlier one.
                let entry = Manual { id: id.clone(), amount: *amount, what: what.clone(), on: *on };
                match self.manual.iter_mut().find(|m| m.id == *id) {
                    Some(found) => *found = entry,
                    None => self.manual.push(entry),
                }
            }
            Record::Drafted { assignment, version, text, files, cause, origins } => {
                let before = self.drafts.get(assignment);
                let scaffolded = *cause == Cause::Scaffold || before.is_some_and(|d| d.scaffolded);
                let has_ai = origins.as_ref().is_some_and(Origins::has_ai) || files.iter().any(FileItem::is_ai);
                let assisted = has_ai || before.is_some_and(|d| d.assisted);
                let draft = Draft {
                    assignment: assignment.clone(),
                    version: *version,
                    text: text.clone(),
                    files: files.clone(),
                    cause: *cause,
                    saved_at: at,
                    scaffolded,
                    origins: origins.clone(),
                    assisted,
                };
                if let Some(old) = self.drafts.insert(assignment.clone(), draft.clone()) {
                    self.versions.replaced(&old, &draft);
                }
            }
            Record::Attached { assignment, name, text, file, found } => {
                let whose = (assignment.clone(), name.clone());
                match file {
                    Some(file) => {
                        self.attached.remove(&whose);
                        self.kept.insert(whose, (**file).clone());
                    }
                    None => drop(self.attached.insert(whose, text.clone())),
                }
                if !found.is_empty() {
                    shield::merge(self.attached_signs.entry(assignment.clone()).or_default(), found);
                }
            }
            Record::Triaged { act, changes, undoes, redoes } => self.triaged(*act, changes, *undoes, *redoes),
            Record::RuleMarked { act, rule, changes } => self.rule_marked(*act, rule, changes),
            Record::Blocked { act, block, on, undoes, redoes } => self.blocked(*act, block, *on, *undoes, *redoes),
            Record::Fired { rule, day, loud, jobs } => {
                jobs.iter().for_each(|job| self.rules.fire(rule, job.as_str(), *day, *loud, at));
            }
            Record::AutoClaim { job, rule, requester, day } => self.auto_claims.push(AutoClaim {
                at,
                job: job.clone(),
                rule: rule.clone(),
                requester: requester.clone(),
                day: *day,
            }),
            Record::Worked { span } => {
                self.index.worked(span, self.spans.len());
                self.spans.push(span.clone());
            }
            Record::Asked { call } => self.calls.asked(call),
            Record::Answered { call, spent, ended, note } => self.calls.answered(call, spent, *ended, note),
            Record::Answer { call, text, files } => self.calls.kept.said(call, text, files),
            Record::AiDecided { scope, rule } => self.calls.kept.decided(scope, *rule),
            Record::AiAgreed { source, host } => self.calls.kept.agreed(source, host),
            Record::ProgramAgreed { program } => self.calls.kept.program_agreed(program),
            Record::Raw { .. } => {}
        }
    }

    /// The job of an assignment with what was found in its attachments; with their texts where they came with it, or an earlier
    /// version fetched them. All other texts are files: see [`Book::kept_of`].
    pub fn job_of(&self, assignment: &Assignment) -> Job {
        let mut job = assignment.job.clone();
        for attachment in &mut job.attachments {
            if let Some(text) = self.attached.get(&(assignment.id.clone(), attachment.name.clone())) {
                attachment.text = Some(text.clone());
            }
        }
        if let Some(found) = self.attached_signs.get(&assignment.id) {
            shield::merge(&mut job.found, found);
        }
        job
    }

    /// The files of an assignment's attachments that were fetched.
    pub fn kept_of(&self, id: &AssignmentId) -> impl Iterator<Item = (&Text, &KeptFile)> {
        let from = (id.clone(), Text::default());
        self.kept.range(from..).take_while(move |((of, _), _)| of == id).map(|((_, name), file)| (name, file))
    }

    /// Marks of a job; the default when nothing was said.
    pub fn marks(&self, job: &JobKey) -> Marks {
        self.marks.get(job).copied().unwrap_or_default()
    }

    /// The assignment made from a job that is not over, if any; else the latest one.
    pub fn assignment_of(&self, job: &JobKey) -> Option<&Assignment> {
        let latest = |a: &&Assignment| (!a.state.is_over(), a.moved_at);
        match self.index.of_job(job, self.assignments.len()) {
            Some(ids) => ids.iter().filter_map(|id| self.assignments.get(id)).max_by_key(latest),
            None => self.assignments.values().filter(|a| a.job.key == *job).max_by_key(latest),
        }
    }

    /// Makes [`Book::assignment_of`], [`Book::worked`] and [`Book::payments_for`] quick again after a saved book was read; without
    /// it they are only slow.
    pub fn index(&mut self) {
        self.index = Index::of(&self.assignments, &self.spans, &self.payments);
    }

    /// Seconds worked on an assignment.
    pub fn worked(&self, id: &AssignmentId) -> i64 {
        let on = |span: &&Span| matches!(&span.spent, Spent::Assignment { id: on } if on == id);
        let sum = || self.spans.iter().filter(on).map(|span| i64::from(span.seconds)).sum();
        self.index.seconds(id, self.spans.len()).unwrap_or_else(sum)
    }

    /// Payments for an assignment, by their ids.
    pub fn payments_for(&self, id: &AssignmentId) -> Vec<&Payment> {
        match self.index.payments(id, self.payments.len()) {
            Some(ids) => ids.iter().filter_map(|id| self.payments.get(id)).collect(),
            None => self.payments.values().filter(|payment| payment.assignment == *id).collect(),
        }
    }

    fn finding(&mut self, text: String) {
        if self.findings.len() < FINDINGS_KEPT {
            self.findings.push(Text::title(&text));
        }
    }

    fn step(&mut self, id: &AssignmentId, step: Move, native: &Text, note: &Text, at: Time) {
        let Some(found) = self.assignments.get_mut(id) else {
            return self.finding(format!("{step:?} of {id}, which was never claimed"));
        };
        match found.state.after(step) {
            Ok(state) => {
                found.state = state;
                found.moved_at = at;
                if !native.is_empty() {
                    found.native_state = native.clone();
                }
                if !note.is_empty() {
                    found.feedback = note.clone();
                }
            }
            Err(illegal) => self.finding(format!("{id}: {illegal}")),
        }
    }

    fn sent(&mut self, id: &SubmissionId, state: SubmissionState, native: &Text, note: &Text, at: Time) {
        let Some(found) = self.submissions.get_mut(id) else {
            return self.finding(format!("answer to {id}, which was never queued"));
        };
        if !found.state.may_become(state) {
            let text = format!("{id}: {state:?} cannot follow {:?}", found.state);
            return self.finding(text);
        }
        found.state = state;
        match state {
            SubmissionState::Sending => {
                found.sent_at = Some(at);
                found.sends += 1;
            }
            SubmissionState::Acked | SubmissionState::Refused => found.answered_at = Some(at),
            _ => {}
        }
        if !native.is_empty() {
            found.native_id = native.clone();
        }
        found.note = note.clone();
    }

    fn triaged(&mut self, act: u64, changes: &[super::triage::Change], undoes: Option<u64>, redoes: Option<u64>) {
        self.mark(changes);
        self.acted(Act { act, changes: changes.to_vec(), rule: None, blocks: Vec::new() }, undoes, redoes);
    }

    /// What rules do stands among the acts that can be taken back, and leaves those that can be done again alone: nobody pressed a key.
    fn rule_marked(&mut self, act: u64, rule: &Text, changes: &[super::triage::Change]) {
        self.mark(changes);
        self.last_act = self.last_act.max(act);
        if let Some(last) = self.undo.last_mut().filter(|last| last.act == act) {
            return last.changes.extend_from_slice(changes);
        }
        self.undo.push(Act { act, changes: changes.to_vec(), rule: Some(rule.clone()), blocks: Vec::new() });
        // However busy the rules are, the person's own acts stay.
        if self.undo.iter().filter(|act| act.rule.is_some()).count() > RULES_KEPT
            && let Some(oldest) = self.undo.iter().position(|act| act.rule.is_some())
        {
            self.undo.remove(oldest);
        }
    }

    fn mark(&mut self, changes: &[super::triage::Change]) {
        for change in changes {
            if change.after == Marks::default() {
                self.marks.remove(&change.job);
            } else {
                self.marks.insert(change.job.clone(), change.after);
            }
        }
    }

    fn blocked(&mut self, act: u64, block: &Block, on: bool, undoes: Option<u64>, redoes: Option<u64>) {
        if on {
            self.blocks.insert(block.id, block.clone());
        } else {
            self.blocks.remove(&block.id);
        }
        self.last_block = self.last_block.max(block.id);
        self.acted(Act { act, changes: Vec::new(), rule: None, blocks: vec![(block.clone(), on)] }, undoes, redoes);
    }

    /// Keeps an act where it can be taken back or done again. What takes an act back is kept as that act.
    fn acted(&mut self, done: Act, undoes: Option<u64>, redoes: Option<u64>) {
        self.last_act = self.last_act.max(done.act);
        if let Some(undone) = undoes {
            let rule = self.undo.iter().find(|a| a.act == undone).and_then(|a| a.rule.clone());
            self.undo.retain(|a| a.act != undone);
            self.redo.push(Act { act: undone, rule, ..done.reversed() });
        } else if let Some(redone) = redoes {
            let rule = self.redo.iter().find(|a| a.act == redone).and_then(|a| a.rule.clone());
            self.redo.retain(|a| a.act != redone);
            self.undo.push(Act { act: redone, rule, ..done });
        } else if done.act != 0 {
            self.redo.clear();
            self.undo.push(done);
            if self.undo.len() > UNDO_KEPT {
                self.undo.remove(0);
            }
        }
    }
}

/// Maps with pairs as keys, as lists: JSON has only strings for keys.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S, A, B, V>(map: &BTreeMap<(A, B), V>, s: S) -> Result<S::Ok, S::Error>
    where
        S: Serializer,
        A: Serialize,
        B: Serialize,
        V: Serialize,
    {
        s.collect_seq(map.iter().map(|((a, b), v)| (a, b, v)))
    }

    pub fn deserialize<'de, D, A, B, V>(d: D) -> Result<BTreeMap<(A, B), V>, D::Error>
    where
        D: Deserializer<'de>,
        A: Deserialize<'de> + Ord,
        B: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
    {
        Ok(Vec::<(A, B, V)>::deserialize(d)?.into_iter().map(|(a, b, v)| ((a, b), v)).collect())
    }
}
