//! Repair: mends a draft as the checks say, mechanically, with the job's own words.
//!
//! It changes what is at fault and leaves the rest. One call does not always do: mending one thing may break another, so the caller
//! checks and repairs again, a few times.

mod items;
mod prose;
mod records;
mod words;

use crate::assist::material::Material;
use crate::assist::scaffold::{self, sample};
use crate::domain::Job;
use crate::domain::check::{Finding, Verdict};
use crate::domain::deliverable::{Form, Rule};

/// `text` with what `findings` say mended. The findings are those of [`crate::domain::check::check`] on this very text: one for
/// each rule, in order, and then others; with fewer of them every rule is looked at. A text that passes comes back as it was.
pub fn repair(job: &Job, text: &str, findings: &[Finding]) -> String {
    let rules = &job.deliverable.rules;
    let failing: Vec<&Rule> = if !rules.is_empty() && rules.len() <= findings.len() {
        rules.iter().zip(findings).filter(|(_, f)| f.verdict == Verdict::Fail).map(|(r, _)| r).collect()
    } else {
        rules.iter().collect()
    };
    if failing.is_empty() {
        return text.to_owned();
    }
    if text.trim().is_empty() {
        return scaffold::lay_out(job).text;
    }
    let material = Material::of(job);
    let mut text = text.to_owned();
    if failing.iter().any(|r| matches!(r, Rule::MustNot { .. })) {
        text = words::without_forbidden(&material, &text);
    }
    match job.deliverable.form {
        Form::Lines => items::mend(&material, &text, &failing, true),
        Form::Text => match failing.iter().find_map(|r| if let Rule::Schema { schema } = r { Some(schema) } else { None }) {
            Some(schema) => sample::sample(schema, material.clauses.first().map_or("to be written", |c| c.as_str())).to_string(),
            None if material.items != (0, u64::MAX) || !material.each.is_empty() => {
                items::mend(&material, &text, &failing, false)
            }
            None => prose::mend(&material, &text),
        },
        Form::Script => prose::mend_script(&material, &text),
        Form::ChatJsonl => records::mend_dialogues(&material, &text),
        Form::RankJsonl => records::mend_ranking(&material, &text),
        Form::Labels => records::mend_labels(&material, &text),
        Form::Translation => records::mend_translation(&material, &text),
        Form::File => text,
    }
}
