//! What a program of the person's is handed: one JSON object on one line. Texts in it were scrubbed when they came in.

use serde::Serialize;
use serde_json::{Value, json};

use crate::domain::{Draft, Job};

/// The version of these fields; raised when one changes its meaning or goes.
const VERSION: u32 = 1;

fn line(mut value: Value, name: &str) -> String {
    value["version"] = json!(VERSION);
    value["command"] = json!(name);
    format!("{value}\n")
}

/// A job: `version`, `command`, `job`.
pub fn job(name: &str, job: &Job) -> String {
    line(json!({ "job": job }), name)
}

/// An assignment as front ends see it: `version`, `command`, `assignment`, with its job, deadline, draft, findings, submission.
pub fn assignment(name: &str, view: &impl Serialize) -> String {
    line(json!({ "assignment": view }), name)
}

/// A draft with its assignment: `version`, `command`, `text`, `files`, `assignment`. `text` is what stands in the editor, saved or not.
pub fn draft(name: &str, view: &impl Serialize, text: &str, draft: Option<&Draft>) -> String {
    let files = draft.map(|draft| draft.files.as_slice()).unwrap_or_default();
    line(json!({ "text": text, "files": files, "assignment": view }), name)
}
