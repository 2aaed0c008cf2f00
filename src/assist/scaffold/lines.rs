//! Items, one a line: short phrases of the brief, fitted to the limits.

use crate::assist::material::Material;
use crate::domain::check::sheet::{graphemes, words};

/// How an item is put together from the terms it must hold and a phrase.
const SHAPES: [(&str, &str, &str); 5] = [("", ": ", ""), (".", " ", "."), ("", ", ", ""), (".", " Only ", "."), ("", " – ", "")];

/// As many items as asked, the required terms spread over them.
pub fn lay_out(material: &Material<'_>) -> Vec<String> {
    let n = wanted(material.items, 5);
    let mut items: Vec<String> = Vec::new();
    let mut must = material.must.clone();
    while items.len() < n {
        // The terms that are left go in as soon as a line can hold them.
        let term: Vec<&str> = must.first().copied().into_iter().collect();
        let Some(item) = next(material, &items, &term).or_else(|| next(material, &items, &[])) else { break };
        must.retain(|term| !item.to_lowercase().contains(&term.to_lowercase()));
        items.push(item);
    }
    items
}

/// How many to make of a range: the least that is asked, `otherwise` when nothing is.
pub fn wanted(range: (u64, u64), otherwise: u64) -> usize {
    let n = if range.0 > 0 { range.0 } else { otherwise.min(range.1) };
    usize::try_from(n.min(5_000)).unwrap_or(0)
}

/// The next item: within the limits, holding the terms, unlike the others. `None` when the material is used up.
pub fn next(material: &Material<'_>, others: &[String], terms: &[&str]) -> Option<String> {
    let mut held: Vec<&str> = Vec::new();
    for term in material.each.iter().chain(terms) {
        if !held.contains(term) {
            held.push(term);
        }
    }
    let clauses = &material.clauses;
    let offset = others.len();
    for stride in [1, 2, 3, 5, 7] {
        for start in 0..clauses.len() {
            let stream: Vec<&str> =
                (0..12).filter_map(|k| clauses.get((start + k * stride) % clauses.len())).map(String::as_str).collect();
            for turn in 0..SHAPES.len() {
                let shape = SHAPES[(offset + turn) % SHAPES.len()];
                if let Some(item) = fitted(material, &stream, &held, shape)
                    && material.is_new(&item, others)
                {
                    return Some(item);
                }
                if held.is_empty() {
                    break;
                }
            }
        }
    }
    None
}

/// One item of as many whole clauses as it needs, cut to the most it may hold.
fn fitted(material: &Material<'_>, stream: &[&str], held: &[&str], shape: (&str, &str, &str)) -> Option<String> {
    let mut tokens: Vec<String> = Vec::new();
    for clause in stream {
        if let Some(last) = tokens.last_mut() {
            last.push(',');
        }
        tokens.extend(clause.split(' ').map(str::to_owned));
        let whole = composed(&tokens, held, shape);
        if graphemes(&whole) < material.item_chars.0 || words(&whole) < material.item_words.0 {
            continue;
        }
        // Long enough: whole, or cut until it is short enough.
        for n in (1..=tokens.len()).rev() {
            let cut = tidy(&tokens[..n]);
            if cut.is_empty() {
                return None;
            }
            let item = composed(&cut, held, shape);
            if graphemes(&item) < material.item_chars.0 || words(&item) < material.item_words.0 {
                return None;
            }
            if graphemes(&item) <= material.item_chars.1 && words(&item) <= material.item_words.1 {
                return material.is_item(&item).then_some(item);
            }
        }
        return None;
    }
    None
}

fn composed(tokens: &[String], held: &[&str], (mark, between, end): (&str, &str, &str)) -> String {
    let phrase = tokens.join(" ");
    let missing: Vec<&str> = held.iter().filter(|t| !phrase.contains(**t)).copied().collect();
    if missing.is_empty() {
        return capital(&phrase);
    }
    let terms = missing.join(" ");
    match mark {
        // "Hot water, three minutes. Fernhollow."
        "." => format!("{}.{between}{terms}{end}", capital(&phrase)),
        _ => format!("{terms}{between}{phrase}{end}"),
    }
}

/// Without the words at the end that want another one.
fn tidy(tokens: &[String]) -> Vec<String> {
    const OPEN: [&str; 36] = [
        "the", "a", "an", "and", "of", "to", "in", "for", "with", "that", "who", "or", "is", "are", "by", "from", "on", "at",
        "as", "was", "were", "its", "your", "our", "their", "it", "so", "but", "than", "into", "be", "has", "have", "will",
        "when", "which",
    ];
    let mut kept = tokens.to_vec();
    while let Some(last) = kept.last_mut() {
        *last = last.trim_end_matches([',', ';', ':', '-']).to_owned();
        let open = last.is_empty() || OPEN.contains(&last.to_lowercase().as_str());
        if !open || kept.len() == 1 {
            break;
        }
        kept.pop();
    }
    kept
}

/// With a capital first letter.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
