//! What platforms say about assignments and payments, recorded as the moves and lines it means.

use super::State;
use crate::domain::payment::{PaymentKind, PaymentStatus};
use crate::domain::{AssignmentId, AssignmentState, Move, Payment, Record, Text, Time};
use crate::engine::api::What;
use crate::engine::effect::Effects;
use crate::platforms::Listed;

impl State {
    /// One listed assignment against what is known here.
    pub(super) fn listed(&mut self, call: u64, listed: Listed, now: Time, effects: &mut Effects) {
        if self.is_reused(&listed.id, &listed.job) {
            return self.tell_reused(&listed.id, now, effects);
        }
        let Some(known) = self.book.assignments.get(&listed.id) else { return self.adopt_listed(listed, now, effects) };
        if self.acted_at.get(&listed.id).is_some_and(|at| call <= *at) {
            // The list was asked for before that act was answered and may be older: it is read again.
            if let Some(source) = self.sources.get_mut(&listed.id.source()) {
                source.read_all = true;
            }
            return;
        }
        self.acted_at.remove(&listed.id);
        if known.deadline != listed.deadline && listed.deadline.is_some() {
            let record = Record::Deadline { assignment: listed.id.clone(), deadline: listed.deadline };
            self.late.remove(&listed.id);
            let event = self.assignment_event(&listed.id);
            self.record_facts(vec![record], event.into_iter().collect(), now, effects);
        }
        let Some(known) = self.book.assignments.get(&listed.id) else { return };
        // The outbox settles what it has on its way, by key; a list read a moment ago is older than that.
        if known.state == AssignmentState::Submitting && !listed.state.is_over() {
            return;
        }
        self.lead_to(&listed.id, listed.state, &listed.native_state, &listed.feedback, now, effects);
    }

    /// Records the moves that lead from the known state to the one the platform tells.
    pub(super) fn lead_to(
        &mut self,
        id: &AssignmentId,
        target: AssignmentState,
        native: &Text,
        note: &Text,
        now: Time,
        effects: &mut Effects,
    ) {
        let Some(known) = self.book.assignments.get(id) else { return };
        // Where payments can be read, paid means that the line is there: a figure and a state that disagree help nobody.
        let reads_payments = self.sources.get(&id.source()).is_some_and(|s| s.abilities.payments);
        let target = if target == AssignmentState::Paid && reads_payments { AssignmentState::Approved } else { target };
        if known.state == target || same_for_the_platform(known.state, target) {
            return;
        }
        let Some(moves) = known.state.path_to(target) else {
            let text = Text::title(&format!("{id}: {} says {}, here it is {}", id.source(), native, known.state.word()));
            let hint = Text::title("nothing was changed here; look at the platform's page");
            return self.publish(What::Notice { text, hint }, now, effects);
        };
        self.move_to(id, &moves, native, note, now, effects);
        self.pay_if_paid(id, now, effects);
    }

    /// An approved assignment whose reward already came is paid.
    fn pay_if_paid(&mut self, id: &AssignmentId, now: Time, effects: &mut Effects) {
        let approved = self.book.assignments.get(id).is_some_and(|a| a.state == AssignmentState::Approved);
        let rewards = |p: &&Payment| matches!(p.kind, PaymentKind::Reward | PaymentKind::Partial);
        let paid = self.book.payments.values().filter(rewards).any(|p| p.assignment == *id && p.status == PaymentStatus::Paid);
        if approved && paid {
            self.move_to(id, &[Move::Pay], &Text::default(), &Text::default(), now, effects);
        }
    }

    pub(super) fn move_to(
        &mut self,
        id: &AssignmentId,
        moves: &[Move],
        native: &Text,
        note: &Text,
        now: Time,
        effects: &mut Effects,
    ) {
        let Some(found) = self.book.assignments.get(id) else { return };
        let (mut state, mut records) = (found.state, Vec::new());
        for step in moves {
            // What does not follow any more, since something else was heard meanwhile, is left out: the journal holds legal moves.
            if let Ok(after) = state.after(*step) {
                state = after;
                let record =
                    Record::Moved { assignment: id.clone(), step: *step, native_state: native.clone(), note: note.clone() };
                records.push(record);
            }
        }
        if records.is_empty() {
            return;
        }
        let key = found.job.key.clone();
        let feedback = if note.is_empty() { &found.feedback } else { note };
        let event = What::Assignment { id: id.clone(), title: found.job.title.clone(), state, note: feedback.clone() };
        self.record_facts(records, vec![event], now, effects);
        self.texts.stale = true;
        self.place(&key);
    }

    /// Tells everybody where an assignment stands.
    pub(super) fn assignment_moved(&mut self, id: &AssignmentId, now: Time, effects: &mut Effects) {
        if let Some(event) = self.assignment_event(id) {
            self.publish(event, now, effects);
        }
    }

    pub(super) fn assignment_event(&self, id: &AssignmentId) -> Option<What> {
        let found = self.book.assignments.get(id)?;
        let (title, state, note) = (found.job.title.clone(), found.state, found.feedback.clone());
        Some(What::Assignment { id: id.clone(), title, state, note })
    }

    /// One reported payment. The same report again changes nothing.
    pub(super) fn payment(&mut self, payment: Payment, now: Time, effects: &mut Effects) {
        if self.book.payments.get(&payment.id) == Some(&payment) {
            return;
        }
        let id = payment.assignment.clone();
        let status = payment.status;
        let event = What::Payment { payment: payment.clone() };
        self.record_facts(vec![Record::Paid { payment: Box::new(payment) }], vec![event], now, effects);
        if status == PaymentStatus::Reversed && self.book.assignments.get(&id).is_some_and(|a| a.state == AssignmentState::Paid) {
            self.move_to(&id, &[Move::Reverse], &Text::default(), &Text::default(), now, effects);
        }
        self.pay_if_paid(&id, now, effects);
    }

    /// A deadline that passed is looked up on the platform, which alone decides what that means.
    pub(super) fn watch_deadlines(&mut self, now: Time, effects: &mut Effects) {
        let late: Vec<AssignmentId> = self
            .book
            .assignments
            .values()
            .filter(|a| a.state.is_in_hand() && self.book.deadline(a).is_some_and(|at| at <= now) && !self.late.contains(&a.id))
            .map(|a| a.id.clone())
            .collect();
        for id in late {
            if let Some(source) = self.sources.get_mut(&id.source()) {
                source.schedule.poke(now);
            }
            self.late.insert(id.clone());
            let title = self.book.assignments.get(&id).map(|a| a.job.title.clone()).unwrap_or_default();
            let text = Text::title(&format!("The deadline of “{title}” is past."));
            let hint = Text::title("the platform decides whether it still takes it");
            self.publish(What::Notice { text, hint }, now, effects);
        }
    }
}

/// Finer here than there: what the platform calls active is claimed and in progress for us.
fn same_for_the_platform(here: AssignmentState, there: AssignmentState) -> bool {
    use AssignmentState as S;
    matches!((here, there), (S::InProgress, S::Claimed) | (S::Paid, S::Approved) | (S::UnderReview, S::Submitted))
}
