//! JSON that a requester's schema accepts.

use std::collections::{HashMap, HashSet};

use jsonschema::{PatternOptions, Validator};
use serde_json::Value;

use super::sheet::Sheet;
use super::{Fault, Finding, Place};
use crate::domain::deliverable::Form;

/// Most parts a schema may have with its references written out; a few lines can stand for billions.
const PARTS: u64 = 20_000;

/// The whole text, or each line of JSON Lines, is accepted by the schema. A schema that is no schema is the requester's mistake
/// and only warned about.
pub fn judge(sheet: &Sheet<'_>, schema: &Value) -> Finding {
    let label = "JSON as the requester's schema describes".to_owned();
    let validator = match compile(schema) {
        Ok(validator) => validator,
        Err(why) => {
            let detail = format!("the requester's schema is broken ({why}), so this was not checked");
            return Finding::warn(label, detail, "ask them");
        }
    };
    let by_line = matches!(sheet.form, Form::ChatJsonl | Form::RankJsonl);
    if !by_line {
        match serde_json::from_str::<Value>(sheet.text) {
            Ok(value) => {
                return match fault(&validator, &value) {
                    None => Finding::pass(label),
                    Some(fault) => Finding::fail(label, fault, "change it as the schema says"),
                };
            }
            // More than one value: JSON Lines.
            Err(_) if sheet.items.len() > 1 && sheet.items.iter().all(|i| serde_json::from_str::<Value>(i.text).is_ok()) => {}
            Err(error) => {
                // Where a text ends too early, the reader names the line behind it.
                let last = u32::try_from(sheet.text.lines().count().saturating_sub(1)).unwrap_or(u32::MAX);
                let line = u32::try_from(error.line()).ok().and_then(|l| l.checked_sub(1)).map(|l| l.min(last));
                let found = Finding::fail(label, format!("not JSON: {}", short(&error.to_string())), "mend it there");
                return match line {
                    Some(line) => {
                        let at = super::source::floor(sheet.line(line), error.column().saturating_sub(1));
                        found.at(Place::span(line, at, at))
                    }
                    None => found,
                };
            }
        }
    }
    if sheet.items.is_empty() {
        return Finding::fail(label, "nothing to read yet", "write one JSON object a line");
    }
    let wrong = sheet.items.iter().enumerate().filter_map(|(i, item)| {
        let (what, column) = match serde_json::from_str::<Value>(item.text) {
            Ok(value) => (fault(&validator, &value)?, None),
            Err(error) => (format!("not JSON at column {}", error.column()), Some(error.column())),
        };
        let fault = Fault::new(format!("{} {}: {what}", sheet.noun(1), i + 1), "change it as the schema says");
        let at = column.map_or(item.text, |c| item.text.get(c.saturating_sub(1)..).unwrap_or_default());
        Some((item.line, fault.of(sheet.line(item.line), at)))
    });
    Finding::of(label, wrong)
}

fn compile(schema: &Value) -> Result<Validator, String> {
    if let Some(loops) = circle(schema) {
        return Err(format!("{loops} refers to itself"));
    }
    if size(schema, schema, &mut Vec::new(), &mut HashMap::new()) > PARTS {
        return Err("it unfolds to too many parts".into());
    }
    jsonschema::options()
        // Patterns come from strangers: the engine without backtracking.
        .with_pattern_options(PatternOptions::regex())
        .should_validate_formats(true)
        .build(schema)
        .map_err(|e| short(&e.to_string()))
}

fn fault(validator: &Validator, value: &Value) -> Option<String> {
    let error = validator.iter_errors(value).next()?;
    let place = error.instance_path.to_string();
    let place = if place.is_empty() { "the object".to_owned() } else { format!("at {place}") };
    Some(format!("{place}: {}", short(&error.to_string())))
}

fn short(text: &str) -> String {
    let mut out: String = text.chars().take(120).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

/// A reference that comes back to itself without stepping into the value: judging by it would never end.
fn circle(root: &Value) -> Option<String> {
    let mut starts = vec![(root, 0)];
    let mut done = HashSet::new();
    // Every subschema is a start; depth is bounded by the JSON reader.
    while let Some((value, depth)) = starts.pop() {
        if depth > 200 {
            return Some("a part nested too deeply".into());
        }
        if let Some(found) = walk(root, value, &mut Vec::new(), &mut done) {
            return Some(found);
        }
        match value {
            Value::Object(object) => starts.extend(object.values().map(|v| (v, depth + 1))),
            Value::Array(list) => starts.extend(list.iter().map(|v| (v, depth + 1))),
            _ => {}
        }
    }
    None
}

/// Follows references and the keywords that judge the same value.
fn walk<'a>(root: &'a Value, schema: &'a Value, open: &mut Vec<&'a Value>, done: &mut HashSet<*const Value>) -> Option<String> {
    let object = schema.as_object()?;
    if done.contains(&std::ptr::from_ref(schema)) {
        return None;
    }
    if open.iter().any(|o| std::ptr::eq(*o, schema)) || open.len() > 200 {
        let name = object.get("$ref").and_then(Value::as_str).unwrap_or("the schema");
        return Some(short(name));
    }
    open.push(schema);
    if object.contains_key("$dynamicRef") || object.contains_key("$recursiveRef") {
        return Some("a dynamic reference, which may be one that".into());
    }
    if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
        let Some(target) = reference.strip_prefix('#').and_then(|p| root.pointer(p)) else {
            return Some(format!("{}, which is not in it or", short(reference)));
        };
        if let Some(found) = walk(root, target, open, done) {
            return Some(found);
        }
    }
    for (key, value) in object {
        let inner: Vec<&Value> = match (key.as_str(), value) {
            ("not" | "if" | "then" | "else", value) => vec![value],
            ("allOf" | "anyOf" | "oneOf", Value::Array(list)) => list.iter().collect(),
            ("dependentSchemas" | "dependencies", Value::Object(map)) => map.values().collect(),
            _ => continue,
        };
        for schema in inner {
            if let Some(found) = walk(root, schema, open, done) {
                return Some(found);
            }
        }
    }
    open.pop();
    done.insert(std::ptr::from_ref(schema));
    None
}

/// Parts of a schema with every reference written out; a reference back to an open part counts as one.
fn size<'a>(root: &'a Value, part: &'a Value, open: &mut Vec<&'a Value>, known: &mut HashMap<*const Value, u64>) -> u64 {
    if let Some(known) = known.get(&std::ptr::from_ref(part)) {
        return *known;
    }
    if open.iter().any(|o| std::ptr::eq(*o, part)) {
        return 1;
    }
    if open.len() > 500 {
        return PARTS + 1;
    }
    open.push(part);
    let mut all = 1u64;
    match part {
        Value::Object(object) => {
            if let Some(target) = object.get("$ref").and_then(Value::as_str).and_then(|r| root.pointer(r.strip_prefix('#')?)) {
                all = all.saturating_add(size(root, target, open, known));
            }
            for value in object.values() {
                all = all.saturating_add(size(root, value, open, known));
            }
        }
        Value::Array(list) => {
            for value in list {
                all = all.saturating_add(size(root, value, open, known));
            }
        }
        _ => {}
    }
    open.pop();
    known.insert(std::ptr::from_ref(part), all);
    all
}
