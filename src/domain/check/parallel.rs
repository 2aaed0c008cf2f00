//! A translation that keeps the lines and placeholders of its source.

use super::sheet::{Sheet, folded};
use super::{Fault, Finding};
use crate::domain::Text;

/// Most characters between the braces of a placeholder.
const NAME: usize = 64;

/// As many non-empty lines as the source, none left as it was, every placeholder kept.
pub fn judge(sheet: &Sheet<'_>, source: &Text) -> Finding {
    let mut label = "line by line as the source, every {placeholder} kept".to_owned();
    if !source.is_empty() {
        label = format!("line by line as {source}, every {{placeholder}} kept");
    }
    let sources = sheet.sources(source.as_str());
    if sources.is_empty() {
        let detail = "the source is not here, so the lines could not be compared";
        return Finding::warn(label, detail, "fetch the attachment");
    }
    let theirs: Vec<&str> = sources.iter().flat_map(|s| s.lines()).map(str::trim).filter(|l| !l.is_empty()).collect();
    let ours: Vec<(u32, &str)> =
        (0u32..).zip(sheet.text.lines()).map(|(i, l)| (i, l.trim())).filter(|(_, l)| !l.is_empty()).collect();
    let mut wrong = ours
        .iter()
        .zip(&theirs)
        .enumerate()
        .filter_map(|(n, ((line, our), their))| {
            let fault = fault(our, their)?;
            let what = format!("line {}: {}", n + 1, fault.what);
            Some((*line, Fault { what, ..fault }.of(sheet.line(*line), our)))
        })
        .peekable();
    if wrong.peek().is_some() {
        return Finding::of(label, wrong);
    }
    match (ours.len(), theirs.len()) {
        (ours, theirs) if ours < theirs => Finding::fail(label, format!("{ours} of {theirs} lines"), "translate the rest"),
        (n, theirs) if n > theirs => {
            let detail = format!("{n} lines, the source has {theirs}");
            Finding::fail(label, detail, format!("remove {}", n - theirs)).on(ours.get(theirs).map(|(l, _)| *l))
        }
        _ => Finding::pass(label),
    }
}

/// What is wrong with one line beside its source, if anything.
pub fn fault(our: &str, their: &str) -> Option<Fault> {
    let (mut wanted, mut kept) = (placeholders(their), placeholders(our));
    wanted.sort_unstable();
    kept.sort_unstable();
    let missing = |name: &str| Fault::new(format!("{name} is missing"), "keep it as it is");
    let mut theirs = wanted.iter().peekable();
    for name in &kept {
        match theirs.peek() {
            Some(wanted) if *wanted == name => {
                theirs.next();
            }
            Some(wanted) if *wanted < name => return Some(missing(theirs.next()?)),
            _ => return Some(Fault::new(format!("{name} is not in the source line"), "remove it")),
        }
    }
    if let Some(name) = theirs.next() {
        return Some(missing(name));
    }
    (has_words(their) && folded(our) == folded(their)).then(|| Fault::new("is left as it was", "translate it"))
}

/// The placeholders of a line, braces included.
pub fn placeholders(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(open) = rest.find('{') {
        rest = &rest[open..];
        let close = rest.char_indices().skip(1).take(NAME).find(|(_, c)| matches!(c, '{' | '}'));
        match close {
            Some((at, '}')) if at > 1 => {
                found.push(&rest[..=at]);
                rest = &rest[at + 1..];
            }
            Some((at, '{')) => rest = &rest[at..],
            _ => rest = &rest[1..],
        }
    }
    found
}

/// Whether there is anything to translate outside the placeholders.
fn has_words(line: &str) -> bool {
    let mut depth = 0u32;
    line.chars().any(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && c.is_alphabetic()
    })
}
