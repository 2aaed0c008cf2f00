//! Names in a text: words with a capital that no sentence asked for.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Words that open sentences, and words that are written with a capital without naming anybody.
static PLAIN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let own = include_str!("../../../assets/checks/plain-words.txt");
    own.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
});

/// Words that may stand inside a name.
const JOINTS: [&str; 11] = ["of", "the", "and", "&", "de", "van", "von", "der", "du", "la", "for"];

/// A name in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name<'a> {
    /// As written, without a possessive ending.
    pub written: &'a str,
    /// Byte where it starts in the line.
    pub at: usize,
    /// Its first word opens a sentence, so that its capital says nothing.
    pub opens: bool,
}

/// Whether a word in lower case is an ordinary one.
pub fn is_plain(word: &str) -> bool {
    PLAIN.contains(word)
}

/// The names of a line of prose. A single word that opens a sentence is told as well; whoever asks must say what to make of it.
pub fn names(line: &str) -> Vec<Name<'_>> {
    let words = words(line);
    let mut found = Vec::new();
    let mut i = 0;
    while i < words.len() {
        let (at, word) = words[i];
        if !is_capital(word) {
            i += 1;
            continue;
        }
        let opens = opens_sentence(&line[..at]);
        let mut last = i;
        let mut next = i + 1;
        while next < words.len() && next - i < 12 {
            let (start, word) = words[next];
            let end = words[next - 1].0 + words[next - 1].1.len();
            let gap = &line[end..start];
            if !(gap == " " || gap == "-" || gap == "\u{a0}" || gap == " & " || gap == ". " && words[next - 1].1.len() == 1) {
                break;
            }
            if is_capital(word) {
                last = next;
            } else if !JOINTS.contains(&word) {
                break;
            }
            next += 1;
        }
        let end = words[last].0 + bare(words[last].1).len();
        found.push(Name { written: &line[at..end], at, opens });
        i = last + 1;
    }
    found
}

/// Runs of letters with the apostrophes and digits inside them.
fn words(line: &str) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    let mut from: Option<usize> = None;
    for (at, c) in line.char_indices() {
        let inside = c.is_alphabetic() || from.is_some() && (c.is_ascii_digit() || matches!(c, '\'' | '’'));
        match (inside, from) {
            (true, None) => from = Some(at),
            (false, Some(start)) => {
                out.push((start, line[start..at].trim_end_matches(['\'', '’'])));
                from = None;
            }
            _ => {}
        }
    }
    if let Some(start) = from {
        out.push((start, line[start..].trim_end_matches(['\'', '’'])));
    }
    out
}

/// A word without "'s".
pub fn bare(word: &str) -> &str {
    ["'s", "’s"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word)
}

fn is_capital(word: &str) -> bool {
    let mut letters = word.chars();
    let first = letters.next().is_some_and(char::is_uppercase);
    // "I", "I'm" and a lone "A" name nobody.
    first && letters.next().is_some_and(char::is_alphanumeric)
}

/// Whether what stands before makes any word take a capital.
fn opens_sentence(before: &str) -> bool {
    let trimmed = before.trim_end_matches([' ', '\u{a0}', '"', '“', '”', '‘', '’', '\'', '(', '*', '_', '[']);
    trimmed.is_empty() || trimmed.ends_with(['.', '!', '?', ':', ';', '…', '–', '—', ']', '|', '•', '-', '/'])
}
