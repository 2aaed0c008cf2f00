//! `juggler draft`.

use std::io::Read;

use super::args::DraftArgs;
use super::out::Out;
use super::{ask, draft_origins, draft_versions, editor, find, words};
use crate::config::Config;
use crate::domain::draft::{Cause, FileItem};
use crate::domain::text::Cap;
use crate::domain::{Draft, Text};
use crate::engine::Handle;
use crate::engine::api::{AssignmentView, Reply, Request};
use crate::error::{Class, Failure, Result};

/// Prints the draft, or changes it.
pub async fn run(args: DraftArgs, handle: &Handle, config: &Config, out: &mut Out) -> Result<()> {
    let view = find::assignment(handle, &args.assignment).await?;
    if let Some(from) = &args.set {
        find::editable(&view)?;
        let text = read(from)?;
        return save(&view, text, files(&view), Cause::File, handle, out).await;
    }
    if args.scaffold {
        find::editable(&view)?;
        return scaffold(&view, args.yes, handle, out).await;
    }
    if let Some(path) = args.add_file {
        find::editable(&view)?;
        let path = std::path::absolute(&path).unwrap_or(path);
        let request = Request::AddFile { assignment: view.assignment.id.clone(), path, content: None };
        let saved = ask!(handle, request, Reply::Saved { draft, .. } => draft);
        return tell(&saved, out);
    }
    if let Some(name) = args.remove_file {
        find::editable(&view)?;
        return remove(the_draft(&view)?, &name, handle, out).await;
    }
    if args.edit {
        find::editable(&view)?;
        let before = view.draft.as_ref().map_or("", |draft| draft.text.as_str());
        return match editor::edit(before, &config.paths.data)? {
            None => {
                out.note("nothing was changed");
                Ok(())
            }
            Some(edited) => {
                let done = save(&view, edited.text.clone(), files(&view), Cause::File, handle, out).await;
                edited.settle(done.is_ok(), out);
                done
            }
        };
    }
    if args.declare {
        find::editable(&view)?;
        return draft_origins::declare(the_draft(&view)?, args.yes, handle, out).await;
    }
    let draft = the_draft(&view)?;
    if args.versions {
        return draft_versions::list(&draft.assignment, handle, out).await;
    }
    if let Some(n) = args.compare {
        return draft_versions::compare(&draft.assignment, n, handle, out).await;
    }
    if let Some(n) = args.restore {
        find::editable(&view)?;
        return draft_versions::restore(&draft.assignment, n, handle, out).await;
    }
    match &args.export_origins {
        Some(to) => draft_origins::export(draft, to, out),
        None if args.origins => draft_origins::print(draft, out),
        None => {
            print(draft, out)?;
            if !out.is_json() && !view.type_there.is_empty() {
                out.note(view.type_there.as_str());
            }
            Ok(())
        }
    }
}

/// Takes a file out.
async fn remove(draft: &Draft, name: &str, handle: &Handle, out: &mut Out) -> Result<()> {
    let mut files = draft.files.clone();
    files.retain(|file| file.name.as_str() != name);
    if files.len() == draft.files.len() {
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        let there = if names.is_empty() { "it has none".to_owned() } else { format!("it has {}", names.join(", ")) };
        return Err(Failure::new(Class::NotFound, format!("{} has no file \"{name}\"", draft.assignment)).why(there));
    }
    let request = Request::SaveDraft {
        assignment: draft.assignment.clone(),
        text: draft.text.clone(),
        files,
        cause: Cause::File,
        origins: Some(draft.origins().into_owned()),
    };
    let saved = ask!(handle, request, Reply::Saved { draft, .. } => draft);
    tell(&saved, out)
}

/// The saved draft; an error that says how to make one.
fn the_draft(view: &AssignmentView) -> Result<&Draft> {
    let id = &view.assignment.id;
    view.draft.as_ref().ok_or_else(|| {
        Failure::new(Class::NotFound, format!("{id} has no draft yet"))
            .hint(format!("juggler draft {id} --edit, --set FILE or --scaffold makes one"))
    })
}

fn files(view: &AssignmentView) -> Vec<FileItem> {
    view.draft.as_ref().map(|draft| draft.files.clone()).unwrap_or_default()
}

fn print(draft: &Draft, out: &mut Out) -> Result<()> {
    if out.is_json() {
        return draft_origins::json(draft, out);
    }
    out.line(draft.text.as_str().trim_end_matches('\n'));
    for file in &draft.files {
        out.note(format!("with {} ({} bytes) at {}", file.name, file.size, file.path.display()));
    }
    let shares = draft.made().words();
    if !shares.is_empty() {
        out.note(shares);
    }
    Ok(())
}

async fn scaffold(view: &AssignmentView, replace: bool, handle: &Handle, out: &mut Out) -> Result<()> {
    let id = view.assignment.id.clone();
    if !replace && view.draft.as_ref().is_some_and(|draft| !draft.text.as_str().trim().is_empty()) {
        return Err(Failure::new(Class::Confirm, format!("{id} has a text already"))
            .why("laying it out anew would replace it")
            .hint(format!("juggler draft {id} --scaffold --yes replaces it; the journal keeps the old version")));
    }
    let laid = ask!(handle, Request::Scaffold { assignment: id }, Reply::Scaffold(laid) => laid);
    let mut all = files(view);
    all.retain(|file| laid.files.iter().all(|new| new.name != file.name));
    all.extend(laid.files);
    out.note(laid.label.as_str());
    save(view, laid.text, all, Cause::Scaffold, handle, out).await
}

async fn save(
    view: &AssignmentView,
    text: Text,
    files: Vec<FileItem>,
    cause: Cause,
    handle: &Handle,
    out: &mut Out,
) -> Result<()> {
    let request = Request::SaveDraft { assignment: view.assignment.id.clone(), text, files, cause, origins: None };
    let saved = ask!(handle, request, Reply::Saved { draft, .. } => draft);
    tell(&saved, out)
}

pub(super) fn tell(draft: &Draft, out: &mut Out) -> Result<()> {
    if out.is_json() {
        return draft_origins::json(draft, out);
    }
    let size = words::count(draft.text.as_str().lines().count(), "line");
    let files = if draft.files.is_empty() { String::new() } else { format!(" and {}", words::count(draft.files.len(), "file")) };
    out.line(format!("saved version {} of {}: {size}{files}", draft.version, draft.assignment));
    Ok(())
}

/// A file's text, or standard input's. Nothing is cut: what is too large is refused.
pub(super) fn read(from: &str) -> Result<Text> {
    let shown = if from == "-" { "standard input" } else { from };
    let bad = |why: String| Failure::new(Class::Usage, format!("{shown} cannot be read")).why(why);
    let mut bytes = Vec::new();
    let most = Cap::OWN.bytes as u64 + 1;
    let read = match from {
        "-" => std::io::stdin().lock().take(most).read_to_end(&mut bytes),
        path => std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes)),
    };
    read.map_err(|error| bad(error.to_string()))?;
    if bytes.len() as u64 == most {
        return Err(bad("it is larger than 8 MiB".to_owned()).hint("add it as a file: --add-file PATH"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Text::own(&text)),
        Err(_) => Err(bad("it is not text in UTF-8".to_owned()).hint("add it as a file: --add-file PATH")),
    }
}
