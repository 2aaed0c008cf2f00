//! No two items alike.

use std::collections::HashMap;

use super::dialogue::speech;
use super::json::Node;
use super::sheet::{Sheet, stamp};
use super::{Fault, Finding, likely};
use crate::domain::deliverable::Form;

/// Pairs and their trigrams looked at together; past it only equality is judged.
const BUDGET: usize = 8_000_000;
/// Characters of an item that are compared.
const CHARS: usize = 2_000;
/// Up to so many items each is compared with each; of more, those that fingerprints bring together.
const EACH_WITH_EACH: usize = 1_500;

/// Equality after folding, then Jaccard similarity of character trigrams over `percent`.
pub fn judge(sheet: &Sheet<'_>, percent: u8) -> Finding {
    let noun = sheet.noun(2);
    let label = format!("no two {noun} alike (over {percent} % similar)");
    let shapes: Vec<String> = match sheet.form {
        Form::ChatJsonl | Form::RankJsonl => {
            let read = sheet.items.iter().zip(sheet.records());
            read.map(|(item, read)| read.as_ref().map_or_else(|_| essence(Form::Text, item.text), said)).collect()
        }
        form => sheet.items.iter().map(|item| essence(form, item.text)).collect(),
    };
    // Where nothing is left to compare by, what is written is: "?!" twice is twice the same.
    let shapes: Vec<String> = shapes
        .into_iter()
        .zip(&sheet.items)
        .map(|(shape, item)| if shape.trim().is_empty() { item.text.to_owned() } else { shape })
        .collect();
    let mut first_with: HashMap<&str, usize> = HashMap::with_capacity(shapes.len());
    // Which earlier item each one is like, and how much.
    let mut like: Vec<Option<(usize, usize)>> = vec![None; shapes.len()];
    for (i, shape) in shapes.iter().enumerate().filter(|(_, shape)| !shape.is_empty()) {
        let first = *first_with.entry(shape).or_insert(i);
        like[i] = (first < i).then_some((first, 100));
    }
    let whole = if shapes.len() <= EACH_WITH_EACH {
        each_with_each(&shapes, percent, &mut like)
    } else {
        likely::pairs(&shapes, percent, 6 * BUDGET, &mut like)
    };
    let mut told = false;
    let faults = sheet.items.iter().zip(&like).enumerate().filter_map(|(i, (item, like))| {
        let (earlier, percent) = (*like)?;
        // Only the first one is put into words.
        if std::mem::replace(&mut told, true) {
            return Some((item.line, Fault::default().of(sheet.line(item.line), item.text)));
        }
        let what = match shapes[i] == shapes[earlier] {
            true => format!("{} {} says the same as {}", sheet.noun(1), i + 1, earlier + 1),
            false => format!("{} {} is {percent} % like {}", sheet.noun(1), i + 1, earlier + 1),
        };
        Some((item.line, Fault::new(what, "rewrite one of them").of(sheet.line(item.line), item.text)))
    });
    let found = Finding::of(&label, faults);
    match whole {
        Some(looked_at) if found.verdict == super::Verdict::Pass => {
            let detail = match looked_at {
                0 => format!("too many {noun} are somewhat alike to compare them all; those compared are distinct"),
                n => format!("too many to compare each with each; {noun} 1–{n} are distinct"),
            };
            Finding::warn(label, detail, "look through the rest yourself")
        }
        _ => found,
    }
}

/// Compares all pairs; how many items were looked at when the budget did not suffice for all.
fn each_with_each(shapes: &[String], percent: u8, like: &mut [Option<(usize, usize)>]) -> Option<usize> {
    let grams: Vec<Vec<u64>> = shapes.iter().map(|shape| trigrams(shape)).collect();
    let mut spent = 0;
    for later in 0..shapes.len() {
        for earlier in 0..later {
            spent += 1;
            // Before anything is skipped: a thousand items that hold nothing to compare are many steps as well.
            if spent > BUDGET {
                return Some(later);
            }
            if like[later].is_some() {
                break;
            }
            let (a, b) = (&grams[earlier], &grams[later]);
            let (few, many) = (a.len().min(b.len()), a.len().max(b.len()));
            if few * 100 <= many * usize::from(percent) {
                continue;
            }
            spent += few + many;
            like[later] = over(a, b, percent).map(|percent| (earlier, percent));
        }
    }
    None
}

/// How alike two sets are, in percent, when that is over the limit.
pub fn over(a: &[u64], b: &[u64], percent: u8) -> Option<usize> {
    let (shared, all) = overlap(a, b);
    (shared * 100 > all * usize::from(percent)).then(|| shared * 100 / all.max(1))
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
        Form::ChatJsonl | Form::RankJsonl => match Node::read(text) {
            Ok(node) => return said(&node),
            Err(_) => plain(text, &mut out),
        },
        _ => plain(text, &mut out),
    }
    out
}

/// What is said in a record by anybody but the system, or why somebody chose.
fn said(node: &Node<'_>) -> String {
    let mut out = String::new();
    for (_, text) in speech(node).iter().filter(|(role, _)| *role != "system") {
        plain(text, &mut out);
        out.push(' ');
    }
    if out.is_empty()
        && let Some(reason) = node.get("reason").and_then(Node::text)
    {
        plain(reason, &mut out);
    }
    out
}

fn plain(text: &str, out: &mut String) {
    let mut gap = false;
    if text.is_ascii() {
        for b in text.bytes() {
            if b.is_ascii_alphanumeric() {
                if std::mem::take(&mut gap) && !out.is_empty() {
                    out.push(' ');
                }
                out.push(char::from(b.to_ascii_lowercase()));
            } else if b.is_ascii_whitespace() || b.is_ascii_punctuation() {
                gap = true;
            } else {
                out.push(char::from(b));
            }
        }
        return;
    }
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

/// Three characters in a row, each as one number, a blank at both ends.
pub fn grams(shape: &str) -> impl Iterator<Item = u64> + '_ {
    let mut last = (0u64, u64::from(u32::from(' ')));
    shape.chars().take(CHARS).chain([' ']).enumerate().filter_map(move |(i, c)| {
        let next = u64::from(u32::from(c));
        let gram = last.0 << 42 | last.1 << 21 | next;
        last = (last.1, next);
        (i > 0).then_some(gram)
    })
}

/// The set of them, sorted.
pub fn trigrams(shape: &str) -> Vec<u64> {
    let mut grams: Vec<u64> = grams(shape).collect();
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
