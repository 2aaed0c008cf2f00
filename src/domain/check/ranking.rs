//! Rated or ranked answers, one JSON object a line.

use std::collections::HashMap;

use serde_json::Value;

use super::sheet::{Sheet, words};
use super::{Finding, and_more, fail, pass};
use crate::domain::Text;

/// One record for each id, with a choice, a rating from 1 to 7 and a reason of at least `reason_words` words.
pub fn judge(sheet: &Sheet<'_>, ids: &[Text], reason_words: u32) -> Finding {
    let label = format!("a choice, a rating 1–7 and a reason of {reason_words} words or more for each of {} pairs", ids.len());
    let mut seen: HashMap<&str, bool> = ids.iter().map(|id| (id.as_str(), false)).collect();
    let mut faults = Vec::new();
    for (i, item) in sheet.items.iter().enumerate() {
        if let Some(fault) = fault(item.text, &mut seen, reason_words) {
            faults.push((item.line, format!("record {}: {fault}", i + 1)));
        }
    }
    if let Some((line, first)) = faults.first() {
        return fail(label, format!("{first}{}", and_more(faults.len() - 1)), Some(*line));
    }
    let mut missing = ids.iter().filter(|id| seen.get(id.as_str()) == Some(&false));
    match missing.next() {
        None => pass(label),
        Some(id) => fail(label, format!("no record for \"{id}\"{}; add a line for it", and_more(missing.count())), None),
    }
}

fn fault(text: &str, seen: &mut HashMap<&str, bool>, reason_words: u32) -> Option<String> {
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => return Some(format!("not JSON at column {}; each line is one object", error.column())),
    };
    let Some(record) = value.as_object() else { return Some("is not an object".into()) };
    if let Some(other) = record.keys().find(|k| !matches!(k.as_str(), "id" | "better" | "rating" | "reason")) {
        return Some(format!("has a key \"{other}\"; only id, better, rating and reason belong there"));
    }
    let id = match record.get("id") {
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => return Some("has no id".into()),
    };
    match seen.get_mut(id.as_str()) {
        None => return Some(format!("\"{id}\" is none of the ids asked for")),
        Some(true) => return Some(format!("\"{id}\" was answered before; keep one of them")),
        Some(seen) => *seen = true,
    }
    if !matches!(record.get("better").and_then(Value::as_str), Some("a" | "b" | "tie")) {
        return Some("\"better\" is neither \"a\" nor \"b\" nor \"tie\"".into());
    }
    if !record.get("rating").and_then(Value::as_u64).is_some_and(|r| (1..=7).contains(&r)) {
        return Some("\"rating\" is not a whole number from 1 to 7".into());
    }
    let reason = record.get("reason").and_then(Value::as_str).map_or(0, words);
    (reason < u64::from(reason_words)).then(|| format!("the reason has {reason} of {reason_words} words; say more"))
}
