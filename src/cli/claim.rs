//! `juggler claim` and `juggler release`: exact terms first, then only with a yes.

use chrono::Utc;

use super::out::{Out, Role};
use super::{ask, find, jobs, words};
use crate::engine::Handle;
use crate::engine::api::{AssignmentView, Reply, Request, Terms};
use crate::error::{Class, Failure, Result};

/// Prints what claiming means; claims with `yes`.
pub async fn claim(key: &str, yes: bool, agreed: Option<String>, handle: &Handle, out: &mut Out) -> Result<()> {
    let key = jobs::keys(&[key.to_owned()])?.remove(0);
    let terms = ask!(handle, Request::ClaimTerms { key: key.clone() }, Reply::Terms(terms) => terms);
    let digest = agree(&terms, yes, agreed, &format!("juggler claim {key} --yes"), out)?;
    let view = ask!(handle, Request::Claim { key, agreed: digest }, Reply::Assignment(view) => view);
    if out.is_json() {
        return out.json(&view);
    }
    claimed(&view, out);
    Ok(())
}

fn claimed(view: &AssignmentView, out: &mut Out) {
    let id = &view.assignment.id;
    let due = view.assignment.deadline.map_or_else(String::new, |at| format!(", due {}", words::until(at, Utc::now())));
    out.line(format!("{} {id}{due}", out.paint(Role::Good, view.assignment.state.word())));
    out.note(format!("next: juggler draft {id} --edit, then juggler check {id}, then juggler submit {id}"));
}

/// Gives a job back; says what is given back without `yes`.
pub async fn release(given: &str, yes: bool, handle: &Handle, out: &mut Out) -> Result<()> {
    let view = find::assignment(handle, given).await?;
    let id = view.assignment.id.clone();
    if !yes {
        let draft = view.draft.as_ref().map_or("no draft", |_| "a draft that stays in the journal");
        let title = &view.assignment.job.title;
        let text = format!("Give back \"{title}\" ({id}), {}, with {draft}", view.assignment.state.word());
        if out.is_json() {
            out.json(&serde_json::json!({ "question": text, "assignment": id }))?;
        } else {
            out.line(text);
        }
        return Err(Failure::new(Class::Confirm, "giving a job back needs a yes")
            .why("the platform may give it to somebody else at once")
            .hint(format!("juggler release {id} --yes")));
    }
    let view = ask!(handle, Request::Release { assignment: id }, Reply::Assignment(view) => view);
    if out.is_json() {
        return out.json(&view);
    }
    out.line(format!("{} {}", view.assignment.state.word(), view.assignment.id));
    Ok(())
}

/// Prints the terms, and returns the digest that was agreed to.
///
/// # Errors
/// `Confirm` without a yes, or when the digest agreed to is not the one of these terms.
pub fn agree(terms: &Terms, yes: bool, agreed: Option<String>, again: &str, out: &mut Out) -> Result<String> {
    if !out.is_json() {
        print(terms, out);
    }
    let changed = agreed.as_ref().is_some_and(|agreed| *agreed != terms.digest);
    if yes && !changed {
        return Ok(terms.digest.clone());
    }
    if out.is_json() {
        out.json(terms)?;
    }
    let failure = Failure::new(Class::Confirm, if changed { "the terms have changed" } else { "it needs a yes" });
    Err(failure
        .why(if changed { "their digest is another one now" } else { "nothing was sent" })
        .hint(format!("read the terms, then {again}")))
}

/// The exact text: question, terms, what speaks against it.
fn print(terms: &Terms, out: &mut Out) {
    use unicode_width::UnicodeWidthStr;
    out.line(out.paint(Role::Head, terms.question.as_str()));
    let wide = terms.lines.iter().map(|(label, _)| label.as_str().width()).max().unwrap_or(0);
    for (label, value) in &terms.lines {
        let pad = " ".repeat(wide - label.as_str().width());
        out.line(format!("  {label}{pad}  {value}"));
    }
    for warning in &terms.warnings {
        out.line(out.paint(Role::Warn, &format!("  ! {warning}")));
    }
}
