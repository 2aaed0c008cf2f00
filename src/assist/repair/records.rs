//! Mending dialogues, rankings, labels and translations: what stands is kept line by line, what is at fault is laid out anew.

use std::collections::BTreeMap;

use serde_json::Value;

use super::words::grounded_only;
use crate::assist::material::Material;
use crate::assist::scaffold::{chat, prose, records, translation};
use crate::domain::check::sheet::items;
use crate::domain::check::{self, Judged, dialogue, labels, parallel};
use crate::domain::deliverable::{Form, Rule};
use crate::domain::{Deliverable, Text};

/// Dialogues: faulty and repeated ones are replaced, terms go into the last answer of the first.
pub fn mend_dialogues(material: &Material<'_>, text: &str) -> String {
    let turns = u32::try_from(chat::turns(material)).unwrap_or(2);
    let mut kept: Vec<String> = Vec::new();
    for item in items(text) {
        let line = spoken_through(item.text, |content| grounded_only(material, content)).unwrap_or_else(|| item.text.to_owned());
        if dialogue::fault(&line, turns).is_none() && material.is_item(&line) && material.is_new(&line, &kept) {
            kept.push(line);
        }
    }
    kept.truncate(usize::try_from(material.items.1).unwrap_or(usize::MAX));
    while (kept.len() as u64) < material.items.0.max(1) {
        let Some(line) = chat::next(material, &kept) else { break };
        kept.push(line);
    }
    let missing = prose::missing(material, &kept.join("\n"));
    if !missing.is_empty()
        && let Some(first) = kept.first_mut()
        && let Ok(mut value) = serde_json::from_str::<Value>(first)
        && let Some(content) =
            value.get_mut("messages").and_then(Value::as_array_mut).and_then(|m| m.last_mut()?.get_mut("content"))
    {
        let said = content.as_str().unwrap_or_default().to_owned();
        *content = Value::String(format!("{said} It is about {}.", missing.join(", ")));
        *first = value.to_string();
    }
    kept.join("\n")
}

/// A dialogue with every content passed through; `None` when it is no dialogue.
fn spoken_through(line: &str, change: impl Fn(&str) -> String) -> Option<String> {
    let mut value: Value = serde_json::from_str(line).ok()?;
    for message in value.get_mut("messages")?.as_array_mut()? {
        if let Some(content) = message.get_mut("content")
            && let Some(said) = content.as_str()
        {
            *content = Value::String(change(said));
        }
    }
    Some(value.to_string())
}

/// Rankings: the first valid record of each id stays, the others are laid out anew, in the order asked.
pub fn mend_ranking(material: &Material<'_>, text: &str) -> String {
    let id_of = |line: &str| Some(serde_json::from_str::<Value>(line).ok()?.get("id")?.as_str()?.to_owned());
    let mut out = Vec::new();
    for rule in &material.job.deliverable.rules {
        let Rule::Rank { ids, reason_words, no_ties } = rule else { continue };
        let alone = |id: &Text| Rule::Rank { ids: vec![id.clone()], reason_words: *reason_words, no_ties: *no_ties };
        out.extend(by_id(Form::RankJsonl, ids, text, id_of, alone, |id| records::ranking(material, id, *reason_words)));
    }
    out.join("\n")
}

/// Labels: the first valid line of each id stays, the others are laid out anew, in the order asked.
pub fn mend_labels(material: &Material<'_>, text: &str) -> String {
    let mut out = Vec::new();
    for rule in &material.job.deliverable.rules {
        let Rule::Label { ids, labels } = rule else { continue };
        let known: std::collections::HashSet<&str> = ids.iter().map(Text::as_str).collect();
        let id_of = |line: &str| labels::split(line, |id| known.contains(id)).map(|(id, _)| id.to_owned());
        let alone = |id: &Text| Rule::Label { ids: vec![id.clone()], labels: labels.clone() };
        out.extend(by_id(Form::Labels, ids, text, id_of, alone, |id| {
            near_label(text, id, labels).unwrap_or_else(|| records::label(material, id, labels))
        }));
    }
    out.join("\n")
}

/// The line of an id whose label is only written in another case.
fn near_label(text: &str, id: &Text, labels: &[Text]) -> Option<String> {
    items(text).iter().find_map(|item| {
        let (found, label) = labels::split(item.text, |other| other == id.as_str()).filter(|(found, _)| *found == id.as_str())?;
        let meant = labels.iter().find(|l| l.as_str().to_lowercase() == label.to_lowercase())?;
        Some(format!("{found}: {meant}"))
    })
}

fn by_id(
    form: Form,
    ids: &[Text],
    text: &str,
    id_of: impl Fn(&str) -> Option<String>,
    alone: impl Fn(&Text) -> Rule,
    anew: impl Fn(&Text) -> String,
) -> Vec<String> {
    let mut stands: BTreeMap<String, &str> = BTreeMap::new();
    let items = items(text);
    for item in &items {
        if let Some(id) = id_of(item.text) {
            stands.entry(id).or_insert(item.text);
        }
    }
    ids.iter()
        .map(|id| {
            let is_fine = |line: &&str| {
                let spec = Deliverable { form, rules: vec![alone(id)], ..Deliverable::default() };
                check::passes(&check::check(&spec, &Judged { text: line, ..Judged::default() }))
            };
            stands.get(id.as_str()).copied().filter(is_fine).map_or_else(|| anew(id), str::to_owned)
        })
        .collect()
}

/// Translations: a line that stands well beside its source stays; missing terms are noted in brackets behind the last line.
pub fn mend_translation(material: &Material<'_>, text: &str) -> String {
    let ours: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let mut lines: Vec<String> = translation::source_lines(material)
        .iter()
        .enumerate()
        .map(|(i, their)| match ours.get(i) {
            Some(our) if parallel::fault(our, their).is_none() && material.is_item(our) => (*our).to_owned(),
            _ => translation::marked(material, their),
        })
        .collect();
    let missing = prose::missing(material, &lines.join("\n"));
    for (i, term) in missing.into_iter().enumerate() {
        let Some(at) = lines.len().checked_sub(1 + i % lines.len().max(1)) else { break };
        lines[at] = format!("{} ({term})", lines[at]);
    }
    lines.join("\n")
}
