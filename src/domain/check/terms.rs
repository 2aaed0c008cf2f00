//! Words that must or must not occur.

use super::sheet::{Sheet, folded};
use super::{Fault, Finding};
use crate::domain::Text;

/// Most terms of one demand that are looked at; a list longer than this is not a brief but a load.
const TERMS: usize = 200;

/// Each occurs somewhere; case does not matter.
pub fn must_include(sheet: &Sheet<'_>, terms: &[Text]) -> Finding {
    let label = format!("includes {}", listed(terms));
    let text = folded(sheet.text);
    let missing: Vec<&Text> = terms.iter().take(TERMS).filter(|t| !text.contains(&folded(t.as_str()))).collect();
    if missing.is_empty() {
        return Finding::pass(label);
    }
    let names: Vec<String> = missing.iter().take(5).map(|t| format!("\"{t}\"")).collect();
    let mut found = Finding::fail(label, format!("missing: {}", names.join(", ")), "work it in");
    found.others = u32::try_from(missing.len() - names.len()).unwrap_or(u32::MAX);
    found
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
    let mut found: Vec<(usize, &Text)> = Vec::new();
    for term in terms.iter().take(TERMS) {
        let folded = folded(term.as_str());
        let mut from = 0;
        // Each place is told, up to a limit: a text of nothing else is one fault.
        while found.len() < PLACES
            && let Some(at) = all.get(from..).and_then(|rest| whole_word_from(&all, rest.len(), &folded))
        {
            found.push((at, term));
            from = at + folded.len();
        }
    }
    found.sort_by_key(|(at, _)| *at);
    let faults = found.iter().map(|(at, term)| {
        let line = starts.get(starts.partition_point(|(start, _)| start <= at).saturating_sub(1)).map_or(0, |(_, line)| *line);
        let fault = Fault::new(format!("says \"{term}\""), "say it otherwise");
        match place(sheet.line(line), term.as_str()) {
            Some((from, to)) => (line, fault.at(from, to)),
            None => (line, fault),
        }
    });
    Finding::of(label, faults)
}

/// Most places of forbidden words that are told.
const PLACES: usize = 200;

/// Where a term stands in a line as it is written; nothing where folding moved the bytes.
fn place(line: &str, term: &str) -> Option<(usize, usize)> {
    let low = line.to_lowercase();
    let at = whole_word(&low, &term.to_lowercase()).filter(|_| low.len() == line.len())?;
    line.is_char_boundary(at).then_some((at, at + term.len()))
}

/// Each item holds the exact spelling.
pub fn each_includes(sheet: &Sheet<'_>, term: &Text) -> Finding {
    let label = format!("\"{term}\" in each {}, spelled so", sheet.noun(1));
    let without = sheet.items.iter().enumerate().filter(|(_, item)| !item.text.contains(term.as_str()));
    let faults = without.map(|(i, item)| {
        let fault = if folded(item.text).contains(&folded(term.as_str())) {
            Fault::new(format!("{} {} spells it another way", sheet.noun(1), i + 1), format!("write \"{term}\""))
        } else {
            Fault::new(format!("{} {} is without it", sheet.noun(1), i + 1), format!("add \"{term}\""))
        };
        (item.line, fault.of(sheet.line(item.line), item.text))
    });
    Finding::of(label, faults)
}

/// Where `term` occurs as whole words in `text`, both folded; an empty term never does.
pub fn whole_word(text: &str, term: &str) -> Option<usize> {
    whole_word_from(text, text.len(), term)
}

/// The same in the last `left` bytes of it.
fn whole_word_from(text: &str, left: usize, term: &str) -> Option<usize> {
    let (first, last) = (term.chars().next()?, term.chars().next_back()?);
    // A refused hit is passed by its first word only: the next one may overlap the rest of a phrase.
    let step = term.find(' ').map_or(term.len(), |gap| gap + 1);
    let mut from = text.len().saturating_sub(left);
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
pub fn clings(c: char) -> bool {
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
