//! `juggler submit`: exact terms first; with a yes it waits until the platform has answered, or for the verdict.

use std::time::{Duration, Instant};

use super::args::SubmitArgs;
use super::out::{Out, Role};
use super::{ask, claim, find};
use crate::domain::submission::SubmissionState;
use crate::domain::{AssignmentId, AssignmentState, SubmissionId, Text};
use crate::engine::Handle;
use crate::engine::api::{AssignmentView, Reply, Request, SourceState};
use crate::error::{Class, Failure, Result};

/// How long the platform may take to answer before the command ends; the outbox goes on with the next engine.
const ANSWER: Duration = Duration::from_secs(60);
/// How often the platform is asked while waiting for a verdict.
const POLL: Duration = Duration::from_secs(2);

/// Prints what submitting means; submits with `--yes`.
pub async fn run(args: SubmitArgs, handle: &Handle, out: &mut Out) -> Result<()> {
    let id = find::assignment(handle, &args.assignment).await?.assignment.id;
    let terms = ask!(handle, Request::SubmitTerms { assignment: id.clone() }, Reply::Terms(terms) => terms);
    let again = match terms.word.is_empty() {
        true => format!("juggler submit {id} --yes"),
        false => format!("mend it, or juggler submit {id} --yes --override {}; that is recorded", terms.word),
    };
    let digest = claim::agree(&terms, args.yes, args.agreed, &again, out)?;
    let word = args.word.as_deref().map(Text::title).unwrap_or_default();
    if terms.word.is_empty() && !word.is_empty() {
        out.note("no check fails, so nothing is overridden");
    }
    let view = ask!(handle, Request::Submit { assignment: id.clone(), agreed: digest, word }, Reply::Assignment(view) => view);
    let Some(sent) = view.submission.as_ref().map(|submission| submission.id.clone()) else {
        return Err(Failure::new(Class::Internal, "the submission is not in the outbox").hint("juggler outbox shows what is"));
    };
    let mut view = answered(&id, &sent, handle, ANSWER).await?;
    let answer = verdict_of_delivery(&view);
    if answer.is_ok() && args.wait {
        if !out.is_json() {
            out.line(format!("delivered {id}; waiting for the verdict"));
            out.flush();
        }
        view = verdict(&id, &sent, handle, args.timeout).await?;
    }
    if out.is_json() {
        out.json(&view)?;
    } else if answer.is_ok() {
        say(&view, out);
    }
    answer?;
    if args.wait { verdict_of_review(&view) } else { Ok(()) }
}

fn say(view: &AssignmentView, out: &mut Out) {
    let state = view.assignment.state;
    let role = if state == AssignmentState::Rejected { Role::Bad } else { Role::Good };
    out.line(format!("{} {}", out.paint(role, state.word()), view.assignment.id));
    if let Some(overridden) = view.submission.as_ref().and_then(|sent| sent.overridden.as_ref()) {
        out.line(format!("  {}", out.paint(Role::Warn, &overridden.words())));
    }
    if !view.assignment.feedback.is_empty() {
        out.line(format!("  \"{}\"", view.assignment.feedback));
    }
    for payment in &view.payments {
        out.line(format!("  paid {} ({} less {} fee)", payment.net, payment.gross, payment.fee));
    }
}

/// The assignment once its submission is no longer on its way, or when `patience` is over.
pub async fn answered(id: &AssignmentId, sent: &SubmissionId, handle: &Handle, patience: Duration) -> Result<AssignmentView> {
    wait(id, handle, patience, false, |view| {
        let state = view.submission.as_ref().filter(|s| s.id == *sent).map(|s| s.state);
        !matches!(state, Some(SubmissionState::Queued | SubmissionState::Sending))
    })
    .await
}

/// The assignment once somebody judged it, or when `patience` is over.
pub async fn verdict(id: &AssignmentId, sent: &SubmissionId, handle: &Handle, patience: Duration) -> Result<AssignmentView> {
    let _ = sent;
    wait(id, handle, patience, true, |view| {
        use AssignmentState as S;
        !matches!(view.assignment.state, S::Submitting | S::Submitted | S::UnderReview)
    })
    .await
}

