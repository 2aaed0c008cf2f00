//! Submissions on their way. Durable before the first byte; silence leads to `unknown`, then to a read of the platform, never to
//! a blind second send.

use std::time::Duration;

use uuid::Builder;

use super::disclosure::disclosure;
use super::terms::body_hash;
use super::{Purpose, State, Then};
use crate::domain::submission::{Overridden, SubmissionState};
use crate::domain::{AssignmentId, AssignmentState, Move, Record, SourceName, Submission, SubmissionId, Text, Time};
use crate::engine::api::{Reply, SourceState, Terms, What};
use crate::engine::effect::{Asker, Call, Effects};
use crate::error::{Class, Failure};
use crate::platforms::{Answer, Listed, Outcome, Receipt, Refusal};

/// The same bytes are sent by themselves at most this often, and only where the platform was read in between and honours the key.
const SENDS_BY_ITSELF: u32 = 5;
/// A platform that cannot be read is asked again after this, doubled each time up to the cap.
const SETTLE_BASE: Duration = Duration::from_secs(1);
const SETTLE_CAP: Duration = Duration::from_secs(120);

impl State {
    /// What was left in the outbox: whatever may have been sent is unknown until the platform was read.
    pub(super) fn resume_outbox(&mut self, now: Time, effects: &mut Effects) {
        let cut_off: Vec<SubmissionId> =
            self.book.submissions.values().filter(|s| s.state == SubmissionState::Sending).map(|s| s.id.clone()).collect();
        for id in cut_off {
            self.unanswered(&id, "the program ended before an answer came", now, effects);
        }
        let unknown: Vec<SubmissionId> =
            self.book.submissions.values().filter(|s| s.state == SubmissionState::Unknown).map(|s| s.id.clone()).collect();
        for id in unknown {
            self.settle_at.insert(id, (now, 0));
        }
    }

    /// Everything not yet acknowledged or called off.
    pub(super) fn open_submissions(&self) -> impl Iterator<Item = &Submission> {
        self.book.submissions.values().filter(|sent| sent.state.is_open())
    }

    pub(super) fn queued_submissions(&self) -> impl Iterator<Item = (SourceName, SubmissionId)> {
        self.book
            .submissions
            .values()
            .filter(|s| s.state == SubmissionState::Queued && !self.sending.contains(&s.id))
            .map(|s| (s.assignment.source(), s.id.clone()))
    }

    /// Puts the draft into the outbox, on terms that were `agreed` to and, where checks fail, with the word that was typed.
    pub(super) fn submit(&mut self, asker: Asker, id: &AssignmentId, agreed: (&str, &Text), now: Time, effects: &mut Effects) {
        let (agreed, word) = agreed;
        let queued = self.assignment(id).and_then(|assignment| {
            let terms = self.submit_terms(assignment, now)?;
            if terms.digest != agreed {
                return Err(super::claims::terms_changed("submitted"));
            }
            // Never behind the person's back: the word is typed for these very checks, since the terms name them.
            if !terms.word.is_empty() && !word.as_str().trim().eq_ignore_ascii_case(terms.word.as_str()) {
                return Err(checks_fail(&terms));
            }
            let overridden = (!terms.failing.is_empty()).then_some(Overridden { at: now, failing: terms.failing });
            if self.is_being_queued(id) {
                return Err(Failure::new(Class::Refused, "it is being submitted already"));
            }
            if self.releasing.contains(id) {
                return Err(Failure::new(Class::Refused, "it is being given back").hint("wait for the platform's answer"));
            }
            let draft = self.draft_of(assignment)?;
            let job = self.ruled(self.book.job_of(assignment));
            let disclosure = disclosure(&job, draft);
            let attempt = self.book.submissions.values().filter(|s| s.assignment == *id).count() as u32 + 1;
            Ok((draft.clone(), disclosure, attempt, overridden))
        });
        let (draft, disclosure, attempt, overridden) = match queued {
            Ok(parts) => parts,
            Err(failure) => return effects.reply(asker, Err(failure)),
        };
        let submission = Submission {
            id: self.fresh_id(now),
            assignment: id.clone(),
            attempt,
            body_hash: body_hash(&draft, disclosure.as_str()),
            text: draft.text,
            files: draft.files,
            disclosure,
            overridden,
            state: SubmissionState::Queued,
            queued_at: now,
            sent_at: None,
            answered_at: None,
            sends: 0,
            native_id: Text::default(),
            note: Text::default(),
        };
        let then = Then::Outbox { asker, submission: submission.id.clone() };
        if let Err(failure) = self.record_act(vec![Record::Queued { submission: Box::new(submission) }], then, now, effects) {
            effects.reply(asker, Err(failure));
        }
    }

