//! Items, one a line: short phrases of the brief, fitted to the limits.

use crate::assist::material::Material;
use crate::domain::check::sheet::{graphemes, words};

/// How an item is put together from a phrase and the terms it must hold.
const SHAPES: [Shape; 4] = [Shape::Named, Shape::Signed, Shape::Dashed, Shape::Only];

#[derive(Clone, Copy)]
enum Shape {
    /// "Fernhollow: hot water, three minutes"
    Named,
    /// "Hot water, three minutes. Fernhollow."
    Signed,
    /// "Hot water, three minutes – Fernhollow"
    Dashed,
    /// "Hot water, three minutes. Only Fernhollow."
    Only,
}

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
    let offset = others.len();
    // What tells of the thing, in all its combinations, before anything else.
    [&material.clauses[..material.good], &material.clauses[..]].into_iter().find_map(|clauses| {
        for stride in [1, 2, 3, 5, 7] {
            for start in 0..clauses.len() {
                let near = (0..12).filter_map(|k| clauses.get((start + k * stride) % clauses.len()));
                let stream: Vec<&str> = near.map(String::as_str).collect();
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
    })
}

/// One item of as many whole clauses as it needs, cut to the most it may hold.
fn fitted(material: &Material<'_>, stream: &[&str], held: &[&str], shape: Shape) -> Option<String> {
    let mut tokens: Vec<String> = Vec::new();
    for clause in stream {
        if let Some(last) = tokens.last_mut() {
            // A clause that began a sentence begins one here.
            last.push(if clause.starts_with(char::is_uppercase) { '.' } else { ',' });
        }
        tokens.extend(clause.split(' ').map(str::to_owned));
        let whole = composed(&tokens, held, shape);
        if graphemes(&whole) < material.item_chars.0 || words(&whole) < material.item_words.0 {
            continue;
        }
        // Long enough: whole, or cut until it is short enough.
        for n in (1..=tokens.len()).rev() {
            let cut = if n < tokens.len() { rounded(&tokens[..n]) } else { tidy(&tokens[..n]) };
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

fn composed(tokens: &[String], held: &[&str], shape: Shape) -> String {
    let phrase = tokens.join(" ");
    let missing: Vec<&str> = held.iter().filter(|t| !phrase.contains(**t)).copied().collect();
    if missing.is_empty() {
        return capital(&phrase);
    }
    let terms = missing.join(" ");
    match shape {
        Shape::Named => format!("{terms}: {phrase}"),
        Shape::Signed => format!("{}. {terms}.", capital(&phrase)),
        Shape::Dashed => format!("{} – {terms}", capital(&phrase)),
        Shape::Only => format!("{}. Only {terms}.", capital(&phrase)),
    }
}

/// Cut back to before the last small word, so that no half phrase is left: "makes pale ale", not "makes pale ale with sea".
fn rounded(tokens: &[String]) -> Vec<String> {
    let whole = tidy(tokens);
    let small = whole.iter().rposition(|t| OPEN.contains(&t.to_lowercase().as_str()) || t.ends_with([',', '.']));
    match small {
        Some(at) if at >= 3 => tidy(&whole[..=at]),
        _ => whole,
    }
}

/// Words that want another one behind them.
const OPEN: [&str; 36] = [
    "the", "a", "an", "and", "of", "to", "in", "for", "with", "that", "who", "or", "is", "are", "by", "from", "on", "at", "as",
    "was", "were", "its", "your", "our", "their", "it", "so", "but", "than", "into", "be", "has", "have", "will", "when",
    "which",
];

/// Without the words at the end that want another one.
fn tidy(tokens: &[String]) -> Vec<String> {
    let mut kept = tokens.to_vec();
    while let Some(last) = kept.last_mut() {
        *last = last.trim_end_matches([',', ';', ':', '-', '.']).to_owned();
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
