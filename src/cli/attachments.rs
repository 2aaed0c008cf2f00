//! `juggler attachments`: what comes with a job, and what is read in it.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::args::AttachmentsArgs;
use super::out::{Out, Role};
use super::{ask, find, words};
use crate::config::Config;
use crate::domain::pages::{Mark, mark_at, marks};
use crate::domain::{AssignmentId, Text, lookup};
use crate::engine::Handle;
use crate::engine::api::{AttachmentView, Reply, Request};
use crate::error::{Class, Failure, Result};
use crate::store;

/// Lists them, or does what the flags say.
pub async fn run(args: AttachmentsArgs, handle: &Handle, config: &Config, out: &mut Out) -> Result<()> {
    let id = find::assignment(handle, &args.assignment).await?.assignment.id;
    let items = all(&id, handle).await?;
    if let Some(name) = &args.fetch {
        return fetch(&id, name, args.yes, items, handle, out).await;
    }
    if let Some(name) = &args.read {
        return read(&id, one(&id, name, &items)?, args.page, out);
    }
    if let Some(wanted) = &args.find {
        return look_up(&id, wanted, &items, out);
    }
    if let (Some(name), Some(to)) = (&args.save, &args.to) {
        return save(&id, one(&id, name, &items)?, to, config, out);
    }
    list(&id, &items, out)
}

async fn all(id: &AssignmentId, handle: &Handle) -> Result<Vec<AttachmentView>> {
    Ok(ask!(handle, Request::Attachments { assignment: id.clone() }, Reply::Attachments { items } => items))
}

/// The attachment called so; its number in the list does as well.
fn one<'a>(id: &AssignmentId, name: &str, items: &'a [AttachmentView]) -> Result<&'a AttachmentView> {
    let numbered = || name.parse::<usize>().ok().and_then(|n| items.get(n.checked_sub(1)?));
    items.iter().find(|item| item.name.as_str() == name).or_else(numbered).ok_or_else(|| {
        let names: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
        let why = if names.is_empty() { "nothing comes with this job".to_owned() } else { names.join(", ") };
        Failure::new(Class::NotFound, format!("{id} has no attachment \"{name}\"")).why(why)
    })
}

fn list(id: &AssignmentId, items: &[AttachmentView], out: &mut Out) -> Result<()> {
    if out.is_json() {
        return items.iter().try_for_each(|item| json(id, item, out));
    }
    if items.is_empty() {
        out.note(format!("nothing comes with {id}"));
    }
    for (n, item) in (1..).zip(items) {
        let role = if item.trouble.is_empty() { Role::Dim } else { Role::Warn };
        out.line(format!("{n}  {}  {}", item.name, out.paint(role, &about(item))));
    }
    if items.iter().any(|item| item.kept.is_none() && !item.host.is_empty()) {
        out.note(format!("juggler attachments {id} --fetch fetches what is not here"));
    }
    Ok(())
}

/// What it is and where, in one line.
fn about(item: &AttachmentView) -> String {
    let mut parts = Vec::new();
    match &item.kept {
        Some(kept) => {
            parts.push(format!("{}, {}", kept.facts.mime, words::bytes(kept.size)));
            match &kept.text {
                Some(text) if text.pages > 0 => parts.push(words::count(text.pages as usize, "page")),
                Some(_) => parts.push("text".to_owned()),
                None => {}
            }
            parts.extend(Some(kept.note.to_string()).filter(|note| !note.is_empty()));
        }
        None => {
            let size = item.size.map_or(String::new(), |bytes| format!(", {}", words::bytes(bytes)));
            parts.push(format!("{}{size} as told", item.mime));
            match (&item.text, item.host.is_empty(), item.own) {
                (Some(_), ..) => parts.push("its text came with the job".to_owned()),
                (None, true, _) => {}
                (None, false, true) => parts.push(format!("not fetched; at {}", item.host)),
                (None, false, false) => parts.push(format!("not fetched; at another host: {}", item.host)),
            }
        }
    }
    parts.extend(Some(item.trouble.to_string()).filter(|trouble| !trouble.is_empty()));
    parts.join("; ")
}

