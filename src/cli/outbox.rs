//! `juggler outbox` and `juggler resolve`.

use chrono::Utc;

use super::args::DecisionArg;
use super::out::Out;
use super::table::{Column, Table};
use super::{ask, words};
use crate::domain::SubmissionId;
use crate::domain::submission::SubmissionState;
use crate::engine::Handle;
use crate::engine::api::{Decision, Reply, Request};
use crate::error::{Class, Failure, Result};

/// Lists submissions that the platform has not acknowledged.
pub async fn list(handle: &Handle, out: &mut Out) -> Result<()> {
    let submissions = ask!(handle, Request::Outbox, Reply::Outbox { submissions } => submissions);
    if out.is_json() {
        return submissions.iter().try_for_each(|submission| out.json(submission));
    }
    let now = Utc::now();
    let mut table = Table::new(&[
        ("SUBMISSION", Column::Left),
        ("ASSIGNMENT", Column::Left),
        ("TRY", Column::Right),
        ("STATE", Column::Left),
        ("QUEUED", Column::Right),
        ("SENDS", Column::Right),
        ("NOTE", Column::Flex),
    ]);
    for s in &submissions {
        table.row([
            s.id.to_string(),
            s.assignment.to_string(),
            s.attempt.to_string(),
            word(s.state).to_owned(),
            words::age(s.queued_at, now),
            s.sends.to_string(),
            s.note.to_string(),
        ]);
    }
    table.print(out);
    if submissions.is_empty() {
        out.note("the outbox is empty");
    } else if let Some(unknown) = submissions.iter().find(|s| s.state == SubmissionState::Unknown) {
        out.note(format!("nobody answered about {0}: juggler resolve {0} read", unknown.id));
    }
    Ok(())
}

/// The word for a submission's state.
pub fn word(state: SubmissionState) -> &'static str {
    match state {
        SubmissionState::Queued => "queued",
        SubmissionState::Sending => "sending",
        SubmissionState::Unknown => "unknown",
        SubmissionState::Acked => "delivered",
        SubmissionState::Refused => "refused",
        SubmissionState::Withdrawn => "called off",
    }
}

/// Decides about a submission without an answer.
pub async fn resolve(given: &str, decision: DecisionArg, yes: bool, handle: &Handle, out: &mut Out) -> Result<()> {
    let submission = SubmissionId::new(given);
    let decision = match decision {
        DecisionArg::Read => Decision::Read,
        DecisionArg::SendAgain if !yes => {
            return Err(Failure::new(Class::Confirm, "sending again needs a yes")
                .why("the platform may have it already, and may not know a second one for the same")
                .hint(format!("juggler resolve {given} read looks first; juggler resolve {given} send-again --yes sends")));
        }
        DecisionArg::SendAgain => Decision::SendAgain,
        DecisionArg::Withdraw => Decision::Withdraw,
    };
    let view = ask!(handle, Request::Resolve { submission, decision }, Reply::Assignment(view) => view);
    if out.is_json() {
        return out.json(&view);
    }
    let state = view.submission.as_ref().map_or("not in the outbox", |s| word(s.state));
    out.line(format!("{given}: {state}; {} is {}", view.assignment.id, view.assignment.state.word()));
    Ok(())
}
