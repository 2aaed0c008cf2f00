//! A trial of one source: what its first pages look like through the recipe, and what does not fit.

use serde::{Deserialize, Serialize};

use super::{Abilities, Answer, Cursor, Outcome, Page, Platform};
use crate::domain::{Job, SourceName, Text, Time};
use crate::error::Failure;

/// One call of the trial.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProbeCall {
    /// jobs, job, assignments, payments.
    pub call: String,
    /// It ended as it should (a call that the platform does not have counts as such).
    pub ok: bool,
    /// What came, in words.
    pub said: Text,
    /// Milliseconds, all requests together.
    pub millis: u64,
    /// Items that do not fit, one sentence each: place, field, path, what was there.
    pub unmapped: Vec<Text>,
    /// The whole failure, when there is one.
    pub failure: Option<Failure>,
}

/// The outcome of a trial.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    /// The source.
    pub source: SourceName,
    /// `host:port`.
    pub host: String,
    /// What the adapter can do.
    pub abilities: Abilities,
    /// The calls, in the order made.
    pub calls: Vec<ProbeCall>,
    /// The jobs of the first page, as mapped.
    pub jobs: Vec<Job>,
    /// Seconds by which the platform's clock is ahead of ours (behind: negative).
    pub skew: Option<i64>,
}

impl Probe {
    /// Every call ended as it should and every item could be read.
    pub fn is_ok(&self) -> bool {
        self.calls.iter().all(|call| call.ok && call.unmapped.is_empty())
    }
}

/// Reads the first page of jobs, the first job, and the first pages of assignments and payments. Changes nothing at the platform.
pub async fn probe(platform: &dyn Platform, now: Time) -> Probe {
    let mut calls = Vec::new();
    let answer = platform.jobs(&Cursor::Null, now).await;
    let skew = answer.meta.server_time.map(|at| (at - now).num_seconds());
    calls.push(of_page("jobs", &answer, "jobs"));
    // A page that cannot be read will not be followed by better ones; the other calls would only repeat the reason.
    let jobs = match answer.outcome {
        Outcome::Done(page) => page.items,
        _ => Vec::new(),
    };
    if calls.iter().all(|call| call.ok) {
        if let Some(first) = jobs.first() {
            let answer = platform.job(&first.key, now).await;
            calls.push(of_call(
                "job",
                &answer,
                |job: &Job| format!("{}, {} attachments", job.title, job.attachments.len()),
                |_| Vec::new(),
            ));
        }
        calls.push(of_page("assignments", &platform.assignments(&Cursor::Null, now).await, "assignments"));
        calls.push(of_page("payments", &platform.payments(&Cursor::Null, now).await, "payments"));
    }
    Probe {
        source: platform.source().clone(),
        host: platform.host().to_owned(),
        abilities: platform.abilities(),
        calls,
        jobs,
        skew,
    }
}

fn of_page<T>(call: &str, answer: &Answer<Page<T>>, what: &str) -> ProbeCall {
    let said =
        |page: &Page<T>| format!("{} {what}{}", page.items.len(), if page.more { ", and there are more pages" } else { "" });
    of_call(call, answer, said, |page| page.unmapped.clone())
}

fn of_call<T>(call: &str, answer: &Answer<T>, said: impl Fn(&T) -> String, unmapped: impl Fn(&T) -> Vec<Text>) -> ProbeCall {
    let (ok, words, failure, unmapped) = match &answer.outcome {
        Outcome::Done(value) => (true, said(value), None, unmapped(value)),
        Outcome::Same => (true, "nothing changed".into(), None, Vec::new()),
        Outcome::Unsupported => (true, "the platform has no such call".into(), None, Vec::new()),
        Outcome::Refused { reason, message } => (false, format!("{}: {message}", reason.sentence()), None, Vec::new()),
        Outcome::Limited { until, message } => {
            let until = until.map_or_else(String::new, |at| format!(" until {}", at.format("%H:%M:%S UTC")));
            (false, format!("asked to wait{until}: {message}"), None, Vec::new())
        }
        Outcome::SignIn(failure) | Outcome::Unreachable(failure) | Outcome::Unanswered(failure) | Outcome::Broken(failure) => {
            (false, failure.to_string(), Some(failure.clone()), Vec::new())
        }
    };
    let millis = u64::try_from(answer.meta.latency.as_millis()).unwrap_or(u64::MAX);
    ProbeCall { call: call.to_owned(), ok, said: Text::title(&words), millis, unmapped, failure }
}