fn json(id: &AssignmentId, item: &AttachmentView, out: &mut Out) -> Result<()> {
    let kept = item.kept.as_ref();
    out.json(&serde_json::json!({
        "assignment": id, "name": item.name, "mime": item.mime, "size": item.size, "host": item.host, "own": item.own,
        "fetched": kept, "has_text": item.text.is_some(), "trouble": item.trouble,
    }))
}

async fn fetch(
    id: &AssignmentId,
    name: &str,
    yes: bool,
    items: Vec<AttachmentView>,
    handle: &Handle,
    out: &mut Out,
) -> Result<()> {
    let wanted: Vec<&AttachmentView> = match name {
        "" => items.iter().filter(|item| !item.host.is_empty() && (item.kept.is_none() || !item.trouble.is_empty())).collect(),
        name => vec![one(id, name, &items)?],
    };
    if wanted.is_empty() {
        out.note("there is nothing to fetch");
    }
    // Where a job's text leads to is a stranger's choice: the person sees it first.
    if let Some(far) = wanted.iter().find(|item| !item.own && !item.host.is_empty()).filter(|_| !yes) {
        return Err(Failure::new(Class::Confirm, format!("{} would be fetched from {}", far.name, far.host))
            .why("that is not the source's own host; nothing was fetched")
            .hint(format!("juggler attachments {id} --fetch '{name}' --yes fetches it from there")));
    }
    let mut failed = None;
    for item in wanted {
        out.note(format!("{} from {}", item.name, item.host));
        let request = Request::Attachment { assignment: id.clone(), name: item.name.clone(), anew: true };
        match handle.ask(request).await {
            Ok(_) => {}
            // The others may be fine.
            Err(failure) if failed.is_none() => failed = Some(failure),
            Err(failure) => out.note(format!("{}: {failure}", item.name)),
        }
    }
    list(id, &all(id, handle).await?, out)?;
    failed.map_or(Ok(()), Err)
}

fn text_of<'a>(id: &AssignmentId, item: &'a AttachmentView) -> Result<&'a Text> {
    item.text.as_ref().ok_or_else(|| {
        let failure = Failure::new(Class::NotFound, format!("there is no text of {}", item.name));
        match (&item.kept, item.trouble.is_empty()) {
            (Some(kept), true) => failure.why(&kept.note),
            (_, false) => failure.why(&item.trouble).hint(format!("juggler attachments {id} --fetch '{}'", item.name)),
            (None, true) => failure
                .why(format!("it is not fetched; it is at {}", item.host))
                .hint(format!("juggler attachments {id} --fetch '{}'", item.name)),
        }
    })
}

fn read(id: &AssignmentId, item: &AttachmentView, page: Option<u32>, out: &mut Out) -> Result<()> {
    let text = text_of(id, item)?.as_str();
    let marks = marks(text);
    let shown = match page {
        None => text,
        Some(wanted) => part(text, &marks, wanted).ok_or_else(|| {
            let why = match marks.last() {
                Some(last) => format!("its last one is {}", last.name()),
                None => "it has neither pages nor headings".to_owned(),
            };
            Failure::new(Class::NotFound, format!("{} has no page or section {wanted}", item.name)).why(why)
        })?,
    };
    if out.is_json() {
        let places: Vec<_> = marks.iter().map(|mark| serde_json::json!({ "at": mark.at, "name": mark.name() })).collect();
        let note = item.kept.as_ref().map(|kept| &kept.note);
        return out.json(&serde_json::json!({
            "assignment": id, "name": item.name, "page": page, "text": shown, "marks": places, "note": note,
        }));
    }
    if let Some(note) = item.kept.as_ref().map(|kept| &kept.note).filter(|note| !note.is_empty()) {
        out.note(note);
    }
    out.line(shown.trim_end_matches('\n'));
    Ok(())
}

/// The text from the mark of that number to the next one.
fn part<'a>(text: &'a str, marks: &[Mark], wanted: u32) -> Option<&'a str> {
    let n = marks.iter().position(|mark| mark.number == wanted)?;
    text.get(marks[n].at..marks.get(n + 1).map_or(text.len(), |next| next.at))
}