    /// A submission of it is on its way into the outbox.
    pub(super) fn is_being_queued(&self, id: &AssignmentId) -> bool {
        self.batches.values().any(|b| matches!(&b.then, Then::Outbox { .. }) && concerns(b, id))
    }

    /// A time-ordered id nobody else makes: also the idempotency key.
    pub(super) fn fresh_id(&mut self, now: Time) -> SubmissionId {
        use rand::RngCore;
        let mut random = [0; 10];
        self.dice.fill_bytes(&mut random);
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        SubmissionId::new(&Builder::from_unix_timestamp_millis(millis, &random).into_uuid().to_string())
    }

    pub(super) fn outbox_durable(&mut self, asker: Asker, id: &SubmissionId, now: Time, effects: &mut Effects) {
        let Some(submission) = self.book.submissions.get(id) else { return };
        let assignment = submission.assignment.clone();
        let view = self.view_of(&assignment, now).map(|view| Reply::Assignment(Box::new(view)));
        effects.reply(asker, view);
        self.submission_moved(id, now, effects);
        self.assignment_moved(&assignment, now, effects);
    }

    /// Starts whatever may be sent: first the durable word that bytes are about to leave, then the bytes.
    pub(super) fn send_queued(&mut self, now: Time, effects: &mut Effects) {
        if self.failing.is_some() {
            return;
        }
        let queued: Vec<_> = self.queued_submissions().filter(|(_, id)| !self.settle_at.contains_key(id)).collect();
        for (source, id) in queued {
            if self.ready(&source, now).is_ok() {
                self.begin_send(&id, now, effects);
            }
        }
    }

    pub(super) fn begin_send(&mut self, id: &SubmissionId, now: Time, effects: &mut Effects) {
        let state = SubmissionState::Sending;
        let record = Record::Sent { submission: id.clone(), state, native_id: Text::default(), note: Text::default() };
        if self.record_act(vec![record], Then::Send { submission: id.clone() }, now, effects).is_ok() {
            self.sending.insert(id.clone());
        } else {
            // The disk fails: not a byte leaves, and it is looked at again later.
            self.settle_at.insert(id.clone(), (now + SETTLE_BASE, 0));
        }
    }

    pub(super) fn send_now(&mut self, id: &SubmissionId, now: Time, effects: &mut Effects) {
        let Some(submission) = self.book.submissions.get(id).cloned() else { return };
        let assignment = self.book.assignments.get(&submission.assignment).cloned();
        let Some(assignment) = assignment.filter(|a| a.state == AssignmentState::Submitting) else {
            // Its time ran out or it was withdrawn over there while it waited: nothing was sent.
            return self.too_late.push(id.clone());
        };
        let call = Call::Submit { assignment: Box::new(assignment), submission: Box::new(submission.clone()) };
        self.call(&submission.assignment.source(), call, Purpose::Submit { submission: id.clone() });
        self.submission_moved(id, now, effects);
    }

    /// Says so, once no act is on its way before which that would enter the book.
    pub(super) fn call_off_too_late(&mut self, now: Time, effects: &mut Effects) {
        if self.too_late.is_empty() || self.acts_on_their_way() {
            return;
        }
        for id in std::mem::take(&mut self.too_late) {
            self.sending.remove(&id);
            let why = "the job was over before it could be sent";
            self.answered(&id, SubmissionState::Refused, &Text::default(), why, now, effects);
        }
    }