/// Looks again after each event and each two seconds until `enough` says so or time is over.
async fn wait(
    id: &AssignmentId,
    handle: &Handle,
    patience: Duration,
    poll: bool,
    enough: impl Fn(&AssignmentView) -> bool,
) -> Result<AssignmentView> {
    let mut events = handle.events();
    let until = Instant::now() + patience;
    let mut polled = Instant::now();
    loop {
        let view = ask!(handle, Request::Assignment { id: id.clone() }, Reply::Assignment(view) => view);
        if enough(&view) || Instant::now() >= until {
            return Ok(*view);
        }
        key_is_good(&view, handle).await?;
        let pause = POLL.min(until.saturating_duration_since(Instant::now()));
        // Either an event, or time to ask again: a lost event costs two seconds, never the answer.
        let _ = tokio::time::timeout(pause, events.recv()).await;
        if poll && polled.elapsed() >= POLL {
            polled = Instant::now();
            let source = Some(id.source());
            // A poll that fails shows in the source's health; the wait goes on.
            let _ = handle.ask(Request::Poll { source }).await;
        }
    }
}

/// A delivery that went back in line for want of a good key waits for the person: no use in waiting here.
async fn key_is_good(view: &AssignmentView, handle: &Handle) -> Result<()> {
    let in_line = |s: &&crate::domain::Submission| s.state == SubmissionState::Queued && s.sends > 0;
    if view.submission.as_ref().filter(in_line).is_none() {
        return Ok(());
    }
    let sources = ask!(handle, Request::Sources, Reply::Sources { sources } => sources);
    let source = sources.into_iter().find(|s| s.name == view.assignment.id.source() && s.state == SourceState::SignIn);
    match source.and_then(|source| source.error) {
        Some(failure) => {
            let hint = format!("{}; the delivery is safe in the outbox and goes on with the next juggler", failure.hint);
            Err(failure.hint(hint))
        }
        None => Ok(()),
    }
}

fn verdict_of_delivery(view: &AssignmentView) -> Result<()> {
    let id = &view.assignment.id;
    let Some(submission) = &view.submission else { return Ok(()) };
    match submission.state {
        SubmissionState::Acked => Ok(()),
        SubmissionState::Refused => Err(Failure::new(Class::Refused, format!("the platform refused the delivery of {id}"))
            .why(&submission.note)
            .hint(format!("juggler draft {id} --edit, then submit again"))),
        SubmissionState::Withdrawn => Err(Failure::new(Class::Refused, format!("the delivery of {id} was called off"))),
        SubmissionState::Queued | SubmissionState::Sending => {
            Err(Failure::new(Class::Platform, format!("the delivery of {id} is still on its way"))
                .why(if submission.note.is_empty() { "the platform did not answer in time" } else { submission.note.as_str() })
                .hint("it is safe in the outbox and goes on with the next juggler: juggler outbox"))
        }
        SubmissionState::Unknown => Err(Failure::new(Class::Unknown, format!("nobody answered about the delivery of {id}"))
            .why(&submission.note)
            .hint(format!("it is not sent again by itself: juggler resolve {} read", submission.id))),
    }
}

fn verdict_of_review(view: &AssignmentView) -> Result<()> {
    use AssignmentState as S;
    let id = &view.assignment.id;
    let refused = |what: String| Failure::new(Class::Refused, what).why(&view.assignment.feedback);
    match view.assignment.state {
        S::Approved | S::Paid => Ok(()),
        S::Rejected => Err(refused(format!("{id} was rejected")).hint("juggler earnings shows what that means for the hour")),
        S::RevisionAsked => Err(refused(format!("{id} came back with a request")).hint(format!("juggler draft {id} --edit"))),
        S::Submitting | S::Submitted | S::UnderReview | S::Appealed => {
            Err(Failure::new(Class::Platform, format!("there is no verdict on {id} yet"))
                .why(format!("it is {}", view.assignment.state.word()))
                .hint("it is delivered; juggler events --follow tells what happens"))
        }
        other => Err(refused(format!("{id} is {}", other.word()))),
    }
}