fn look_up(id: &AssignmentId, wanted: &str, items: &[AttachmentView], out: &mut Out) -> Result<()> {
    let mut found = 0;
    for item in items {
        let Some(text) = item.text.as_ref().map(Text::as_str) else { continue };
        let marks = marks(text);
        for at in lookup::places(text, wanted) {
            found += 1;
            let place = mark_at(&marks, at.start).map(Mark::name);
            let number = text[..at.start].matches('\n').count() + 1;
            let line = text[..at.start].rfind('\n').map_or(0, |n| n + 1);
            let end = text[at.end..].find('\n').map_or(text.len(), |n| at.end + n);
            let words = text[line..end].split_whitespace().collect::<Vec<_>>().join(" ");
            if out.is_json() {
                out.json(&serde_json::json!({
                    "assignment": id, "name": item.name, "place": place, "line": number, "from": at.start, "to": at.end,
                    "words": Text::title(&words),
                }))?;
            } else {
                let place = place.map_or(String::new(), |place| format!(", {place}"));
                out.line(format!("{}{place}, line {number}: {}", item.name, Text::title(&words)));
            }
        }
    }
    if found > 0 {
        return Ok(());
    }
    let unread = items.iter().filter(|item| item.text.is_none()).count();
    let why = match (items.len(), unread) {
        (0, _) => "nothing comes with this job".to_owned(),
        (_, 0) => "it stands in none of its attachments".to_owned(),
        (_, n) => format!("it stands in none that is read; {} not", words::count(n, "attachment")),
    };
    Err(Failure::new(Class::NotFound, format!("\"{}\" was not found", Text::title(wanted))).why(why))
}

fn save(id: &AssignmentId, item: &AttachmentView, to: &Path, config: &Config, out: &mut Out) -> Result<()> {
    let Some(kept) = &item.kept else {
        return Err(Failure::new(Class::NotFound, format!("{} is not here", item.name))
            .hint(format!("juggler attachments {id} --fetch '{}'", item.name)));
    };
    let bytes = store::attachment(&config.paths.store(), &kept.sha256).map_err(|_| {
        Failure::new(Class::Store, format!("the file of {} is not what was fetched", item.name))
            .hint(format!("juggler attachments {id} --fetch '{}' fetches it again", item.name))
    })?;
    let path = to.join(safe_name(item.name.as_str()));
    let failed = |why: std::io::Error| {
        Failure::new(Class::Usage, format!("{} cannot be written", path.display()))
            .why(why)
            .hint("nothing that is there is replaced: name another folder")
    };
    // New, and no link that somebody laid there.
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(failed)?;
    file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    if out.is_json() {
        return out.json(&serde_json::json!({ "assignment": id, "name": item.name, "saved": path, "size": kept.size }));
    }
    out.line(format!("{} ({})", path.display(), words::bytes(kept.size)));
    Ok(())
}

/// A name that is a file's in a folder and nothing else, wherever it goes: no path, no flag, no device, nothing hidden.
fn safe_name(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' };
    let name: String = name.chars().map(plain).collect();
    let name = name.trim_matches([' ', '.', '-', '_']);
    let stem_end = name.rfind('.').unwrap_or(name.len());
    let (stem, end) = name.split_at(stem_end);
    let end = &end[..end.floor_char_boundary(20)];
    let stem = stem[..stem.floor_char_boundary(100)].trim_end();
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];
    let lower = stem.split('.').next().unwrap_or_default().trim().to_ascii_lowercase();
    let device = DEVICES.contains(&lower.trim_end_matches(|c: char| c.is_ascii_digit()));
    match stem.is_empty() {
        true => format!("attachment{end}"),
        false if device => format!("file {stem}{end}"),
        false => format!("{stem}{end}"),
    }
}

#[cfg(test)]
mod tests {
    use super::safe_name;

    #[test]
    fn names_of_others_stay_in_the_folder() {
        for (name, safe) in [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd", "etc_passwd"),
            ("/root/.ssh/id", "root_.ssh_id"),
            ("-rf", "rf"),
            ("CON", "file CON"),
            ("com1.txt", "file com1.txt"),
            ("a\0b\n.txt", "a_b_.txt"),
            ("x.txt. . ", "x.txt"),
            ("\u{202e}fdp.exe", "fdp.exe"),
            ("...", "attachment"),
            ("", "attachment"),
            ("Über uns.docx", "Über uns.docx"),
        ] {
            assert_eq!(safe_name(name), safe, "{name:?}");
        }
        let long = safe_name(&format!("{}.{}", "é".repeat(4000), "x".repeat(4000)));
        assert!(long.len() <= 120, "{}", long.len());
    }
}
