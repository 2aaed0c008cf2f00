//! What goes to the disk and what follows once it is there.

use std::time::Duration;

use super::State;
use crate::domain::{AssignmentId, Entry, JobKey, Record, SourceName, SubmissionId, Text, Time};
use crate::engine::api::{Reply, What};
use crate::engine::effect::{Asker, Effect, Effects};
use crate::error::{Class, Failure, Result};
use crate::platforms::Cursor;
use crate::store;

/// A batch that could not be written is tried again after this.
const RETRY_COMMIT: Duration = Duration::from_secs(2);

/// What follows once a batch is durable.
#[derive(Clone, Debug)]
pub(super) enum Then {
    /// Nothing to say.
    Nothing,
    /// Facts that platforms told; already in the book. Their events follow.
    Facts(Vec<What>),
    /// Marks changed.
    Triaged { asker: Asker, text: Text, jobs: Vec<JobKey> },
    /// A draft is safe.
    Saved { asker: Asker, assignment: AssignmentId },
    /// Time was noted.
    Done { asker: Asker },
    /// The claim may be sent.
    SendClaim { asker: Asker, key: JobKey },
    /// Blocks were made or lifted.
    Blocked { asker: Asker, text: Text },
    /// A submission entered the outbox.
    Outbox { asker: Asker, submission: SubmissionId },
    /// The submission may be sent: its bytes are about to leave.
    Send { submission: SubmissionId },
    /// Models may be asked: what they could cost is written down.
    Ask { asker: Option<Asker>, columns: Vec<Text> },
    /// An order is in the queue.
    ArtQueued { asker: Asker, call: Text },
    /// An order may be sent: what it could cost is written down.
    ArtBegin { call: Text },
    /// Something about orders is written down.
    ArtDone { asker: Option<Asker>, reply: Box<Reply>, assignment: AssignmentId, call: Text },
    /// The person decided what assistants may do.
    AiDecided { asker: Asker, job: JobKey },
    /// A submission was called off.
    Withdrawn { asker: Asker, submission: SubmissionId },
}

/// A batch on its way to the disk.
#[derive(Debug)]
pub(super) struct Batch {
    pub entries: Vec<Entry>,
    pub then: Then,
}

impl State {
    /// Makes facts durable that are already in the book.
    pub(super) fn record_facts(&mut self, records: Vec<Record>, events: Vec<What>, now: Time, effects: &mut Effects) {
        let entries: Vec<Entry> = records.into_iter().map(|record| Entry { at: now, record }).collect();
        for entry in &entries {
            self.book.apply(entry);
            self.judge.history.note(&self.book, entry);
        }
        let batch = Batch { entries, then: Then::Facts(events) };
        if self.unwritten.is_empty() && self.failing.is_none() {
            self.commit(batch, effects);
        } else {
            self.unwritten.push_back(batch);
        }
    }

    /// Answers with an assignment as soon as everything recorded so far is durable.
    pub(super) fn reply_when_durable(&mut self, asker: Asker, id: &AssignmentId) {
        self.waiting.push((self.last_batch, asker, id.clone()));
    }

    /// Keeps a cursor as soon as everything read before it is durable: else a crash could skip what was never written.
    pub(super) fn put_cursor_when_durable(&mut self, source: &SourceName, list: &str, cursor: Cursor) {
        // What a source that is gone meanwhile said last is nobody's place.
        let Some(account) = self.sources.get(source).map(|source| &source.account) else { return };
        let (name, cursor) = (store::cursor_name(source, list), account.seal(cursor));
        self.cursors.retain(|(_, other, _)| *other != name);
        self.cursors.push((self.last_batch, name, cursor));
    }

    pub(super) fn answer_waiting(&mut self, now: Time, effects: &mut Effects) {
        if let Some(failing) = &self.failing {
            for (_, asker, _) in self.waiting.drain(..) {
                let failure = Failure::new(Class::Store, "the platform answered, but the answer could not be saved yet")
                    .why(failing)
                    .hint("make room on the disk and leave this running: it is saved as soon as that works");
                effects.reply(asker, Err(failure));
            }
            return;
        }
        if !self.unwritten.is_empty() {
            return;
        }
        let oldest = self.batches.keys().next().copied().unwrap_or(u64::MAX);
        for (batch, asker, id) in std::mem::take(&mut self.waiting) {
            if batch < oldest {
                let view = self.view_of(&id, now).map(|view| Reply::Assignment(Box::new(view)));
                effects.reply(asker, view);
            } else {
                self.waiting.push((batch, asker, id));
            }
        }
        for (batch, name, cursor) in std::mem::take(&mut self.cursors) {
            if batch < oldest {
                effects.push(Effect::PutCursor { name, cursor });
            } else {
                self.cursors.push((batch, name, cursor));
            }
        }
    }

    /// Makes an act of the person's durable; it enters the book only then. Refused while the disk fails.
    pub(super) fn record_act(&mut self, records: Vec<Record>, then: Then, now: Time, effects: &mut Effects) -> Result<u64> {
        if let Some(failing) = &self.failing {
            return Err(failing.clone());
        }
        let entries = records.into_iter().map(|record| Entry { at: now, record }).collect();
        Ok(self.commit(Batch { entries, then }, effects))
    }

    pub(super) fn commit(&mut self, batch: Batch, effects: &mut Effects) -> u64 {
        self.last_batch += 1;
        effects.push(Effect::Commit { batch: self.last_batch, entries: batch.entries.clone() });
        self.batches.insert(self.last_batch, batch);
        self.last_batch
    }

