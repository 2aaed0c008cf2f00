//! What the person decides about a submission that got no answer.

use super::{State, Then};
use crate::domain::submission::SubmissionState;
use crate::domain::{AssignmentState, Move, Record, Submission, SubmissionId, Text, Time};
use crate::engine::api::{Decision, Reply};
use crate::engine::effect::{Asker, Effects};
use crate::error::{Class, Failure};

impl State {
    pub(super) fn resolve(&mut self, asker: Asker, id: &SubmissionId, decision: Decision, now: Time, effects: &mut Effects) {
        let Some(submission) = self.book.submissions.get(id).cloned() else {
            return effects.reply(
                asker,
                Err(Failure::new(Class::NotFound, format!("there is no submission {id}"))
                    .hint("`juggler outbox` lists the open ones")),
            );
        };
        let open = match decision {
            Decision::Withdraw => matches!(submission.state, SubmissionState::Queued | SubmissionState::Unknown),
            Decision::Read | Decision::SendAgain => submission.state == SubmissionState::Unknown,
        };
        if !open || self.sending.contains(id) {
            return effects.reply(
                asker,
                Err(Failure::new(Class::Refused, "there is nothing to decide")
                    .why(format!("the submission is {:?}", submission.state).to_lowercase())),
            );
        }
        match decision {
            Decision::Read => return self.settle(id, 0, Some(asker), now, effects),
            Decision::SendAgain => {
                let blocked = self.ready(&submission.assignment.source(), now).err().or_else(|| self.failing.clone());
                if let Some(failure) = blocked {
                    return effects.reply(asker, Err(failure));
                }
                self.settle_at.remove(id);
                self.begin_send(id, now, effects);
            }
            Decision::Withdraw => return self.withdraw(asker, &submission, now, effects),
        }
        let view = self.view_of(&submission.assignment, now).map(|view| Reply::Assignment(Box::new(view)));
        effects.reply(asker, view);
    }

    fn withdraw(&mut self, asker: Asker, submission: &Submission, now: Time, effects: &mut Effects) {
        let id = submission.id.clone();
        let mut records = vec![Record::Sent {
            submission: id.clone(),
            state: SubmissionState::Withdrawn,
            native_id: Text::default(),
            note: Text::title("called off by hand"),
        }];
        if self.assignment(&submission.assignment).is_ok_and(|a| a.state == AssignmentState::Submitting) {
            let (native_state, note) = (Text::default(), Text::default());
            records.push(Record::Moved { assignment: submission.assignment.clone(), step: Move::Bounce, native_state, note });
        }
        match self.record_act(records, Then::Withdrawn { asker, submission: id.clone() }, now, effects) {
            Ok(_) => {
                self.settle_at.remove(&id);
                self.sending.insert(id);
            }
            Err(failure) => effects.reply(asker, Err(failure)),
        }
    }
}