    pub(super) fn submit_ended(&mut self, id: &SubmissionId, answer: Answer<Receipt>, now: Time, effects: &mut Effects) {
        self.sending.remove(id);
        let Some(submission) = self.book.submissions.get(id).cloned() else { return };
        let source = submission.assignment.source();
        self.acted_at.insert(submission.assignment.clone(), self.last_call);
        match answer.outcome {
            Outcome::Done(receipt) => {
                if let Some(source) = self.sources.get_mut(&source).filter(|s| s.state == SourceState::SignIn) {
                    (source.state, source.error) = (SourceState::Ok, None);
                }
                self.answered(id, SubmissionState::Acked, &receipt.native_id, "", now, effects);
                self.lead_to(&submission.assignment, receipt.state, &receipt.native_state, &Text::default(), now, effects);
            }
            Outcome::Refused { reason, message } => {
                let words = if message.is_empty() { reason.sentence() } else { message.as_str() };
                self.answered(id, SubmissionState::Refused, &Text::default(), words, now, effects);
                let mut moves = vec![Move::Bounce];
                if reason == Refusal::TimedOut {
                    moves.push(Move::TimeOut);
                }
                self.move_to(&submission.assignment, &moves, &Text::default(), &Text::title(words), now, effects);
            }
            Outcome::Unanswered(failure) | Outcome::Broken(failure) => {
                self.unanswered(id, &failure.to_string(), now, effects);
                self.settle_at.insert(id.clone(), (now, 0));
            }
            // In these nothing reached the platform: it waits in line and goes by itself when it can.
            Outcome::SignIn(failure) => {
                if let Some(source) = self.sources.get_mut(&source) {
                    source.schedule.sign_in(now);
                    (source.state, source.error) = (SourceState::SignIn, Some(failure.clone()));
                }
                if let Some(health) = self.health(&source, now) {
                    self.publish(What::Source { health: Box::new(health) }, now, effects);
                }
                self.back_in_line(id, &failure.to_string(), now, effects);
            }
            Outcome::Limited { until, message } => {
                self.limited(&source, until, now);
                self.back_in_line(id, message.as_str(), now, effects);
            }
            Outcome::Unreachable(failure) => self.back_in_line(id, &failure.to_string(), now, effects),
            Outcome::Same | Outcome::Unsupported => {
                self.answered(id, SubmissionState::Refused, &Text::default(), "this source takes no submissions", now, effects);
                self.move_to(&submission.assignment, &[Move::Bounce], &Text::default(), &Text::default(), now, effects);
            }
        }
    }

    fn back_in_line(&mut self, id: &SubmissionId, why: &str, now: Time, effects: &mut Effects) {
        self.answered(id, SubmissionState::Queued, &Text::default(), why, now, effects);
        let tries = self.book.submissions.get(id).map_or(0, |s| s.sends);
        self.settle_at.insert(id.clone(), (now + pause(tries), tries));
    }

    fn unanswered(&mut self, id: &SubmissionId, why: &str, now: Time, effects: &mut Effects) {
        self.answered(id, SubmissionState::Unknown, &Text::default(), why, now, effects);
    }

    fn answered(
        &mut self,
        id: &SubmissionId,
        state: SubmissionState,
        native: &Text,
        note: &str,
        now: Time,
        effects: &mut Effects,
    ) {
        let note = Text::title(note);
        let record = Record::Sent { submission: id.clone(), state, native_id: native.clone(), note: note.clone() };
        let Some(assignment) = self.book.submissions.get(id).map(|s| s.assignment.clone()) else { return };
        let event = What::Submission { id: id.clone(), assignment, state, note };
        self.record_facts(vec![record], vec![event], now, effects);
    }

    fn submission_moved(&mut self, id: &SubmissionId, now: Time, effects: &mut Effects) {
        if let Some(found) = self.book.submissions.get(id).cloned() {
            let event = What::Submission { id: found.id, assignment: found.assignment, state: found.state, note: found.note };
            self.publish(event, now, effects);
        }
    }

    /// Looks up what became of submissions whose time for that has come.
    pub(super) fn settle_due(&mut self, now: Time, effects: &mut Effects) {
        let due: Vec<(SubmissionId, u32)> =
            self.settle_at.iter().filter(|(_, (at, _))| *at <= now).map(|(id, (_, tries))| (id.clone(), *tries)).collect();
        for (id, tries) in due {
            self.settle_at.remove(&id);
            let Some(submission) = self.book.submissions.get(&id) else { continue };
            match submission.state {
                SubmissionState::Unknown => self.settle(&id, tries, None, now, effects),
                SubmissionState::Queued | SubmissionState::Sending | SubmissionState::Acked => {}
                SubmissionState::Refused | SubmissionState::Withdrawn => {}
            }
        }
    }

    /// Reads the platform about one submission.
    pub(super) fn settle(&mut self, id: &SubmissionId, tries: u32, asker: Option<Asker>, now: Time, effects: &mut Effects) {
        let Some(assignment) = self.book.submissions.get(id).map(|s| s.assignment.clone()) else { return };
        if self.sending.contains(id) {
            return;
        }
        let source = assignment.source();
        let readable = match self.ready(&source, now) {
            Ok(found) => found.abilities.assignments,
            Err(failure) => {
                match asker {
                    Some(asker) => effects.reply(asker, Err(failure)),
                    None if self.sources.get(&source).is_some_and(|s| s.unusable.is_none()) => {
                        let until = self.sources.get(&source).and_then(|s| s.schedule.blocked_until(now));
                        self.settle_at.insert(id.clone(), (until.unwrap_or(now + SETTLE_CAP), tries));
                    }
                    None => {}
                }
                return;
            }
        };
        if !readable {
            if let Some(asker) = asker {
                effects.reply(
                    asker,
                    Err(Failure::new(Class::Unknown, "this platform cannot be read about submissions")
                        .hint("look at its page, then decide: send again, or withdraw")),
                );
            } else {
                let text = Text::title("A submission got no answer, and this platform cannot be read about it.");
                let hint = Text::title("look at its page, then decide in the outbox: send again, or withdraw");
                self.publish(What::Notice { text, hint }, now, effects);
            }
            return;
        }
        self.sending.insert(id.clone());
        self.settle_at.remove(id);
        let purpose = Purpose::Settle { submission: id.clone(), asker };
        self.call(&source, Call::Assignment { id: assignment }, purpose);
    }

