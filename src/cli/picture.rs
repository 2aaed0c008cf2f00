//! `juggler picture`: facts of files, edits without a model, cures.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::args::PictureCommand;
use super::out::Out;
use super::{ask, find};
use crate::documents::picture::apart::{self, Told};
use crate::documents::{self, picture};
use crate::domain::draft::{Cause, FileFacts, FileItem};
use crate::domain::picture::{Edit, Wanted, cures, facts_in_words, weight};
use crate::domain::{AssignmentId, Draft, Text};
use crate::engine::api::{AssignmentView, Reply, Request};
use crate::engine::{Handle, read_file};
use crate::error::{Class, Failure, Result};

/// Most bytes of a file that is looked at.
const CAP: u64 = 64 << 20;

/// Runs what needs no engine.
pub async fn on_files(command: PictureCommand, out: &mut Out) -> Result<()> {
    match command {
        PictureCommand::Facts { files } => {
            for path in &files {
                facts(path, files.len() > 1, out).await?;
            }
            Ok(())
        }
        PictureCommand::Edit { what, edits, to, .. } => edit_file(Path::new(&what), &parse(&edits)?, to, out).await,
        PictureCommand::Pass { .. } => Err(Failure::new(Class::Internal, "this command needs an engine")),
    }
}

/// Runs what is about a draft.
pub async fn run(command: PictureCommand, handle: &Handle, out: &mut Out) -> Result<()> {
    match command {
        PictureCommand::Facts { .. } => on_files(command, out).await,
        PictureCommand::Edit { to: Some(_), what, .. } => {
            let hint = "without --to the new file takes the old one's place in the draft";
            Err(Failure::new(Class::Usage, format!("{what} is no file, so --to has no sense")).hint(hint))
        }
        PictureCommand::Edit { what, edits, file, beside, .. } => {
            let edits = parse(&edits)?;
            let view = find::assignment(handle, &what).await?;
            find::editable(&view)?;
            let file = the_picture(&view, file.as_deref())?;
            let (draft, new, told) = edit(&view, &file, &edits, beside, handle).await?;
            tell(&draft.assignment, &new, &edits, &told, out)
        }
        PictureCommand::Pass { assignment, file, dry_run } => pass(&assignment, file.as_deref(), dry_run, handle, out).await,
    }
}

fn parse(words: &[String]) -> Result<Vec<Edit>> {
    let wrong =
        |why: String| Failure::new(Class::Usage, "the edits are not understood").why(why).hint("juggler picture edit --help");
    Edit::parse_all(&words.join(" ")).map_err(wrong)
}

async fn facts(path: &Path, several: bool, out: &mut Out) -> Result<()> {
    let facts = look(path).await?;
    if out.is_json() {
        let mut value = serde_json::to_value(&facts).unwrap_or_default();
        value["path"] = json!(path.to_string_lossy());
        value["size"] = json!(std::fs::metadata(path).map(|there| there.len()).unwrap_or_default());
        return out.json(&value);
    }
    let size = std::fs::metadata(path).map(|there| there.len()).unwrap_or_default();
    if several {
        out.line(format!("{}:", Text::title(&path.to_string_lossy())));
    }
    let indent = if several { "  " } else { "" };
    out.line(format!("{indent}{}, {}", facts.mime, weight(size)));
    for line in facts_in_words(&facts) {
        out.line(format!("{indent}{line}"));
    }
    Ok(())
}

async fn look(path: &Path) -> Result<FileFacts> {
    let name = path.to_owned();
    let read = tokio::task::spawn_blocking(move || read_file(&name, CAP)).await;
    let bytes = read.map_err(|_| Failure::new(Class::Internal, "the file could not be read"))??;
    let mime = documents::kind(&bytes);
    if picture::is_known(mime) { Ok(apart::facts(path, mime).await) } else { Ok(documents::facts(&bytes)) }
}

async fn edit_file(path: &Path, edits: &[Edit], to: Option<PathBuf>, out: &mut Out) -> Result<()> {
    let not = |why: String| Failure::new(Class::Refused, format!("{} was not edited", path.display())).why(why);
    let (told, bytes) = apart::edited(path, edits).await.map_err(not)?;
    let to = to.unwrap_or_else(|| {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        path.with_file_name(format!("{stem}-edited.{}", told.kind.ending()))
    });
    // Nothing is written over: not the old file, and nobody else's.
    let cannot = |why: std::io::Error| {
        Failure::new(Class::Usage, format!("{} cannot be written", to.display())).why(why).hint("name another file with --to")
    };
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(&to).map_err(cannot)?;
    file.write_all(&bytes).map_err(cannot)?;
    if out.is_json() {
        let told: Vec<&str> = told.told.iter().map(Text::as_str).collect();
        return out.json(&json!({ "path": to.to_string_lossy(), "size": bytes.len(), "told": told }));
    }
    let Told { told, facts, .. } = told;
    out.line(format!("{}: {}{}", to.display(), size_of(&facts), weight(bytes.len() as u64)));
    for words in told {
        out.note(words.as_str());
    }
    Ok(())
}

fn size_of(facts: &FileFacts) -> String {
    facts.width.zip(facts.height).map(|(width, height)| format!("{width} × {height} pixels, ")).unwrap_or_default()
}

