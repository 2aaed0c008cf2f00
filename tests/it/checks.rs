//! Checks, the scaffold and repair: the deliverable's side of the domain.

mod assist;
mod documents;
mod hostile;
mod properties;
mod rules;
pub mod seeded;
mod templates;

use juggler::domain::check::{Finding, Judged, Verdict, demands};
use juggler::domain::deliverable::{Form, Rule};
use juggler::domain::draft::{FileFacts, FileItem};
use juggler::domain::job::Attachment;
use juggler::domain::{Deliverable, Job, Origin, SourceName, Text, Time};

/// Noon of some day.
pub fn noon() -> Time {
    "2026-03-04T12:00:00Z".parse().unwrap()
}

/// Scrubbed texts.
pub fn texts(terms: &[&str]) -> Vec<Text> {
    terms.iter().map(|t| Text::title(t)).collect()
}

/// What one rule says of a text, with attachments.
pub fn judge_with(form: Form, rule: Rule, text: &str, sources: &[(&str, &str)]) -> Finding {
    let spec = Deliverable { form, rules: vec![rule], ..Deliverable::default() };
    let mut found = demands(&spec, &Judged { text, sources: sources.to_vec(), ..Judged::default() });
    assert_eq!(found.len(), 1);
    found.remove(0)
}

/// What one rule says of a text.
pub fn judge(form: Form, rule: Rule, text: &str) -> Finding {
    judge_with(form, rule, text, &[])
}

/// The rule passes.
#[track_caller]
pub fn passes(form: Form, rule: Rule, text: &str) {
    let found = judge(form, rule, text);
    assert_eq!(found.verdict, Verdict::Pass, "{found:?}");
}

/// The rule fails on this line with a detail that holds these words.
#[track_caller]
pub fn fails(form: Form, rule: Rule, text: &str, line: Option<u32>, words: &str) {
    let found = judge(form, rule, text);
    assert_eq!(found.verdict, Verdict::Fail, "{found:?}");
    assert_eq!(found.line, line, "{found:?}");
    assert!(found.sentence().contains(words), "{found:?}");
}

/// A job with this deliverable, brief and attachments.
pub fn job(form: Form, rules: Vec<Rule>, brief: &str, attachments: &[(&str, &str)]) -> Job {
    let mut job = Job::new(&SourceName::new("practice"), "j-1", "Work for Fernhollow", noon());
    job.brief = Text::body(brief);
    job.requester.name = Text::title("Lumen");
    job.deliverable = Deliverable { form, rules, ..Deliverable::default() };
    job.attachments = attachments
        .iter()
        .map(|(name, text)| Attachment {
            name: Text::title(name),
            mime: Text::title("text/plain"),
            size: None,
            sha256: None,
            url: None,
            text: Some(Text::body(text)),
        })
        .collect();
    job
}

/// A file with these facts.
pub fn file(name: &str, size: u64, facts: FileFacts) -> FileItem {
    FileItem { name: Text::title(name), path: name.into(), size, sha256: String::new(), facts, origin: Origin::External }
}
