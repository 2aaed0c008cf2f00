//! What the player does when a reviewer asks for another version: another wording of the same text.

use crate::domain::deliverable::Form;

/// Words and others that may stand for them. Keys and values of the JSON forms are not among them.
const WORDINGS: &[(&str, &str)] = &[
    ("every", "each"),
    ("begin", "start"),
    ("quick", "swift"),
    ("fast", "quick"),
    ("great", "fine"),
    ("small", "little"),
    ("make", "shape"),
    ("makes", "shapes"),
    ("get", "have"),
    ("help", "support"),
    ("new", "fresh"),
    ("easy", "simple"),
    ("also", "too"),
    ("about", "around"),
    ("keep", "hold"),
    ("built", "made"),
    ("made", "built"),
    ("day", "morning"),
    ("the", "this"),
    ("and", "plus"),
    ("for", "to suit"),
    ("with", "alongside"),
];

/// Other versions of `text`, the likeliest to pass the checks first; empty where nothing can be worded otherwise.
pub fn versions(form: Form, text: &str) -> Vec<String> {
    if matches!(form, Form::File | Form::Labels) {
        return Vec::new();
    }
    let mut versions: Vec<String> = WORDINGS.iter().filter_map(|(word, other)| reword(text, word, other)).collect();
    if matches!(form, Form::Lines) {
        versions.push(text.lines().rev().collect::<Vec<_>>().join("\n"));
    }
    versions.retain(|version| version != text);
    versions
}

/// `text` with the last `word` replaced, as a whole word in lower case; `None` when it does not occur.
fn reword(text: &str, word: &str, other: &str) -> Option<String> {
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '"' && c != '_' && c != '{' && c != '}');
    let found = text.rmatch_indices(word).map(|(at, _)| at).find(|at| {
        let (before, after) = (text[..*at].chars().next_back(), text[*at + word.len()..].chars().next());
        edge(before) && edge(after)
    })?;
    Some(format!("{}{other}{}", &text[..found], &text[found + word.len()..]))
}
