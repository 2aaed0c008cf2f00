//! News on its way to a person who is not looking.

use super::State;
use crate::alert::{Happening, Now, Owed, Parcel};
use crate::domain::payment::PaymentStatus;
use crate::domain::{Assignment, AssignmentState, Bundle, Job, Text, Time};
use crate::engine::api::{SourceState, What};
use crate::engine::effect::{Effect, Effects};

impl State {
    /// Whatever is told to front ends may be news for somebody who is away.
    pub(super) fn alarm(&mut self, what: &What, now: Time) {
        let at = Now::here(now);
        match what {
            What::Assignment { id, .. } => {
                self.look_at_hand = true;
                if let Some(mine) = self.book.assignments.get(id) {
                    let here = Assignment { deadline: self.book.deadline(mine), ..mine.clone() };
                    self.alarms.tell(Happening::Moved(&here), at);
                    let by_rule = self.book.auto_claims.iter().rev().find(|claim| claim.job == mine.job.key);
                    if let Some(claim) = by_rule.filter(|_| mine.state == AssignmentState::Claimed) {
                        self.alarms.tell(Happening::AutoClaim { rule: claim.rule.as_str(), assignment: mine }, at);
                    }
                }
            }
            What::ClaimLost { job, title, reason } => {
                self.alarms.tell(Happening::ClaimLost { job, title, reason }, at);
            }
            What::Submission { id, assignment, state, .. } => {
                if let Some(mine) = self.book.assignments.get(assignment) {
                    let (job, title) = (&mine.job.key, &mine.job.title);
                    self.alarms.tell(Happening::Submission { id, assignment, job, title, state: *state }, at);
                }
            }
            What::Payment { payment } => {
                self.look_at_hand = true;
                let mine = self.book.assignments.get(&payment.assignment);
                if let Some(mine) = mine.filter(|_| payment.status == PaymentStatus::Paid) {
                    self.alarms.payouts.came(&mine.id.source(), now - mine.moved_at);
                }
                let nothing = Text::default();
                let (job, title) = mine.map_or((None, &nothing), |mine| (Some(&mine.job.key), &mine.job.title));
                self.alarms.tell(Happening::Payment { payment, job, title }, at);
            }
            What::Source { health } if health.state == SourceState::SignIn => {
                let failure = health.error.as_ref();
                let (why, hint) = failure.map_or((String::new(), ""), |failure| (failure.to_string(), failure.hint.as_str()));
                self.alarms.tell(Happening::SignIn { source: &health.name, why: &why, hint }, at);
            }
            _ => {}
        }
    }

    /// Looks at the clock, and sends what is due.
    pub(super) fn ring(&mut self, now: Time, effects: &mut Effects) {
        let at = Now::here(now);
        if std::mem::take(&mut self.look_at_hand) || self.alarms.next_due().is_some_and(|due| due <= now) {
            let in_hand = self.book.assignments.values().filter(|mine| mine.state.is_in_hand());
            let here: Vec<Assignment> =
                in_hand.map(|mine| Assignment { deadline: self.book.deadline(mine), ..mine.clone() }).collect();
            self.alarms.look_at_hand(&here, at);
            let owed = self.owed();
            self.alarms.look_at_money(&owed, at);
        }
        let Some(bundle) = self.alarms.due(at) else { return };
        self.unread += bundle.count();
        self.publish(What::Alert { bundle: bundle.clone() }, now, effects);
        let jobs = self.jobs_of(&bundle);
        effects.push(Effect::Alert(Box::new(Parcel { bundle, jobs })));
    }

    /// Somebody read them: whoever counts them anywhere else is told, once.
    pub(super) fn alerts_seen(&mut self, now: Time, effects: &mut Effects) {
        if std::mem::take(&mut self.unread) > 0 {
            self.publish(What::AlertsSeen, now, effects);
        }
    }

    /// Jobs that alerts name, as far as they are at hand.
    fn jobs_of(&self, bundle: &Bundle) -> Vec<Job> {
        let keys = bundle.alerts.iter().filter_map(|alert| alert.job.as_ref());
        keys.filter_map(|key| self.job(key).ok().cloned()).collect()
    }

    fn owed(&self) -> Vec<Owed> {
        let approved = self.book.assignments.values().filter(|mine| mine.state == AssignmentState::Approved);
        approved
            .map(|mine| Owed {
                id: Text::title(mine.id.as_str()),
                job: mine.job.key.clone(),
                title: mine.job.title.clone(),
                net: mine.job.reward.net(),
                since: mine.moved_at,
            })
            .collect()
    }
}
