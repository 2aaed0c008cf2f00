//! Running text of whole sentences, within the number of words and characters asked for.

use super::lines::capital;
use crate::assist::material::{Material, instructs};
use crate::domain::check::sheet::{folded, graphemes, words};

/// A text that holds the terms and reaches the least length; the source's sentences first, then the brief's.
pub fn lay_out(material: &Material<'_>) -> String {
    grown(material, "")
}

/// `text` grown to the least length with further sentences and the terms it lacks, as far as the most allows.
pub fn grown(material: &Material<'_>, text: &str) -> String {
    let mut parts: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut supply: Vec<String> = material.sentences().map(|q| q.text.clone()).collect();
    supply.extend(material.clauses.iter().map(|c| format!("{}.", capital(c))));
    let mut supply = supply.into_iter().filter(|s| !folded(text).contains(&folded(s)));
    // Terms first: there must be room for them.
    for term in missing(material, &parts.join("\n")) {
        let sentence = format!("Worth knowing: {term}.");
        let mut told = material.sentences().map(|q| &q.text).filter(|s| !instructs(s));
        let of_the_job = told.find(|s| folded(s).contains(&folded(term)));
        add(&mut parts, of_the_job.unwrap_or(&sentence));
    }
    while !is_long_enough(material, &parts.join("\n")) {
        let Some(sentence) = supply.next() else { break };
        if folded(&parts.join(" ")).contains(&folded(&sentence)) {
            continue;
        }
        let before = parts.clone();
        add(&mut parts, &sentence);
        if is_too_long(material, &parts.join("\n")) {
            parts = before;
        }
    }
    parts.join("\n")
}

/// Terms that `text` does not hold yet.
pub fn missing<'a>(material: &Material<'a>, text: &str) -> Vec<&'a str> {
    let text = folded(text);
    material.must.iter().copied().filter(|term| !text.contains(&folded(term))).collect()
}

fn add(parts: &mut Vec<String>, sentence: &str) {
    match parts.last_mut() {
        // Paragraphs of about eighty words.
        Some(last) if words(last) < 80 => {
            if !last.is_empty() && !last.ends_with(' ') {
                last.push(' ');
            }
            last.push_str(sentence);
        }
        _ => parts.push(sentence.to_owned()),
    }
}

fn all_words(text: &str) -> u64 {
    text.lines().map(words).sum()
}

/// Reaches both least lengths; a text nobody sized has at least forty words.
pub fn is_long_enough(material: &Material<'_>, text: &str) -> bool {
    let free = material.words.0 == 0 && material.chars.0 == 0;
    let least = if free { 40.min(material.words.1) } else { material.words.0 };
    all_words(text) >= least && graphemes(text.trim_end()) >= material.chars.0
}

/// Over one of the most lengths.
pub fn is_too_long(material: &Material<'_>, text: &str) -> bool {
    all_words(text) > material.words.1 || graphemes(text.trim_end()) > material.chars.1
}
