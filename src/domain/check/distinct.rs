//! No two items alike.

use std::collections::HashMap;

use serde_json::Value;

use super::sheet::{Sheet, stamp};
use super::{Finding, fail, pass, warn};
use crate::domain::deliverable::Form;

/// Pairs and their trigrams looked at together; past it only equality is judged.
const BUDGET: usize = 8_000_000;
/// Characters of an item that are compared.
const CHARS: usize = 2_000;

/// Equality after folding, then Jaccard similarity of character trigrams over `percent`.
pub fn judge(sheet: &Sheet<'_>, percent: u8) -> Finding {
    let noun = sheet.noun(2);
    let label = format!("no two {noun} alike (over {percent} % similar)");
    let shapes: Vec<(u32, String)> = sheet.items.iter().map(|item| (item.line, essence(sheet.form, item.text))).collect();
    let mut first_with: HashMap<&str, usize> = HashMap::with_capacity(shapes.len());
    for (i, (line, shape)) in shapes.iter().enumerate().filter(|(_, (_, shape))| !shape.is_empty()) {
        if let Some(first) = first_with.insert(shape, i) {
            let detail = format!("{} {} says the same as {}; rewrite one of them", sheet.noun(1), i + 1, first + 1);
            return fail(label, detail, Some(*line));
        }
    }
    let grams: Vec<Vec<u64>> = shapes.iter().map(|(_, shape)| trigrams(shape)).collect();
    let mut spent = 0;
    for (later, (line, _)) in shapes.iter().enumerate() {
        for earlier in 0..later {
            spent += 1;
            // Before anything is skipped: a million items that hold nothing to compare are a million squared steps as well.
            if spent > BUDGET {
                return warn(label, format!("too many to compare each with each; {noun} 1–{later} are distinct"));
            }
            let (a, b) = (&grams[earlier], &grams[later]);
            let (few, many) = (a.len().min(b.len()), a.len().max(b.len()));
            if few * 100 <= many * usize::from(percent) {
                continue;
            }
            spent += few + many;
            let (shared, all) = overlap(a, b);
            if shared * 100 > all * usize::from(percent) {
                let like = shared * 100 / all.max(1);
                let detail = format!("{} {} is {like} % like {}; rewrite one of them", sheet.noun(1), later + 1, earlier + 1);
                return fail(label, detail, Some(*line));
            }
        }
    }
    pass(label)
}

/// How alike two items are, in percent: what [`judge`] compares with its limit. Equal after folding is 100.
pub fn likeness(form: Form, a: &str, b: &str) -> usize {
    let (a, b) = (essence(form, a), essence(form, b));
    if a == b {
        return 100;
    }
    let (shared, all) = overlap(&trigrams(&a), &trigrams(&b));
    // Rounded up, so that "not over the limit" stays true.
    (shared * 100).div_ceil(all.max(1))
}

/// What of an item counts: letters and digits in lower case, with single spaces; of a dialogue what is said, of a ranking the reason.
pub fn essence(form: Form, text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(CHARS * 4));
    match form {
        Form::Script => plain(stamp(text).map_or(text, |(_, rest)| rest), &mut out),
        Form::ChatJsonl | Form::RankJsonl => match serde_json::from_str::<Value>(text) {
            Ok(value) => said(&value, &mut out),
            Err(_) => plain(text, &mut out),
        },
        _ => plain(text, &mut out),
    }
    out
}

fn said(value: &Value, out: &mut String) {
    if let Some(messages) = value.get("messages").and_then(Value::as_array) {
        for message in messages.iter().filter(|m| m.get("role").and_then(Value::as_str) != Some("system")) {
            plain(message.get("content").and_then(Value::as_str).unwrap_or_default(), out);
            out.push(' ');
        }
    } else if let Some(reason) = value.get("reason").and_then(Value::as_str) {
        plain(reason, out);
    }
}

fn plain(text: &str, out: &mut String) {
    let mut gap = false;
    for c in text.chars() {
        if c.is_alphanumeric() {
            if std::mem::take(&mut gap) && !out.is_empty() {
                out.push(' ');
            }
            out.extend(c.to_lowercase());
        } else if c.is_whitespace() || c.is_ascii_punctuation() {
            gap = true;
        } else {
            // Emoji and signs tell items apart as well.
            out.push(c);
        }
    }
}

fn trigrams(shape: &str) -> Vec<u64> {
    let padded: Vec<u64> =
        [' '].into_iter().chain(shape.chars().take(CHARS)).chain([' ']).map(|c| u64::from(u32::from(c))).collect();
    let mut grams: Vec<u64> = padded.windows(3).map(|w| w[0] << 42 | w[1] << 21 | w[2]).collect();
    grams.sort_unstable();
    grams.dedup();
    grams
}

/// Size of the intersection and of the union of two sorted sets.
fn overlap(a: &[u64], b: &[u64]) -> (usize, usize) {
    let (mut i, mut j, mut shared) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                i += 1;
                j += 1;
            }
        }
    }
    (shared, a.len() + b.len() - shared)
}
