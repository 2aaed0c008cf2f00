//! Mending items, one a line.

use super::words::grounded_only;
use crate::assist::material::Material;
use crate::assist::scaffold::{lines, prose};
use crate::domain::check::sheet::{bare, folded, graphemes, items, words};
use crate::domain::deliverable::Rule;

/// The items mended. `numbered`: an empty list is numbered; otherwise the lines keep to what the first one does.
pub fn mend(material: &Material<'_>, text: &str, failing: &[&Rule], numbered: bool) -> String {
    let old: Vec<String> = items(text).iter().map(|i| i.text.to_owned()).collect();
    let numbered = match text.lines().find(|l| !l.trim().is_empty()) {
        Some(line) => bare(line).len() < line.trim().len() && line.trim().starts_with(|c: char| c.is_ascii_digit()),
        None => numbered,
    };
    let mut kept: Vec<String> = Vec::new();
    for item in old {
        let item = if material.is_item(&item) { Some(item) } else { fitted(material, &item) };
        if let Some(item) = item.filter(|i| material.is_new(i, &kept)) {
            kept.push(item);
        }
    }
    drop_extra(material, &mut kept);
    fill(material, &mut kept);
    for term in prose::missing(material, &kept.join("\n")) {
        include(material, &mut kept, term);
    }
    if failing.iter().any(|r| matches!(r, Rule::Words { .. } | Rule::Chars { .. })) {
        resize(material, &mut kept);
    }
    let lines: Vec<String> = match numbered {
        true => kept.iter().enumerate().map(|(i, item)| format!("{}. {item}", i + 1)).collect(),
        false => kept,
    };
    lines.join("\n")
}

/// One item brought within the limits; `None` when it cannot be.
fn fitted(material: &Material<'_>, item: &str) -> Option<String> {
    let mut item = grounded_only(material, item);
    for term in &material.each {
        if item.contains(term) {
            continue;
        }
        // Spelled another way: put right; missing: set behind.
        let at = item.to_lowercase().find(&term.to_lowercase()).filter(|at| item.get(*at..at + term.len()).is_some());
        match at {
            Some(at) => item.replace_range(at..at + term.len(), term),
            None => item = format!("{} – {term}", item.trim_end_matches(['.', '!', ' '])),
        }
    }
    let short = |item: &str| graphemes(item) < material.item_chars.0 || words(item) < material.item_words.0;
    let long = |item: &str| graphemes(item) > material.item_chars.1 || words(item) > material.item_words.1;
    for clause in material.clauses.iter().filter(|c| !folded(&item).contains(&folded(c))).take(40).collect::<Vec<_>>() {
        if !short(&item) {
            break;
        }
        item = format!("{}, {clause}", item.trim_end_matches(['.', ',', ' ']));
    }
    let mut tokens: Vec<&str> = item.split_whitespace().collect();
    while tokens.len() > 1 && long(&tokens.join(" ")) {
        // The last word that is no part of a term goes.
        let at = (0..tokens.len()).rev().find(|i| !material.each.iter().chain(&material.must).any(|t| t.contains(tokens[*i])))?;
        tokens.remove(at);
    }
    let item = tokens.join(" ");
    let item = item.trim_end_matches([',', ';', ':', '–', '-', ' ']).to_owned();
    material.is_item(&item).then_some(item)
}

fn holds_term(material: &Material<'_>, item: &str) -> bool {
    material.must.iter().any(|term| folded(item).contains(&folded(term)))
}

fn drop_extra(material: &Material<'_>, kept: &mut Vec<String>) {
    while kept.len() as u64 > material.items.1 {
        let at = kept.iter().rposition(|item| !holds_term(material, item)).unwrap_or(kept.len() - 1);
        kept.remove(at);
    }
}

fn fill(material: &Material<'_>, kept: &mut Vec<String>) {
    while (kept.len() as u64) < material.items.0.max(1) {
        let missing = prose::missing(material, &kept.join("\n"));
        let first: Vec<&str> = missing.into_iter().take(1).collect();
        let Some(item) = lines::next(material, kept, &first).or_else(|| lines::next(material, kept, &[])) else { break };
        kept.push(item);
    }
}

/// Works a term into the items: behind one that has room, else in place of one that holds no term, else as one more.
fn include(material: &Material<'_>, kept: &mut Vec<String>, term: &str) {
    for i in (0..kept.len()).rev() {
        let plain = kept[i].trim_end_matches(['.', ' ']);
        for longer in [format!("{plain} – {term}"), format!("{plain} {term}"), format!("{term}: {plain}")] {
            let others: Vec<String> = kept.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, o)| o.clone()).collect();
            if material.is_item(&longer) && material.is_new(&longer, &others) {
                kept[i] = longer;
                return;
            }
        }
    }
    let Some(item) = lines::next(material, kept, &[term]) else { return };
    match kept.iter().rposition(|i| !holds_term(material, i)) {
        Some(at) if kept.len() as u64 >= material.items.1.min(material.items.0.max(1)) => kept[at] = item,
        _ => kept.push(item),
    }
}

/// Brings the whole within its length: by further items, else by longer or shorter ones.
fn resize(material: &Material<'_>, kept: &mut Vec<String>) {
    for _ in 0..200 {
        let text = kept.join("\n");
        if prose::is_too_long(material, &text) {
            let long =
                (0..kept.len()).filter(|i| words(&kept[*i]) > material.item_words.0.max(1)).max_by_key(|i| graphemes(&kept[*i]));
            match long {
                _ if kept.len() as u64 > material.items.0.max(1) => drop(kept.pop()),
                Some(i) => match kept[i].rsplit_once(' ') {
                    Some((shorter, _)) => kept[i] = shorter.trim_end_matches([',', ' ']).to_owned(),
                    None => return,
                },
                None => return,
            }
        } else if !prose::is_long_enough(material, &text) {
            let more = if (kept.len() as u64) < material.items.1 { lines::next(material, kept, &[]) } else { None };
            if let Some(item) = more {
                kept.push(item);
                continue;
            }
            // No further item allowed: the shortest grows by a phrase that is not in it yet.
            let mut order: Vec<usize> = (0..kept.len()).collect();
            order.sort_by_key(|i| graphemes(&kept[*i]));
            let grown = order.into_iter().find_map(|i| {
                let longer = material
                    .clauses
                    .iter()
                    .filter(|c| !text.contains(c.as_str()))
                    .map(|c| format!("{}, {c}", kept[i].trim_end_matches(['.', ',', ' '])));
                longer.into_iter().find(|l| material.is_item(l)).map(|l| (i, l))
            });
            match grown {
                Some((i, longer)) => kept[i] = longer,
                None => return,
            }
        } else {
            return;
        }
    }
}