    pub(super) fn settle_ended(
        &mut self,
        id: &SubmissionId,
        asker: Option<Asker>,
        answer: Answer<Listed>,
        now: Time,
        effects: &mut Effects,
    ) {
        self.sending.remove(id);
        let Some(submission) = self.book.submissions.get(id).cloned() else { return };
        let source = submission.assignment.source();
        match answer.outcome {
            Outcome::Done(listed) if self.is_reused(&listed.id, &listed.job) => self.tell_reused(&listed.id, now, effects),
            Outcome::Done(listed) if has_it(&listed, &submission) => {
                self.answered(id, SubmissionState::Acked, &Text::default(), "found on the platform", now, effects);
                self.lead_to(&submission.assignment, listed.state, &listed.native_state, &listed.feedback, now, effects);
            }
            Outcome::Done(listed) if listed.state.is_over() => {
                self.answered(id, SubmissionState::Refused, &Text::default(), "the job was over before it arrived", now, effects);
                self.lead_to(&submission.assignment, listed.state, &listed.native_state, &listed.feedback, now, effects);
            }
            Outcome::Done(_) => {
                let idempotent = self.sources.get(&source).is_some_and(|s| s.abilities.idempotent);
                if idempotent && submission.sends < SENDS_BY_ITSELF && asker.is_none() {
                    self.begin_send(id, now, effects);
                } else if asker.is_none() {
                    let text = Text::title("A submission got no answer, and the platform does not have it.");
                    let hint = Text::title("decide in the outbox: send again, or withdraw");
                    self.publish(What::Notice { text, hint }, now, effects);
                }
            }
            Outcome::Limited { until, .. } => {
                self.limited(&source, until, now);
                self.settle_at.insert(id.clone(), (until.unwrap_or(now + SETTLE_CAP), 1));
            }
            Outcome::Unsupported => {}
            Outcome::Refused { .. }
            | Outcome::SignIn(_)
            | Outcome::Unreachable(_)
            | Outcome::Unanswered(_)
            | Outcome::Broken(_)
            | Outcome::Same => {
                let tries = self.settle_at.get(id).map_or(0, |(_, tries)| *tries) + 1;
                self.settle_at.insert(id.clone(), (now + pause(tries), tries));
            }
        }
        if let Some(asker) = asker {
            self.reply_when_durable(asker, &submission.assignment);
        }
    }
}

/// Whether the platform's word about the assignment says that it holds this very submission.
fn has_it(listed: &Listed, submission: &Submission) -> bool {
    use AssignmentState as S;
    if let Some(key) = &listed.submission_key {
        return *key == submission.id;
    }
    match listed.submissions {
        Some(count) => count >= submission.attempt,
        // Told neither key nor count: a state that only a delivery leads to, for a first delivery, says enough.
        None => {
            submission.attempt == 1
                && matches!(listed.state, S::Submitted | S::UnderReview | S::Approved | S::Rejected | S::Paid | S::RevisionAsked)
        }
    }
}

/// What stands in the way, and how to go on all the same.
fn checks_fail(terms: &Terms) -> Failure {
    let n = terms.failing.len();
    let first = terms.failing.first().map_or("", Text::as_str);
    Failure::new(
        Class::Checks,
        format!("{n} {} of this draft {}", if n == 1 { "check" } else { "checks" }, if n == 1 { "fails" } else { "fail" }),
    )
    .why(first)
    .hint(format!("mend it, or submit it all the same with the word \"{}\"; that is recorded", terms.word))
}

fn concerns(batch: &super::Batch, id: &AssignmentId) -> bool {
    batch.entries.iter().any(|e| matches!(&e.record, Record::Queued { submission } if submission.assignment == *id))
}

fn pause(tries: u32) -> Duration {
    SETTLE_CAP.min(SETTLE_BASE * 2_u32.saturating_pow(tries.min(10)))
}
