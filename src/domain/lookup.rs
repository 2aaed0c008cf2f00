//! Where a claim of a draft stands in a source: a number by its value, a quotation or a name by its words, however they are wrapped,
//! quoted and capitalised there.

use std::ops::Range;

use super::check::grounded::{Number, numbers};
use super::pages::anchor;

/// Most places that are told.
const PLACES: usize = 1_000;
/// Longest claim that is looked for, in bytes; of a longer one the beginning.
const LONGEST: usize = 2_000;

/// Places of `claim` in `text`, in bytes, in order. Empty where there is none, or nothing to look for.
pub fn places(text: &str, claim: &str) -> Vec<Range<usize>> {
    let claim = claim.trim().trim_matches(is_quote).trim();
    match sole_number(claim) {
        Some(number) => of_number(text, &number),
        None => of_words(text, claim),
    }
}

/// The claim that a line makes at a byte: the quotation, the number or the name there, else the word. None between words.
pub fn claim_at(line: &str, at: usize) -> Option<Range<usize>> {
    quotation(line, at).or_else(|| number(line, at)).or_else(|| name(line, at))
}

/// The page that a line names for what stands at a byte: the next `[p. 3]` or `(page 3)` behind it, on the same line.
pub fn cited(line: &str, at: usize) -> Option<u32> {
    static PAGE: std::sync::LazyLock<Option<regex::Regex>> =
        std::sync::LazyLock::new(|| regex::Regex::new(r"(?i)[\[(]\s*p(?:age|\.)?\s*(\d{1,5})").ok());
    let behind = line.get(line.floor_char_boundary(at)..)?;
    PAGE.as_ref()?.captures(behind)?.get(1)?.as_str().parse().ok()
}

fn sole_number(claim: &str) -> Option<Number<'_>> {
    let mut found = numbers(claim);
    let number = if found.len() == 1 { found.pop()? } else { return None };
    // A currency, a unit or a word of scale may stand around it; other words make it a phrase.
    let behind = claim[number.at + number.written.len()..].trim().chars().filter(|c| c.is_alphabetic()).count();
    let before = claim[..number.at].chars().any(char::is_alphabetic);
    (!before && (behind <= 3 || number.scaled.is_some())).then_some(number)
}

fn of_number(text: &str, wanted: &Number<'_>) -> Vec<Range<usize>> {
    let value = wanted.scaled.as_ref().unwrap_or(&wanted.plain);
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if anchor(line).is_none() {
            let same = |n: &Number<'_>| n.plain == *value || n.scaled.as_ref() == Some(value);
            found.extend(numbers(line).iter().filter(|n| same(n)).map(|n| start + n.at..start + n.at + n.written.len()));
        }
        start += line.len();
        if found.len() >= PLACES {
            break;
        }
    }
    found.truncate(PLACES);
    found
}

/// What finds words as a person types them into a search: parts of words count.
pub fn words(words: &str) -> Option<regex::Regex> {
    compiled(words, ["", ""])
}

fn compiled(claim: &str, edges: [&str; 2]) -> Option<regex::Regex> {
    let words: Vec<String> = claim[..claim.floor_char_boundary(LONGEST)].split_whitespace().map(pattern).collect();
    // Words may be wrapped there, and a page may end between them.
    let whole = format!("(?i){}{}{}", edges[0], words.join(r"(?:\s|\n--- page \d+ ---\n)+"), edges[1]);
    regex::RegexBuilder::new(&whole).size_limit(4 << 20).build().ok().filter(|_| !words.is_empty())
}

fn of_words(text: &str, claim: &str) -> Vec<Range<usize>> {
    let edge = |c: Option<char>| if c.is_some_and(char::is_alphanumeric) { r"\b" } else { "" };
    let Some(wanted) = compiled(claim, [edge(claim.chars().next()), edge(claim.chars().next_back())]) else {
        return Vec::new();
    };
    wanted.find_iter(text).map(|found| found.range()).take(PLACES).collect()
}

/// A word in whatever quotes, apostrophes and dashes a source has for it.
fn pattern(word: &str) -> String {
    let one = |c: char| match c {
        '\'' | '’' | '‘' | '`' => "['’‘`]".to_owned(),
        c if is_quote(c) => "[\"“”„«»]".to_owned(),
        '-' | '‐' | '‑' | '–' | '—' => "[-‐‑–—]".to_owned(),
        c => regex::escape(c.encode_utf8(&mut [0; 4])),
    };
    word.chars().map(one).collect()
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»')
}

