//! What happens in the engine, as news. A pure function from what came about to the alert that tells it.

use chrono::TimeDelta;

use super::deadlines::span;
use crate::domain::alert::Urgency;
use crate::domain::payment::{PaymentKind, PaymentStatus};
use crate::domain::submission::SubmissionState;
use crate::domain::{
    Alert, AlertKind, Assignment, AssignmentId, AssignmentState, JobKey, Money, Payment, SourceName, SubmissionId, Text, Time,
};

/// Something that came about, as the engine knows it. Everything that is not news for somebody who is away is no alert.
#[derive(Clone, Copy, Debug)]
pub enum Happening<'a> {
    /// An assignment moved to the state it is in.
    Moved(&'a Assignment),
    /// A claim did not succeed, or was taken away.
    ClaimLost {
        /// Which job.
        job: &'a JobKey,
        /// Its title.
        title: &'a Text,
        /// Why; may be empty.
        reason: &'a Text,
    },
    /// A submission got further.
    Submission {
        /// Which.
        id: &'a SubmissionId,
        /// Of which assignment.
        assignment: &'a AssignmentId,
        /// For which job.
        job: &'a JobKey,
        /// Its title.
        title: &'a Text,
        /// How far it got.
        state: SubmissionState,
    },
    /// A payment was reported.
    Payment {
        /// As reported.
        payment: &'a Payment,
        /// For which job, when it is known.
        job: Option<&'a JobKey>,
        /// Its title; may be empty.
        title: &'a Text,
    },
    /// A rule claimed a job.
    AutoClaim {
        /// The rule's name.
        rule: &'a str,
        /// What it claimed.
        assignment: &'a Assignment,
    },
    /// A rule with the action `alert` matched.
    Matched {
        /// The rule's name.
        rule: &'a str,
        /// Which job.
        job: &'a JobKey,
        /// Its title.
        title: &'a Text,
        /// Gross pay.
        pay: Option<Money>,
        /// Expected seconds.
        seconds: Option<u32>,
    },
    /// A job that somebody wanted was full or gone and is open again.
    Reopened {
        /// Which job.
        job: &'a JobKey,
        /// Its title.
        title: &'a Text,
        /// Gross pay.
        pay: Option<Money>,
        /// When it came back.
        at: Time,
    },
    /// A source wants a key.
    SignIn {
        /// Which.
        source: &'a SourceName,
        /// Why.
        why: &'a str,
        /// What to do.
        hint: &'a str,
    },
}

/// The alert that tells of it, if it is one.
pub fn alert(what: Happening<'_>, now: Time) -> Option<Alert> {
    match what {
        Happening::Moved(mine) => moved(mine, now),
        Happening::ClaimLost { job, title, reason } => {
            let why = if reason.is_empty() { "somebody was faster" } else { reason.as_str() };
            Some(Alert::new(AlertKind::ClaimLost, &format!("claim lost: {title}"), job.as_str(), now).body(why).about(job))
        }
        Happening::Submission { id, assignment, job, title, state: SubmissionState::Unknown } => Some(
            Alert::new(AlertKind::SubmissionUnknown, &format!("no answer to your submission: {title}"), id.as_str(), now)
                .body(&format!("{} may or may not have it; nothing is sent again without you", assignment.source()))
                .about(job)
                .urgency(Urgency::High),
        ),
        Happening::Submission { .. } => None,
        Happening::Payment { payment, job, title } => paid(payment, job, title, now),
        Happening::AutoClaim { rule, assignment } => {
            let due = assignment.deadline.map(|at| format!(", due in {}", span(at - now))).unwrap_or_default();
            let pay = assignment.job.reward.gross().map(|pay| format!("{pay}, ")).unwrap_or_default();
            let title = format!("claimed by \"{rule}\": {}", assignment.job.title);
            let body = format!("{pay}{}{due}", assignment.id.source());
            let alert = Alert::new(AlertKind::AutoClaim, &title, assignment.id.as_str(), now);
            Some(alert.body(&body).about(&assignment.job.key).by(rule).urgency(Urgency::High))
        }
        Happening::Matched { rule, job, title, pay, seconds } => {
            let offer = offer(pay, seconds);
            let body = format!("{offer}{} · rule {rule}", job.source());
            let alert = Alert::new(AlertKind::Rule, title.as_str(), job.as_str(), now);
            Some(alert.body(&body).about(job).by(rule))
        }
        Happening::Reopened { job, title, pay, at } => {
            let subject = format!("{job} {}", at.timestamp());
            let body = format!("{}{}", offer(pay, None), job.source());
            Some(Alert::new(AlertKind::Reopened, &format!("open again: {title}"), &subject, now).body(&body).about(job))
        }
        Happening::SignIn { source, why, hint } => {
            let body = if hint.is_empty() { why.to_owned() } else { format!("{why}; {hint}") };
            let alert = Alert::new(AlertKind::SignIn, &format!("{source} needs you to sign in"), source.as_str(), now);
            Some(alert.body(&body).urgency(Urgency::High))
        }
    }
}

