//! From a reply to an outcome: what each status means.

use std::convert::Infallible;

use serde_json::Value;

use super::super::{Budget, Meta, Outcome, Refusal};
use super::Board;
use crate::domain::{Text, Time};
use crate::error::{Class, Failure};
use crate::net::{End as NetEnd, Reply, budget_of, retry_after};

/// An outcome other than done.
pub type End = Outcome<Infallible>;

/// The same outcome where something else would have been done.
pub fn widen<T>(end: End) -> Outcome<T> {
    end.map(|never| match never {})
}

/// No whole or usable answer.
pub fn unanswered(end: NetEnd) -> End {
    match end {
        NetEnd::Unreachable(failure) => Outcome::Unreachable(failure),
        NetEnd::Unanswered(failure) => Outcome::Unanswered(failure),
        NetEnd::Broken(failure) => Outcome::Broken(failure),
        NetEnd::Answered(reply) => {
            Outcome::Broken(Failure::new(Class::Internal, format!("an answer ({}) was not looked at", reply.status)))
        }
    }
}

/// What kind of call was answered.
#[derive(Clone, Copy)]
pub struct About<'a> {
    /// It changes nothing.
    pub read: bool,
    /// It lists: an address that is not there is a mistake, not a job that went.
    pub list: bool,
    /// Statuses that mean done; every 2xx when empty.
    pub ok: &'a [u16],
}

impl About<'_> {
    /// Whether this status means done.
    pub fn is_done(&self, status: u16) -> bool {
        if self.ok.is_empty() { (200..300).contains(&status) } else { self.ok.contains(&status) }
    }
}

impl Board {
    /// Writes down what the reply says of clock and rate.
    pub(super) fn note(&self, meta: &mut Meta, reply: &Reply, now: Time) {
        meta.server_time = reply.date().or(meta.server_time);
        let (limit, remaining, reset) = budget_of(reply, &self.recipe.rate, now);
        if limit.is_some() || remaining.is_some() || reset.is_some() {
            meta.budget = Budget { limit, remaining, reset };
        }
    }

    /// What a reply that is not done means.
    pub(super) fn judge(&self, reply: &Reply, about: About<'_>, now: Time) -> End {
        let body: Value = serde_json::from_slice(&reply.body[..reply.body.len().min(64 << 10)]).unwrap_or(Value::Null);
        let message = self.message(&body);
        let named = self.named(&body);
        let wait = reply.header("retry-after").and_then(|raw| retry_after(raw, now));
        let (_, remaining, reset) = budget_of(reply, &self.recipe.rate, now);
        let until = wait.map(|wait| now + wait).or(reset.filter(|_| remaining == Some(0)));
        match reply.status {
            304 => Outcome::Same,
            429 => Outcome::Limited { until, message },
            // Nothing was changed by a read, so that a pause asked for can simply be kept; a write that got 503 may have happened.
            503 if about.read && wait.is_some() => Outcome::Limited { until, message },
            // GitHub's way: forbidden for now.
            403 if named.is_none() && until.is_some() => Outcome::Limited { until, message },
            401 | 403 if named.is_none() => Outcome::SignIn(self.sign_in(reply.status, &message)),
            404 if about.list && named.is_none() => Outcome::Broken(
                Failure::new(Class::Platform, format!("{} has no such address (404)", self.source))
                    .why(message)
                    .hint("check the source's base_url and the recipe's path"),
            ),
            408 => Outcome::Unanswered(self.status_failure(408, &message)),
            400..=499 => {
                let by_status = self.recipe.errors.statuses.get(&reply.status.to_string()).copied();
                let reason = named.or(by_status).unwrap_or(match reply.status {
                    404 | 410 => Refusal::Gone,
                    413 | 422 => Refusal::Invalid,
                    _ => Refusal::Other,
                });
                let message = if message.is_empty() { Text::title(&format!("status {}", reply.status)) } else { message };
                Outcome::Refused { reason, message }
            }
            500..=599 => Outcome::Unanswered(self.status_failure(reply.status, &message)),
            300..=399 => {
                Outcome::Broken(self.nonsense(format!("it redirects ({}); only reads follow, and only to itself", reply.status)))
            }
            other => Outcome::Broken(self.nonsense(format!("it answered with status {other}"))),
        }
    }

    fn status_failure(&self, status: u16, message: &Text) -> Failure {
        let why = if message.is_empty() { "it gave no reason".to_owned() } else { message.to_string() };
        Failure::new(Class::Platform, format!("{} has trouble (status {status})", self.source))
            .why(why)
            .hint("the trouble is over there; try again in a moment")
    }

    fn sign_in(&self, status: u16, message: &Text) -> Failure {
        let why = if message.is_empty() { format!("status {status}") } else { format!("status {status}: {message}") };
        Failure::new(Class::SignIn, format!("{} does not accept the key", self.source)).why(why).hint(self.credential.cure())
    }

    fn named(&self, body: &Value) -> Option<Refusal> {
        let code = match self.recipe.errors.code.as_ref()?.first(body)? {
            Value::String(code) => code.clone(),
            Value::Number(code) => code.to_string(),
            _ => return None,
        };
        self.recipe.errors.codes.get(&code).copied()
    }

    /// The platform's words, without our key should they repeat it.
    fn message(&self, body: &Value) -> Text {
        let found = self.recipe.errors.message.as_ref().and_then(|path| path.first(body));
        match found {
            Some(Value::String(words)) => Text::title(&self.credential.redact(words)),
            Some(Value::Array(parts)) => {
                let parts: Vec<&str> = parts.iter().filter_map(Value::as_str).take(5).collect();
                Text::title(&self.credential.redact(&parts.join("; ")))
            }
            _ => Text::default(),
        }
    }
}