/// The picture that is meant: the named one, else the only one.
fn the_picture(view: &AssignmentView, name: Option<&str>) -> Result<FileItem> {
    let id = &view.assignment.id;
    let files = view.draft.as_ref().map(|draft| draft.files.as_slice()).unwrap_or_default();
    let pictures: Vec<&FileItem> = files.iter().filter(|file| file.facts.mime.as_str().starts_with("image/")).collect();
    let names = || pictures.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ");
    match (name, pictures.as_slice()) {
        (Some(name), _) => pictures.iter().find(|file| file.name.as_str() == name).map(|file| (*file).clone()).ok_or_else(|| {
            let there = if pictures.is_empty() { "it has no picture".to_owned() } else { format!("it has {}", names()) };
            Failure::new(Class::NotFound, format!("the draft of {id} has no picture called {name}")).why(there)
        }),
        (None, [only]) => Ok((*only).clone()),
        (None, []) => Err(Failure::new(Class::NotFound, format!("the draft of {id} has no picture"))
            .hint(format!("juggler draft {id} --add-file PATH adds one"))),
        (None, _) => {
            Err(Failure::new(Class::Usage, "the draft has several pictures").why(names()).hint("say which: --file NAME"))
        }
    }
}

/// Edits a picture of a draft and saves the draft with the new one.
async fn edit(
    view: &AssignmentView,
    file: &FileItem,
    edits: &[Edit],
    beside: bool,
    handle: &Handle,
) -> Result<(Draft, FileItem, Vec<Text>)> {
    let assignment = view.assignment.id.clone();
    let request = Request::EditPicture { assignment: assignment.clone(), file: file.name.clone(), edits: edits.to_vec() };
    let (mut new, told) = ask!(handle, request, Reply::Picture { file, told } => (*file, told));
    let (text, mut files) = view.draft.as_ref().map(|draft| (draft.text.clone(), draft.files.clone())).unwrap_or_default();
    if beside {
        new.name = free_name(&files, new.name.as_str());
        files.push(new.clone());
    } else {
        files.retain(|known| known.name == file.name || known.name != new.name);
        for known in files.iter_mut().filter(|known| known.name == file.name) {
            *known = new.clone();
        }
    }
    let origins = view.draft.as_ref().map(|draft| draft.origins().into_owned());
    let request = Request::SaveDraft { assignment, text, files, cause: Cause::File, origins };
    let draft = ask!(handle, request, Reply::Saved { draft, .. } => draft);
    Ok((*draft, new, told))
}

/// "art-2.png", where "art.png" is there.
fn free_name(files: &[FileItem], name: &str) -> Text {
    let (stem, ending) = name.rsplit_once('.').map_or((name, String::new()), |(stem, ending)| (stem, format!(".{ending}")));
    let mut names = std::iter::once(name.to_owned()).chain((2..).map(|n| format!("{stem}-{n}{ending}")));
    let free = names.find(|name| files.iter().all(|file| file.name.as_str() != name));
    Text::title(&free.unwrap_or_default())
}

fn tell(id: &AssignmentId, new: &FileItem, edits: &[Edit], told: &[Text], out: &mut Out) -> Result<()> {
    if out.is_json() {
        let edits: Vec<String> = edits.iter().map(ToString::to_string).collect();
        let told: Vec<&str> = told.iter().map(Text::as_str).collect();
        return out.json(&json!({ "assignment": id.to_string(), "file": new, "edits": edits, "told": told }));
    }
    out.line(format!("{}: {}{}", new.name, size_of(&new.facts), weight(new.size)));
    for words in told {
        out.note(words.as_str());
    }
    Ok(())
}

fn words(texts: &[Text]) -> Vec<&str> {
    texts.iter().map(Text::as_str).collect()
}

async fn pass(what: &str, name: Option<&str>, dry_run: bool, handle: &Handle, out: &mut Out) -> Result<()> {
    let view = find::assignment(handle, what).await?;
    let (id, spec) = (&view.assignment.id, &view.assignment.job.deliverable);
    let Some(wanted) = Wanted::first(&spec.rules).or_else(|| Wanted::first(&spec.should)) else {
        return Err(Failure::new(Class::NotFound, format!("{id} asks for no picture of a certain kind")));
    };
    let file = the_picture(&view, name)?;
    let cures = cures(&file, &wanted);
    if !out.is_json() {
        for words in cures.warnings.iter().chain(&cures.left) {
            out.note(words.as_str());
        }
    }
    let line = cures.edits.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    if dry_run || cures.edits.is_empty() {
        if out.is_json() {
            return out
                .json(&json!({ "assignment": id.to_string(), "edits": line, "warnings": words(&cures.warnings), "left": words(&cures.left) }));
        }
        out.line(match (line.is_empty(), cures.left.is_empty()) {
            (true, true) => format!("{} is as the job asks", file.name),
            (true, false) => format!("no edit without a model mends {}", file.name),
            _ => format!("juggler picture edit {id} {line}"),
        });
        return Ok(());
    }
    find::editable(&view)?;
    let (_, new, told) = edit(&view, &file, &cures.edits, false, handle).await?;
    tell(id, &new, &cures.edits, &told, out)
}
