//! Labelled things, one `id: label` a line.

use std::collections::HashMap;

use super::sheet::Sheet;
use super::{Fault, Finding};
use crate::domain::Text;

/// One line for each id, with one of the labels.
pub fn judge(sheet: &Sheet<'_>, ids: &[Text], labels: &[Text]) -> Finding {
    let label = format!("one line \"id: label\" for each of {} ids", ids.len());
    let mut seen: HashMap<&str, bool> = ids.iter().map(|id| (id.as_str(), false)).collect();
    let mut faults = Vec::new();
    for (i, item) in sheet.items.iter().enumerate() {
        if let Some(fault) = fault(item.text, &mut seen, labels) {
            let what = format!("line {}: {}", i + 1, fault.what);
            faults.push((item.line, Fault { what, ..fault }.of(sheet.line(item.line), item.text)));
        }
    }
    if !faults.is_empty() {
        return Finding::of(label, faults);
    }
    let mut missing = ids.iter().filter(|id| seen.get(id.as_str()) == Some(&false));
    match missing.next() {
        None => Finding::pass(label),
        Some(id) => {
            let mut found = Finding::fail(label, format!("no line for \"{id}\""), "add it");
            found.others = u32::try_from(missing.count()).unwrap_or(u32::MAX);
            found
        }
    }
}

/// Id and label of a line; an id may hold colons of its own, a label may not.
pub fn split(line: &str, is_id: impl Fn(&str) -> bool) -> Option<(&str, &str)> {
    let cut = |at: usize| (line[..at].trim(), line[at + 1..].trim());
    // Few colons are tried: a line of nothing but colons must not cost its square.
    let at = line.match_indices(':').take(8).map(|(at, _)| at).find(|at| is_id(cut(*at).0));
    at.or_else(|| line.find(':')).map(cut)
}

fn fault(line: &str, seen: &mut HashMap<&str, bool>, labels: &[Text]) -> Option<Fault> {
    let Some((id, label)) = split(line, |id| seen.contains_key(id)) else {
        return Some(Fault::new("is not \"id: label\"", "write it so"));
    };
    match seen.get_mut(id) {
        None => return Some(Fault::new(format!("\"{id}\" is none of the ids asked for"), "take one of those")),
        Some(true) => return Some(Fault::new(format!("\"{id}\" was labelled before"), "keep one of them")),
        Some(seen) => *seen = true,
    }
    if labels.iter().any(|l| l.as_str() == label) {
        return None;
    }
    Some(match labels.iter().find(|l| l.as_str().to_lowercase() == label.to_lowercase()) {
        Some(meant) => Fault::new(format!("\"{label}\" is spelled another way"), format!("write the label as \"{meant}\"")),
        None if label.is_empty() => Fault::new(format!("\"{id}\" has no label yet"), "give it one"),
        None => Fault::new(format!("\"{label}\" is none of the labels"), "take one of those"),
    })
}
