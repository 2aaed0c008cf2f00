//! `juggler draft --versions`, `--compare` and `--restore`: going back to what a draft was.

use similar::TextDiff;

use super::draft::tell;
use super::out::{Out, Role};
use super::{ask, draft_origins, words};
use crate::domain::{AssignmentId, Draft};
use crate::engine::Handle;
use crate::engine::api::{Reply, Request};
use crate::error::{Class, Failure, Result};

/// Unchanged lines shown around a change.
const AROUND: usize = 2;

async fn versions(id: &AssignmentId, handle: &Handle) -> Result<Vec<Draft>> {
    Ok(ask!(handle, Request::Versions { assignment: id.clone() }, Reply::Versions { versions } => versions))
}

/// Lists the versions, the latest last.
pub async fn list(id: &AssignmentId, handle: &Handle, out: &mut Out) -> Result<()> {
    let versions = versions(id, handle).await?;
    if out.is_json() {
        return versions.iter().try_for_each(|draft| draft_origins::json(draft, out));
    }
    for draft in &versions {
        let size = words::count(draft.text.as_str().lines().count(), "line");
        let origins = draft.made().words();
        out.line(format!("{:>5}  {}  {size}, {origins}", draft.version, words::clock(draft.saved_at)));
    }
    Ok(())
}

/// Shows what changed from version `n` to the latest.
pub async fn compare(id: &AssignmentId, n: u32, handle: &Handle, out: &mut Out) -> Result<()> {
    let versions = versions(id, handle).await?;
    let (old, new) = (find(id, n, &versions)?, versions.last());
    let new = new.unwrap_or(old);
    if out.is_json() {
        let diff = TextDiff::from_lines(old.text.as_str(), new.text.as_str());
        let changes: Vec<serde_json::Value> = diff
            .iter_all_changes()
            .map(|change| serde_json::json!({ "sign": change.tag().to_string(), "line": change.value().trim_end_matches('\n') }))
            .collect();
        return out.json(&serde_json::json!({ "assignment": id, "from": old.version, "to": new.version, "changes": changes }));
    }
    let diff = TextDiff::from_lines(old.text.as_str(), new.text.as_str());
    let (from, to) = (format!("version {}", old.version), format!("version {}", new.version));
    let shown = diff.unified_diff().context_radius(AROUND).missing_newline_hint(false).header(&from, &to).to_string();
    if shown.is_empty() {
        out.note(format!("the text of version {n} is that of version {}", new.version));
    }
    for line in shown.lines() {
        let role = match line.as_bytes().first() {
            Some(b'+') => Role::Good,
            Some(b'-') => Role::Bad,
            _ => Role::Dim,
        };
        out.line(out.paint(role, line));
    }
    Ok(())
}

/// Saves version `n` anew, as the latest, with where it came from.
pub async fn restore(id: &AssignmentId, n: u32, handle: &Handle, out: &mut Out) -> Result<()> {
    let versions = versions(id, handle).await?;
    let old = find(id, n, &versions)?;
    let request = Request::SaveDraft {
        assignment: id.clone(),
        text: old.text.clone(),
        files: old.files.clone(),
        cause: old.cause,
        origins: Some(old.origins().into_owned()),
    };
    let saved = ask!(handle, request, Reply::Saved { draft, .. } => draft);
    tell(&saved, out)
}

fn find<'a>(id: &AssignmentId, n: u32, versions: &'a [Draft]) -> Result<&'a Draft> {
    versions.iter().find(|draft| draft.version == n).ok_or_else(|| {
        let known: Vec<String> = versions.iter().map(|draft| draft.version.to_string()).collect();
        Failure::new(Class::NotFound, format!("there is no version {n} of {id}"))
            .why(format!("kept are {}", if known.is_empty() { "none".to_owned() } else { known.join(", ") }))
            .hint(format!("juggler draft {id} --versions lists them"))
    })
}
