//! Submissions that were not acknowledged, and what to do about a silence.

use super::{Plain, ask, feed, words};
use crate::domain::submission::SubmissionState;
use crate::engine::api::{Decision, Reply, Request};
use crate::error::{Class, Failure, Result};

impl Plain {
    /// Whether the person may go: what is on its way is told first.
    pub(super) async fn may_leave(&mut self) -> bool {
        let Ok(Reply::Outbox { submissions }) = self.handle.ask(Request::Outbox).await else { return true };
        let moving = submissions.iter().filter(|sent| sent.state != SubmissionState::Unknown).count();
        if moving == 0 {
            return true;
        }
        self.console.say(format!("{} on the way; the next juggler goes on with that.", words::count(moving, "submission")));
        self.yes("Type yes to leave, anything else to stay:").await
    }

    pub(super) async fn read_outbox(&mut self) -> Result<()> {
        let sent = ask!(self.handle, Request::Outbox, Reply::Outbox { submissions } => submissions);
        self.outbox = sent.iter().map(|submission| submission.id.clone()).collect();
        if sent.is_empty() {
            self.console.say("The outbox is empty.");
        }
        let now = chrono::Utc::now();
        for (n, submission) in sent.iter().enumerate() {
            let state = match submission.state {
                SubmissionState::Unknown => "Nobody answered: it may or may not have arrived",
                SubmissionState::Sending => "On its way",
                _ => "Waits to be sent",
            };
            let id = submission.assignment.clone();
            let view = ask!(self.handle, Request::Assignment { id }, Reply::Assignment(view) => view);
            let parts = [
                words::theirs(&view.assignment.job.title),
                state.to_owned(),
                format!("Made safe {} ago", words::span((now - submission.queued_at).num_seconds())),
                format!("Sent {}", words::count(submission.sends as usize, "time")),
                if submission.note.is_empty() { String::new() } else { format!("Known: {}", words::theirs(&submission.note)) },
            ];
            self.console.say(feed::numbered(n, &words::sentences(parts)));
        }
        if let Some(n) = sent.iter().position(|submission| submission.state == SubmissionState::Unknown) {
            self.console.say(format!("decide {} settles what got no answer.", n + 1));
        }
        Ok(())
    }

    pub(super) async fn decide(&mut self, n: usize) -> Result<()> {
        if self.outbox.is_empty() {
            self.read_outbox().await?;
        }
        let Some(id) = n.checked_sub(1).and_then(|n| self.outbox.get(n)).cloned() else {
            return Err(
                Failure::new(Class::NotFound, format!("there is no submission {n} in the outbox")).hint("outbox reads it")
            );
        };
        self.console.say("1. Ask the platform whether it has it.");
        self.console.say("2. Send the same once more; the platform may have it already.");
        self.console.say("3. Call it off; the draft can be changed again.");
        self.console.say("4. Leave it.");
        let decision = match self.line("Type 1, 2, 3 or 4:").await.as_deref().map(str::trim) {
            Some("1") => Decision::Read,
            Some("2") if self.yes("It may arrive twice. Type yes to send it again, anything else to leave it:").await => {
                Decision::SendAgain
            }
            Some("3") => Decision::Withdraw,
            _ => {
                self.console.say("Left as it is.");
                return Ok(());
            }
        };
        let view = ask!(self.handle, Request::Resolve { submission: id, decision }, Reply::Assignment(view) => view);
        let state = view.submission.as_ref().map_or("not in the outbox", |submission| match submission.state {
            SubmissionState::Queued | SubmissionState::Sending => "on its way",
            SubmissionState::Unknown => "still without an answer",
            SubmissionState::Acked => "delivered",
            SubmissionState::Refused => "refused",
            SubmissionState::Withdrawn => "called off",
        });
        self.console.say(format!(
            "{}: the submission is {state}, the work is {}.",
            words::theirs(&view.assignment.job.title),
            view.assignment.state.word()
        ));
        Ok(())
    }
}
