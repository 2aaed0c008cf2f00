//! A submission: files first, then the delivery under its idempotency key.

use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::io::AsyncReadExt;

use super::super::{Meta, Outcome, Receipt, Refusal};
use super::Board;
use super::ask::{Extra, Told};
use super::judge::{End, widen};
use super::map;
use super::recipe::{Given, Part, Repeat, Step, render};
use crate::domain::draft::FileItem;
use crate::domain::{Assignment, Submission, Text, Time};
use crate::net::Body;

/// No file is larger.
const FILE_CAP: u64 = 64 << 20;
/// The slowest upload that is waited for, in bytes a second.
const SLOWEST: u64 = 64 << 10;

impl Board {
    /// Runs the steps, then sends the delivery itself.
    pub(super) async fn deliver(
        &self,
        meta: &mut Meta,
        assignment: &Assignment,
        submission: &Submission,
        now: Time,
    ) -> Outcome<Receipt> {
        let Some(submit) = &self.recipe.calls.submit else { return Outcome::Unsupported };
        let uploads = submit.steps.iter().any(|step| step.file_body);
        if !submission.files.is_empty() && !uploads {
            return refused("this platform takes no files");
        }
        let mut context = self.about_assignment(&assignment.id, Some(&assignment.job), now);
        context["submission"] = about(submission);
        context["files"] = submission.files.iter().map(about_file).collect();
        context["steps"] = json!({});
        for step in &submit.steps {
            if let Err(end) = self.step(meta, step, &mut context, &submission.files, now).await {
                return widen(before_delivery(end, &step.name));
            }
        }
        let mut extra = Extra { changes: true, ..Extra::default() };
        if let Some(header) = &submit.idempotency_header {
            extra.headers.push((header.clone(), submission.id.as_str().to_owned()));
        }
        let call = &submit.send;
        let told = match self.ask(meta, call, &context, extra, now).await {
            Ok(told) => told,
            Err(end) => return widen(end),
        };
        let given = Given { job: Some(assignment.job.key.native()), assignment: Some(assignment.id.native()) };
        let record = call.root.as_ref().map_or(Some(&told.json), |root| root.first(&told.json)).unwrap_or(&Value::Null);
        match map::receipt(self.around(call, given, now), record) {
            Ok(told) => Outcome::Done(Receipt { native_id: told.native_id, state: told.state, native_state: told.native_state }),
            Err(misfit) => Outcome::Broken(self.nonsense(misfit.sentence)),
        }
    }

    async fn step(&self, meta: &mut Meta, step: &Step, context: &mut Value, files: &[FileItem], now: Time) -> Result<(), End> {
        match step.for_each {
            Repeat::Once => {
                let extra = self.aim(step, context)?;
                let told = self.ask(meta, &step.call, context, extra, now).await?;
                context["steps"][&step.name] = self.captured(step, &told)?;
            }
            Repeat::Files => {
                for (at, file) in files.iter().enumerate() {
                    let mut around = context.clone();
                    around["file"] = context["files"][at].clone();
                    let mut extra = self.aim(step, &around)?;
                    let mut call = step.call.clone();
                    if step.file_body {
                        let bytes = read_checked(file).await?;
                        let usual = call.timeout.unwrap_or(self.recipe.defaults.timeout);
                        call.timeout = Some(usual + bytes.len() as u64 / SLOWEST);
                        let mime = mime_of(file);
                        extra.body = Some(Body { mime, bytes });
                    }
                    let told = self.ask(meta, &call, &around, extra, now).await?;
                    if let (Value::Object(file), Value::Object(captured)) =
                        (&mut context["files"][at], self.captured(step, &told)?)
                    {
                        file.extend(captured);
                    }
                }
            }
        }
        Ok(())
    }

    /// Where a step goes, and whether its answer matters.
    fn aim(&self, step: &Step, context: &Value) -> Result<Extra, End> {
        let mut extra = Extra { changes: true, bare: step.capture.is_empty(), ..Extra::default() };
        if let Some(to) = &step.to {
            let address = render(to, Part::Plain, context).and_then(|to| self.base.resolve(&to));
            extra.url = Some(address.map_err(|why| Outcome::Broken(self.nonsense(format!("the address to send to: {why}"))))?);
        }
        Ok(extra)
    }

    fn captured(&self, step: &Step, told: &Told) -> Result<Value, End> {
        let mut values = serde_json::Map::new();
        for (name, path) in &step.capture {
            let value = path.first(&told.json).filter(|value| !value.is_null()).ok_or_else(|| {
                Outcome::Broken(self.nonsense(format!(
                    "`{name}` of the step {} (path {}) matches nothing; there is {}",
                    step.name,
                    path.source(),
                    map::shown(&told.json)
                )))
            })?;
            values.insert(name.clone(), value.clone());
        }
        Ok(Value::Object(values))
    }
}

fn about(submission: &Submission) -> Value {
    json!({
        "id": submission.id.as_str(),
        "attempt": submission.attempt,
        "text": submission.text.as_str(),
        "lines": submission.text.as_str().lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>(),
        "disclosure": submission.disclosure.as_str(),
        "hash": submission.body_hash,
    })
}

fn about_file(file: &FileItem) -> Value {
    json!({ "name": file.name.as_str(), "mime": mime_of(file), "size": file.size, "sha256": file.sha256 })
}

fn mime_of(file: &FileItem) -> String {
    if file.facts.mime.is_empty() { "application/octet-stream".into() } else { file.facts.mime.to_string() }
}

/// The file's bytes, if they are still those that were queued: what is sent again must be the very same.
async fn read_checked(file: &FileItem) -> Result<Vec<u8>, End> {
    let gone = |why: String| Outcome::Refused {
        reason: Refusal::Invalid,
        message: Text::title(&format!("{}: {why}; nothing was sent", file.name)),
    };
    let opened = tokio::fs::File::open(&file.path).await.map_err(|error| gone(format!("the file cannot be read ({error})")))?;
    let mut bytes = Vec::new();
    let mut capped = opened.take(FILE_CAP + 1);
    capped.read_to_end(&mut bytes).await.map_err(|error| gone(format!("the file cannot be read ({error})")))?;
    if bytes.len() as u64 > FILE_CAP {
        return Err(gone("the file is larger than 64 MiB".into()));
    }
    let hash = format!("{:x}", Sha256::digest(&bytes));
    if !hash.eq_ignore_ascii_case(&file.sha256) {
        return Err(gone("the file changed since it was queued".into()));
    }
    Ok(bytes)
}

/// A step that fails leaves the delivery itself unsent: whatever became of the upload, nothing was submitted.
fn before_delivery(end: End, step: &str) -> End {
    match end {
        Outcome::Unanswered(mut failure) => {
            failure.what = format!("{} (step {step}; nothing was submitted)", failure.what);
            Outcome::Unreachable(failure)
        }
        Outcome::Broken(failure) => {
            let message = Text::title(&format!("step {step}: {failure}; nothing was submitted"));
            Outcome::Refused { reason: Refusal::Other, message }
        }
        // A step has no cursor that could be unchanged.
        Outcome::Same => refused(&format!("step {step} said that nothing changed; nothing was submitted")),
        other => other,
    }
}

fn refused<T>(why: &str) -> Outcome<T> {
    Outcome::Refused { reason: Refusal::Other, message: Text::title(why) }
}

/// Keeps the slowest upload in sight of whoever changes it.
const _: () = assert!(FILE_CAP / SLOWEST < Duration::from_secs(3600).as_secs());