/// "0.85 USD, 6 min, ".
fn offer(pay: Option<Money>, seconds: Option<u32>) -> String {
    let pay = pay.map(|pay| format!("{pay}, ")).unwrap_or_default();
    let time = seconds.map(|s| format!("{}, ", span(TimeDelta::seconds(i64::from(s))))).unwrap_or_default();
    format!("{pay}{time}")
}

fn moved(mine: &Assignment, now: Time) -> Option<Alert> {
    let job = &mine.job;
    let (kind, words, urgency) = match mine.state {
        AssignmentState::RevisionAsked => (AlertKind::Revision, "revision asked", Urgency::High),
        AssignmentState::Rejected => (AlertKind::Rejected, "rejected", Urgency::Normal),
        AssignmentState::TimedOut => (AlertKind::ClaimLost, "time ran out", Urgency::Normal),
        _ => return None,
    };
    let subject = format!("{} {}", mine.id, mine.moved_at.timestamp_millis());
    let body = match (mine.feedback.as_str(), mine.deadline) {
        ("", Some(at)) if mine.state == AssignmentState::RevisionAsked && at > now => format!("due in {}", span(at - now)),
        ("", _) => format!("on {}", mine.id.source()),
        (words, _) => words.to_owned(),
    };
    Some(Alert::new(kind, &format!("{words}: {}", job.title), &subject, now).body(&body).about(&job.key).urgency(urgency))
}

fn paid(payment: &Payment, job: Option<&JobKey>, title: &Text, now: Time) -> Option<Alert> {
    let (kind, word) = match (payment.status, payment.kind) {
        (PaymentStatus::Paid, PaymentKind::Refund | PaymentKind::Reversal) => (AlertKind::PayoutFailed, "taken back"),
        (PaymentStatus::Paid, PaymentKind::Bonus) => (AlertKind::Paid, "bonus"),
        (PaymentStatus::Paid, PaymentKind::Tip) => (AlertKind::Paid, "tip"),
        (PaymentStatus::Paid, _) => (AlertKind::Paid, "paid"),
        (PaymentStatus::Failed, _) => (AlertKind::PayoutFailed, "payout failed"),
        (PaymentStatus::Reversed, _) => (AlertKind::PayoutFailed, "taken back"),
        (PaymentStatus::Expected | PaymentStatus::Held | PaymentStatus::Disbursing, _) => return None,
    };
    let what = if title.is_empty() { payment.assignment.as_str() } else { title.as_str() };
    let fee = if payment.fee.minor == 0 { String::new() } else { format!("after a fee of {}, ", payment.fee) };
    let urgency = if kind == AlertKind::Paid { Urgency::Low } else { Urgency::High };
    let subject = format!("{} {word}", payment.id);
    let alert = Alert::new(kind, &format!("{word}: {} for {what}", payment.net), &subject, now)
        .body(&format!("{fee}by {}", payment.assignment.source()))
        .urgency(urgency);
    Some(match job {
        Some(job) => alert.about(job),
        None => alert,
    })
}