fn quotation(line: &str, at: usize) -> Option<Range<usize>> {
    let marks: Vec<(usize, char)> = line.char_indices().filter(|(_, c)| is_quote(*c)).collect();
    let (open, close) =
        marks.chunks_exact(2).map(|pair| (pair[0], pair[1])).find(|(open, close)| open.0 <= at && at <= close.0)?;
    let inside = open.0 + open.1.len_utf8()..close.0;
    (!line[inside.clone()].trim().is_empty()).then_some(inside)
}

fn number(line: &str, at: usize) -> Option<Range<usize>> {
    let found = numbers(line).into_iter().find(|n| n.at <= at && at <= n.at + n.written.len())?;
    let end = found.at + found.written.len();
    // With its word of scale, which is part of its value.
    let scale = found.scaled.as_ref().map_or(0, |_| {
        let behind = line[end..].trim_start_matches([' ', '\u{a0}', '-']);
        let word: usize = behind.chars().take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum();
        line[end..].len() - behind.len() + word
    });
    Some(found.at..end + scale)
}

/// The word at `at`; a capital one with the capital words around it.
fn name(line: &str, at: usize) -> Option<Range<usize>> {
    use unicode_segmentation::UnicodeSegmentation;
    let words: Vec<(usize, &str)> = line.unicode_word_indices().collect();
    let here = words.iter().position(|(start, word)| *start <= at && at <= start + word.len())?;
    let capital = |n: usize| words.get(n).is_some_and(|(_, word)| word.starts_with(char::is_uppercase));
    let joined = |n: usize| {
        let (Some((start, word)), Some((next, _))) = (words.get(n), words.get(n + 1)) else { return false };
        matches!(&line[start + word.len()..*next], " " | "-" | " & ")
    };
    let (mut first, mut last) = (here, here);
    if capital(here) {
        while first > 0 && capital(first - 1) && joined(first - 1) {
            first -= 1;
        }
        while capital(last + 1) && joined(last) {
            last += 1;
        }
    }
    Some(words[first].0..words[last].0 + words[last].1.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(text: &'a str, claim: &str) -> Vec<&'a str> {
        places(text, claim).into_iter().map(|at| &text[at]).collect()
    }

    #[test]
    fn claims_are_found_however_a_source_writes_them() {
        let text = "--- page 7 ---\nThe council of New\nYork spent $1.2 million, not 7.\nIt’s “the\n\n--- page 8 ---\nlast straw”, said Ann-Marie O’Neil.";
        assert_eq!(found(text, "7"), ["7"], "an anchor proves no number");
        assert_eq!(found(text, "1,200,000"), ["1.2"]);
        assert_eq!(found(text, "$1.2 million"), ["1.2"]);
        assert_eq!(found(text, "NEW YORK"), ["New\nYork"]);
        assert_eq!(found(text, "\"It's \"the last straw\""), ["It’s “the\n\n--- page 8 ---\nlast straw"]);
        assert_eq!(found(text, "Ann–Marie O'Neil"), ["Ann-Marie O’Neil"]);
        assert!(found(text, "ork").is_empty() && found(text, "1.3 million").is_empty() && found(text, " ").is_empty());
        assert!(found(text, "(((").is_empty());
    }

    #[test]
    fn the_claim_under_the_cursor_is_whole() {
        let line = "In 2024 New York City said “we spent 1.2 million” on it.";
        for (at, claim) in [
            (4, "2024"),
            (9, "New York City"),
            (20, "New York City"),
            (23, "said"),
            (line.find("spent").unwrap(), "we spent 1.2 million"),
            (line.len() - 3, "it"),
        ] {
            assert_eq!(claim_at(line, at).map(|at| &line[at]), Some(claim), "{at}");
        }
        assert_eq!(claim_at("a 1.2 million b", 3).map(|at| &"a 1.2 million b"[at]), Some("1.2 million"));
        assert_eq!(cited("a 12 b [p. 4] c (page 7)", 3), Some(4));
        assert_eq!(cited("a 12 b [p. 4] c (page 7)", 14), Some(7));
        assert_eq!(cited("a 12 b, pages", 3), None);
        assert_eq!(claim_at("", 0), None);
        assert_eq!(claim_at("  -  ", 2), None);
    }
}
