//! Checks: a deliverable's demands against a draft. One file for each family of demands.
//!
//! The same code judges in the editor while the person types and in the practice market when the work is delivered.

pub mod count;
pub mod dialogue;
pub mod distinct;
pub mod grounded;
pub mod labels;
pub mod parallel;
pub mod picture;
pub mod ranking;
pub mod schema;
pub mod script;
pub mod sheet;
pub mod terms;

use serde::{Deserialize, Serialize};

use super::deliverable::{Deliverable, Form, Rule};
use super::draft::FileItem;
use super::{Job, Text};
use sheet::Sheet;

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

/// Judges every demand, one finding for each, in the specification's order; an empty draft fails the first one that can fail.
///
/// Time is linear in the text but for [`Rule::Distinct`], which has a budget of comparisons. Never panics, whatever the text.
pub fn check(spec: &Deliverable, draft: &Judged<'_>) -> Vec<Finding> {
    let sheet = Sheet::new(spec.form, draft);
    let mut findings: Vec<Finding> = spec.rules.iter().map(|rule| judge(rule, &sheet)).collect();
    if draft.text.trim().is_empty() && draft.files.is_empty() {
        let detail = match spec.form {
            Form::File => "nothing is attached yet; attach the file",
            _ => "nothing is written yet; start in the editor or lay it out with the scaffold",
        };
        match findings.iter_mut().find(|f| f.verdict != Verdict::Advice) {
            Some(first) => *first = Finding { verdict: Verdict::Fail, detail: Text::title(detail), line: None, ..first.clone() },
            None => findings.insert(0, fail("Something to deliver".into(), detail.into(), None)),
        }
    }
    findings
}

fn judge(rule: &Rule, sheet: &Sheet<'_>) -> Finding {
    match rule {
        Rule::Items { min, max } => count::items(sheet, *min, *max),
        Rule::ItemChars { min, max } => count::each(sheet, *min, *max, count::Unit::Characters),
        Rule::ItemWords { min, max } => count::each(sheet, *min, *max, count::Unit::Words),
        Rule::Words { min, max } => count::whole(sheet, *min, *max, count::Unit::Words),
        Rule::Chars { min, max } => count::whole(sheet, *min, *max, count::Unit::Characters),
        Rule::Distinct { percent } => distinct::judge(sheet, *percent),
        Rule::MustInclude { terms } => terms::must_include(sheet, terms),
        Rule::MustNot { terms } => terms::must_not(sheet, terms),
        Rule::EachIncludes { term } => terms::each_includes(sheet, term),
        Rule::Spoken { seconds, wpm, tolerance } => script::spoken(sheet, *seconds, *wpm, *tolerance),
        Rule::Beats { min } => script::beats(sheet, *min),
        Rule::Grounded { source } => grounded::judge(sheet, source),
        Rule::Chat { turns } => dialogue::judge(sheet, *turns),
        Rule::Rank { ids, reason_words } => ranking::judge(sheet, ids, *reason_words),
        Rule::Label { ids, labels } => labels::judge(sheet, ids, labels),
        Rule::Parallel { source } => parallel::judge(sheet, source),
        Rule::Schema { schema } => schema::judge(sheet, schema),
        Rule::Image { width, height, mime, max_bytes, alpha } => picture::judge(
            sheet.files,
            &picture::Wanted { width: *width, height: *height, mime, max_bytes: *max_bytes, alpha: *alpha },
        ),
        Rule::Advice { text } => Finding { verdict: Verdict::Advice, label: text.clone(), detail: Text::default(), line: None },
    }
}

fn pass(label: String) -> Finding {
    Finding { verdict: Verdict::Pass, label: Text::title(&label), detail: Text::default(), line: None }
}

fn warn(label: String, detail: String) -> Finding {
    Finding { verdict: Verdict::Warn, label: Text::title(&label), detail: Text::title(&detail), line: None }
}

fn fail(label: String, detail: String, line: Option<u32>) -> Finding {
    Finding { verdict: Verdict::Fail, label: Text::title(&label), detail: Text::title(&detail), line }
}

/// " (and 2 more)" behind the first offender.
fn and_more(others: usize) -> String {
    if others == 0 { String::new() } else { format!(" (and {others} more)") }
}

/// Nothing fails (warnings and advice do not count).
pub fn passes(findings: &[Finding]) -> bool {
    findings.iter().all(|f| f.verdict != Verdict::Fail)
}
