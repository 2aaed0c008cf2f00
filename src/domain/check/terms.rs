//! Words that must or must not occur.

use super::sheet::{Sheet, folded};
use super::{Finding, and_more, fail, pass};
use crate::domain::Text;

/// Most terms of one demand that are looked at; a list longer than this is not a brief but a load.
const TERMS: usize = 200;

/// Each occurs somewhere; case does not matter.
pub fn must_include(sheet: &Sheet<'_>, terms: &[Text]) -> Finding {
    let label = format!("includes {}", listed(terms));
    let text = folded(sheet.text);
    let missing: Vec<&Text> = terms.iter().take(TERMS).filter(|t| !text.contains(&folded(t.as_str()))).collect();
    if missing.is_empty() {
        return pass(label);
    }
    let names: Vec<String> = missing.iter().take(5).map(|t| format!("\"{t}\"")).collect();
    fail(label, format!("missing: {}{}; work it in", names.join(", "), and_more(missing.len() - names.len())), None)
}

/// None occurs as whole words; case does not matter.
pub fn must_not(sheet: &Sheet<'_>, terms: &[Text]) -> Finding {
    let label = format!("never says {}", listed(terms));
    let lines: Vec<(u32, String)> =
        sheet.text.lines().zip(0u32..).filter(|(line, _)| !line.trim().is_empty()).map(|(line, i)| (i, folded(line))).collect();
    // A phrase may run over a line's end, so the lines are searched as one text and the place is looked up.
    let mut all = String::with_capacity(lines.iter().map(|(_, l)| l.len() + 1).sum());
    let mut starts = Vec::with_capacity(lines.len());
    for (i, line) in &lines {
        starts.push((all.len(), *i));
        all.push_str(line);
        all.push(' ');
    }
    let mut found: Vec<(usize, &Text)> =
        terms.iter().take(TERMS).filter_map(|term| Some((whole_word(&all, &folded(term.as_str()))?, term))).collect();
    found.sort_by_key(|(at, _)| *at);
    let Some((at, term)) = found.first() else { return pass(label) };
    let line = starts.get(starts.partition_point(|(start, _)| start <= at).saturating_sub(1)).map(|(_, line)| *line);
    fail(label, format!("says \"{term}\"{}; say it otherwise", and_more(found.len() - 1)), line)
}

/// Each item holds the exact spelling.
pub fn each_includes(sheet: &Sheet<'_>, term: &Text) -> Finding {
    let label = format!("\"{term}\" in each {}, spelled so", sheet.noun(1));
    let mut without = sheet.items.iter().enumerate().filter(|(_, item)| !item.text.contains(term.as_str()));
    let Some((i, item)) = without.next() else { return pass(label) };
    let detail = if folded(item.text).contains(&folded(term.as_str())) {
        format!("{} {} spells it another way; write \"{term}\"", sheet.noun(1), i + 1)
    } else {
        format!("{} {} is without it; add \"{term}\"", sheet.noun(1), i + 1)
    };
    fail(label, format!("{detail}{}", and_more(without.count())), Some(item.line))
}

/// Where `term` occurs as whole words in `text`, both folded; an empty term never does.
pub fn whole_word(text: &str, term: &str) -> Option<usize> {
    let (first, last) = (term.chars().next()?, term.chars().next_back()?);
    // A refused hit is passed by its first word only: the next one may overlap the rest of a phrase.
    let step = term.find(' ').map_or(term.len(), |gap| gap + 1);
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find(term).map(|at| from + at) {
        let before = text[..at].chars().next_back();
        let after = text[at + term.len()..].chars().next();
        if !(clings(first) && before.is_some_and(clings) || clings(last) && after.is_some_and(clings)) {
            return Some(at);
        }
        from = at + step;
    }
    None
}

/// Whether a neighbour of this kind makes it part of a longer word. Scripts without spaces have no such neighbours.
fn clings(c: char) -> bool {
    c.is_alphanumeric()
        && !matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

fn listed(terms: &[Text]) -> String {
    let mut names: Vec<String> = terms.iter().take(6).map(|t| format!("\"{t}\"")).collect();
    if terms.len() > names.len() {
        names.push(format!("{} more", terms.len() - names.len()));
    }
    names.join(", ")
}