    pub(super) fn committed(&mut self, id: u64, now: Time, effects: &mut Effects) {
        let Some(batch) = self.batches.remove(&id) else { return };
        if self.failing.take().is_some() {
            self.publish(What::Saving { failing: None }, now, effects);
        }
        if !matches!(batch.then, Then::Facts(_)) {
            for entry in &batch.entries {
                self.book.apply(entry);
                self.judge.history.note(&self.book, entry);
            }
        }
        match batch.then {
            Then::Nothing => {}
            Then::Facts(events) => {
                for event in events {
                    self.publish(event, now, effects);
                }
            }
            Then::Triaged { asker, text, jobs } => self.triage_durable(id, asker, text, jobs, now, effects),
            Then::Saved { asker, assignment } => {
                let started = batch.entries.iter().any(|e| matches!(e.record, Record::Moved { .. }));
                self.draft_durable(asker, &assignment, started, now, effects);
            }
            Then::Blocked { asker, text } => self.blocks_durable(id, asker, text, now, effects),
            Then::Done { asker } => effects.reply(asker, Ok(Reply::Done)),
            Then::SendClaim { asker, key } => self.send_claim(asker, &key, effects),
            Then::Outbox { asker, submission } => self.outbox_durable(asker, &submission, now, effects),
            Then::Ask { asker, columns } => self.ask_now(asker, &columns, effects),
            Then::ArtQueued { asker, call } => self.art_queued(asker, &call, now, effects),
            Then::ArtBegin { call } => self.art_begin(&call, now, effects),
            Then::ArtDone { asker, reply, assignment, call } => self.art_done(asker, *reply, &assignment, &call, now, effects),
            Then::AiDecided { asker, job } => self.ai_decided(asker, &job, now, effects),
            Then::Send { submission } => self.send_now(&submission, now, effects),
            Then::Withdrawn { asker, submission } => {
                self.sending.remove(&submission);
                self.outbox_durable(asker, &submission, now, effects);
            }
        }
    }

    pub(super) fn commit_failed(&mut self, id: u64, failure: Failure, now: Time, effects: &mut Effects) {
        let Some(batch) = self.batches.remove(&id) else { return };
        if self.failing.as_ref() != Some(&failure) {
            self.publish(What::Saving { failing: Some(failure.clone()) }, now, effects);
        }
        self.failing = Some(failure.clone());
        self.retry_commit = Some(now + RETRY_COMMIT);
        match &batch.then {
            // Nobody is told before it is durable, so it is simply tried again, in order.
            Then::Facts(_) | Then::Nothing => {
                if self.retrying == Some(id) {
                    self.unwritten.push_front(batch);
                } else {
                    self.unwritten.push_back(batch);
                }
                return;
            }
            Then::Triaged { asker, .. } | Then::Blocked { asker, .. } => {
                let asker = *asker;
                self.marks_pending.remove(&id);
                effects.reply(asker, Err(failure));
                self.replay_after_marks(now, effects);
                return;
            }
            Then::Saved { .. } | Then::Done { .. } | Then::AiDecided { .. } => {}
            Then::Ask { asker, columns } => {
                let (asker, columns) = (*asker, columns.clone());
                return self.not_asked(asker, &columns, &failure, effects);
            }
            Then::ArtQueued { asker, call } => {
                let (asker, call) = (*asker, call.clone());
                self.atelier.forget(&call);
                return effects.reply(asker, Err(failure));
            }
            // Nothing was sent: it waits again.
            Then::ArtBegin { call } => return self.atelier.wait_again(&call.clone()),
            Then::ArtDone { asker, .. } => {
                if let Some(asker) = *asker {
                    effects.reply(asker, Err(failure));
                }
                return;
            }
            Then::SendClaim { key, .. } => {
                self.claiming.remove(key);
            }
            Then::Outbox { submission, .. } | Then::Withdrawn { submission, .. } => {
                self.sending.remove(submission);
            }
            // Nothing was sent; it is looked at again once the disk may work.
            Then::Send { submission } => {
                self.sending.remove(submission);
                self.settle_at.insert(submission.clone(), (now + RETRY_COMMIT, 0));
                return;
            }
        }
        if let Then::Saved { asker, .. }
        | Then::Done { asker }
        | Then::SendClaim { asker, .. }
        | Then::AiDecided { asker, .. }
        | Then::Outbox { asker, .. }
        | Then::Withdrawn { asker, .. } = batch.then
        {
            effects.reply(asker, Err(failure));
        }
    }

    /// While the disk fails, one batch is tried every two seconds; when there is none, an empty one asks how the disk is.
    pub(super) fn retry_unwritten(&mut self, now: Time, effects: &mut Effects) {
        if self.failing.is_some() {
            if self.retry_commit.is_some_and(|at| at <= now) && self.batches.is_empty() {
                self.retry_commit = Some(now + RETRY_COMMIT);
                let batch = self.unwritten.pop_front().unwrap_or(Batch { entries: Vec::new(), then: Then::Nothing });
                // At the front again if it fails: order is kept because only one is on its way.
                self.retrying = Some(self.commit(batch, effects));
            }
        } else {
            self.retry_commit = None;
            while let Some(batch) = self.unwritten.pop_front() {
                self.commit(batch, effects);
            }
        }
    }
}
