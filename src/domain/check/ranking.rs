//! Rated or ranked answers, one JSON object a line: choices, reasons, agreement with oneself, time taken.

use std::collections::HashMap;

use super::dialogue::faults;
use super::json::Node;
use super::sheet::{Sheet, words};
use super::{Fault, Finding};
use crate::domain::Text;

/// One record for each id, with a choice, a rating from 1 to 7 and a reason of at least `reason_words` words.
pub fn judge(sheet: &Sheet<'_>, ids: &[Text], reason_words: u32, no_ties: bool) -> Finding {
    let ties = if no_ties { " (no ties)" } else { "" };
    let label =
        format!("a choice{ties}, a rating 1–7 and a reason of {reason_words} words or more for each of {} pairs", ids.len());
    let mut seen: HashMap<&str, bool> = ids.iter().map(|id| (id.as_str(), false)).collect();
    let wrong = faults(sheet, "record", |node, line| fault(node, line, &mut seen, reason_words, no_ties));
    if !wrong.is_empty() {
        return Finding::of(label, wrong);
    }
    let mut missing = ids.iter().filter(|id| seen.get(id.as_str()) == Some(&false));
    match missing.next() {
        None => Finding::pass(label),
        Some(id) => {
            let mut found = Finding::fail(label, format!("no record for \"{id}\""), "add a line for it");
            found.others = u32::try_from(missing.count()).unwrap_or(u32::MAX);
            found
        }
    }
}

fn fault(node: &Node<'_>, line: &str, seen: &mut HashMap<&str, bool>, reason_words: u32, no_ties: bool) -> Option<Fault> {
    let Some(record) = node.object() else { return Some(Fault::new("is not an object", "write {\"id\":…,\"better\":…}")) };
    let known = |key: &str| matches!(key, "id" | "better" | "rating" | "reason" | "seconds");
    if let Some((other, _)) = record.iter().find(|(k, _)| !known(k)) {
        let fault = Fault::new(format!("has a key \"{other}\""), "only id, better, rating, reason and seconds belong there");
        return Some(fault.of(line, other));
    }
    if let Some(twice) = node.doubled() {
        return Some(Fault::new(format!("has \"{twice}\" twice"), "keep one").of(line, twice));
    }
    let Some(id) = id_of(node) else { return Some(Fault::new("has no id", "write the pair's id")) };
    let place = node.get("id").and_then(Node::text).unwrap_or_default();
    match seen.get_mut(id.as_str()) {
        None => return Some(Fault::new(format!("\"{id}\" is none of the ids asked for"), "take one of those").of(line, place)),
        Some(true) => return Some(Fault::new(format!("\"{id}\" was answered before"), "keep one of them").of(line, place)),
        Some(seen) => *seen = true,
    }
    let better = node.get("better").and_then(Node::text).unwrap_or_default();
    match better {
        "a" | "b" => {}
        "tie" if !no_ties => {}
        "tie" => return Some(Fault::new("\"better\" is a tie", "choose a or b: ties are not taken here").of(line, better)),
        _ => return Some(Fault::new("\"better\" is neither \"a\" nor \"b\" nor \"tie\"", "write one of them").of(line, better)),
    }
    if !matches!(node.get("rating"), Some(Node::Whole(1..=7))) {
        return Some(Fault::new("\"rating\" is not a whole number from 1 to 7", "give one"));
    }
    let reason = node.get("reason").and_then(Node::text).unwrap_or_default();
    let n = words(reason);
    (n < u64::from(reason_words))
        .then(|| Fault::new(format!("the reason has {n} of {reason_words} words"), "say more").of(line, reason))
}

fn id_of(node: &Node<'_>) -> Option<String> {
    match node.get("id") {
        Some(Node::Text(id)) => Some(id.to_string()),
        Some(Node::Whole(id)) => Some(id.to_string()),
        _ => None,
    }
}

/// Pairs that were shown twice are answered alike: Cohen's kappa over the choices is at least `percent` hundredths.
pub fn agrees(sheet: &Sheet<'_>, pairs: &[[Text; 2]], percent: u8) -> Finding {
    let label = format!("agrees with itself where a pair comes twice (kappa {})", hundredths(i64::from(percent)));
    let mut choices: HashMap<String, (usize, u32)> = HashMap::new();
    for (item, read) in sheet.items.iter().zip(sheet.records()) {
        let Ok(node) = read else { continue };
        let choice = match node.get("better").and_then(Node::text) {
            Some("a") => 0,
            Some("b") => 1,
            Some("tie") => 2,
            _ => continue,
        };
        if let Some(id) = id_of(node) {
            choices.insert(id, (choice, item.line));
        }
    }
    let both: Vec<((usize, u32), (usize, u32))> =
        pairs.iter().filter_map(|[one, two]| Some((*choices.get(one.as_str())?, *choices.get(two.as_str())?))).collect();
    let Some(kappa) = kappa(&both.iter().map(|(a, b)| (a.0, b.0)).collect::<Vec<_>>()) else {
        return Finding::warn(label, "no pair was answered twice yet, so it could not be reckoned", "answer all of them");
    };
    if kappa >= i64::from(percent) {
        let mut found = Finding::pass(label);
        found.detail = Text::title(&format!("kappa {} over {} pairs", hundredths(kappa), both.len()));
        return found;
    }
    let mut apart = both.iter().filter(|(a, b)| a.0 != b.0).map(|(_, b)| super::Place::line(b.1));
    let detail = format!("kappa {} over {} pairs", hundredths(kappa), both.len());
    let mut found = Finding::fail(label, detail, "look at the repeats again, without the first answer in sight");
    if let Some(first) = apart.next() {
        found = found.at(first);
    }
    apart.for_each(|place| {
        found.others += 1;
        found.also.push(place);
    });
    found
}

/// Cohen's kappa of pairs of choices among three, in hundredths; nothing without any. All the same choice is full agreement.
pub fn kappa(pairs: &[(usize, usize)]) -> Option<i64> {
    if pairs.is_empty() {
        return None;
    }
    let n = pairs.len() as i64;
    let same = pairs.iter().filter(|(a, b)| a == b).count() as i64;
    let by_chance: i64 = (0..3)
        .map(|c| {
            let one = pairs.iter().filter(|(a, _)| *a == c).count() as i64;
            let two = pairs.iter().filter(|(_, b)| *b == c).count() as i64;
            one * two
        })
        .sum();
    // (same/n - chance/n²) / (1 - chance/n²)
    let rest = n * n - by_chance;
    Some(if rest == 0 { 100 } else { 100 * (same * n - by_chance) / rest })
}

fn hundredths(n: i64) -> String {
    format!("{}{}.{:02}", if n < 0 { "-" } else { "" }, n.abs() / 100, n.abs() % 100)
}

/// Records that tell how long they took were not rushed.
pub fn unhurried(sheet: &Sheet<'_>, least: u32) -> Finding {
    let label = format!("at least {least} s for each answer, where it is told");
    let wrong = sheet.items.iter().zip(sheet.records()).enumerate().filter_map(|(i, (item, read))| {
        let took = match read.as_ref().ok()?.get("seconds")? {
            Node::Whole(took) => *took as f64,
            Node::Number(took) => *took,
            _ => return None,
        };
        let fault = Fault::new(format!("record {} took {took} s", i + 1), "read both answers whole and judge again");
        (took < f64::from(least)).then(|| (item.line, fault.of(sheet.line(item.line), item.text)))
    });
    Finding::of(label, wrong)
}
